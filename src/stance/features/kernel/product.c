/* Products of matrices whose rows do not depend on each other's company: every row is summed in the same order.
 * (A library for linear algebra chooses its order, and its threads, by the shapes.) */
#include "kernel.h"

#define ROWS 4

FOR_SEVERAL_PROCESSORS
static void add_row(const double *restrict row, size_t n, const double *restrict factor, double *restrict a,
                    double *restrict b, double *restrict c, double *restrict d) {
    for (size_t j = 0; j < n; j++) {
        a[j] += factor[0] * row[j];
        b[j] += factor[1] * row[j];
        c[j] += factor[2] * row[j];
        d[j] += factor[3] * row[j];
    }
}

FOR_SEVERAL_PROCESSORS
static void add_single(const double *restrict row, size_t n, double factor, double *restrict sums) {
    for (size_t j = 0; j < n; j++) sums[j] += factor * row[j];
}

/* Multiply n_rows (at most ROWS) rows of `left`; `sums` has room for ROWS rows. */
static void multiply(const double *left, size_t n_rows, size_t n_inner, const double *right, size_t n, double *sums) {
    size_t n_zeros = 0;
    for (size_t i = 0; i < n_rows * n_inner; i++) n_zeros += left[i] == 0;
    memset(sums, 0, ROWS * n * sizeof(double));
    if (3 * n_zeros > n_rows * n_inner) { /* behind a rectifier: what is zero adds nothing */
        for (size_t r = 0; r < n_rows; r++)
            for (size_t k = 0; k < n_inner; k++)
                if (left[r * n_inner + k] != 0) add_single(right + k * n, n, left[r * n_inner + k], sums + r * n);
        return;
    }
    for (size_t k = 0; k < n_inner; k++) {
        double factor[ROWS] = {0};
        for (size_t r = 0; r < n_rows; r++) factor[r] = left[r * n_inner + k];
        add_row(right + k * n, n, factor, sums, sums + n, sums + 2 * n, sums + 3 * n);
    }
}

PyObject *product(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *first, *second, *result = NULL;
    Py_buffer left, right;
    if (!PyArg_ParseTuple(args, "OO", &first, &second)) return NULL;
    if (take_buffer(first, &left, 'f', sizeof(double)) < 0) return NULL;
    if (take_buffer(second, &right, 'f', sizeof(double)) < 0) {
        PyBuffer_Release(&left);
        return NULL;
    }
    if (left.ndim != 2 || right.ndim != 2 || left.shape[1] != right.shape[0]) {
        PyErr_SetString(PyExc_ValueError, "the shapes of the matrices do not fit");
        goto done;
    }
    size_t n_rows = (size_t)left.shape[0], n_inner = (size_t)left.shape[1], n = (size_t)right.shape[1];
    double *sums = malloc((ROWS * n + 1) * sizeof(double));
    result = sums ? PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(n_rows * n * sizeof(double))) : PyErr_NoMemory();
    for (size_t i = 0; result && i < n_rows; i += ROWS) {
        size_t some = n_rows - i < ROWS ? n_rows - i : ROWS;
        multiply((const double *)left.buf + i * n_inner, some, n_inner, right.buf, n, sums);
        memcpy((double *)PyBytes_AsString(result) + i * n, sums, some * n * sizeof(double));
    }
    free(sums);
done:
    PyBuffer_Release(&left);
    PyBuffer_Release(&right);
    return result;
}

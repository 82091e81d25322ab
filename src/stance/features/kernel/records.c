/* Rows of numbers as dicts from their columns' names to Python's own floats. */
#include "kernel.h"

/* Enter a row: what stood there under the same names goes. */
static int fill(PyObject *record, PyObject *names, const double *row) {
    for (Py_ssize_t j = 0; j < PyTuple_Size(names); j++) {
        PyObject *value = PyFloat_FromDouble(row[j]);
        int failed = !value || PyDict_SetItem(record, PyTuple_GetItem(names, j), value) < 0;
        Py_XDECREF(value);
        if (failed) return -1;
    }
    return 0;
}

PyObject *records(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *names, *array, *result = NULL;
    Py_buffer values;
    if (!PyArg_ParseTuple(args, "O!O", &PyTuple_Type, &names, &array)) return NULL;
    if (take_buffer(array, &values, 'f', sizeof(double)) < 0) return NULL;
    if (values.ndim != 2 || values.shape[1] != PyTuple_Size(names)) {
        PyErr_SetString(PyExc_ValueError, "the names do not fit the columns");
        goto done;
    }
    const double *row = values.buf;
    PyObject *first = PyDict_New(); /* a copy has its room and its order at once */
    result = first && (!values.shape[0] || fill(first, names, row) == 0) ? PyList_New(values.shape[0]) : NULL;
    for (Py_ssize_t i = 0; result && i < values.shape[0]; i++) {
        PyObject *record = PyDict_Copy(first);
        if (!record || PyList_SetItem(result, i, record) < 0 || fill(record, names, row + i * values.shape[1]) < 0)
            Py_CLEAR(result); /* the list has taken the record */
    }
    Py_XDECREF(first);
done:
    PyBuffer_Release(&values);
    return result;
}

/* Ngrams: the weights of a word's features, named as stance.features.ngrams.word_ngrams does. */
#include "kernel.h"

typedef struct {
    PyObject_HEAD
    StringMap map;
    Array letters, edged, hashes;
} Ngrams;

static void ngrams_free(Ngrams *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    map_free(&self->map);
    free(self->letters.data);
    free(self->edged.data);
    free(self->hashes.data);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *ngrams_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyObject *names;
    unsigned int seed;
    if (!PyArg_ParseTuple(args, "O!I", &PyList_Type, &names, &seed)) return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Ngrams *self = (Ngrams *)alloc(type, 0);
    if (!self) return NULL;
    if (map_init(&self->map, seed) < 0) goto no_memory;
    for (Py_ssize_t i = 0; i < PyList_Size(names); i++) {
        if (letters_of(PyList_GetItem(names, i), &self->letters) < 0) goto failed;
        uint32_t hash = map_hash(&self->map, self->letters.data, self->letters.n);
        if (map_add(&self->map, self->letters.data, self->letters.n, hash) < 0) goto no_memory;
    }
    return (PyObject *)self;
no_memory:
    PyErr_NoMemory();
failed:
    Py_DECREF(self);
    return NULL;
}

/* Add the weights of a feature, if it has some. */
static void add_feature(const Ngrams *self, const uint32_t *name, size_t length, uint32_t hash, const float *weights,
                        size_t n, double *sum) {
    int64_t row = map_find(&self->map, name, length, hash);
    if (row < 0) return;
    for (size_t o = 0; o < n; o++) sum[o] += weights[(size_t)row * n + o];
}

/* Hash the n-grams of `n` letters, place by place in `longest` columns, and ask for where they stand in the map. */
static int hash_ngrams(Ngrams *self, const uint32_t *letters, size_t n, size_t shortest, size_t longest) {
    const StringMap *map = &self->map;
    self->hashes.n = 0;
    if (array_grow(&self->hashes, n * longest + 1, sizeof(uint32_t)) < 0) return -1;
    uint32_t *hashes = self->hashes.data;
    uint64_t prefix = hash_more(hash_more(map->seed, 'c'), '=');
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = prefix;
        for (size_t k = 1; k <= longest && i + k <= n; k++) {
            hash = hash_more(hash, letters[i + k - 1]);
            if (k < shortest) continue;
            hashes[i * longest + k - 1] = (uint32_t)hash;
            PREFETCH(&map->slots[(uint32_t)hash & map->mask]);
        }
    }
    return 0;
}

/* Add the weights of one word: those of the word, then those of its n-grams with its edges, shortest first. */
static int add_word(Ngrams *self, size_t shortest, size_t longest, const float *weights, size_t n_out, double *sum) {
    const uint32_t *word = self->letters.data;
    size_t n = 0;
    self->edged.n = 0;
    if (array_grow(&self->edged, self->letters.n + 4, sizeof(uint32_t)) < 0) return -1;
    uint32_t *edged = self->edged.data; /* . w = w o r d, then . . _ w o r d _ */
    for (size_t i = 0; i < self->letters.n; i++) /* letters drawn out for emphasis count twice at most */
        if (n < 2 || word[i] != edged[n + 2] || word[i] != edged[n + 1]) edged[3 + n++] = word[i];
    edged[1] = 'w';
    edged[2] = '=';
    add_feature(self, edged + 1, n + 2, map_hash(&self->map, edged + 1, n + 2), weights, n_out, sum);
    edged[2] = edged[3 + n] = '_';
    if (hash_ngrams(self, edged + 2, n + 2, shortest, longest) < 0) return -1;
    const uint32_t *hashes = self->hashes.data;
    for (size_t k = shortest; k <= longest && k < n + 2; k++)
        for (size_t i = 0; i + k <= n + 2; i++) { /* a name's prefix is written over what precedes the n-gram */
            uint32_t *name = edged + i, before[2] = {name[0], name[1]};
            name[0] = 'c';
            name[1] = '=';
            add_feature(self, name, k + 2, hashes[i * longest + k - 1], weights, n_out, sum);
            name[0] = before[0];
            name[1] = before[1];
        }
    return 0;
}

PyDoc_STRVAR(sums_doc, "sums(words, shortest, longest, continues, weights)\n--\n\n"
    "Return the summed weights of the features of words (bytes of float64). `longest` and `continues` have a byte for "
    "each word; one that continues is added to the sum of the word before.");
static PyObject *ngrams_sums(Ngrams *self, PyObject *args) {
    PyObject *words, *weights, *sums = NULL;
    Py_ssize_t shortest, n_longest, n_continues, n_sums = 0;
    const char *longest, *continues;
    Py_buffer view;
    if (!PyArg_ParseTuple(args, "O!ny#y#O", &PyList_Type, &words, &shortest, &longest, &n_longest, &continues,
                          &n_continues, &weights))
        return NULL;
    if (take_buffer(weights, &view, 'f', sizeof(float)) < 0) return NULL;
    Py_ssize_t n_words = PyList_Size(words);
    if (shortest < 1 || n_longest != n_words || n_continues != n_words || (n_words && continues[0]) ||
        view.ndim != 2 || view.shape[0] < (Py_ssize_t)self->map.n_keys) {
        PyErr_SetString(PyExc_ValueError, "the weights or lengths do not fit the words and features");
        goto done;
    }
    size_t n_out = (size_t)view.shape[1];
    for (Py_ssize_t i = 0; i < n_words; i++) n_sums += !continues[i];
    sums = PyBytes_FromStringAndSize(NULL, n_sums * (Py_ssize_t)(n_out * sizeof(double)));
    if (!sums) goto done;
    double *sum = (double *)PyBytes_AsString(sums);
    memset(sum, 0, (size_t)n_sums * n_out * sizeof(double));
    for (Py_ssize_t i = 0; i < n_words; i++) {
        if (i && !continues[i]) sum += n_out;
        int failed = letters_of(PyList_GetItem(words, i), &self->letters) < 0;
        if (!failed && add_word(self, (size_t)shortest, (uint8_t)longest[i], view.buf, n_out, sum) < 0) {
            PyErr_NoMemory();
            failed = 1;
        }
        if (failed) {
            Py_CLEAR(sums);
            break;
        }
    }
done:
    PyBuffer_Release(&view);
    return sums;
}

static PyMethodDef ngrams_methods[] = {
    {"sums", (PyCFunction)ngrams_sums, METH_VARARGS, sums_doc},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot ngrams_slots[] = {
    {Py_tp_new, ngrams_new},
    {Py_tp_dealloc, ngrams_free},
    {Py_tp_methods, ngrams_methods},
    {Py_tp_doc, "Ngrams(names, seed)\n--\n\nA map from feature names to their rows."},
    {0, NULL},
};
PyType_Spec ngrams_spec = {"stance.features._kernel.Ngrams", sizeof(Ngrams), 0, Py_TPFLAGS_DEFAULT, ngrams_slots};

/* The module stance.features._kernel, and the Python side of Scoring. */
#include "scoring.h"

typedef struct {
    char kind;
    size_t size;
} Item;
static const Item fixed_items[N_FIXED] = {
    [CLASS_KINDS] = {'i', 1},     [SCOPE_BITS] = {'i', 4},      [TRIE_KEYS] = {'i', 8},    [TRIE_NEXT] = {'i', 4},
    [ENDS_FROM] = {'i', 4},       [ENDS] = {'i', 4},            [CONTEXT_ROWS] = {'i', 4}, [CONTEXT_WEIGHTS] = {'f', 8},
    [BIGRAM_KEYS] = {'i', 8},     [BIGRAM_ROWS] = {'i', 8},     [BIGRAM_WEIGHTS] = {'f', 8}, [HEAD_OUT] = {'f', 4},
    [HEAD_BIAS] = {'f', 4},       [LARGEST] = {'f', 8},
};
static const Item column_items[N_COLUMNS] = {
    [FACTS] = {'i', 4},    [CUE_COUNT] = {'i', 4}, [CUE_CLASSES] = {'i', 2},   [PATTERN_FROM] = {'i', 4},
    [PATTERN_COUNT] = {'i', 4}, [PATTERNS] = {'i', 4}, [SCORES] = {'f', 8},    [VECTOR_SCORES] = {'f', 4},
    [PARTS] = {'f', 4},    [FLAG_PARTS] = {'f', 4}, [WORD_ROWS] = {'i', 1},   [FLAG_ROWS] = {'i', 1},
};

/* Take the buffers of a tuple of arrays; returns how many were taken, all of them unless an exception is set. */
static int take_buffers(PyObject *arrays, Py_buffer *views, const Item *items, int n) {
    if (PyTuple_Size(arrays) != n) {
        if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "%d arrays are wanted", n);
        return 0;
    }
    for (int i = 0; i < n; i++)
        if (take_buffer(PyTuple_GetItem(arrays, i), views + i, items[i].kind, items[i].size) < 0) return i;
    return n;
}

static void release_buffers(Py_buffer *views, int *n) {
    while (*n) PyBuffer_Release(views + --*n);
}

static void scoring_free(Scoring *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    Array *arrays[] = {&self->word, &self->facts, &self->pairs, &self->is_word, &self->quoted, &self->is_void, &self->kinds, &self->nodes,
                       &self->cues, &self->places,  &self->keys,   &self->sums,    &self->nothing,
                       &self->clause, &self->by_clause, &self->room,
                       &self->unknown, &self->unfinished};
    release_buffers(self->fixed, &self->n_fixed);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]->data);
    free(self->bigrams.entries);
    free(self->trie.entries);
    free(self->flags.entries);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static int check_trie(const Scoring *self) {
    const Py_buffer *f = self->fixed;
    const int32_t *next = FIXED(self, TRIE_NEXT, int32_t), *from = FIXED(self, ENDS_FROM, int32_t);
    const int32_t *ends = FIXED(self, ENDS, int32_t);
    Py_ssize_t n = f[ENDS_FROM].shape[0] - 1;
    int fits = from[0] == 0 && from[n] == f[ENDS].shape[0];
    for (Py_ssize_t i = 0; fits && i < n; i++) fits = from[i] <= from[i + 1];
    for (Py_ssize_t i = 0; fits && i < f[TRIE_NEXT].shape[0]; i++) fits = next[i] >= 0 && next[i] < n;
    for (Py_ssize_t i = 0; fits && i < f[ENDS].shape[0]; i++) fits = ends[i] >= 0 && ends[i] < self->n_classes;
    return fits;
}

static int check_networks(const Scoring *self) {
    const Py_buffer *f = self->fixed;
    Py_ssize_t n = self->n_networks, n_state = self->n_state, n_heads = self->n_heads, width;
    if (!n) return 1;
    if (n < 0 || n > 64 || n_state < 1 || n_state > 4096 || self->n_classes + 2 > 62 || n_heads < 1 ||
        n_heads > 1 << 16 || n_heads % self->n_outputs)
        return 0;
    width = f[HEAD_BIAS].shape[0] / n; /* of weights and values, filled up */
    return width == (n_heads + LANES - 1) / LANES * LANES * 2 && f[HEAD_BIAS].shape[0] == n * width &&
           f[HEAD_OUT].shape[0] == n * n_state * width && f[LARGEST].shape[0] == n * n_state * self->n_outputs;
}

static int check_fixed(const Scoring *self) {
    const Py_buffer *f = self->fixed;
    Py_ssize_t c = self->n_classes, n_out = self->n_outputs;
    int fits = n_out > 0 && self->n_clause_outputs >= 0 && self->n_clause_outputs <= n_out && c >= 0 && c < MAX_CLASSES && self->n_patterns > 0 && self->n_bigram_words >= 0 &&
               self->n_parts >= 0 && self->n_scopes >= 2 && f[CLASS_KINDS].shape[0] == c &&
               f[SCOPE_BITS].shape[0] == c && self->n_scopes <= 32 && f[TRIE_KEYS].shape[0] == f[TRIE_NEXT].shape[0] &&
               f[ENDS_FROM].shape[0] > 1 && f[CONTEXT_ROWS].shape[0] == N_CONTEXT(c) &&
               f[BIGRAM_KEYS].shape[0] == f[BIGRAM_ROWS].shape[0] &&
               (!self->n_parts || (c + 2 <= 62 && self->n_parts >= n_out && (self->n_parts - n_out) % (2 * n_out) == 0));
    for (int i = 0; i < N_FIXED; i++) fits = fits && f[i].ndim == 1 + (i == CONTEXT_WEIGHTS || i == BIGRAM_WEIGHTS);
    fits = fits && check_networks(self);
    const int32_t *context = FIXED(self, CONTEXT_ROWS, int32_t);
    for (Py_ssize_t i = 0; fits && i < f[CONTEXT_ROWS].shape[0]; i++)
        fits = context[i] < f[CONTEXT_WEIGHTS].len / (Py_ssize_t)sizeof(double) / n_out;
    const int64_t *rows = FIXED(self, BIGRAM_ROWS, int64_t);
    for (Py_ssize_t i = 0; fits && i < f[BIGRAM_ROWS].shape[0]; i++)
        fits = rows[i] >= 0 && rows[i] < f[BIGRAM_WEIGHTS].len / (Py_ssize_t)sizeof(double) / n_out;
    fits = fits && check_trie(self);
    if (!fits) PyErr_SetString(PyExc_ValueError, "the arrays of the model do not fit each other");
    return fits;
}

static PyObject *scoring_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyObject *arrays;
    Scoring sizes = {0};
    unsigned int seed;
    if (!PyArg_ParseTuple(args, "O!nnnnnnnnnnnpdnI", &PyTuple_Type, &arrays, &sizes.n_outputs, &sizes.n_classes,
                          &sizes.n_scopes, &sizes.n_patterns, &sizes.n_bigram_words, &sizes.n_parts,
                          &sizes.n_networks, &sizes.n_state, &sizes.n_heads, &sizes.negation, &sizes.void_word, &sizes.length_norm,
                          &sizes.clause_weight, &sizes.n_clause_outputs, &seed))
        return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Scoring *self = (Scoring *)alloc(type, 0);
    if (!self) return NULL;
    self->n_outputs = sizes.n_outputs;
    self->n_classes = sizes.n_classes;
    self->n_scopes = sizes.n_scopes;
    self->n_patterns = sizes.n_patterns;
    self->n_bigram_words = sizes.n_bigram_words;
    self->n_parts = sizes.n_parts;
    self->n_networks = sizes.n_networks;
    self->n_state = sizes.n_state;
    self->n_heads = sizes.n_heads;
    self->negation = sizes.negation;
    self->void_word = sizes.void_word;
    self->length_norm = sizes.length_norm;
    self->clause_weight = sizes.clause_weight;
    self->n_clause_outputs = sizes.n_clause_outputs;
    self->n_fixed = take_buffers(arrays, self->fixed, fixed_items, N_FIXED);
    if (self->n_fixed < N_FIXED || !check_fixed(self)) goto failed;
    size_t n_bigrams = (size_t)self->fixed[BIGRAM_KEYS].shape[0];
    uint64_t hashed = seed * 0xD6E8FEB86659FD93u; /* into all of its bits */
    if (array_grow(&self->nodes, 2 * (size_t)self->fixed[ENDS_FROM].shape[0], sizeof(int32_t)) < 0 ||
        numbers_init(&self->bigrams, n_bigrams, hashed) < 0 || numbers_init(&self->flags, 0, hashed) < 0 ||
        numbers_init(&self->trie, (size_t)self->fixed[TRIE_KEYS].shape[0], hashed) < 0)
        goto no_memory;
    for (Py_ssize_t i = 0; i < self->fixed[TRIE_KEYS].shape[0]; i++)
        if (numbers_put(&self->trie, FIXED(self, TRIE_KEYS, uint64_t)[i], FIXED(self, TRIE_NEXT, int32_t)[i]) < 0)
            goto no_memory;
    for (size_t i = 0; i < n_bigrams; i++)
        if (numbers_put(&self->bigrams, FIXED(self, BIGRAM_KEYS, uint64_t)[i], FIXED(self, BIGRAM_ROWS, int64_t)[i]) < 0)
            goto no_memory;
    return (PyObject *)self;
no_memory:
    PyErr_NoMemory();
failed:
    Py_DECREF(self);
    return NULL;
}

static int check_columns(const Scoring *self) {
    const Py_buffer *c = self->columns;
    Py_ssize_t n = c[FACTS].shape[0];
    static const int by_word[] = {CUE_COUNT, PATTERN_FROM, PATTERN_COUNT, SCORES};
    int fits = c[FACTS].len == n * (Py_ssize_t)sizeof(Facts) && self->void_word >= 0 && self->void_word < n && c[SCORES].len == n * self->n_outputs * 8 &&
               c[VECTOR_SCORES].len == c[VECTOR_SCORES].shape[0] * self->n_scopes * self->n_outputs * 4;
    for (size_t i = 0; i < sizeof by_word / sizeof *by_word; i++) fits = fits && c[by_word[i]].shape[0] == n;
    if (self->n_parts)
        fits = fits && c[PARTS].len == c[VECTOR_SCORES].shape[0] * self->n_parts * 4 &&
               c[FLAG_PARTS].len == (Py_ssize_t)self->flags.n * self->n_parts * 4;
    if (self->n_networks) {
        Py_ssize_t row = self->n_networks * ROW_PARTS * self->n_state;
        fits = fits && c[WORD_ROWS].len == n * row && c[FLAG_ROWS].len == (Py_ssize_t)self->flags.n * row;
    }
    if (fits) { /* of the words of texts that is looked at while they are read */
        int32_t row = COLUMN(self, FACTS, Facts)[self->void_word].vector_row;
        fits = row >= 0 && row < c[VECTOR_SCORES].shape[0];
    }
    if (!fits) PyErr_SetString(PyExc_ValueError, "the columns of the word table do not fit each other");
    return fits;
}

/* The length of a text, as far as there are so many words. */
static size_t within(const int64_t *lengths, size_t text, size_t n_texts, size_t n_ids) {
    if (text >= n_texts || lengths[text] < 0) return 0;
    return (uint64_t)lengths[text] < n_ids ? (size_t)lengths[text] : n_ids;
}

/* Score the texts one after the other. Returns 0, or -1 with an exception set. */
static int score_all(Scoring *self, const int32_t *ids, size_t n_ids, const int64_t *lengths, size_t n_texts,
                     double *scores) {
    size_t from = 0;
    int failed = 0;
    for (size_t t = 0; t < n_texts && !failed; t++) {
        if (lengths[t] < 0 || (uint64_t)lengths[t] > n_ids - from) {
            PyErr_SetString(PyExc_ValueError, "the lengths do not fit the numbers of words");
            failed = 1;
            break;
        }
        size_t next = from + (size_t)lengths[t], n_next = within(lengths, t + 1, n_texts, n_ids - next);
        prefetch_statement(self, ids + next, n_next);
        prefetch_facts(self, ids + next + n_next, within(lengths, t + 2, n_texts, n_ids - next - n_next));
        int state = score_statement(self, ids + from, (size_t)lengths[t], scores + t * (size_t)self->n_outputs);
        failed = state < 0;
        if (state > 0 && !failed) {
            failed = array_grow(&self->unfinished, 1, sizeof(int64_t)) < 0;
            if (failed) PyErr_NoMemory();
            else ((int64_t *)self->unfinished.data)[self->unfinished.n++] = (int64_t)t;
        }
        from += (size_t)lengths[t];
    }
    return failed ? -1 : 0;
}

PyDoc_STRVAR(scores_doc, "scores(ids, lengths, columns)\n--\n\n"
    "Return the scores of texts (bytes of float64, without the bias), which of them want parts of flags that are not "
    "there yet (bytes of int64; their scores are not whole), and these flags (bytes of uint64).");
static PyObject *scoring_scores(Scoring *self, PyObject *args) {
    const char *ids, *lengths;
    Py_ssize_t n_ids, n_texts;
    PyObject *columns, *scores, *found = NULL, *unknown = NULL, *unfinished = NULL;
    if (!PyArg_ParseTuple(args, "y#y#O!", &ids, &n_ids, &lengths, &n_texts, &PyTuple_Type, &columns)) return NULL;
    n_ids /= (Py_ssize_t)sizeof(int32_t);
    n_texts /= (Py_ssize_t)sizeof(int64_t);
    scores = PyBytes_FromStringAndSize(NULL, n_texts * self->n_outputs * (Py_ssize_t)sizeof(double));
    if (!scores) return NULL;
    self->unknown.n = self->unfinished.n = 0;
    self->n_columns = take_buffers(columns, self->columns, column_items, N_COLUMNS);
    if (self->n_columns == N_COLUMNS && check_columns(self) &&
        score_all(self, (const int32_t *)ids, (size_t)n_ids, (const int64_t *)lengths, (size_t)n_texts,
                  (double *)PyBytes_AsString(scores)) == 0) {
        unknown = bytes_of(&self->unknown, sizeof(uint64_t));
        unfinished = bytes_of(&self->unfinished, sizeof(int64_t));
        if (unknown && unfinished) found = PyTuple_Pack(3, scores, unfinished, unknown);
    }
    release_buffers(self->columns, &self->n_columns);
    Py_DECREF(scores);
    Py_XDECREF(unknown);
    Py_XDECREF(unfinished);
    return found;
}

PyDoc_STRVAR(add_flags_doc, "add_flags(keys)\n--\n\n"
    "Enter combinations of flags (bytes of uint64): the next rows of the column of their parts.");
static PyObject *scoring_add_flags(Scoring *self, PyObject *args) {
    const char *keys;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y#", &keys, &size)) return NULL;
    for (Py_ssize_t i = 0; i < size / (Py_ssize_t)sizeof(uint64_t); i++)
        if (numbers_put(&self->flags, ((const uint64_t *)keys)[i], (int64_t)self->flags.n) < 0)
            return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyMethodDef scoring_methods[] = {
    {"scores", (PyCFunction)scoring_scores, METH_VARARGS, scores_doc},
    {"add_flags", (PyCFunction)scoring_add_flags, METH_VARARGS, add_flags_doc},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot scoring_slots[] = {
    {Py_tp_new, scoring_new},
    {Py_tp_dealloc, scoring_free},
    {Py_tp_methods, scoring_methods},
    {Py_tp_doc, "Scoring(arrays, n_outputs, n_classes, n_scopes, n_patterns, n_bigram_words, n_parts, n_networks, "
                "n_state, n_heads, negation, void_word, length_norm, clause_weight, n_clause_outputs, seed)\n--\n\nThe sums of a model."},
    {0, NULL},
};
PyType_Spec scoring_spec = {"stance.features._kernel.Scoring", sizeof(Scoring), 0, Py_TPFLAGS_DEFAULT, scoring_slots};

static int add_types(PyObject *module) {
    static const char *names[] = {"Index", "Matcher", "Ngrams", "Normalizer", "Ranker", "Scoring"};
    PyType_Spec *specs[] = {&index_spec, &matcher_spec, &ngrams_spec, &normalizer_spec, &ranker_spec, &scoring_spec};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        PyObject *type = PyType_FromSpec(specs[i]);
        if (!type) return -1;
        int failed = PyModule_AddObjectRef(module, names[i], type);
        Py_DECREF(type);
        if (failed < 0) return -1;
    }
    return 0;
}
static PyMethodDef functions[] = {
    {"product", product, METH_VARARGS,
     "product(left, right)\n--\n\nReturn the product of two matrices of float64, as bytes."},
    {"records", records, METH_VARARGS,
     "records(names, values)\n--\n\nReturn for each row of a matrix of float64 a dict from the names of its columns."},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)add_types},
#ifdef Py_mod_gil /* Python 3.13 and later: an object is used by who made it, or by who holds the Scorer's lock */
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "stance.features._kernel", "The compiled part of stance.features.", 0, functions, module_slots,
    NULL, NULL, NULL,
};
PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&definition); }

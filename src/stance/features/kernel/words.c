/* What is worked out once per distinct word: its normal form, and the words of the lexicon's terms that it matches. */
#include "kernel.h"

#define NOT_SIMPLE UINT32_MAX
#define N_PAGES 0x1100

/* Normal forms: as stance.text.normalize gives them, of words in which every character stands for itself. */
typedef struct {
    PyObject_HEAD
    PyObject *page_of;        /* answers the normal forms of 256 characters, as bytes of uint32 */
    uint32_t *pages[N_PAGES]; /* filled as they are met */
    Array letters;
} Normalizer;

static PyObject *normalizer_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyObject *page_of;
    if (!PyArg_ParseTuple(args, "O", &page_of)) return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Normalizer *self = (Normalizer *)alloc(type, 0);
    if (self) self->page_of = Py_NewRef(page_of);
    return (PyObject *)self;
}

static void normalizer_free(Normalizer *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    Py_XDECREF(self->page_of);
    for (size_t i = 0; i < N_PAGES; i++) free(self->pages[i]);
    free(self->letters.data);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* The normal form of a word of at most `longest` letters; None where Python must work it out; NULL with an exception. */
static PyObject *normal_form(Normalizer *self, PyObject *word, Py_ssize_t longest) {
    if (letters_of(word, &self->letters) < 0) return NULL;
    uint32_t *letters = self->letters.data;
    Py_ssize_t n = 0;
    int same = 1;
    for (size_t i = 0; i < self->letters.n; i++) {
        uint32_t page = letters[i] >> 8;
        if (page >= N_PAGES) return Py_NewRef(Py_None);
        if (!self->pages[page]) {
            self->pages[page] = load_page(self->page_of, page, 256 * sizeof(uint32_t));
            if (!self->pages[page]) return NULL;
        }
        uint32_t normal = self->pages[page][letters[i] & 255];
        if (normal == NOT_SIMPLE) return Py_NewRef(Py_None);
        if (!normal) { /* deleted */
            same = 0;
            continue;
        }
        if (normal != letters[i]) same = 0;
        letters[n++] = normal; /* never ahead of what is read */
    }
    if (same && n && n <= longest) return Py_NewRef(word);
    if (!n) return Py_NewRef(Py_None);
    return string_of(letters, n < longest ? n : longest);
}

PyDoc_STRVAR(forms_doc, "forms(words, longest)\n--\n\n"
    "Return the normal forms of a list of words, cut to so many letters; None for those that are not simple.");
static PyObject *normalizer_forms(Normalizer *self, PyObject *args) {
    PyObject *words;
    Py_ssize_t longest;
    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &words, &longest)) return NULL;
    Py_ssize_t n = PyList_Size(words);
    PyObject *found = PyList_New(n);
    for (Py_ssize_t i = 0; found && i < n; i++) {
        PyObject *form = normal_form(self, PyList_GetItem(words, i), longest);
        if (!form || PyList_SetItem(found, i, form) < 0) Py_CLEAR(found);
    }
    return found;
}

static PyMethodDef normalizer_methods[] = {
    {"forms", (PyCFunction)normalizer_forms, METH_VARARGS, forms_doc},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot normalizer_slots[] = {
    {Py_tp_new, normalizer_new},
    {Py_tp_dealloc, normalizer_free},
    {Py_tp_methods, normalizer_methods},
    {Py_tp_doc, "Normalizer(page_of)\n--\n\nNormal forms of simple words."},
    {0, NULL},
};
PyType_Spec normalizer_spec = {"stance.features._kernel.Normalizer", sizeof(Normalizer), 0, Py_TPFLAGS_DEFAULT,
                               normalizer_slots};

/* Matcher: the patterns of words, as stance.lexicon.Lexicon.patterns finds them. */
enum { OF_VERB = 1, OF_NOUN = 2, ARTICLE = 4 }; /* of proclitics */
typedef struct {
    PyObject_HEAD
    StringMap forms, exact, prefixes, suffixes;
    Array letters, found, out;
    Py_buffer form_from, form_codes, exact_from, exact_codes, prefix_kinds;
    int n_buffers;
    Py_ssize_t longest_prefix, longest_suffix;
} Matcher;

static void matcher_free(Matcher *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    Py_buffer *buffers[] = {&self->form_from, &self->form_codes, &self->exact_from, &self->exact_codes,
                            &self->prefix_kinds};
    StringMap *maps[] = {&self->forms, &self->exact, &self->prefixes, &self->suffixes};
    for (int i = 0; i < self->n_buffers; i++) PyBuffer_Release(buffers[i]);
    for (int i = 0; i < 4; i++) map_free(maps[i]);
    free(self->letters.data);
    free(self->found.data);
    free(self->out.data);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* Enter a list of strings into a map; the length of the longest, or -1 with an exception set. */
static Py_ssize_t enter(StringMap *map, PyObject *names, Array *letters, uint32_t seed) {
    Py_ssize_t longest = 0;
    if (map_init(map, seed) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyList_Size(names); i++) {
        Py_ssize_t length = letters_of(PyList_GetItem(names, i), letters);
        if (length < 0) return -1;
        if (length > longest) longest = length;
        if (map_add(map, letters->data, letters->n, map_hash(map, letters->data, letters->n)) < 0) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return longest;
}

static PyObject *matcher_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyObject *forms, *exact, *prefixes, *suffixes, *arrays[5];
    unsigned int seed;
    if (!PyArg_ParseTuple(args, "O!OOO!OOO!OO!I", &PyList_Type, &forms, &arrays[0], &arrays[1], &PyList_Type, &exact,
                          &arrays[2], &arrays[3], &PyList_Type, &prefixes, &arrays[4], &PyList_Type, &suffixes, &seed))
        return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Matcher *self = (Matcher *)alloc(type, 0);
    if (!self) return NULL;
    Py_buffer *buffers[] = {&self->form_from, &self->form_codes, &self->exact_from, &self->exact_codes,
                            &self->prefix_kinds};
    for (; self->n_buffers < 5; self->n_buffers++)
        if (take_buffer(arrays[self->n_buffers], buffers[self->n_buffers], 'i', sizeof(int32_t)) < 0) goto failed;
    if (enter(&self->forms, forms, &self->letters, seed) < 0 || enter(&self->exact, exact, &self->letters, seed) < 0)
        goto failed;
    self->longest_prefix = enter(&self->prefixes, prefixes, &self->letters, seed);
    if (self->longest_prefix < 0) goto failed;
    self->longest_suffix = enter(&self->suffixes, suffixes, &self->letters, seed);
    if (self->longest_suffix < 0) goto failed;
    if (self->form_from.shape[0] != (Py_ssize_t)self->forms.n_keys + 1 ||
        self->exact_from.shape[0] != (Py_ssize_t)self->exact.n_keys + 1 ||
        self->prefix_kinds.shape[0] != (Py_ssize_t)self->prefixes.n_keys) {
        PyErr_SetString(PyExc_ValueError, "the arrays of the matcher do not fit each other");
        goto failed;
    }
    return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

static int64_t look_up(const StringMap *map, const uint32_t *letters, size_t n) {
    return map_find(map, letters, n, map_hash(map, letters, n));
}

/* Note the patterns of a string that pass a test: `kinds` for forms of words, -1 for exact ones. */
static int note(Matcher *self, int64_t number, const Py_buffer *from, const Py_buffer *codes, int kinds, int bound) {
    if (number < 0) return 0;
    int32_t first = ((const int32_t *)from->buf)[number], last = ((const int32_t *)from->buf)[number + 1];
    if (first < 0 || last < first || last > codes->shape[0]) return -1;
    if (array_grow(&self->found, (size_t)(last - first), sizeof(int32_t)) < 0) return -1;
    for (int32_t i = first; i < last; i++) {
        int32_t code = ((const int32_t *)codes->buf)[i];
        if (kinds >= 0) {
            if ((code & 1) != bound || !(kinds & (code & 2 ? OF_NOUN : OF_VERB))) continue;
            code >>= 2;
        }
        ((int32_t *)self->found.data)[self->found.n++] = code;
    }
    return 0;
}

/* Note the patterns of what is left behind a proclitic, with and without a pronoun. */
static int match_behind(Matcher *self, const uint32_t *word, size_t n, int kinds) {
    if (n < 2) return 0;
    if (note(self, look_up(&self->forms, word, n), &self->form_from, &self->form_codes, kinds, 0) < 0) return -1;
    if (kinds & ARTICLE) return 0;
    for (size_t k = 1; k <= (size_t)self->longest_suffix && k + 2 <= n; k++)
        if (look_up(&self->suffixes, word + n - k, k) >= 0 &&
            note(self, look_up(&self->forms, word, n - k), &self->form_from, &self->form_codes, kinds, 1) < 0)
            return -1;
    return 0;
}

static int match_word(Matcher *self) {
    const uint32_t *word = self->letters.data;
    size_t n = self->letters.n;
    self->found.n = 0;
    if (note(self, look_up(&self->exact, word, n), &self->exact_from, &self->exact_codes, -1, 0) < 0) return -1;
    if (n && (word[0] == 0x648 || word[0] == 0x641) &&
        note(self, look_up(&self->exact, word + 1, n - 1), &self->exact_from, &self->exact_codes, -1, 0) < 0)
        return -1;
    for (size_t k = 0; k <= (size_t)self->longest_prefix && k + 2 <= n; k++) {
        int64_t prefix = look_up(&self->prefixes, word, k); /* the empty one is among them */
        if (prefix >= 0 &&
            match_behind(self, word + k, n - k, ((const int32_t *)self->prefix_kinds.buf)[prefix]) < 0)
            return -1;
    }
    return 0;
}

PyDoc_STRVAR(match_doc, "match(words)\n--\n\n"
    "Return how many patterns each word matches (bytes of int64), and the patterns (bytes of int32): in no order, some "
    "twice, without those that stand for classes.");
static PyObject *matcher_match(Matcher *self, PyObject *words) {
    if (!PyList_Check(words)) {
        PyErr_SetString(PyExc_TypeError, "a list of str is wanted");
        return NULL;
    }
    Py_ssize_t n_words = PyList_Size(words);
    PyObject *counts = PyBytes_FromStringAndSize(NULL, n_words * (Py_ssize_t)sizeof(int64_t)), *result = NULL;
    if (!counts) return NULL;
    int64_t *count = (int64_t *)PyBytes_AsString(counts);
    self->out.n = 0;
    for (Py_ssize_t i = 0; i < n_words; i++) {
        if (letters_of(PyList_GetItem(words, i), &self->letters) < 0) goto done;
        if (match_word(self) < 0 || array_grow(&self->out, self->found.n, sizeof(int32_t)) < 0) {
            PyErr_SetString(PyExc_ValueError, "the patterns do not fit their forms, or there is no memory for them");
            goto done;
        }
        if (self->found.n)
            memcpy((int32_t *)self->out.data + self->out.n, self->found.data, self->found.n * sizeof(int32_t));
        self->out.n += self->found.n;
        count[i] = (int64_t)self->found.n;
    }
    PyObject *patterns = bytes_of(&self->out, sizeof(int32_t));
    if (patterns) result = PyTuple_Pack(2, counts, patterns);
    Py_XDECREF(patterns);
done:
    Py_DECREF(counts);
    return result;
}

static PyMethodDef matcher_methods[] = {
    {"match", (PyCFunction)matcher_match, METH_O, match_doc},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot matcher_slots[] = {
    {Py_tp_new, matcher_new},
    {Py_tp_dealloc, matcher_free},
    {Py_tp_methods, matcher_methods},
    {Py_tp_doc, "Matcher(forms, form_from, form_codes, exact, exact_from, exact_codes, prefixes, prefix_kinds, suffixes, "
                "seed)\n--\n\nWhich words of a lexicon's terms a word matches."},
    {0, NULL},
};
PyType_Spec matcher_spec = {"stance.features._kernel.Matcher", sizeof(Matcher), 0, Py_TPFLAGS_DEFAULT, matcher_slots};

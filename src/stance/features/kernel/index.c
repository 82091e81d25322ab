/* Index: cuts texts into tokens as stance.text.tokens.TOKEN does, and numbers the distinct ones. */
#include "kernel.h"

enum { LETTER = 1, MARK = 2, INVISIBLE = 4, DIGIT = 8, OTHER = 16, SINGLE = 32, WORD = 64, URL = 128, JOINER = 256,
       PERCENT = 512 };
#define N_PAGES 0x1100

typedef struct {
    PyObject_HEAD
    StringMap map;
    PyObject *page_of;        /* answers the kinds of 256 characters, as bytes of uint16 */
    uint16_t *pages[N_PAGES]; /* filled as they are met */
    size_t longest;           /* letters of a token that count */
    Array letters, kinds, tokens, ids;
} Index;

static PyObject *index_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyObject *page_of;
    unsigned int seed, longest;
    if (!PyArg_ParseTuple(args, "OII", &page_of, &seed, &longest)) return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Index *self = (Index *)alloc(type, 0);
    if (!self) return NULL;
    self->page_of = Py_NewRef(page_of);
    self->longest = longest;
    if (map_init(&self->map, seed) < 0) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void index_free(Index *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    map_free(&self->map);
    Py_XDECREF(self->page_of);
    for (size_t i = 0; i < N_PAGES; i++) free(self->pages[i]);
    free(self->letters.data);
    free(self->kinds.data);
    free(self->tokens.data);
    free(self->ids.data);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* Fill in the kinds of the letters at hand, with a 0 behind the last. */
static int fill_kinds(Index *self) {
    self->kinds.n = 0;
    if (array_grow(&self->kinds, self->letters.n + 1, sizeof(uint16_t)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    const uint32_t *letters = self->letters.data;
    uint16_t *kinds = self->kinds.data;
    for (size_t i = 0; i < self->letters.n; i++) {
        uint32_t page = letters[i] >> 8;
        if (page >= N_PAGES) page = N_PAGES - 1; /* not reached: no code point is that large */
        if (!self->pages[page]) {
            self->pages[page] = load_page(self->page_of, page, 256 * sizeof(uint16_t));
            if (!self->pages[page]) return -1;
        }
        kinds[i] = self->pages[page][letters[i] & 255];
    }
    kinds[self->letters.n] = 0;
    return 0;
}

static size_t run(const uint16_t *kinds, size_t i, uint16_t wanted) {
    while (kinds[i] & wanted) i++; /* ends at the 0 behind the text */
    return i;
}

/* A run of wanted characters, with invisible ones inside that another wanted one follows. */
static size_t joined_run(const uint16_t *kinds, size_t i, uint16_t wanted) {
    for (;;) {
        i = run(kinds, i, wanted);
        size_t behind = run(kinds, i, INVISIBLE);
        if (behind == i || !(kinds[behind] & wanted)) return i;
        i = behind;
    }
}

static int starts(const uint32_t *letters, size_t n, const char *prefix) {
    size_t length = strlen(prefix);
    if (n < length) return 0;
    for (size_t i = 0; i < length; i++)
        if (letters[i] != (unsigned char)prefix[i]) return 0;
    return 1;
}

/* The end of a URL that begins at i, or i: its last character is one of a word, or a slash. */
static size_t url_end(const uint32_t *letters, const uint16_t *kinds, size_t i, size_t n) {
    static const char *prefixes[] = {"http://", "https://", "www."};
    for (size_t k = 0; k < 3; k++) {
        if (!starts(letters + i, n - i, prefixes[k])) continue;
        size_t first = i + strlen(prefixes[k]), end = run(kinds, first, URL);
        while (end > first && !(kinds[end - 1] & WORD) && letters[end - 1] != '/') end--;
        if (end > first) return end;
    }
    return i;
}

static size_t number_end(const uint16_t *kinds, size_t i) {
    i = run(kinds, i, DIGIT);
    while ((kinds[i] & JOINER) && (kinds[i + 1] & DIGIT)) i = run(kinds, i + 1, DIGIT);
    return kinds[i] & PERCENT ? i + 1 : i;
}

/* The end of the token that begins at i, or i where none does; the order is that of TOKEN's alternatives. */
static size_t token_end(const uint32_t *letters, const uint16_t *kinds, size_t i, size_t n) {
    uint16_t kind = kinds[i];
    if (kind & LETTER) return joined_run(kinds, i + 1, LETTER | MARK);
    if (letters[i] == 'h' || letters[i] == 'w') {
        size_t end = url_end(letters, kinds, i, n);
        if (end > i) return end;
    }
    if (letters[i] == '@' || letters[i] == '#') {
        size_t end = joined_run(kinds, i + 1, WORD | MARK);
        return end > i + 1 ? end : i;
    }
    if (kind & DIGIT) return number_end(kinds, i);
    if (kind & OTHER) return run(kinds, i, OTHER);
    return kind & SINGLE ? i + 1 : i;
}

typedef struct {
    size_t from, to;
    uint32_t hash;
} Token;

/* Cut the letters at hand into tokens, and ask for the places where they will be looked up. */
static int cut(Index *self) {
    const uint32_t *letters = self->letters.data;
    const uint16_t *kinds = self->kinds.data;
    size_t n = self->letters.n;
    self->tokens.n = 0;
    if (array_grow(&self->tokens, n, sizeof(Token)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    Token *tokens = self->tokens.data;
    for (size_t i = 0; i < n;) {
        size_t end = token_end(letters, kinds, i, n);
        if (end == i) {
            i++;
            continue;
        }
        size_t length = end - i < self->longest ? end - i : self->longest;
        uint32_t hash = map_hash(&self->map, letters + i, length);
        PREFETCH(self->map.slots + (hash & self->map.mask));
        tokens[self->tokens.n++] = (Token){i, i + length, hash};
        i = end;
    }
    return 0;
}

/* Enter a word of a text and append it to `fresh`; its number, or -1 with an exception set. */
static int64_t enter_word(Index *self, PyObject *text, Token token, PyObject *fresh) {
    const uint32_t *letters = (const uint32_t *)self->letters.data + token.from;
    PyObject *word = PyUnicode_Substring(text, (Py_ssize_t)token.from, (Py_ssize_t)token.to);
    if (!word) return -1;
    int failed = PyList_Append(fresh, word);
    Py_DECREF(word);
    if (failed) return -1;
    int64_t id = map_add(&self->map, letters, token.to - token.from, token.hash);
    if (id < 0) PyErr_NoMemory();
    return id;
}

/* Number the tokens of a text; words met for the first time are appended to `fresh`. Returns their count, or -1. */
static Py_ssize_t number_tokens(Index *self, PyObject *text, PyObject *fresh) {
    if (letters_of(text, &self->letters) < 0 || fill_kinds(self) < 0 || cut(self) < 0) return -1;
    const uint32_t *letters = self->letters.data;
    const Token *tokens = self->tokens.data;
    size_t n = self->tokens.n;
    if (array_grow(&self->ids, n, sizeof(int32_t)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    int32_t *ids = (int32_t *)self->ids.data + self->ids.n;
    for (size_t i = 0; i < n; i++) map_prefetch(&self->map, tokens[i].hash);
    for (size_t i = 0; i < n; i++) {
        int64_t id = map_find(&self->map, letters + tokens[i].from, tokens[i].to - tokens[i].from, tokens[i].hash);
        if (id < 0) id = enter_word(self, text, tokens[i], fresh);
        if (id < 0) return -1;
        ids[i] = (int32_t)id;
    }
    self->ids.n += n;
    return (Py_ssize_t)n;
}

PyDoc_STRVAR(find_doc, "find(texts)\n--\n\n"
    "Return the numbers of the tokens of a list of texts (bytes of int32), how many each text has (bytes of int64), "
    "and the words met for the first time, in the order of their numbers.");
static PyObject *index_find(Index *self, PyObject *texts) {
    if (!PyList_Check(texts)) {
        PyErr_SetString(PyExc_TypeError, "a list of str is wanted");
        return NULL;
    }
    Py_ssize_t n_texts = PyList_Size(texts);
    PyObject *fresh = PyList_New(0);
    PyObject *lengths = PyBytes_FromStringAndSize(NULL, n_texts * (Py_ssize_t)sizeof(int64_t));
    PyObject *ids = NULL, *found = NULL;
    if (!fresh || !lengths) goto done;
    self->ids.n = 0;
    int64_t *count = (int64_t *)PyBytes_AsString(lengths);
    for (Py_ssize_t t = 0; t < n_texts; t++) {
        PyObject *text = PyList_GetItem(texts, t); /* borrowed, and kept alive: a page is loaded by our own code */
        Py_ssize_t length = text ? number_tokens(self, text, fresh) : -1;
        if (length < 0) goto done;
        count[t] = length;
    }
    ids = bytes_of(&self->ids, sizeof(int32_t));
    if (ids) found = PyTuple_Pack(3, ids, lengths, fresh);
done:
    if (self->letters.room > (1u << 22)) { /* one huge text does not keep its room */
        free(self->letters.data);
        free(self->kinds.data);
        free(self->tokens.data);
        free(self->ids.data);
        memset(&self->letters, 0, sizeof(Array));
        memset(&self->kinds, 0, sizeof(Array));
        memset(&self->tokens, 0, sizeof(Array));
        memset(&self->ids, 0, sizeof(Array));
    }
    Py_XDECREF(fresh);
    Py_XDECREF(lengths);
    Py_XDECREF(ids);
    return found;
}

PyDoc_STRVAR(add_doc, "add(word)\n--\n\nEnter a word and return its number.");
static PyObject *index_add(Index *self, PyObject *word) {
    if (letters_of(word, &self->letters) < 0) return NULL;
    uint32_t hash = map_hash(&self->map, self->letters.data, self->letters.n);
    int64_t id = map_find(&self->map, self->letters.data, self->letters.n, hash);
    if (id < 0) id = map_add(&self->map, self->letters.data, self->letters.n, hash);
    return id < 0 ? PyErr_NoMemory() : PyLong_FromLongLong(id);
}

static PyMethodDef index_methods[] = {
    {"find", (PyCFunction)index_find, METH_O, find_doc},
    {"add", (PyCFunction)index_add, METH_O, add_doc},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot index_slots[] = {
    {Py_tp_new, index_new},
    {Py_tp_dealloc, index_free},
    {Py_tp_methods, index_methods},
    {Py_tp_doc, "Index(page_of, seed, longest)\n--\n\nA map from tokens as written to their numbers."},
    {0, NULL},
};
PyType_Spec index_spec = {"stance.features._kernel.Index", sizeof(Index), 0, Py_TPFLAGS_DEFAULT, index_slots};

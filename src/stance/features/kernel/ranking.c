/* Ranker: the weights of described things, as stance.ranking.tables adds them up.
 * A description has some dozen values, each looked up in a table of its own; these are too many for any cache, so that
 * the time goes into waiting for memory.  Here all that a description asks for is asked for before any of it is used. */
#include "kernel.h"

#define MOST_TEMPLATES 128

typedef struct {
    uint64_t hash;   /* 0 is free */
    PyObject *value; /* hashes only say where to look: values are compared, too */
} Entry;
typedef struct {
    size_t from; /* its first entry */
    size_t room; /* a quarter of it stays free at least */
} Table;
typedef struct {
    PyObject_HEAD
    Py_ssize_t n_tables;
    size_t n_entries, n_rankers;
    Table tables[MOST_TEMPLATES];
    Entry *entries;
    double *weights; /* of each entry, ranker by ranker */
} Ranker;

static void ranker_free(Ranker *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    for (size_t i = 0; self->entries && i < self->n_entries; i++) Py_XDECREF(self->entries[i].value);
    free(self->entries);
    free(self->weights);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* Python's own hash, different in each process: it is kept by strings that are looked up often. 0 with an exception set. */
static uint64_t hash_of(PyObject *value) {
    if (!PyUnicode_CheckExact(value)) { /* which has no hash of its own making */
        PyErr_SetString(PyExc_TypeError, "a value of a description is a str");
        return 0;
    }
    Py_hash_t found = PyObject_Hash(value);
    if (found == -1) return 0;
    uint64_t hash = (uint64_t)found * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
    return hash ? hash : 1;
}

/* Where a value with such a hash stands in a table at the earliest. */
static size_t first_place(const Ranker *self, Py_ssize_t table, uint64_t hash) {
    Table t = self->tables[table];
    return t.from + (size_t)((hash >> 32) * t.room >> 32);
}

/* The place of a value in a table, or the free one where it would be. */
static size_t place_of(const Ranker *self, Py_ssize_t table, PyObject *value, uint64_t hash) {
    Table t = self->tables[table];
    size_t i = first_place(self, table, hash);
    for (; self->entries[i].hash; i = i + 1 < t.from + t.room ? i + 1 : t.from) {
        const Entry *entry = self->entries + i;
        if (entry->hash == hash && (entry->value == value || PyUnicode_Compare(entry->value, value) == 0)) break;
    }
    return i;
}

/* Enter the weights of one ranker. */
static int enter(Ranker *self, PyObject *tables, size_t ranker) {
    for (Py_ssize_t k = 0; k < self->n_tables; k++) {
        PyObject *value, *weight;
        Py_ssize_t at = 0;
        while (PyDict_Next(PyTuple_GetItem(tables, k), &at, &value, &weight)) {
            uint64_t hash = hash_of(value);
            if (!hash) return -1;
            if (!PyFloat_Check(weight)) {
                PyErr_SetString(PyExc_TypeError, "a weight is a float");
                return -1;
            }
            size_t place = place_of(self, k, value, hash);
            if (!self->entries[place].hash) {
                Py_INCREF(value);
                self->entries[place].hash = hash;
                self->entries[place].value = value;
            }
            self->weights[place * self->n_rankers + ranker] = PyFloat_AsDouble(weight);
        }
    }
    return 0;
}

/* How many weights a tuple of dictionaries holds at a place; -1 with an exception set. */
static Py_ssize_t size_at(PyObject *tables, Py_ssize_t k) {
    PyObject *table = PyTuple_GetItem(tables, k);
    if (table && PyDict_Check(table)) return PyDict_Size(table);
    if (table) PyErr_SetString(PyExc_TypeError, "a table is a dict");
    return -1;
}

static PyObject *ranker_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyObject *one, *other = NULL;
    if (!PyArg_ParseTuple(args, "O!|O!", &PyTuple_Type, &one, &PyTuple_Type, &other)) return NULL;
    Py_ssize_t n = PyTuple_Size(one);
    if (n > MOST_TEMPLATES || (other && PyTuple_Size(other) != n))
        return PyErr_Format(PyExc_ValueError, "at most %d tables are wanted, of two rankers as many", MOST_TEMPLATES);
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Ranker *self = (Ranker *)alloc(type, 0);
    if (!self) return NULL;
    self->n_tables = n;
    self->n_rankers = other ? 2 : 1;
    for (Py_ssize_t k = 0; k < n; k++) {
        Py_ssize_t size = size_at(one, k), more = other ? size_at(other, k) : 0;
        if (size < 0 || more < 0) goto failed;
        self->tables[k].from = self->n_entries;
        self->tables[k].room = ((size_t)size + (size_t)more) / 3 * 4 + 4;
        self->n_entries += self->tables[k].room;
    }
    self->entries = calloc(self->n_entries + 1, sizeof(Entry));
    self->weights = calloc(self->n_entries * self->n_rankers + 1, sizeof(double));
    if (!self->entries || !self->weights) {
        PyErr_NoMemory();
        goto failed;
    }
    if (enter(self, one, 0) == 0 && (!other || enter(self, other, 1) == 0)) return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

/* Add up the weights of a description for each ranker, in the order of its values. Returns 0, or -1 with an exception set. */
static int add_up(const Ranker *self, PyObject *description, double *sums) {
    uint64_t hashes[MOST_TEMPLATES];
    Py_ssize_t n = self->n_tables;
    if (!PyTuple_Check(description) || PyTuple_Size(description) != n) {
        PyErr_Format(PyExc_ValueError, "a description is a tuple of %zd values", n);
        return -1;
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        hashes[k] = hash_of(PyTuple_GetItem(description, k));
        if (!hashes[k]) return -1;
        size_t place = first_place(self, k, hashes[k]);
        PREFETCH(self->entries + place);
        PREFETCH(self->weights + place * self->n_rankers);
    }
    sums[0] = sums[1] = 0;
    for (Py_ssize_t k = 0; k < n; k++) {
        const double *weights = self->weights + place_of(self, k, PyTuple_GetItem(description, k), hashes[k]) * self->n_rankers;
        for (size_t ranker = 0; ranker < self->n_rankers; ranker++) sums[ranker] += weights[ranker]; /* of a free place 0 */
    }
    return 0;
}

PyDoc_STRVAR(score_doc, "score(description)\n--\n\nReturn the sum of the weights of a description by the first ranker.");
static PyObject *ranker_score(Ranker *self, PyObject *description) {
    double sums[2];
    return add_up(self, description, sums) < 0 ? NULL : PyFloat_FromDouble(sums[0]);
}

PyDoc_STRVAR(scores_doc, "scores(description)\n--\n\nReturn the sums of both rankers' weights.");
static PyObject *ranker_scores(Ranker *self, PyObject *description) {
    double sums[2];
    return add_up(self, description, sums) < 0 ? NULL : Py_BuildValue("(dd)", sums[0], sums[1]);
}

static PyMethodDef ranker_methods[] = {
    {"score", (PyCFunction)ranker_score, METH_O, score_doc},
    {"scores", (PyCFunction)ranker_scores, METH_O, scores_doc},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot ranker_slots[] = {
    {Py_tp_new, ranker_new},
    {Py_tp_dealloc, ranker_free},
    {Py_tp_methods, ranker_methods},
    {Py_tp_doc, "Ranker(tables, others=())\n--\n\nThe weights of one ranker, or of two that look at the same."},
    {0, NULL},
};
PyType_Spec ranker_spec = {"stance.features._kernel.Ranker", sizeof(Ranker), 0, Py_TPFLAGS_DEFAULT, ranker_slots};

/* What the parts of the compiled kernel share.  Everything here has an equal in Python (stance.features);
 * a test holds the two together, so a change of one is a change of both. */
#ifndef STANCE_KERNEL_H
#define STANCE_KERNEL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Versions of an inner loop for several processors, chosen when the module is loaded.  They differ in speed, not in a
 * bit of the results: products and sums are done element by element, and never fused. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__gnu_linux__) && \
    !defined(__SANITIZE_ADDRESS__) /* which is not there yet when they are chosen */
#define FOR_SEVERAL_PROCESSORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_SEVERAL_PROCESSORS
#endif

/* Ask for memory that is wanted soon. */
#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)0)
#endif

/* A map from strings of code points to numbers, in the order in which they were added. */
#define KEPT 15       /* letters that stand in the key itself: one look at memory for most words, not two */
#define FAR_OFF 65535 /* the length that says that they do not */
typedef struct {
    uint32_t hash, number; /* number + 1; 0 is free */
} Slot;
typedef struct {
    uint16_t length;
    uint16_t letters[KEPT]; /* or, far off, the index of the string in `longer` */
} Key;
typedef struct {
    size_t at;
    size_t length;
} Longer;
typedef struct {
    Slot *slots;
    size_t mask;
    Key *keys;
    size_t n_keys, room_keys;
    Longer *longer; /* strings of more letters, or of letters beyond 16 bits */
    size_t n_longer, room_longer;
    uint32_t *letters; /* of these */
    size_t n_letters, room_letters;
    uint32_t seed;
} StringMap;

/* The hash of a string is that of its beginning and one letter more, so that all n-grams from a letter on share steps. */
static inline uint64_t hash_more(uint64_t hash, uint32_t letter) {
    hash = (hash ^ letter) * 0xD6E8FEB86659FD93u;
    return hash ^ hash >> 32;
}

int map_init(StringMap *map, uint32_t seed);
void map_free(StringMap *map);
uint32_t map_hash(const StringMap *map, const uint32_t *letters, size_t length);
int64_t map_find(const StringMap *map, const uint32_t *letters, size_t length, uint32_t hash);
/* Ask for the key of the string that has most likely this hash. */
static inline void map_prefetch(const StringMap *map, uint32_t hash) {
    Slot slot = map->slots[hash & map->mask];
    if (slot.number && slot.hash == hash) PREFETCH(map->keys + slot.number - 1);
}
int64_t map_add(StringMap *map, const uint32_t *letters, size_t length, uint32_t hash);

/* An array that grows; grow() makes room for `more` items of `size` bytes and returns 0, or -1 without memory. */
typedef struct {
    void *data;
    size_t n, room;
} Array;
int array_grow(Array *array, size_t more, size_t size);

PyObject *bytes_of(const Array *array, size_t size);

/* Copy a string's code points into an array; returns its length, or -1 with an exception set. */
Py_ssize_t letters_of(PyObject *text, Array *letters);

/* A string of code points. */
PyObject *string_of(const uint32_t *letters, Py_ssize_t length);

/* What Python answers of a page of 256 characters, `size` bytes, to be freed; NULL with an exception set. */
void *load_page(PyObject *page_of, uint32_t number, Py_ssize_t size);

/* A contiguous buffer of items of one kind: 'i' for whole numbers and booleans, 'f' for floats. */
int take_buffer(PyObject *object, Py_buffer *view, char kind, size_t size);

PyObject *product(PyObject *module, PyObject *args);
/* records.c: rows of numbers as dicts. */
PyObject *records(PyObject *module, PyObject *args);
extern PyType_Spec index_spec, matcher_spec, ngrams_spec, normalizer_spec, ranker_spec, scoring_spec;

#endif

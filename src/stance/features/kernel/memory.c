/* Growing arrays, strings of code points, buffers, and the map from strings to numbers. */
#include "kernel.h"

int array_grow(Array *array, size_t more, size_t size) {
    size_t needed = array->n + more, room = array->room ? array->room : 256;
    if (needed <= array->room) return 0;
    while (room < needed) room *= 2;
    if (room > SIZE_MAX / size) return -1;
    void *data = realloc(array->data, room * size);
    if (!data) return -1;
    array->data = data;
    array->room = room;
    return 0;
}

PyObject *bytes_of(const Array *array, size_t size) {
    return PyBytes_FromStringAndSize(array->n ? array->data : "", (Py_ssize_t)(array->n * size));
}

Py_ssize_t letters_of(PyObject *text, Array *letters) {
    Py_ssize_t length = PyUnicode_GetLength(text); /* raises TypeError for what is no string */
    if (length < 0) return -1;
    letters->n = 0;
    if (array_grow(letters, (size_t)length + 1, sizeof(uint32_t)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    if (!PyUnicode_AsUCS4(text, (Py_UCS4 *)letters->data, (Py_ssize_t)letters->room, 0)) return -1;
    letters->n = (size_t)length;
    return length;
}

PyObject *string_of(const uint32_t *letters, Py_ssize_t length) {
    const uint16_t one = 1;
    int order = *(const uint8_t *)&one ? -1 : 1; /* the machine's own */
    return PyUnicode_DecodeUTF32((const char *)letters, length * (Py_ssize_t)sizeof(uint32_t), "surrogatepass", &order);
}

void *load_page(PyObject *page_of, uint32_t number, Py_ssize_t size) {
    PyObject *answer = PyObject_CallFunction(page_of, "I", number);
    char *bytes;
    Py_ssize_t given;
    if (!answer) return NULL;
    if (PyBytes_AsStringAndSize(answer, &bytes, &given) < 0 || given != size) {
        if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "a page has %zd bytes, got %zd", size, given);
        Py_DECREF(answer);
        return NULL;
    }
    void *page = malloc((size_t)size);
    if (page) memcpy(page, bytes, (size_t)size);
    else PyErr_NoMemory();
    Py_DECREF(answer);
    return page;
}

int take_buffer(PyObject *object, Py_buffer *view, char kind, size_t size) {
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) return -1;
    const char *format = view->format ? view->format : "B";
    int fits = view->ndim > 0 && (size_t)view->itemsize == size && strlen(format) == 1 &&
               strchr(kind == 'f' ? "fd" : "?bBhHiIlLqQ", format[0]) != NULL;
    if (fits) return 0;
    PyErr_Format(PyExc_TypeError, "an array of %zd bytes an item of kind '%c' is wanted, got format %s", size, kind,
                 format);
    PyBuffer_Release(view);
    return -1;
}

int map_init(StringMap *map, uint32_t seed) {
    memset(map, 0, sizeof *map);
    map->seed = seed;
    map->mask = 1023;
    map->slots = calloc(map->mask + 1, sizeof(Slot));
    return map->slots ? 0 : -1;
}

void map_free(StringMap *map) {
    free(map->slots);
    free(map->keys);
    free(map->longer);
    free(map->letters);
    memset(map, 0, sizeof *map);
}

uint32_t map_hash(const StringMap *map, const uint32_t *letters, size_t length) {
    uint64_t hash = map->seed;
    for (size_t i = 0; i < length; i++) hash = hash_more(hash, letters[i]);
    return (uint32_t)hash;
}

static int same_key(const StringMap *map, const Key *key, const uint32_t *letters, size_t length) {
    if (key->length == FAR_OFF) {
        uint32_t number;
        memcpy(&number, key->letters, sizeof number);
        Longer longer = map->longer[number];
        return longer.length == length && !memcmp(map->letters + longer.at, letters, length * sizeof *letters);
    }
    if (key->length != length) return 0;
    for (size_t i = 0; i < length; i++)
        if (key->letters[i] != letters[i]) return 0;
    return 1;
}

int64_t map_find(const StringMap *map, const uint32_t *letters, size_t length, uint32_t hash) {
    for (size_t i = hash & map->mask; map->slots[i].number; i = (i + 1) & map->mask) {
        if (map->slots[i].hash != hash) continue;
        if (same_key(map, map->keys + map->slots[i].number - 1, letters, length))
            return (int64_t)map->slots[i].number - 1;
    }
    return -1;
}

static void map_place(StringMap *map, uint32_t hash, uint32_t number) {
    size_t i = hash & map->mask;
    while (map->slots[i].number) i = (i + 1) & map->mask;
    map->slots[i].hash = hash;
    map->slots[i].number = number;
}

static int map_widen(StringMap *map) {
    Slot *old = map->slots;
    size_t n_old = map->mask + 1;
    Slot *wide = calloc(n_old * 2, sizeof(Slot));
    if (!wide) return -1;
    map->slots = wide;
    map->mask = n_old * 2 - 1;
    for (size_t i = 0; i < n_old; i++)
        if (old[i].number) map_place(map, old[i].hash, old[i].number);
    free(old);
    return 0;
}

/* Keep a string that a key has no room for, and note its number in the key. */
static int map_keep(StringMap *map, Key *key, const uint32_t *letters, size_t length) {
    Array longer = {map->longer, map->n_longer, map->room_longer};
    Array store = {map->letters, map->n_letters, map->room_letters};
    uint32_t number = (uint32_t)map->n_longer;
    if (array_grow(&longer, 1, sizeof(Longer)) < 0) return -1;
    map->longer = longer.data;
    map->room_longer = longer.room;
    if (array_grow(&store, length, sizeof(uint32_t)) < 0) return -1;
    map->letters = store.data;
    map->room_letters = store.room;
    if (length) memcpy(map->letters + map->n_letters, letters, length * sizeof *letters);
    map->longer[map->n_longer++] = (Longer){map->n_letters, length};
    map->n_letters += length;
    key->length = FAR_OFF;
    memcpy(key->letters, &number, sizeof number);
    return 0;
}

/* Add a string that is not in the map; returns its number, or -1 without memory. */
int64_t map_add(StringMap *map, const uint32_t *letters, size_t length, uint32_t hash) {
    Array keys = {map->keys, map->n_keys, map->room_keys};
    Key key = {(uint16_t)length, {0}};
    int fits = length <= KEPT;
    if (map->n_keys >= INT32_MAX - 1 || array_grow(&keys, 1, sizeof(Key)) < 0) return -1;
    map->keys = keys.data;
    map->room_keys = keys.room;
    if (map->n_keys * 2 > map->mask && map_widen(map) < 0) return -1;
    for (size_t i = 0; fits && i < length; i++) {
        key.letters[i] = (uint16_t)letters[i];
        fits = letters[i] == key.letters[i];
    }
    if (!fits && map_keep(map, &key, letters, length) < 0) return -1;
    map->keys[map->n_keys++] = key;
    map_place(map, hash, (uint32_t)map->n_keys);
    return (int64_t)map->n_keys - 1;
}

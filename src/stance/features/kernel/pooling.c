/* Attention pooling, as stance.features.attention: every head and output averages the values of the tokens, weighted
 * by exponentials that are products of the word's and the flags' own. */
#include <math.h>

#include "scoring.h"

#define FIRST_TOKENS 8
#define BLOCK 8 /* tokens summed in single precision */

FOR_SEVERAL_PROCESSORS
static void add_token(const float *restrict word, const float *restrict flag, size_t n, size_t n_rest,
                      float *restrict total, float *restrict pooled, float *restrict rest) {
    for (size_t i = 0; i < n; i++) {
        float weight = word[i] * flag[i];
        total[i] += weight;
        pooled[i] += weight * (word[n + i] + flag[n + i]);
    }
    for (size_t i = 0; i < n_rest; i++) rest[i] += word[2 * n + i] + flag[2 * n + i];
}

/* Encode each token's flags in a number, and find the rows of their parts; 1 if some are not there yet. */
int note_flags(Scoring *self, size_t n) {
    self->keys.n = 0;
    if (array_grow(&self->keys, n, sizeof(uint64_t)) < 0) goto no_memory;
    uint64_t *keys = self->keys.data;
    const uint8_t *quoted = self->quoted.data;
    const Cue *cues = self->cues.data;
    int unfinished = 0;
    for (size_t i = 0; i < n; i++)
        keys[i] = ((uint64_t)quoted[i] << self->n_classes) | ((uint64_t)(i < FIRST_TOKENS) << (self->n_classes + 1));
    for (size_t c = 0; c < self->cues.n; c++) /* a phrase marks all of its words */
        for (int32_t k = 0; k < cues[c].length && (size_t)(cues[c].token + k) < n; k++)
            keys[cues[c].token + k] |= (uint64_t)1 << cues[c].cue_class;
    uint64_t last = 0;
    int64_t row = -1;
    size_t length = (size_t)(self->n_networks * ROW_PARTS * self->n_state);
    for (size_t i = 0; i < n; i++) {
        if (!i || keys[i] != last) row = numbers_get(&self->flags, keys[i]); /* neighbours often have the same */
        last = keys[i];
        if (row < 0) {
            if (array_grow(&self->unknown, 1, sizeof(uint64_t)) < 0) goto no_memory;
            ((uint64_t *)self->unknown.data)[self->unknown.n++] = keys[i];
            unfinished = 1;
        }
        keys[i] = (uint64_t)row;
        if (row >= 0) /* most rows are the same few, but not those of cues */
            prefetch_lines((const char *)self->columns[FLAG_ROWS].buf + (size_t)row * length, length);
    }
    return unfinished;
no_memory:
    PyErr_NoMemory();
    return -1;
}

/* Add a block of tokens to sums: in single precision among themselves, the first of them last, as numpy does. */
static void add_block(const Scoring *self, size_t first, size_t n, size_t heads, float *block, double *sums) {
    size_t width = (size_t)self->n_parts, n_out = (size_t)self->n_outputs;
    const Facts *facts = FACTS_OF(self);
    const uint64_t *flags = self->keys.data;
    memset(block, 0, width * sizeof(float));
    for (size_t k = 1; k <= n; k++) {
        size_t i = first + (k < n ? k : 0);
        add_token(COLUMN(self, PARTS, float) + (size_t)facts[i].vector_row * width,
                  COLUMN(self, FLAG_PARTS, float) + flags[i] * width, heads, n_out, block, block + heads,
                  block + 2 * heads);
    }
    for (size_t j = 0; j < width; j++) sums[j] += block[j];
}

int pool_statement(Scoring *self, size_t n, double *scores) {
    size_t n_out = (size_t)self->n_outputs, width = (size_t)self->n_parts, heads = (width - n_out) / 2;
    self->sums.n = 0;
    if (array_grow(&self->sums, 2 * width, sizeof(double)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    double *total = self->sums.data, *pooled = total + heads, *rest = pooled + heads;
    memset(total, 0, width * sizeof(double));
    for (size_t i = 0; i < n; i += BLOCK)
        add_block(self, i, n - i < BLOCK ? n - i : BLOCK, heads, (float *)(total + width), total);
    for (size_t o = 0; o < n_out; o++) {
        double sum = 0;
        for (size_t h = o; h < heads; h += n_out) sum += pooled[h] / total[h];
        scores[o] += sum + rest[o] / sqrt((double)n);
    }
    return 0;
}

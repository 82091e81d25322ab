/* Gated attention, as stance.features.gated: every token is read with its neighbours.  Whole numbers up to the gate,
 * then single precision, element by element. */
#include <math.h>

#include "scoring.h"

#define UNIT 32
#define BOUND 16.0f
#define LEAST 1e-6
#define BLOCK 8    /* tokens summed in single precision */
#define TOGETHER 4 /* tokens looked at together */
#define AHEAD 10   /* tokens whose rows are asked for: all of a text's at once would wait for each other */

typedef struct {
    const int8_t *words, *flags; /* rows of a token */
} Pair;

/* The state of a token, from the rows of its word and flags and of its neighbours' (zeros stand for none), and the
 * highest so far. */
static inline void find_state(const Pair *restrict pairs, size_t n, float *restrict state, float *restrict highest) {
    const int8_t *own = pairs[0].words, *flags = pairs[0].flags;
    const int8_t *before = pairs[1].words + 2 * n, *before_flags = pairs[1].flags + 2 * n;
    const int8_t *behind = pairs[2].words + 3 * n, *behind_flags = pairs[2].flags + 3 * n;
    for (size_t i = 0; i < n; i++) {
        int16_t open = (int16_t)(own[n + i] + flags[n + i] + before[i] + before_flags[i] + behind[i] + behind_flags[i]);
        open = open < -2 * UNIT ? -2 * UNIT : open > 2 * UNIT ? 2 * UNIT : open;
        int16_t product = (int16_t)((int16_t)(own[i] + flags[i]) * (int16_t)(open + 2 * UNIT)); /* 254 * 128 at most */
        state[i] = (float)product * (1.0f / (2 * UNIT * UNIT));
        highest[i] = state[i] > highest[i] ? state[i] : highest[i];
    }
}

/* Several outputs, added up in registers: element by element, as a loop would. */
#if defined(__GNUC__)
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));
#define ADD(sums, factor, row) (sums) += (factor) * (row)
#else
typedef struct {
    float of[LANES];
} Lanes;
#define ADD(sums, factor, row) \
    for (size_t j = 0; j < LANES; j++) (sums).of[j] += (factor) * (row).of[j]
#endif

/* Weights and values of TOGETHER tokens in one network, before the power; the states of a token stand `step` apart. */
static inline void look(const float *restrict states, size_t step, const float *restrict out, size_t n,
                        const float *restrict bias, size_t width, float *restrict parts) {
    for (size_t first = 0; first < width; first += LANES) {
        Lanes a = *(const Lanes *)(bias + first), b = a, c = a, d = a;
        for (size_t s = 0; s < n; s++) {
            Lanes row = *(const Lanes *)(out + s * width + first);
            ADD(a, states[s], row);
            ADD(b, states[step + s], row);
            ADD(c, states[2 * step + s], row);
            ADD(d, states[3 * step + s], row);
        }
        *(Lanes *)(parts + first) = a;
        *(Lanes *)(parts + width + first) = b;
        *(Lanes *)(parts + 2 * width + first) = c;
        *(Lanes *)(parts + 3 * width + first) = d;
    }
}

/* Add the weights and weighted values of `m` tokens, whose parts stand `width` apart: first weights, then values. */
static inline void add_heads(const float *restrict parts, size_t m, size_t width, float *restrict block) {
    for (size_t b = 0; b < m; b++, parts += width)
        for (size_t first = 0; first < width / 2; first += LANES)
            for (size_t j = first; j < first + LANES; j++) {
                float logit = parts[j] < -BOUND ? -BOUND : parts[j] > BOUND ? BOUND : parts[j];
                float power = 1.0f + logit * (1.0f / BOUND);
                power *= power;
                power *= power;
                power *= power;
                power *= power;
                block[j] += power;
                block[width / 2 + j] += power * parts[width / 2 + j];
            }
}

/* Room to work in. */
typedef struct {
    double *sums; /* of weights, then of weighted values */
    float *states, *parts, *highest, *block;
} Room;

static inline void prefetch_row(const Scoring *self, size_t i) {
    size_t row = (size_t)(self->n_networks * ROW_PARTS * self->n_state);
    prefetch_lines(COLUMN(self, WORD_ROWS, char) + (size_t)WORDS(self)[i] * row, row);
}

/* The rows of a token and of its neighbours. */
static inline void take_rows(const Scoring *self, size_t i, size_t n, Pair *pairs) {
    size_t row = (size_t)(self->n_networks * ROW_PARTS * self->n_state);
    const uint64_t *flags = self->keys.data;
    const size_t at[3] = {i, i - 1, i + 1};
    for (size_t k = 0; k < 3; k++) {
        pairs[k].words = pairs[k].flags = self->nothing.data;
        if (at[k] >= n) continue; /* before the first one too */
        pairs[k].words = COLUMN(self, WORD_ROWS, int8_t) + (size_t)WORDS(self)[at[k]] * row;
        pairs[k].flags = COLUMN(self, FLAG_ROWS, int8_t) + flags[at[k]] * row;
    }
}

/* Add the tokens of a block to sums: in single precision among themselves, the first of them last, as numpy does. */
FOR_SEVERAL_PROCESSORS
static void add_block(const Scoring *self, size_t first, size_t some, size_t n, size_t width, Room room) {
    size_t n_state = (size_t)self->n_state, networks = (size_t)self->n_networks, all = networks * n_state;
    memset(room.block, 0, networks * width * sizeof(float));
    for (size_t done = 1; done <= some; done += TOGETHER) {
        size_t m = some + 1 - done < TOGETHER ? some + 1 - done : TOGETHER;
        for (size_t b = 0; b < m; b++) {
            Pair pairs[3];
            size_t i = first + (done + b < some ? done + b : 0);
            if (i + AHEAD < n) prefetch_row(self, i + AHEAD);
            take_rows(self, i, n, pairs);
            find_state(pairs, all, room.states + b * all, room.highest);
        }
        for (size_t k = 0; k < networks; k++) {
            look(room.states + k * n_state, all, FIXED(self, HEAD_OUT, float) + k * n_state * width, n_state,
                 FIXED(self, HEAD_BIAS, float) + k * width, width, room.parts);
            add_heads(room.parts, m, width, room.block + k * width);
        }
    }
    for (size_t j = 0; j < networks * width; j++) room.sums[j] += room.block[j];
}

static void add_sums(const Scoring *self, size_t width, Room room, double *scores) {
    size_t n_out = (size_t)self->n_outputs, n_heads = (size_t)self->n_heads;
    size_t all = (size_t)(self->n_networks * self->n_state);
    for (Py_ssize_t k = 0; k < self->n_networks; k++) {
        const double *total = room.sums + (size_t)k * width;
        for (size_t o = 0; o < n_out; o++) {
            double sum = 0;
            for (size_t h = o; h < n_heads; h += n_out)
                sum += total[width / 2 + h] / (total[h] > LEAST ? total[h] : LEAST);
            scores[o] += sum;
        }
    }
    for (size_t c = 0; c < all; c++)
        for (size_t o = 0; o < n_out; o++) scores[o] += room.highest[c] * FIXED(self, LARGEST, double)[c * n_out + o];
}

int pool_gated(Scoring *self, size_t n, double *scores) {
    size_t networks = (size_t)self->n_networks, all = networks * (size_t)self->n_state;
    size_t width = ((size_t)self->n_heads + LANES - 1) / LANES * LANES * 2; /* weights and values, both filled up */
    size_t room_of = networks * width * 2 + (TOGETHER + 1) * all + TOGETHER * width;
    self->sums.n = self->nothing.n = 0;
    if (array_grow(&self->sums, room_of, sizeof(double)) < 0 ||
        array_grow(&self->nothing, ROW_PARTS * all, sizeof(int8_t)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    memset(self->sums.data, 0, room_of * sizeof(double));
    memset(self->nothing.data, 0, ROW_PARTS * all * sizeof(int8_t));
    Room room; /* the doubles first: all of it is aligned */
    room.sums = self->sums.data;
    room.states = (float *)(room.sums + networks * width);
    room.parts = room.states + TOGETHER * all;
    room.highest = room.parts + TOGETHER * width;
    room.block = room.highest + all;
    for (size_t c = 0; c < all; c++) room.highest[c] = -INFINITY;
    for (size_t i = 0; i < n && i < AHEAD; i++) prefetch_row(self, i);
    for (size_t first = 0; first < n; first += BLOCK)
        add_block(self, first, n - first < BLOCK ? n - first : BLOCK, n, width, room);
    add_sums(self, width, room, scores);
    return 0;
}

/* Scoring: the sums that stance.features.scorer.Scorer describes, one text after the other. */
#include <math.h>

#include "scoring.h"

#define NEGATION_SCOPE 4
#define SCOPE_REACH 5
#define SCOPE_FIRST 8
static const int32_t pair_reach[N_PAIR] = {2, 6, 15};

int numbers_init(NumberMap *map, size_t room, uint64_t seed) {
    size_t size = 64;
    while (size < room * 2) size *= 2;
    map->entries = malloc(size * sizeof(Entry));
    if (!map->entries) return -1;
    map->mask = size - 1;
    map->n = 0;
    map->seed = seed;
    for (size_t i = 0; i < size; i++) map->entries[i].value = -1;
    return 0;
}

static size_t numbers_place(const NumberMap *map, uint64_t key) {
    uint64_t mixed = (key ^ map->seed) * 0x9E3779B97F4A7C15u;
    return (mixed ^ (mixed >> 32)) & map->mask;
}

static Entry *numbers_entry(const NumberMap *map, uint64_t key) {
    size_t i = numbers_place(map, key);
    while (map->entries[i].value >= 0 && map->entries[i].key != key) i = (i + 1) & map->mask;
    return map->entries + i;
}

void numbers_prefetch(const NumberMap *map, uint64_t key) { PREFETCH(map->entries + numbers_place(map, key)); }

int64_t numbers_get(const NumberMap *map, uint64_t key) { return numbers_entry(map, key)->value; }

int numbers_put(NumberMap *map, uint64_t key, int64_t value) {
    if (map->n * 2 >= map->mask) {
        NumberMap wide;
        if (numbers_init(&wide, map->mask + 1, map->seed) < 0) return -1;
        for (size_t i = 0; i <= map->mask; i++)
            if (map->entries[i].value >= 0) *numbers_entry(&wide, map->entries[i].key) = map->entries[i];
        wide.n = map->n;
        free(map->entries);
        *map = wide;
    }
    Entry *entry = numbers_entry(map, key);
    map->n += entry->value < 0;
    *entry = (Entry){key, value};
    return 0;
}

/* Outputs of this project's own labels: loops of a known length are unrolled. */
#define USUAL 6

/* Add `values` of `n` outputs to a sum. */
static inline void add(double *restrict sum, const double *restrict values, size_t n) {
    if (n == USUAL)
        for (size_t o = 0; o < USUAL; o++) sum[o] += values[o];
    else
        for (size_t o = 0; o < n; o++) sum[o] += values[o];
}

/* Where the sum of a token's clause stands. */
static inline double *sum_of(const Scoring *self, double *sums, size_t token) {
    return sums + ((const uint32_t *)self->clause.data)[token] * (size_t)self->n_outputs;
}

static void add_words(Scoring *self, double *sums) {
    size_t n_out = (size_t)self->n_outputs;
    for (size_t i = 0; i < self->word.n; i++)
        add(sum_of(self, sums, i), COLUMN(self, SCORES, double) + (size_t)WORDS(self)[i] * n_out, n_out);
}

static int add_bigrams(Scoring *self, double *sums) {
    const Facts *facts = FACTS_OF(self);
    const uint8_t *is_word = self->is_word.data;
    const double *weights = FIXED(self, BIGRAM_WEIGHTS, double);
    size_t n_out = (size_t)self->n_outputs, n_pairs = 0, n_rows = 0;
    self->pairs.n = self->places.n = 0;
    if (!self->bigrams.n || self->word.n < 2) return 0;
    if (array_grow(&self->pairs, self->word.n, sizeof(uint64_t)) < 0 ||
        array_grow(&self->places, self->word.n, sizeof(int32_t)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    uint64_t *pairs = self->pairs.data; /* their keys, then their rows */
    int32_t *places = self->places.data; /* their first tokens */
    for (size_t i = 0; i + 1 < self->word.n; i++) {
        int64_t first = facts[i].bigram_word, second = facts[i + 1].bigram_word;
        if (first < 0 || second < 0 || !is_word[i] || !is_word[i + 1]) continue;
        pairs[n_pairs] = (uint64_t)(first * self->n_bigram_words + second);
        places[n_pairs] = (int32_t)i;
        numbers_prefetch(&self->bigrams, pairs[n_pairs++]);
    }
    for (size_t i = 0; i < n_pairs; i++) {
        int64_t row = numbers_get(&self->bigrams, pairs[i]);
        if (row < 0) continue;
        PREFETCH(weights + (size_t)row * n_out);
        places[n_rows] = places[i];
        pairs[n_rows++] = (uint64_t)row;
    }
    for (size_t i = 0; i < n_rows; i++) add(sum_of(self, sums, (size_t)places[i]), weights + pairs[i] * n_out, n_out);
    return 0;
}

static void add_context_row(Scoring *self, size_t at, double *sum) {
    int32_t row = FIXED(self, CONTEXT_ROWS, int32_t)[at];
    if (row >= 0)
        add(sum, FIXED(self, CONTEXT_WEIGHTS, double) + (size_t)row * (size_t)self->n_outputs,
            (size_t)self->n_outputs);
}

/* The features of single cues: those of one kind after the other, as in stance.features.context. */
static void add_single_cues(Scoring *self, double *sums) {
    const Cue *cues = self->cues.data;
    const uint8_t *quoted = self->quoted.data, *is_word = self->is_word.data;
    for (int kind = 0; kind < N_SINGLE; kind++) {
        int64_t stop = -1, opened = -1;
        int32_t seen = 0;      /* tokens before this one were looked at for stops */
        size_t negation = 0;   /* cues before this one were looked at for negations */
        for (size_t c = 0; c < self->cues.n; c++) {
            int32_t token = cues[c].token, holds = kind == 0;
            if (kind == 1) {
                for (; seen <= token; seen++)
                    if (!is_word[seen]) stop = seen;
                for (; cues[negation].token < token; negation++)
                    if (cues[negation].cue_class == self->negation) opened = cues[negation].token;
                holds = opened >= 0 && token - opened <= NEGATION_SCOPE && stop < opened &&
                        cues[c].cue_class != self->negation;
            } else if (kind == 2) {
                holds = quoted[token];
            } else if (kind > 2) {
                holds = token < (kind == 3 ? 3 : 8);
            }
            if (holds) add_context_row(self, (size_t)kind * (size_t)self->n_classes + (size_t)cues[c].cue_class,
                                       sum_of(self, sums, (size_t)token));
        }
    }
}

/* The features of pairs of cues, neighbours first. */
static void add_cue_pairs(Scoring *self, double *sums) {
    const Cue *cues = self->cues.data;
    size_t n_classes = (size_t)self->n_classes;
    int more = 1;
    for (size_t lag = 1; lag < self->cues.n && more; lag++) {
        more = 0;
        for (size_t c = 0; c + lag < self->cues.n; c++) {
            int32_t near = cues[c + lag].token - cues[c].token;
            size_t kind = 0;
            if (near > pair_reach[N_PAIR - 1]) continue;
            more = 1;
            if (near <= 0) continue;
            while (near > pair_reach[kind]) kind++;
            add_context_row(self, N_SINGLE * n_classes + (kind * n_classes + (size_t)cues[c].cue_class) * n_classes +
                                      (size_t)cues[c + lag].cue_class, sum_of(self, sums, (size_t)cues[c].token));
        }
    }
}

/* Add the vectors of the tokens of one scope, scaled by how many they are. */
static void add_scope(Scoring *self, size_t scope, const int32_t *places, size_t n, double *scores) {
    size_t n_out = (size_t)self->n_outputs, width = (size_t)self->n_scopes * n_out;
    const Facts *facts = FACTS_OF(self);
    const float *parts = COLUMN(self, VECTOR_SCORES, float) + scope * n_out;
    size_t n_sums = self->n_clauses * n_out;
    double scale = 1 / sqrt((double)(n ? n : 1)), *sums = self->sums.data;
    memset(sums, 0, n_sums * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        size_t token = places ? (size_t)places[i] : i, row = (size_t)facts[token].vector_row;
        if (!row) continue; /* a word without a vector */
        const float *part = parts + row * width;
        double *restrict sum = sum_of(self, sums, token);
        if (n_out == USUAL)
            for (size_t o = 0; o < USUAL; o++) sum[o] += part[o];
        else
            for (size_t o = 0; o < n_out; o++) sum[o] += part[o];
    }
    for (size_t o = 0; o < n_sums; o++) scores[o] += sums[o] * scale;
}

/* List the tokens behind the cues of a scope, up to the next punctuation mark. */
static size_t find_scope(const Scoring *self, uint32_t scope, int32_t *places) {
    const Cue *cues = self->cues.data;
    const uint8_t *is_word = self->is_word.data;
    const uint32_t *bits = FIXED(self, SCOPE_BITS, uint32_t);
    size_t found = 0;
    for (size_t c = 0, d; c < self->cues.n; c = d) {
        d = c + 1;
        if (!(bits[cues[c].cue_class] & scope)) continue;
        /* behind the cue, up to and with the scope's next one, which begins anew */
        int32_t token = cues[c].token, last = token + SCOPE_REACH;
        while (d < self->cues.n && (cues[d].token == token || !(bits[cues[d].cue_class] & scope))) d++;
        if (d < self->cues.n && cues[d].token < last) last = cues[d].token;
        for (int32_t j = token + 1; (size_t)j < self->word.n && j <= last && is_word[j]; j++) places[found++] = j;
    }
    return found;
}

static int add_scopes(Scoring *self, double *scores) {
    size_t n = self->word.n;
    const Cue *cues = self->cues.data;
    uint32_t present = 0;
    self->places.n = self->sums.n = 0;
    if (array_grow(&self->places, n, sizeof(int32_t)) < 0 ||
        array_grow(&self->sums, self->n_clauses * (size_t)self->n_outputs, sizeof(double)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    add_scope(self, 0, NULL, n, scores);
    add_scope(self, 1, NULL, n < SCOPE_FIRST ? n : SCOPE_FIRST, scores);
    for (size_t c = 0; c < self->cues.n; c++) present |= FIXED(self, SCOPE_BITS, uint32_t)[cues[c].cue_class];
    for (size_t scope = 2; scope < (size_t)self->n_scopes; scope++)
        if (present & (1u << scope))
            add_scope(self, scope, self->places.data, find_scope(self, 1u << scope, self->places.data), scores);
    return 0;
}

/* Add up clauses, each of the first outputs' best one more: what stance.features.clauses.best_clauses does. */
static void join_clauses(const Scoring *self, const double *sums, double *scores) {
    size_t n_out = (size_t)self->n_outputs;
    for (size_t o = 0; o < n_out; o++) {
        double total = 0, best = sums[o];
        for (size_t k = 0; k < self->n_clauses; k++) {
            double sum = sums[k * n_out + o];
            total += sum;
            if (sum > best) best = sum;
        }
        scores[o] = o < (size_t)self->n_clause_outputs ? total + self->clause_weight * (best - total) : total;
    }
}

/* Score one text. */
int score_statement(Scoring *self, const int32_t *ids, size_t n_ids, double *scores) {
    size_t n_out = (size_t)self->n_outputs;
    if (read_statement(self, ids, n_ids) < 0) return -1;
    size_t n = self->word.n, n_sums = self->n_clauses * n_out;
    self->by_clause.n = self->room.n = 0;
    if (array_grow(&self->by_clause, n_sums, sizeof(double)) < 0 || array_grow(&self->room, n_sums, sizeof(double)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    double *sums = self->by_clause.data, *room = self->room.data;
    memset(sums, 0, n_sums * sizeof(double));
    add_words(self, sums);
    memset(room, 0, n_sums * sizeof(double));
    if (add_bigrams(self, room) < 0) return -1;
    add(sums, room, n_sums);
    memset(room, 0, n_sums * sizeof(double));
    add_single_cues(self, room);
    add_cue_pairs(self, room);
    add(sums, room, n_sums);
    if (self->length_norm)
        for (size_t o = 0; o < n_sums; o++) sums[o] *= 1 / sqrt((double)(n ? n : 1));
    if (self->columns[VECTOR_SCORES].shape[0] > 1 && add_scopes(self, sums) < 0) return -1;
    join_clauses(self, sums, scores);
    if (!(self->n_parts || self->n_networks) || !n) return 0;
    int unfinished = note_flags(self, n);
    if (unfinished) return unfinished;
    if (self->n_parts && pool_statement(self, n, scores) < 0) return -1;
    return self->n_networks ? pool_gated(self, n, scores) : 0;
}

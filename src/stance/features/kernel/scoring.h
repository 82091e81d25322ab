/* What scoring one text takes: the model's fixed arrays, the word table's columns, and room to work in. */
#ifndef STANCE_SCORING_H
#define STANCE_SCORING_H

#include "kernel.h"

enum { CONTENT, PUNCTUATION, QUOTE_OPEN, QUOTE_CLOSE, QUOTE_STRAIGHT };               /* as stance.features.table */
enum { OF_ROLES = 255, OF_CODES = 7 << 8, STARTS_PHRASE = 1 << 11, IN_PHRASE = 1 << 12, IS_CUE = 1 << 13 }; /* marks */
enum { NEGATOR = 1, COPULA = 2, ADVERSATIVE = 4, STOP = 8, JOINED = 16, PAST = 32, FUTURE = 64 }; /* and voiding */
enum { ACT = 1, OPENING = 2, UNREAL = 4, REPORTING = 8 }; /* kinds of cue classes that voiding looks at */

/* The model's arrays, in the order in which Scoring takes them. */
enum { CLASS_KINDS, SCOPE_BITS, TRIE_KEYS, TRIE_NEXT, ENDS_FROM, ENDS, CONTEXT_ROWS, CONTEXT_WEIGHTS, BIGRAM_KEYS,
       BIGRAM_ROWS, BIGRAM_WEIGHTS, HEAD_OUT, HEAD_BIAS, LARGEST, N_FIXED };
/* The columns of the word table, in the order in which scores() takes them. */
enum { FACTS, CUE_COUNT, CUE_CLASSES, PATTERN_FROM, PATTERN_COUNT, PATTERNS, SCORES, VECTOR_SCORES, PARTS, FLAG_PARTS,
       WORD_ROWS, FLAG_ROWS, N_COLUMNS };
#define ROW_PARTS 4 /* states that a row of gated attention holds */
#define LANES 16    /* outputs of its heads worked out at once: they are filled up to a multiple */

/* What is looked up for every token stands together. */
typedef struct {
    int32_t marks, vector_row, bigram_word, cue_from;
} Facts;

typedef struct {
    int32_t token, cue_class, length;
} Cue;

typedef struct {
    uint64_t key;
    int64_t value; /* -1 is free */
} Entry;
typedef struct {
    Entry *entries;
    size_t mask, n;
    uint64_t seed; /* no model or text can be made to fill one place */
} NumberMap;
int numbers_init(NumberMap *map, size_t room, uint64_t seed);
int numbers_put(NumberMap *map, uint64_t key, int64_t value);
int64_t numbers_get(const NumberMap *map, uint64_t key);
void numbers_prefetch(const NumberMap *map, uint64_t key);

typedef struct {
    PyObject_HEAD
    Py_buffer fixed[N_FIXED];
    Py_buffer columns[N_COLUMNS]; /* held during one call */
    int n_fixed, n_columns;
    Py_ssize_t n_outputs, n_classes, n_scopes, n_patterns, n_bigram_words, n_parts, n_networks, n_state, n_heads, negation,
        void_word;
    Py_ssize_t n_clause_outputs; /* the first so many outputs look at clauses */
    int length_norm;
    double clause_weight;
    NumberMap bigrams, trie, flags;
    /* the text at hand: its tokens without quotation marks, its cues, and sums */
    Array word, facts, pairs, is_word, quoted, is_void, kinds, nodes, cues, places, keys, sums, nothing;
    Array clause, by_clause, room; /* the clause of each token, the clauses' sums, and room for as many */
    size_t n_clauses;
    Array unknown, unfinished; /* combinations of flags without parts, and texts that have some, in a call */
} Scoring;

/* Features of single cues, then of pairs of them: a row number for each kind and class or classes. */
#define MAX_CLASSES 1024 /* as stance.features.context: products of numbers of classes stay small */
#define N_SINGLE 5
#define N_PAIR 3
#define N_CONTEXT(n_classes) (N_SINGLE * (n_classes) + N_PAIR * (n_classes) * (n_classes))

/* Ask for some bytes of memory. */
static inline void prefetch_lines(const char *from, size_t n) {
    for (const char *line = from - ((uintptr_t)from & 63); line < from + n; line += 64) PREFETCH(line);
}

#define FIXED(self, name, type) ((const type *)(self)->fixed[name].buf)
#define COLUMN(self, name, type) ((const type *)(self)->columns[name].buf)
#define WORDS(self) ((int32_t *)(self)->word.data)
#define FACTS_OF(self) ((const Facts *)(self)->facts.data) /* of the text's tokens */

/* scoring.c: the scores of one text, without the bias. 0, 1 if the parts of some of its
 * flags are not there yet, or -1 with an exception set. */
int score_statement(Scoring *self, const int32_t *ids, size_t n_ids, double *scores);
/* statement.c: tokens, cues and voided acts of one text; 0, or -1 with an exception set. */
int read_statement(Scoring *self, const int32_t *ids, size_t n);
void prefetch_facts(const Scoring *self, const int32_t *ids, size_t n);
void prefetch_statement(const Scoring *self, const int32_t *ids, size_t n);
/* pooling.c: what attention adds; the parts of its words and flags are in the columns. */
int note_flags(Scoring *self, size_t n);
int pool_statement(Scoring *self, size_t n, double *scores);
/* gated.c: what gated attention adds; the rows of its words and flags are in the columns. */
int pool_gated(Scoring *self, size_t n, double *scores);

#endif

/* One text: which tokens stand inside quotes, which cues it has, and which acts are not done.
 * The same as stance.features.analysis and stance.features.voiding. */
#include "scoring.h"

#define REACH 25
#define COPULA_REACH 4
#define UNREAL_REACH 8
#define PHRASE_WORDS 6
#define AHEAD 8       /* tokens */
#define PREFETCHED 96 /* tokens of a text: more would drive each other out of the cache */

static int no_memory(void) {
    PyErr_NoMemory();
    return -1;
}

static int inconsistent(const char *what) {
    PyErr_Format(PyExc_ValueError, "the %s do not fit the other arrays of the model", what);
    return -1;
}

/* Ask for what the sums over a word will need. */
static inline void prefetch_word(const Scoring *self, int32_t word, int32_t row) {
    const char *parts = self->columns[PARTS].buf, *vector = self->columns[VECTOR_SCORES].buf;
    size_t width = (size_t)self->n_parts * sizeof(float);
    PREFETCH(COLUMN(self, SCORES, double) + (size_t)word * (size_t)self->n_outputs);
    PREFETCH(vector + (size_t)row * (size_t)(self->n_scopes * self->n_outputs) * sizeof(float));
    for (size_t line = 0; line < width; line += 64) PREFETCH(parts + (size_t)row * width + line);
}

/* Ask for what is known of a text's words, or for what their sums will need: most of the time of a text goes by in
 * waiting for memory, unless that was asked for while the texts before it were summed. */
void prefetch_facts(const Scoring *self, const int32_t *ids, size_t n) {
    const Facts *facts = COLUMN(self, FACTS, Facts);
    for (size_t i = 0; i < n && i < PREFETCHED; i++) PREFETCH(facts + ids[i]);
}

void prefetch_statement(const Scoring *self, const int32_t *ids, size_t n) {
    const Facts *facts = COLUMN(self, FACTS, Facts);
    int32_t n_words = (int32_t)self->columns[FACTS].shape[0];
    for (size_t i = 0; i < n && i < PREFETCHED; i++)
        if (ids[i] >= 0 && ids[i] < n_words) prefetch_word(self, ids[i], facts[ids[i]].vector_row);
}

/* Take the tokens without quotation marks. */
static int take_tokens(Scoring *self, const int32_t *ids, size_t n) {
    self->word.n = self->facts.n = self->is_word.n = self->quoted.n = self->is_void.n = self->kinds.n = 0;
    if (array_grow(&self->word, n, sizeof(int32_t)) < 0 || array_grow(&self->facts, n, sizeof(Facts)) < 0 ||
        array_grow(&self->is_word, n, 1) < 0 || array_grow(&self->quoted, n, 1) < 0 ||
        array_grow(&self->is_void, n, 1) < 0 || array_grow(&self->kinds, n, 1) < 0 ||
        array_grow(&self->clause, n, sizeof(uint32_t)) < 0)
        return no_memory();
    const Facts *facts = COLUMN(self, FACTS, Facts);
    int32_t n_words = (int32_t)self->columns[FACTS].shape[0];
    int32_t n_rows = (int32_t)self->columns[VECTOR_SCORES].shape[0];
    int64_t depth = 0, straight = 0;
    size_t found = 0;
    uint32_t *clause = self->clause.data, number = 0;
    int marked = 0; /* whether a quotation mark was passed over since the last token */
    uint8_t *is_word = self->is_word.data, *quoted = self->quoted.data;
    for (size_t i = 0; i < n; i++) {
        if (ids[i] < 0 || ids[i] >= n_words) return inconsistent("numbers of words");
        if (i + AHEAD < n) PREFETCH(facts + ids[i + AHEAD]);
        Facts of_word = facts[ids[i]];
        if (of_word.vector_row < 0 || of_word.vector_row >= n_rows) return inconsistent("vectors of words");
        int code = (of_word.marks & OF_CODES) >> 8;
        depth += (code == QUOTE_OPEN) - (code == QUOTE_CLOSE);
        straight += code == QUOTE_STRAIGHT;
        if (code > PUNCTUATION) {
            marked = 1;
            continue;
        }
        if (i >= PREFETCHED) prefetch_word(self, ids[i], of_word.vector_row);
        WORDS(self)[found] = ids[i];
        ((Facts *)self->facts.data)[found] = of_word;
        if (self->clause_weight != 0 && found && (marked || code == PUNCTUATION)) number++;
        marked = 0;
        clause[found] = number;
        is_word[found] = code != PUNCTUATION;
        quoted[found++] = depth > 0 || (straight & 1);
    }
    self->word.n = found;
    self->n_clauses = (size_t)number + 1;
    if (found) { /* there may be no room yet */
        memset(self->is_void.data, 0, found);
        memset(self->kinds.data, 0, found);
    }
    return 0;
}

static int add_cue(Scoring *self, size_t token, int32_t cue_class, int32_t length) {
    Cue *cues;
    if (cue_class < 0 || cue_class >= self->n_classes) return inconsistent("classes of cues");
    if (array_grow(&self->cues, 1, sizeof(Cue)) < 0) return no_memory();
    cues = self->cues.data;
    /* kept in the order of token, class; at one place the longest of a class stays */
    size_t at = self->cues.n;
    while (at && cues[at - 1].token == (int32_t)token && cues[at - 1].cue_class > cue_class) at--;
    if (at && cues[at - 1].token == (int32_t)token && cues[at - 1].cue_class == cue_class) {
        if (cues[at - 1].length < length) cues[at - 1].length = length;
        return 0;
    }
    memmove(cues + at + 1, cues + at, (self->cues.n - at) * sizeof(Cue));
    cues[at] = (Cue){(int32_t)token, cue_class, length};
    self->cues.n++;
    return 0;
}

/* Follow the phrases that begin at a token. */
static int add_phrases(Scoring *self, size_t first) {
    /* each node is reached in one way, so that all of them have room */
    int32_t n_trie = (int32_t)self->fixed[ENDS_FROM].shape[0] - 1;
    int32_t *nodes = self->nodes.data, *next = nodes + n_trie;
    size_t n_nodes = 1;
    nodes[0] = 0;
    for (size_t k = 0; k < PHRASE_WORDS && first + k < self->word.n && n_nodes; k++) {
        int32_t word = WORDS(self)[first + k];
        int64_t from = COLUMN(self, PATTERN_FROM, int32_t)[word], count = COLUMN(self, PATTERN_COUNT, int32_t)[word];
        size_t n_next = 0;
        if (from < 0 || count > self->columns[PATTERNS].shape[0] - from) return inconsistent("patterns of words");
        for (size_t i = 0; i < n_nodes; i++)
            for (int64_t p = from; p < from + count; p++) {
                int64_t pattern = COLUMN(self, PATTERNS, int32_t)[p];
                int32_t node = (int32_t)numbers_get(&self->trie, (uint64_t)(nodes[i] * self->n_patterns + pattern));
                if (node < 0) continue;
                if (node >= n_trie || n_next == (size_t)n_trie) return inconsistent("phrases");
                next[n_next++] = node;
                if (!k) continue;
                const int32_t *ends = FIXED(self, ENDS_FROM, int32_t);
                if (ends[node] < 0 || ends[node + 1] > self->fixed[ENDS].shape[0]) return inconsistent("phrases");
                for (int32_t e = ends[node]; e < ends[node + 1]; e++)
                    if (add_cue(self, first, FIXED(self, ENDS, int32_t)[e], (int32_t)k + 1) < 0) return -1;
            }
        int32_t *other = nodes;
        nodes = next;
        next = other;
        n_nodes = n_next;
    }
    return 0;
}

static int find_cues(Scoring *self) {
    const Facts *facts = FACTS_OF(self);
    self->cues.n = 0;
    for (size_t i = 0; i < self->word.n; i++) {
        if (!(facts[i].marks & (IS_CUE | STARTS_PHRASE))) continue;
        int64_t from = facts[i].cue_from, count = COLUMN(self, CUE_COUNT, int32_t)[WORDS(self)[i]];
        if (from < 0 || count > self->columns[CUE_CLASSES].shape[0] - from) return inconsistent("classes of words");
        for (int64_t c = from; c < from + count; c++)
            if (add_cue(self, i, COLUMN(self, CUE_CLASSES, int16_t)[c], 1) < 0) return -1;
        if ((facts[i].marks & STARTS_PHRASE) && i + 1 < self->word.n && (facts[i + 1].marks & IN_PHRASE) &&
            add_phrases(self, i) < 0)
            return -1;
    }
    return 0;
}

/* The token of the act that a negation, a question or a condition at `i` is about, or -1. */
static int64_t first_act(const Scoring *self, size_t i, size_t end, size_t reach, int future_only) {
    const uint8_t *is_word = self->is_word.data, *kinds = self->kinds.data;
    const Facts *facts = FACTS_OF(self);
    for (size_t j = i + 1; j < end && j < i + 1 + reach; j++) {
        if (!is_word[j]) return -1;
        if ((kinds[j] & ACT) && (!future_only || (facts[j].marks & FUTURE))) return (int64_t)j;
    }
    return -1;
}

/* Mark the tokens from the first of a scope to its end; none, if there is no act in it. Returns how many. */
static size_t mark_scope(Scoring *self, size_t start, size_t end) {
    const uint8_t *is_word = self->is_word.data, *kinds = self->kinds.data;
    const Facts *facts = FACTS_OF(self);
    uint8_t *is_void = self->is_void.data;
    int seen = 0;
    size_t j, marked = 0;
    for (j = start; j < end; j++) {
        int role = facts[j].marks & OF_ROLES;
        if (role & (ADVERSATIVE | STOP)) break;
        if (!is_word[j]) {
            if (seen) break;
            continue;
        }
        if (j > start && ((role & JOINED) || ((kinds[j] & REPORTING) && seen))) break;
        if (kinds[j] & ACT) seen = 1;
    }
    for (size_t k = start; seen && k < j; k++)
        if (is_word[k]) {
            is_void[k] = 1;
            marked++;
        }
    return marked;
}

/* Mark the tokens of acts that are not done, and take their words and cues out. */
static void void_acts(Scoring *self) {
    uint8_t *kinds = self->kinds.data, *is_void = self->is_void.data;
    const Facts *facts = FACTS_OF(self);
    const uint8_t *class_kinds = FIXED(self, CLASS_KINDS, uint8_t);
    Cue *cues = self->cues.data;
    size_t n = self->word.n, marked = 0, kept = 0;
    int any_unreal = 0;
    for (Py_ssize_t c = 0; c < self->n_classes; c++) any_unreal |= class_kinds[c] & UNREAL;
    for (size_t c = 0; c < self->cues.n; c++) kinds[cues[c].token] |= class_kinds[cues[c].cue_class];
    for (size_t i = 0; i < n; i++) {
        int role = facts[i].marks & OF_ROLES;
        size_t end = i + 1 + REACH < n ? i + 1 + REACH : n;
        int64_t start = -1;
        if ((kinds[i] & OPENING) && !(i && (facts[i - 1].marks & NEGATOR))) {
            start = (int64_t)i + 1;
        } else if (role & NEGATOR) {
            int copula = (role & COPULA) || (i + 1 < end && (facts[i + 1].marks & COPULA));
            start = first_act(self, i, end, 1 + (copula ? COPULA_REACH : 0), 0);
        } else if ((kinds[i] & UNREAL) || ((role & PAST) && any_unreal)) {
            start = first_act(self, i, end, UNREAL_REACH, role & PAST);
        }
        if (start >= 0) marked += mark_scope(self, (size_t)start, end);
    }
    if (!marked) return;
    for (size_t i = 0; i < n; i++) {
        if (!is_void[i]) continue;
        WORDS(self)[i] = (int32_t)self->void_word;
        ((Facts *)self->facts.data)[i] = COLUMN(self, FACTS, Facts)[self->void_word];
    }
    for (size_t c = 0; c < self->cues.n; c++)
        if (!is_void[cues[c].token]) cues[kept++] = cues[c];
    self->cues.n = kept;
}

int read_statement(Scoring *self, const int32_t *ids, size_t n) {
    if (take_tokens(self, ids, n) < 0 || find_cues(self) < 0) return -1;
    void_acts(self);
    return 0;
}

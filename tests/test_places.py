"""What the reader's rankers look up: the same as a plain search of every sentence would find."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.lexicon import Lexicon
from stance.ranking import joined, score, score_both
from stance.statements import finders
from stance.statements.places import NOWHERE, Places
from stance.statements.tagging import Tagger
from stance.statements.words import PARTICLES, STOPS, THAT
from stance.text.tokens import CLOSING, OPENING

TAGGER = Tagger(Lexicon.default(), {})
WORDS = ["قال", "الوزير", "إن", "أن", "دعا", "«", "»", '"', "،", ".", "؟", ":", "في", "من", "هدنة", "2015"]
sentences = st.tuples(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), st.booleans())
values = st.sampled_from("أبجد")
tables = st.lists(st.dictionaries(values, st.floats(-9, 9)), min_size=3, max_size=3).map(tuple)


def nearest(tagged, i, wanted):
    return next((k for k in range(max(i, 0), len(tagged)) if wanted(k)), NOWHERE)


@given(sentences)
def test_places_are_the_nearest_of_their_sort(sentence):
    tagged = TAGGER.tag(*sentence)
    places, norms, kinds = Places(tagged), tagged.norms, [token.kind for token in tagged.tokens]
    verbs = [bool(word.verb and word.classes) for word in tagged.words]
    for i in range(-1, len(tagged) + 2):
        at, sort = places.opening(i)
        assert at == nearest(tagged, i, lambda k: norms[k] in THAT | STOPS or norms[k] == ":")
        assert sort == (
            "none"
            if at == NOWHERE
            else "colon"
            if norms[at] == ":"
            else "that"
            if norms[at] in THAT
            else "stop"
        )
        assert places.quote(i) == nearest(tagged, i, lambda k: kinds[k] == "quote")
        assert places.verb(i) == nearest(tagged, i, lambda k: verbs[k])
        assert places.mark(i) == nearest(tagged, i, lambda k: kinds[k] == "punctuation")
        assert places.boundary(i) == nearest(
            tagged, i, lambda k: kinds[k] == "punctuation" or norms[k] in PARTICLES | THAT
        )
        before = range(min(max(i, 0), len(tagged)))
        assert places.strong(i) == sum(verbs[k] and not tagged.quoted[k] for k in before)
        assert places.stops(i) == sum(norms[k] in STOPS for k in before)


def test_nothing_is_near_in_a_sentence_without_end():
    places = Places(TAGGER.tag("كلمة " * 12_000 + "أن"))
    assert places.opening(11_000) == (12_000, "that")
    assert places.verb(11_000) == places.mark(11_000) == NOWHERE > 10**9


@given(sentences)
def test_quotation_marks_open_close_and_are_passed_over(sentence):
    tagged = TAGGER.tag(*sentence)
    inside, last = sentence[1], -1
    for i, token in enumerate(tagged.tokens):
        assert tagged.before[i] == last
        if token.kind == "quote":
            inside = token.norm in OPENING or (token.norm not in CLOSING and not inside)
        else:
            last = i
        assert tagged.quoted[i] == inside
    assert tagged.quotes == [i for i, token in enumerate(tagged.tokens) if token.kind == "quote"]


@given(tables, tables, st.tuples(values, values, values))
def test_two_rankers_are_asked_at_once(first, second, description):
    found = score_both(joined(first, second), description)
    assert found == (score(first, description), score(second, description))


@pytest.mark.parametrize("bound", ["MOST_CONTEXT", "MOST_MEETING", "MOST_SCENE"])
def test_nobody_is_passed_over_who_would_have_been_named(root, monkeypatch, bound):
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "examples").glob("*.txt"))]
    found = [[s.to_dict() for s in stance.read(text)] for text in texts]
    monkeypatch.setattr(finders, bound, math.inf)
    assert [[s.to_dict() for s in stance.read(text)] for text in texts] == found

"""What the reader's rankers look up: the same as a plain search of every sentence would find."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.lexicon import Lexicon
from stance.ranking import joined, score, score_both
from stance.statements import finders
from stance.statements.places import NOWHERE, OPENINGS, Places, nearest
from stance.statements.tagging import Tagger
from stance.statements.words import PARTICLES, STOPS, THAT
from stance.text.tokens import CLOSING, OPENING

TAGGER = Tagger(Lexicon.default(), {})
WORDS = ["قال", "الوزير", "إن", "أن", "دعا", "«", "»", '"', "،", ".", "؟", ":", "في", "من", "هدنة", "2015"]
sentences = st.tuples(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), st.booleans())
values = st.sampled_from("أبجد")
tables = st.lists(st.dictionaries(values, st.floats(-9, 9)), min_size=3, max_size=3).map(tuple)


@given(sentences)
def test_places_are_those_of_their_sort(sentence):
    tagged = TAGGER.tag(*sentence)
    places, norms, kinds = Places(tagged), tagged.norms, [token.kind for token in tagged.tokens]
    verbs = {k for k, word in enumerate(tagged.words) if word.verb and word.classes}
    at = range(len(tagged))
    assert places.openings == [k for k in at if norms[k] in THAT | STOPS or norms[k] == ":"]
    sorts = ["colon" if norms[k] == ":" else "that" if norms[k] in THAT else "stop" for k in places.openings]
    assert [OPENINGS[norms[k]] for k in places.openings] == sorts
    assert places.marks == [k for k in at if kinds[k] == "punctuation"]
    assert places.boundaries == [k for k in at if kinds[k] == "punctuation" or norms[k] in PARTICLES | THAT]
    assert places.verbs == [k for k in at if k in verbs]
    assert places.strong == [k for k in at if k in verbs and not tagged.quoted[k]]
    assert places.stops == [k for k in at if norms[k] in STOPS]


@given(st.sets(st.integers(0, 30)).map(sorted), st.integers(-2, 32))
def test_the_nearest_is_found(places, i):
    assert nearest(places, i) == next((k for k in places if k >= i), NOWHERE)


def test_nothing_is_near_in_a_sentence_without_end():
    places = Places(TAGGER.tag("كلمة " * 12_000 + "أن"))
    assert nearest(places.openings, 11_000) == 12_000
    assert nearest(places.verbs, 11_000) == NOWHERE > 10**9


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

"""Acts that are not done count for nothing; those beside them still do."""

import numpy as np
import pytest
from hypothesis import given
from strategies import any_texts

import stance
from stance.features.analysis import analyze
from stance.features.table import WordTable
from stance.lexicon import Lexicon

LEXICON = Lexicon.default()


def voided(text):
    table = WordTable(LEXICON)
    found = analyze([text], table)
    plain = [t.norm for t in stance.text.tokenize(text) if t.kind != "quote"]
    return " ".join(w for w, number in zip(plain, found.word.tolist(), strict=True) if number == table.void)


@pytest.mark.parametrize(
    ("text", "void"),
    [
        ("لم يدع المجلس إلى هدنة في الفاشر.", "يدع المجلس الي هدنه في الفاشر"),
        ("ولن تدعم بلادنا المبادرة، وقال إنه متفائل", "تدعم بلادنا المبادره"),
        ("ليست رسالته دعوة إلى إلقاء السلاح", "دعوه الي القاء السلاح"),
        ("لم تكن إنذارا بالتدخل", "انذارا بالتدخل"),
        ("رفضت كندا تزويد كييف بالسلاح بل وعدت بالغذاء", "كندا تزويد كييف بالسلاح"),
        ("نفت الوزارة أنها حذرت من فيضان. وحذرت من حريق.", "الوزاره انها حذرت من فيضان"),
        ("رفض الوفد، في ختام زيارته، التعهد بالقرض", "الوفد في ختام زيارته التعهد بالقرض"),
        ("لم يدع إلى هدنة وحذر من كارثة", "يدع الي هدنه"),
        ("لا ينفي دعم الحكومة", ""),
        ("لا بد من وقف القتال", ""),
        ("لا يزال يدعم الحكومة", ""),
        ("رفض الوزير الحضور", ""),
        ("دعا إلى هدنة", ""),
        ("سئل الوزير عما إذا كان سيدعو إلى هدنة، فسكت", "سيدعو الي هدنه"),
        ("إذا دعا المجلس إلى هدنة فستناقشها اللجنة", "دعا المجلس الي هدنه"),
        ("هل تحذر المنظمة من الوباء؟", "تحذر المنظمه من الوباء"),
        ("من المتوقع أن يناشد المبعوث الطرفين وقف القتال.", "يناشد المبعوث الطرفين وقف القتال"),
        ("كانت الهند ستعرض المساعدة على نيبال", "ستعرض المساعده علي نيبال"),
        ("كان الوزير قد دعا إلى هدنة", ""),
        ("حذر من كارثة إذا استمر الحصار", ""),
        ("", ""),
    ],
)
def test_scope(text, void):
    assert voided(text) == void


def test_a_voided_act_is_explained_as_such(model):
    text = "رفض رئيس الوزراء دعوة الأطراف إلى هدنة"
    explanation = model.explain(text)
    total = sum(w.shares["calling_for_ceasefire"] for w in explanation.words)
    log_odds = explanation.log_odds["calling_for_ceasefire"]
    assert explanation.bias["calling_for_ceasefire"] + total == pytest.approx(log_odds)
    assert [text[w.start : w.end] for w in explanation.words] == text.split()


@given(any_texts)
def test_no_cue_is_left_in_what_is_voided(text):
    table = WordTable(LEXICON)
    found = analyze([text, "لم يدع إلى هدنة", text], table)
    assert not (found.word[found.cue_token] == table.void).any()
    alone = analyze([text], WordTable(LEXICON))
    assert np.array_equal(alone.cue_class, found.cue_class[: len(alone.cue_class)])


def test_a_negation_does_not_reach_into_the_next_text():
    refusal = "رفضت كندا تزويد كييف بالسلاح"
    table = WordTable(LEXICON)
    found = analyze(["قال إنه لم", refusal], table)
    alone = analyze([refusal], table)
    assert (alone.word == table.void).any()
    assert np.array_equal(found.word[found.text == 1], alone.word)

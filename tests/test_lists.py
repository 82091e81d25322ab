"""Lists that a colon introduces: whoever speaks before it says their items."""

import pytest

import stance
from stance.statements.lists import ITEM, listed


def told(text):
    article = stance.read(text)
    return [
        (s.kind, s.speaker, s.speaker_resolved, [article.text[a:b] for a, b in s.content]) for s in article
    ]


@pytest.mark.parametrize(
    "marks", ["- ", "• ", "* ", "– ", "1- 2. ٣) ", "(1) (2) (3) ", "أ- ب- ج- ", "أولا: ثانياً: ثالثًا: "]
)
@pytest.mark.parametrize("stop", ["", ".", "؛"])
def test_items_are_said_by_who_speaks_before_the_colon(marks, stop):
    marks = [*marks.split(), *marks.split() * 2][:3]
    items = ["وقف إطلاق النار فورا", "فتح المعابر أمام القوافل", "تبادل الأسرى"]
    lines = [f"{mark} {item}{stop}" for mark, item in zip(marks, items, strict=True)]
    found = told("\n".join(["دعت منظمة الإغاثة الكينية إلى:", *lines, "وغادر الوفد مساء أمس."]))
    assert found[0][1] == "منظمة الإغاثة الكينية"
    assert found[1:-1] == [("direct", "~", "منظمة الإغاثة الكينية", [item]) for item in items]
    assert found[-1] == (None, None, None, [])


def test_items_are_labelled_as_other_statements_are():
    article = stance.read("ودعت كينيا إلى:\n1- وقف فوري لإطلاق النار.\n2- تنظيم مؤتمر.")
    assert [s.stance for s in article][1] == "calling_for_ceasefire"
    assert [(e.source, e.stance) for e in article.events()][-1] == ("Kenya", "calling_for_ceasefire")


def test_who_is_named_in_an_item_speaks_there_and_below():
    found = told(
        "أعلن وزير الصحة الإجراءات الآتية:\n1. إغلاق المدارس\n2. قال محافظ البصرة إن الطرق مفتوحة\n3. تأجيل المباريات\n"
        "وأضاف أن الإجراءات مؤقتة."
    )
    assert [name for _, _, name, _ in found] == [
        "وزير الصحة",
        "وزير الصحة",
        "محافظ البصرة",
        None,
        "محافظ البصرة",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "تشمل الخطة:\n- بناء ميناء.\n- مد طريق.",
        "قال الوزير إن الخطة جاهزة.\n- بناء ميناء.\n- مد طريق.",
        "قال الوزير ما يلي:\n\nموجز الأخبار\n- بناء ميناء.",
        "قال الوزير ما يلي:\n12:30 موعد الاجتماع.\n7/10 أيام من العمل.",
    ],
)
def test_other_lines_are_said_by_nobody(text):
    assert {speaker for _, speaker, _, _ in told(text)[1:]} == {None}


def test_a_list_inside_a_quotation_is_part_of_it():
    found = told("قال الوزير: «نطلب أمرين:\n- فتح المعابر.\n- وقف القتال».\nوقالت الوزيرة إن الوضع صعب.")
    assert {name for _, _, name, _ in found[:-1]} == {"الوزير"}


def test_answers_of_interviews_stay_answers():
    text = "أجرت مجلتنا حوارا مع وزير المياه الكيني.\n* ماذا تطلبون:\n- المال.\n* هل تكفي الأمطار؟\n- لا.\n* ومتى تكفي؟\n- في الشتاء."
    assert told(text)[-1] == ("direct", "~", "وزير المياه الكيني", ["في الشتاء"])


@pytest.mark.parametrize("text", ["12:30 ظهرا", "7/10", "2026 عام", "من", "أكد", "-5 درجات"])
def test_no_items(text):
    assert not ITEM.match(text)


def test_lists_end_with_their_lines():
    text = "دعا إلى:\n\n- أمر.\n \n- أمران.\nثم سكت.\n- لا شيء."
    assert [text[a.start : a.end] for a in listed(text)] == [":\n\n- أمر.\n \n- أمران."]

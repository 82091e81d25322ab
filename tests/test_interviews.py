"""Interviews, and names that stand in full somewhere before: who is behind an answer, "the ministry", a surname."""

import pytest

import stance
from stance.statements.interviews import interview

INTRODUCED = "أعلنت وزيرة المياه الأردنية، هناء الرفاعي، خطة لخفض الفاقد. وفي ما يلي نص المقابلة:"


def speakers(text):
    return [(s.speaker, s.speaker_resolved) for s in stance.read(text)]


@pytest.mark.parametrize("dash", ["-", "–", "ـ", "ج:"])
@pytest.mark.parametrize("mark", ["", "* ", "• ", "س: "])
def test_answers_are_spoken_by_whoever_was_introduced(dash, mark):
    asked = [
        f"{mark}هل تكفي الأمطار هذا العام؟",
        f"{dash} لا تكفي. شركات كثيرة وعدت بالمساعدة ولم تفعل.",
        f"{mark}ومتى تنتهي الأزمة؟",
        f"{dash} حين تقرر الحكومات التعاون.",
    ]
    found = speakers("\n".join([INTRODUCED, *asked]))
    minister = found[0][1]
    assert "هناء الرفاعي" in minister
    told = found[-5:]
    assert [name for name, _ in told] == [None, "~", "~", None, "~"]
    assert [name for _, name in told] == [None, minister, minister, None, minister]


@pytest.mark.parametrize(
    ("introduction", "name"),
    [
        (
            "أجرت مجلة «الميناء» حوارا مع وزير الطاقة الكيني حول انقطاع التيار. وفيما يلي نصه:",
            "وزير الطاقة الكيني",
        ),
        ("كان لنا هذا اللقاء مع مديرة المتحف الوطني في بيرو.", "مديرة المتحف الوطني في بيرو"),
        ("في مقابلة أجراها مراسلنا مع السفيرة النرويجية في نيروبي:", "السفيرة النرويجية في نيروبي"),
    ],
)
def test_answers_are_the_guests_where_the_introduction_has_no_words_of_his(introduction, name):
    asked = "* هل انتهت الأزمة؟\n- لا أظن ذلك. ننتظر المطر.\n* ومتى تنتهي؟\n- بعد عام."
    article = stance.read(f"أزمة طويلة\n{introduction}\n{asked}")
    assert [(s.speaker, s.speaker_resolved) for s in article][-5:] == [
        (None, None), ("~", name), ("~", name), (None, None), ("~", name)
    ]  # fmt: skip
    place = article[-1].speaker_resolved
    assert article.text.count(place) == 1
    assert all(s.speaker is None for s in article[:-5])


def test_the_paper_that_asks_is_nobodys_guest():
    text = "حوار شامل مع صحيفة الميناء\n* هل انتهت الأزمة؟\n- لا أظن ذلك.\n* ومتى تنتهي؟\n- بعد عام."
    assert [s.speaker_resolved for s in stance.read(text)] == [None] * 5


def test_answers_are_direct_speech_without_the_dash():
    article = stance.read(f"{INTRODUCED}\n* هل يكفي المخزون؟\n- نعم، يكفي.\n* وبعد الصيف؟\n- سنرى معا.")
    answers = [s for s in article if s.kind == "direct"]
    assert [[article.text[a:b] for a, b in s.content] for s in answers] == [["نعم، يكفي"], ["سنرى معا"]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "هل تعود الحرب؟",
        "هل تعود الحرب؟\n- لا أحد يعرف.",
        "هل تعود الحرب؟\nلا أحد يعرف.\nومن يوقفها؟\nلا أحد.",
        "- المادة الأولى\n- المادة الثانية\n- المادة الثالثة",
    ],
)
def test_other_paragraphs_are_no_interviews(text):
    assert interview(text) == ([], [])


def test_an_answer_has_several_paragraphs_up_to_the_next_question():
    text = "* لماذا؟\n- لأن الطريق مقطوع.\nولأن الوقود نفد.\n\n* والحل؟\n- الصبر.\nوقال الوزير شيئا آخر."
    found = interview(text)
    assert [text[a:b] for a, b in found.questions] == ["* لماذا؟", "* والحل؟"]
    assert [text[a.start : a.end].strip() for a in found.answers] == [
        "- لأن الطريق مقطوع.\nولأن الوقود نفد.",
        "- الصبر.",
    ]


@pytest.mark.parametrize(
    ("first", "second", "short"),
    [
        (
            "قالت وزارة الزراعة التونسية إن المحصول جيد.",
            "وأوضحت الوزارة أن الأسعار ستنخفض.",
            "وزارة الزراعة التونسية",
        ),
        ("حذر مصدر عسكري رفيع من التصعيد.", "وقال المصدر إن القوات في مواقعها.", "مصدر عسكري رفيع"),
        (
            "وقال رئيس البلدية، نبيل الشامي، إن الجسر آمن.",
            "وأضاف الشامي أن الصيانة مستمرة.",
            "رئيس البلدية، نبيل الشامي",
        ),
    ],
)
def test_short_names_stand_for_the_longer_one_before(first, second, short):
    found = speakers(f"{first} {second} وتابع أن الأمر عاجل.")
    assert found[0] == (short, short)
    assert found[1][0] != short
    assert found[1][1] == short
    assert found[2] == ("~", short)


def test_a_ministry_that_was_only_mentioned_may_be_the_one_that_is_meant():
    found = speakers(
        "قالت وزارة الزراعة التونسية إن المحصول جيد. واجتمع الخبراء في مقر وزارة التجارة. وأوضحت الوزارة أن الأسعار ستنخفض."
    )
    assert found[2] == ("الوزارة", "الوزارة")


@pytest.mark.parametrize(
    "text",
    [
        "قال وزير خارجية كندا إن المساعدات في الطريق. وأعلنت كندا إرسال طائرة.",
        "قال قائد الجيش إن الحدود آمنة. وأعلن الجيش بدء المناورات.",
        "قال المتحدث باسم الشرطة إن الطريق مغلق. وأعلنت الشرطة حظر التجول.",
        "قال المتحدث العسكري لحركة الشباب إن القتال مستمر. وهددت الشباب بهجمات جديدة.",
        "قال الرئيس الكيني إن بلاده مستعدة. ووصل الرئيس الأوغندي إلى نيروبي. وأكد الرئيس أن القمة ناجحة.",
        "قالت وزارة العدل الغانية إن القانون نافذ.\nأزمة في ليما\nوذكرت الوزارة أن المحاكم مغلقة.",
    ],
)
def test_bodies_are_no_surnames_and_others_of_the_same_noun_may_be_meant(text):
    name, resolved = speakers(text)[-1]
    assert name is not None
    assert name == resolved


def test_a_list_behind_questions_is_no_interview():
    asked = "ما أعراض المرض؟\n- ارتفاع الحرارة.\n- السعال.\nكيف نتقيه؟\n- غسل اليدين.\n- لبس الكمامة."
    assert interview(asked) == ([], [])


def test_who_stands_in_full_is_the_actor_of_the_short_name():
    article = stance.read("أعلنت وزارة الدفاع الفنلندية بدء المناورات. وقالت الوزارة إنها دفاعية.")
    assert [s.speaker_actor.code for s in article] == ["FINGOV", "FINGOV"]

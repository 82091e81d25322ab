"""Who speaks, to whom, and how: read from articles of our own."""

import time

import pytest
from hypothesis import given, settings
from strategies import any_texts

import stance
from stance.statements import CAMEO, PLOVER, PRONOUN, Reader
from stance.statements.content import KINDS
from stance.statements.resolution import Turn, resolve

SPEAKERS = [
    ("وقال وزير الخارجية النرويجي إن بلاده مستعدة", "وزير الخارجية النرويجي"),
    ("أعلنت الحكومة السودانية، الثلاثاء، أنها ترحب بالمبادرة", "الحكومة السودانية"),
    (
        "وقال نائب وزير الدفاع اليمني، صالح المرزوقي، في تصريح إن الطريق مفتوح",
        "نائب وزير الدفاع اليمني، صالح المرزوقي",
    ),
    ("الرباط: مستعدون لاستضافة الحوار", "الرباط"),
    ("ارتفع عدد الضحايا إلى تسعة، بحسب وزارة الصحة", "وزارة الصحة"),
    ("ونقلت وكالة الأنباء عن مصدر أمني قوله إن المعبر أغلق", "مصدر أمني"),
    ("وأضاف أن بلاده مستعدة لتقديم المساعدة", PRONOUN),
    ("وتابع: «لن نقبل بذلك»", PRONOUN),
    ("ودخلت الهدنة حيز التنفيذ صباح الجمعة", None),
    ("وأسفر القصف عن مقتل تسعة أشخاص", None),
]


@pytest.fixture(scope="module")
def reader():
    return Reader()


@pytest.mark.parametrize(("text", "expected"), SPEAKERS, ids=[s[0] for s in SPEAKERS])
def test_speaker(reader, text, expected):
    [statement] = reader.read(text)
    assert statement.speaker == expected
    if expected not in (None, PRONOUN):
        assert text[slice(*statement.speaker_span)] == expected


@given(any_texts)
@settings(max_examples=80, deadline=None)
def test_every_place_is_inside_ordered_and_apart(text):
    article = stance.read(text)
    for s in article:
        assert text[s.start : s.end] == s.text
        for name, span in ((s.speaker, s.speaker_span), (s.recipient, s.recipient_span)):
            if span is None:
                assert name in (None, PRONOUN)
            else:
                assert s.start <= span[0] < span[1] <= s.end
                assert text[slice(*span)] == name
        assert (s.kind is None) == (s.speaker is None)
        assert s.kind in (None, *KINDS)
        if s.cue:
            assert s.start <= s.cue[0] < s.cue[1] <= s.end
        last = s.start
        for a, b in s.content:
            assert last <= a < b <= s.end
            last = b
        if s.recipient:
            assert s.stances
        if s.speaker not in (None, PRONOUN):
            assert s.speaker_resolved == s.speaker
    assert all(text[e.start : e.end] and e.quote for e in article.events())


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "«",
        "« ",
        "»",
        "قال ",
        "قال: «",
        "إن ",
        "، ",
        ": ",
        "ا",
        "وقال الوزير إن ",
        "موسكو ",
        ". ",
        "و",
        "«قال» ",
    ],
)
def test_reading_takes_linear_time(reader, unit):
    def seconds(n):
        started = time.perf_counter()
        reader.read(unit * n)
        return time.perf_counter() - started

    seconds(200)
    small = min(seconds(4_000) for _ in range(2))
    large = min(seconds(32_000) for _ in range(2))
    assert large < 8 * 8 * small / 2 + 0.05  # quadratic time would be 64 times as long


KIND = [
    ("قال وزير المالية القبرصي: «لن نرفع الضرائب هذا العام».", "direct", ["لن نرفع الضرائب هذا العام"]),
    ("قال وزير المالية القبرصي إن الضرائب باقية.", "indirect", ["الضرائب باقية"]),
    ("قال وزير المالية القبرصي إن الضرائب «باقية على حالها هذا العام كله».", "mixed", None),
    ("دعا وزير المالية القبرصي إلى التريث.", "report", ["إلى التريث"]),
    ("موسكو: مستعدون لاستضافة المفاوضات", "direct", ["مستعدون لاستضافة المفاوضات"]),
]


@pytest.mark.parametrize(("text", "kind", "content"), KIND, ids=[k[1] for k in KIND])
def test_kind_and_content(reader, text, kind, content):
    [statement] = reader.read(text)
    assert statement.kind == kind
    if content is not None:
        assert [text[a:b] for a, b in statement.content] == content


CUES = [
    ("وحذر وزير الصحة الكيني من موجة حصبة ثانية.", "وحذر", "report", ["من موجة حصبة ثانية"]),
    ("وكان وزير الصحة الكيني قد حذر من موجة حصبة.", "حذر", "report", ["من موجة حصبة"]),
    ("وكانت المنظمة الدولية قد دعت إلى وقف القتال.", "دعت", "report", ["إلى وقف القتال"]),
    (
        "والتقى الوزير الكيني نظيره الأوغندي في كمبالا، محذرا من موجة حصبة.",
        "محذرا",
        "report",
        ["من موجة حصبة"],
    ),
    (
        "وغادر المبعوث الأممي المدينة، داعيا الأطراف إلى وقف القتال.",
        "داعيا",
        "report",
        ["الأطراف إلى وقف القتال"],
    ),
    ("ونقلت الصحيفة عن مصدر حكومي أن الاتفاق سيوقع غدا.", "ونقلت", "indirect", ["الاتفاق سيوقع غدا"]),
    (
        "نقلت الوكالة عن دبلوماسي أوروبي قوله إن الاتحاد يدعم الاتفاق.",
        "نقلت",
        "indirect",
        ["الاتحاد يدعم الاتفاق"],
    ),
    ("وجاء في بيان للخارجية السورية أن دمشق تدعم موسكو.", "وجاء", "indirect", ["دمشق تدعم موسكو"]),
    ("ويقال إن الطرفين اتفقا على هدنة.", "ويقال", "indirect", ["الطرفين اتفقا على هدنة"]),
    (
        "سندعم الحكومة بكل ما نملك، حسبما قال وزير الخارجية النرويجي.",
        "قال",
        "indirect",
        ["سندعم الحكومة بكل ما نملك"],
    ),
    (
        "الوضع على الحدود خطير، كما حذر المتحدث باسم الجيش اللبناني.",
        "حذر",
        "indirect",
        ["الوضع على الحدود خطير"],
    ),
    ("لن نسمح بسقوط المدينة، على حد قول قائد القوات المحلية.", "قول", "indirect", ["لن نسمح بسقوط المدينة"]),
    ("ستصل المساعدات غدا، وفق ما أعلنه وزير الدفاع الإيطالي.", "أعلنه", "indirect", ["ستصل المساعدات غدا"]),
    ("الهدنة في خطر، تقول منظمة العفو الدولية.", "تقول", "indirect", ["الهدنة في خطر"]),
    (
        "وبحسب وزارة الخارجية القطرية، فإن المفاوضات ستستأنف غدا.",
        "وبحسب",
        "indirect",
        ["المفاوضات ستستأنف غدا"],
    ),
    ("«لن نتراجع»، قال قائد الجبهة الشمالية.", "قال", "direct", ["لن نتراجع"]),
    ("وقال رئيس البلدية «سنصمد معا».", "وقال", "direct", ["سنصمد معا"]),
    ("عاجل | حماس: نرحب بالجهود المصرية", None, "direct", ["نرحب بالجهود المصرية"]),
    ("وزير خارجية مصر لنظيره الإيراني: ندعو إلى ضبط النفس", None, "direct", ["ندعو إلى ضبط النفس"]),
    ("حذرت المنظمة من أن الوضع بات كارثيًّا.", "حذرت", "indirect", ["الوضع بات كارثيًّا"]),
    (
        "وأكد الوزير دعم بلاده «حزب الشعب» في الانتخابات.",
        "وأكد",
        "report",
        ["دعم بلاده «حزب الشعب» في الانتخابات"],
    ),
    ("وفي القاهرة، حذر الوزير.", "حذر", "report", []),
]


@pytest.mark.parametrize(("text", "cue", "kind", "content"), CUES, ids=[c[0][:40] for c in CUES])
def test_cue_and_what_is_said(reader, text, cue, kind, content):
    [statement] = reader.read(text)
    assert (text[slice(*statement.cue)] if statement.cue else None) == cue
    assert statement.kind == kind
    assert [text[x:y] for x, y in statement.content] == content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("قال قائد الجبهة: «سنبقى هنا جميعا.\nولن نرحل عن المدينة.\nهذه أرضنا».", "هذه أرضنا"),
        ("قال رئيس البلدية: «نرحب بالضيوف جميعا.\n«ونشكر من جاء من بعيد».", "ونشكر من جاء من بعيد"),
        ('قال رئيس البلدية ""نرحب بالضيوف جميعا"" في الافتتاح.', "نرحب بالضيوف جميعا"),
        ("قال رئيس البلدية إن المدينة «ترحب بالضيوف».", "المدينة «ترحب بالضيوف»"),
        ("قال رئيس البلدية إن «المدينة ترحب بالضيوف».", "المدينة ترحب بالضيوف"),
        ("قال رئيس البلدية إن المدينة ترحب بالضيوف».", "المدينة ترحب بالضيوف"),
    ],
)
def test_quotation_marks_around_what_is_said_are_left_out(reader, text, said):
    last = reader.read(text)[-1]
    assert [text[a:b] for a, b in last.content] == [said]


STORY = """وزير الخارجية الدنماركي يزور نيروبي

قال وزير الخارجية الدنماركي إن بلاده ستمول بناء مستشفى في نيروبي. وأضاف أن العمل يبدأ في الربيع.

ورحبت الحكومة الكينية بالمنحة الدنماركية. وأكدت أن المستشفى يخدم مليون مريض.

وقال رئيس البلدية: «هذا يوم سعيد لنا جميعا. سننتظر الافتتاح بفارغ الصبر». ولم يحدد موعد الافتتاح."""


def test_a_speaker_is_carried_over_and_never_across_a_change(reader):
    article = reader.read(STORY)
    named = {s.text[:12]: (s.speaker, s.speaker_resolved) for s in article}
    assert named["وأضاف أن الع"] == (PRONOUN, "وزير الخارجية الدنماركي")
    assert named["وأكدت أن الم"] == (PRONOUN, "الحكومة الكينية")
    assert named["سننتظر الافت"] == (PRONOUN, "رئيس البلدية")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("وقالت {} إن الوضع خطير. وأضافت أن القتال مستمر.", name)
        for name in ("الأمم المتحدة", "القوات المسلحة", "السلطات المحلية", "الدول الخمس", "حماس", "المعارضة")
    ]
    + [
        ("وقال {} إن الوضع خطير. وأضاف أن القتال مستمر.", name)
        for name in ("لبنان", "العراق", "المجلس المحلي", "سكان المدينة")
    ],
)
def test_whoever_spoke_last_is_meant_whatever_it_is_called(reader, said, name):
    for first in ("وحذرت وزيرة الدفاع الهولندية من الانهيار.", "وقال الرئيس الزامبي إن الاتفاق جاهز."):
        article = reader.read(f"{first} {said.format(name)}")
        assert [s.speaker_resolved for s in article[1:]] == [name, name]


def test_a_verb_that_does_not_agree_means_somebody_before(reader):
    text = "وقالت وزارة الصحة إن الوضع خطير. وقال الوزير التركي إن بلاده مستعدة. وأضافت أن القتال مستمر."
    assert reader.read(text)[-1].speaker_resolved == "وزارة الصحة"
    text = "وقال الوزير التركي إن بلاده مستعدة. وقالت وزارة الصحة إن الوضع خطير. وتعهد بإرسال مساعدات."
    assert reader.read(text)[-1].speaker_resolved == "الوزير التركي"


@pytest.mark.parametrize(
    ("text", "speaker", "recipient"),
    [
        ("ارتفعت الأرباح، وفقا لمدير الشركة.", "مدير الشركة", None),
        ("وأكد الوزير دعمه لضحايا الزلزال.", "الوزير", "ضحايا الزلزال"),
        ("وأكد الوزير دعمه لحكومة الوحدة الوطنية.", "الوزير", "حكومة الوحدة الوطنية"),
        ("وأكد الوزير دعمه للجنة الوطنية.", "الوزير", "للجنة الوطنية"),
        ("وأكد الوزير دعمه للبنان.", "الوزير", "لبنان"),
        ("وأكد الوزير دعمه للعراق.", "الوزير", "للعراق"),
        ("وحذر برهان غليون من حرب.", "برهان غليون", None),
        ("وأشاد الوزير بلجنة التحقيق.", "الوزير", "لجنة التحقيق"),
    ],
)
def test_letters_before_names_are_left_out(reader, text, speaker, recipient):
    [statement] = reader.read(text)
    assert (statement.speaker, statement.recipient) == (speaker, recipient)


def test_a_number_alone_names_nobody(reader):
    [statement] = reader.read("وأصدرت 15 بعثة دبلوماسية وممثل الاتحاد الأوروبي بيانا يدعو إلى وقف القتال.")
    assert statement.speaker.startswith("15 بعثة دبلوماسية")


def test_a_quotation_belongs_to_whoever_is_named_behind_it(reader):
    text = "«لن نرحل عن بيوتنا مهما حدث. هذه أرضنا وأرض آبائنا»، قال مختار القرية."
    article = reader.read(text)
    assert [s.speaker_resolved for s in article] == ["مختار القرية", "مختار القرية"]


def test_resolve_prefers_the_gender_of_the_verb():
    he, she = Turn("وزير", True, False, -1, 0), Turn("وزارة", True, True, -1, 0)
    assert resolve([he, she, Turn("", True, False, -1, 0), Turn("", True, True, -1, 0)]) == [0, 1, 0, 1]
    assert resolve([he, Turn("", True, True, -1, 0)]) == [0, 0]  # nobody else was named


def test_resolve_forgets_at_a_heading():
    assert resolve([Turn("وزير", True, False, -1, 0), Turn("", True, False, -1, 1)]) == [0, -1]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("هدد القائد بالرد على أي خرق، ونفى أن تكون قواته قد قصفت القرى.", True),
        ("حذر الوزير من كارثة، نافيا أن يكون الجيش قد انسحب.", True),
        ("حذر الوزير من كارثة، وأكد أن الجيش لم ينسحب.", False),
        ("رفض الوزير التفاوض محذرا من كارثة، وأكد أن الجيش سيرد.", False),
    ],
)
def test_what_is_denied_is_no_evidence(reader, text, whole):
    [event] = [event for event in reader.read(text).events() if event.stance == "warning"]
    assert (event.quote == text) == whole


def test_events(reader):
    article = reader.read("حذرت ألمانيا إيران من إغلاق المضيق.\nوارتفعت أسعار النفط.")
    [event] = article.events()
    assert (event.speaker, event.speaker_country, event.recipient, event.recipient_country) == (
        "ألمانيا",
        "DEU",
        "إيران",
        "IRN",
    )
    assert (event.stance, event.cameo, event.plover) == ("warning", "13", "THREATEN")
    assert article.text[event.start : event.end] == article[0].text
    assert event.probability == article[0].probabilities["warning"]
    assert event.quote in article.text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("وزير الري المصري سالم عبد الجليل", "عبد الجليل"),
        ("وزير الري المصري سالم عبد الجليل", "عبدالجليل"),
        ("مدير المرفأ وليد أبو راشد", "أبو راشد"),
        ("وزير الطاقة العماني حمد بن ناصر", "بن ناصر"),
        ("وزير النقل القطري سالم بن عبد الملك آل مبارك", "آل مبارك"),
        ("وزير الصحة الكويتي عبد المحسن اليعقوب", "اليعقوب"),
    ],
)
def test_surnames_of_several_words_are_short_for_the_full_name(reader, name, short):
    article = reader.read(f"قال {name} إن الوضع صعب. وحذر {short} من كارثة.")
    assert [s.speaker_resolved for s in article] == [name, name]


def test_the_name_of_a_model_is_no_model():
    with pytest.raises(TypeError, match="load it first"):
        stance.read("نص", "news")


def test_events_take_less_time_than_reading(reader):
    text = "قال الوزير: نحذر من إغلاق المضيق، ونرفض الحرب.\n" * 100
    reader.read(text).events()
    began = time.process_time()
    article = reader.read(text)
    read = time.process_time()
    events = article.events()
    told = time.process_time()
    assert len(events) >= 100
    assert told - read < read - began


def test_codes_cover_the_stances():
    assert set(CAMEO) == set(PLOVER) == set(stance.STANCES)


def test_reading_is_deterministic(reader):
    assert reader.read(STORY) == Reader().read(STORY)


@pytest.mark.parametrize(
    ("text", "recipient", "target"),
    [
        ("أشاد وزير الصحة بالجنود الذين أنقذوا المحاصرين.", "الجنود", "الجنود"),
        ("وأكد رئيس البلدية دعمه الكامل للجنود المرابطين.", "للجنود المرابطين", "الجنود المرابطين"),
    ],
)
def test_recipients_are_named_without_the_letters_before_their_article(reader, text, recipient, target):
    [event] = reader.read(text).events()
    assert (event.recipient, event.target) == (recipient, target)


def test_an_envoy_is_not_of_the_country_he_stands_in(reader):
    [statement] = reader.read(
        "وجه سفراء سبع دول أوروبية معتمدون في نيروبي نداء مشتركا إلى طرفي القتال لإسكات المدافع فورا."
    )
    assert statement.speaker == "سفراء سبع دول أوروبية معتمدون في نيروبي"
    assert (statement.speaker_actor.country, statement.speaker_actor.role) == ("", "GOV")


def test_no_name_holds_a_quotation_mark_without_its_partner(reader):
    [statement] = reader.read(
        "أما «جبهة تحرير الوادي» فأعلنت في بيان أنها لن تقف مكتوفة الأيدي إذا استهدفت قوافلها."
    )
    assert statement.speaker == "جبهة تحرير الوادي"


@pytest.mark.parametrize(
    ("text", "speaker", "recipient"),
    [
        ("دعت وزيرة الدفاع من أوسلو إلى وقف فوري لإطلاق النار.", "وزيرة الدفاع", None),
        ("المبعوث الأممي يدعو من مسقط إلى «هدنة إنسانية عاجلة»", "المبعوث الأممي", None),
        ("وحثت المفوضة من طوكيو الأطراف على وقف إطلاق النار.", "المفوضة", "الأطراف"),
        ("وحث المبعوث من الرباط جميع الفصائل على التهدئة.", "المبعوث", "جميع الفصائل"),
        ("طالب الوزير من إسرائيل وقف إطلاق النار.", "الوزير", "إسرائيل"),  # whom he asks, in everyday use
        ("حذر السفير من أوكرانيا.", "السفير", "أوكرانيا"),
    ],
)
def test_the_place_from_which_somebody_calls_is_not_who_is_called(reader, text, speaker, recipient):
    [statement] = reader.read(text)
    assert (statement.speaker, statement.recipient) == (speaker, recipient)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('ووصف مدير المرور بالمحافظة الازدحام بـ"الخانق جدا".', "مدير المرور بالمحافظة"),
        ("ووصف المتحدث بالحزب الحاكم الأنباء بأنها ملفقة.", "المتحدث بالحزب الحاكم"),
        ('أعلنت الحكومة "التزامها التام" بالاتفاق.', "الحكومة"),
        ("وأكد الملك «حرصه الدائم» على وحدة الصف.", "الملك"),
        ('وأعلنت كتائب "الساحل" مسؤوليتها عن الهجوم.', 'كتائب "الساحل"'),
        ("أقال المجلس المدرب، فرد رئيس النادي قائلا: «لا خلاف بيننا».", "رئيس النادي"),
        ("رفض النواب الخطة، فعلقت وزيرة البيئة: «سنعيد صياغتها كلها».", "وزيرة البيئة"),
        ("قال النائب إن الخطة فاشلة، فرد الوزير قائلا: «لا بديل منها».", "النائب"),
        ("وقالت شبكة إم.جي.إن إن البث توقف.", "شبكة إم.جي.إن"),
    ],
)
def test_where_a_speaker_ends(reader, text, speaker):
    [statement] = reader.read(text)
    assert statement.speaker == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("وذكر صياد لفرانس برس «الشباك عادت فارغة هذا الصباح».", "صياد"),
        ("وأكد محامي النادي لقناة الوادي أن العقد ساري المفعول.", "محامي النادي"),
        ("وقال حارس المنتخب لرويترز إن الإصابة طفيفة.", "حارس المنتخب"),
        ("وقال المدير العام لقناة الوادي إن البث مستمر.", "المدير العام لقناة الوادي"),
        ("وقال مراسل لقناة الوادي إن القصف توقف.", "مراسل لقناة الوادي"),
        ("وقالت صحيفة لوموند إن القصف توقف.", "صحيفة لوموند"),
        ("وقالت لوموند إن القصف توقف.", "لوموند"),
        ("وأعلنت الهيئة المشغلة لقناة السويس أن الملاحة منتظمة.", "الهيئة المشغلة لقناة السويس"),
        (
            "وقالت المديرة التنفيذية لشبكة النقل الحضري إن الأسعار سترتفع.",
            "المديرة التنفيذية لشبكة النقل الحضري",
        ),
    ],
)
def test_the_medium_that_is_addressed_is_no_part_of_a_name(reader, text, speaker):
    [statement] = reader.read(text)
    assert statement.speaker == speaker


@pytest.mark.parametrize(
    "goes_on",
    [
        "وأضاف لفرانس برس: «الطريق مغلق تماما منذ الصباح».",
        "وأوضح لموقع أخبار الوادي أن الطريق مغلق.",
        "وتابع لصحيفة المساء: «الطريق مغلق تماما منذ الصباح».",
    ],
)
def test_the_medium_that_is_addressed_does_not_speak(reader, goes_on):
    statement = reader.read(f"قال قائد الشرطة إن الحركة توقفت.\n{goes_on}")[1]
    assert (statement.speaker, statement.speaker_resolved) == (PRONOUN, "قائد الشرطة")
    assert statement.recipient is None


@pytest.mark.parametrize(
    ("text", "speaker", "kind", "content"),
    [
        (
            "21:45 | قائد الجيش: سنواصل الانتشار على الحدود",
            "قائد الجيش",
            "direct",
            "سنواصل الانتشار على الحدود",
        ),
        ("07:05 - عاجل | موسكو: نرفض الشروط الجديدة", "موسكو", "direct", "نرفض الشروط الجديدة"),
        ("#عاجل | الكرملين: نرفض الشروط الجديدة", "الكرملين", "direct", "نرفض الشروط الجديدة"),
        ("#عاجل_الآن وزيرة الصحة: نتوقع موجة ثانية", "وزيرة الصحة", "direct", "نتوقع موجة ثانية"),
        ("حماس: ندعو الوسطاء إلى التدخل فورا", "حماس", "direct", "ندعو الوسطاء إلى التدخل فورا"),
        ("رويترز عن مسؤول نرويجي: نتوقع اتفاقا قريبا", "مسؤول نرويجي", "direct", "نتوقع اتفاقا قريبا"),
        ("مصدر لرويترز: اليابان رفضت العرض", "مصدر", "direct", "اليابان رفضت العرض"),
        ("الكرملين: الرئيس أكد لنظيره رفض الشروط", "الكرملين", "direct", "الرئيس أكد لنظيره رفض الشروط"),
        ("السنغال: الرئيس أكد إجراء الانتخابات", "الرئيس", "report", "إجراء الانتخابات"),
        ("10:15 مقتل ثلاثة جنود في هجوم على دورية", None, None, None),
    ],
)
def test_headlines_of_tickers(reader, text, speaker, kind, content):
    [statement] = reader.read(text)
    assert (statement.speaker, statement.kind) == (speaker, kind)
    assert [text[a:b] for a, b in statement.content] == ([content] if content else [])


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("قال محافظ الإقليم إن السدود امتلأت\nوأكد أن الطرق سالكة", "محافظ الإقليم"),
        ("أعلنت وزارة الزراعة فتح باب التسجيل\nوقالت إن الدعم محدود.", "وزارة الزراعة"),
        ("قالت رئيسة البعثة إن الهدنة صامدة.\nملف الأسرى\nوأضافت أن القوائم جاهزة.", "رئيسة البعثة"),
        ("قالت رئيسة البعثة إن الهدنة صامدة.\nملف الأسرى\nوأضاف أن القوائم جاهزة.", None),  # another's verb
        # a sub-heading that names somebody may begin another's part
        ("قال محافظ الإقليم إن السدود امتلأت.\nالمعارضة تندد بالإهمال\nوأضاف أن الطرق سالكة.", None),
        # and what is not joined to a paragraph before it begins anew
        ("قال محافظ الإقليم إن السدود امتلأت.\nملف الطرق\nيقول إن الطرق سالكة.", None),
        ("قال محافظ الإقليم إن السدود امتلأت\nأكد أن الطرق سالكة", None),
    ],
)
def test_who_goes_on_is_carried_over_lines_without_a_stop(reader, text, resolved):
    last = reader.read(text)[-1]
    assert (last.speaker, last.speaker_resolved) == (PRONOUN, resolved)


def test_a_title_behind_a_name_is_what_it_is_called_by_later(reader):
    text = (
        "قالت الوزيرة المكلفة بالبيئة إن الشاطئ نظيف. "
        "وقال عضو لجنة المياه، النائب عن الجنوب، إن النهر ملوث. وأوضح النائب أن التقرير جاهز."
    )
    assert reader.read(text)[-1].speaker_resolved == "عضو لجنة المياه، النائب عن الجنوب"

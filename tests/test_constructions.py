"""Constructions by which a sentence says who speaks, and about whom: whatever the words are."""

import pytest

from stance.statements import PRONOUN, Reader

WHO = [
    # behind a quotation: an adverbial names nobody
    ("«لن نرفع الفائدة»، قال خلال مؤتمر صحفي في دودوما.", PRONOUN),
    ("«الطريق إلى السلام طويل»، قال على هامش المنتدى الاقتصادي في أستانا.", PRONOUN),
    ("“كل بيت هنا فقد أحدا”، تابعت وسط تصفيق الحاضرين.", PRONOUN),
    ('"لن نترك أحدا خلفنا"، صرح من شرفة القصر.', PRONOUN),
    ("«نطلب المزيد من الأدوية»، روت للصحفيين قرب الحدود.", PRONOUN),
    ("«بيوت الله مفتوحة للجميع»، قال إمام الجامع الكبير.", "إمام الجامع الكبير"),
    ("وقال بالحاج إن الموسم بدأ.", "بالحاج"),
    ("وأفادت وزارة التعليم، بحسب الخطة، بأن المدارس ستفتح.", "وزارة التعليم"),
    ("«ستخسرون أبناءكم في البحر»، روت الصحيفة عن حكيم البلدة.", "حكيم البلدة"),
    # a source that is not named, without the clause that says so
    ("قال دبلوماسي أوروبي طلب عدم كشف اسمه إن المحادثات توقفت.", "دبلوماسي أوروبي"),
    ("وأكدت موظفة سابقة، رفضت الكشف عن هويتها، أن الحسابات جمدت.", "موظفة سابقة"),
    ("وذكر مصدر دبلوماسي لم تسمه الوكالة أن اللقاء تأجل.", "مصدر دبلوماسي"),
    ("وأفاد مستشاران تحدثا شرط عدم نشر اسميهما بأن الرئيس سيستقيل.", "مستشاران"),
    ("وقالت مصادر دبلوماسية تتابع المفاوضات إن المسودة عدلت مرتين.", "مصادر دبلوماسية"),
    # "according to" somebody, and according to a rule
    ("تضاعفت أسعار الخبز خلال عام، وفق مركز أبحاث.", "مركز أبحاث"),
    ("توقف إنتاج النحاس في المنجم، نقلا عن نقابي في الشركة.", "نقابي في الشركة"),
    ("هجر القرية نصف سكانها، وفق إحصاء لمنظمة محلية.", "منظمة محلية"),
    ("غرقت عشرات القوارب في العاصفة، حسب شركة تأمين سويسرية.", "شركة تأمين سويسرية"),
    ("تجرى الانتخابات كل خمس سنوات بحسب الدستور.", None),
    ("تسحب القوات على ثلاث مراحل بحسب جدول زمني محدد.", None),
    ("يحصل العمال على تعويضات وفق اتفاق السلام.", None),
    # a subject and its object
    ("هنأت الوزيرة السويدية الفائزين بجائزة المناخ.", "الوزيرة السويدية"),
    ("نعى اتحاد الكتاب المغربي الشاعر الراحل.", "اتحاد الكتاب المغربي"),
    ("واست السفيرة النرويجية عائلات البحارة المفقودين.", "السفيرة النرويجية"),
    ("عزت المستشارة الألمانية الشعب التركي بضحايا الزلزال.", "المستشارة الألمانية"),
    ("وناشد الملك عمال الميناء العودة إلى العمل.", "الملك"),
    ("حذر المجلس الأعلى للصيد الشركات من الإفلاس.", "المجلس الأعلى للصيد"),
    ("أعلنت نمور التاميل وقفا للقتال.", "نمور التاميل"),
    # acts of speech that did not take place
    ("لم يعلن أحد مسؤوليته عن الهجوم على القطار.", None),
    ("ولم يصدر عن السلطات الفنزويلية أي بيان بشأن الحادث.", None),
    ("قال المتحدث باسم الحركة إنه لم يعلن أي هدنة.", "المتحدث باسم الحركة"),
    # headlines of two halves, and of nouns
    ("البرلمان المجري يناقش قانون الإعلام ومعارضون يحذرون من تكميم الصحافة", "معارضون"),
    ("المحكمة الدستورية تؤجل حكمها ومنظمات حقوقية تنتقد التأخير", "منظمات حقوقية"),
    ("الأردن يرفع أسعار المياه ومزارعون يهددون بترك أراضيهم", "مزارعون"),
    ("منظمة الأغذية والزراعة تحذر من موجة جراد", "منظمة الأغذية والزراعة"),
    ("قرض كوري لميناء ليما", None),
    ("دعم أوروبي لخفر السواحل التونسي", None),
    ("تضامن ناقص", None),
    ("ترحيب من الجزائر بعودة الوساطة", "الجزائر"),
    # names of two words
    ("ورحب الباثيت لاو بالاقتراح الفرنسي.", "الباثيت لاو"),
    ("وهددت طالبان باكستان بمهاجمة القوافل.", "طالبان باكستان"),
    # a paper, and who issued it
    ("وجاء في تقرير أصدرته هيئة النزاهة أن العقود مزورة.", "هيئة النزاهة"),
    ("وورد في مذكرة أعدتها الخزانة البريطانية أن العجز سيتسع.", "الخزانة البريطانية"),
]
BEHIND = [
    ("“انتهت أصعب مرحلة. ننتظر الآن نتائج المختبر”، تابع مدير المستشفى.", "مدير المستشفى"),
    ("“كانت السفينة تميل ببطء. ثم انطفأت الأنوار”، أردف القبطان اليوناني.", "القبطان اليوناني"),
    ('"فاضت المياه من كل جهة. لم ننقذ شيئا"، اشتكى صياد في المرفأ.', "صياد في المرفأ"),
    ("«نحن عائلة واحدة. لن تفرقنا الأزمات»، ختمت الوزيرة.", "الوزيرة"),
    ("«ماتت الماشية كلها. لم يبق لنا سوى الصبر»، تروي أرملة من قرية كينية.", "أرملة من قرية كينية"),
    ("«هطل المطر ثلاثة أيام. غمر الوحل كل شيء»، بحسب عمدة البلدة.", "عمدة البلدة"),
]
ABOUT = [
    ("تعهدت الوزيرة بطمأنة المستثمرين ووعدت بدعمهم.", "المستثمرين"),
    ("وصف السفير بلاده بأنها «الحليف الأقرب لكيغالي» وتعهد بقروض جديدة ودعم دائم.", "كيغالي"),
    ("رحبت الرئاسة السنغالية بخطوة موريتانيا فتح المعبر.", "موريتانيا"),
    ("وتعهد قائد المتمردين بتمديد الهدنة شهرا آخر.", None),
    ("أشاد الحاكم برجال الإطفاء الذين أنقذوا الحي.", "رجال الإطفاء"),
    ("شكر العمدة الشركات التي أرسلت مساعدات وأشاد بدعمها.", "الشركات"),
    ("وحذر الجيش المسلحين المتحصنين في الغابة من هجوم وشيك.", "المسلحين المتحصنين"),
    ("حذرت حكومة فيينتيان الباثيت لاو من خرق الهدنة.", "الباثيت لاو"),
    ("دعت مانيلا جبهة تحرير مورو إلى وقف القتال.", "جبهة تحرير مورو"),
]


@pytest.fixture(scope="module")
def reader():
    return Reader()


@pytest.mark.parametrize(("text", "speaker"), WHO, ids=[w[0] for w in WHO])
def test_who_speaks(reader, text, speaker):
    [statement] = reader.read(text)
    assert statement.speaker == speaker


@pytest.mark.parametrize(("text", "speaker"), BEHIND, ids=[b[0] for b in BEHIND])
def test_the_subject_stands_behind_a_quotation_of_several_sentences(reader, text, speaker):
    article = reader.read(text)
    assert article[-1].speaker == speaker
    assert [s.speaker_resolved for s in article] == [speaker] * len(article)


@pytest.mark.parametrize(("text", "recipient"), ABOUT, ids=[a[0] for a in ABOUT])
def test_a_recipient_is_an_actor(reader, text, recipient):
    [statement] = reader.read(text)
    assert statement.recipient == recipient
    assert statement.stances


@pytest.mark.parametrize("empty", ["ـ", "\u064e", "ـ\u064b"])
def test_words_of_nothing_but_signs_are_read(reader, empty):
    for text, *_ in WHO + BEHIND + ABOUT:
        words = text.split()
        for k in range(0, len(words) + 1, 2):
            reader.read(" ".join([*words[:k], empty, *words[k:]]))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("وهنأت نظيرتها النرويجية الفائزات بالجائزة.", "نظيرتها النرويجية"),
        ("وهنأ نظيره الفرنسي الفائزين بالجائزة.", "نظيره الفرنسي"),
        ("البرلمان التونسي يناقش الموازنة ونقابيون يحذرون من «كارثة»", "نقابيون"),
        ("الحكومة الكينية تدرس المشروع وخبراء ينتقدون «التسرع»", "خبراء"),
    ],
)
def test_counterparts_and_quoted_ends_of_headlines(text, speaker):
    assert Reader().read(text)[0].speaker == speaker


@pytest.mark.parametrize(
    "text",
    [
        "ولم تعلن «كتائب الصحراء» مسؤوليتها عن تفجير الجسر حتى مساء الأحد.",
        "لم تعلن حركة الشباب مسؤوليتها عن الهجوم.",
        "ولم تتبن أي جهة المسؤولية عن الخطف.",
    ],
)
def test_nobody_speaks_where_responsibility_is_not_claimed(text):
    assert Reader().read(text)[0].speaker is None


def test_whoever_announces_that_nobody_claimed_responsibility_speaks():
    assert Reader().read("وقالت الشرطة إن أحدا لم يعلن مسؤوليته عن التفجير.")[0].speaker == "الشرطة"


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("وسنقف إلى جانب جهودها حتى يعود الأمن إلى المنطقة.", "جهودها"),
        ("وقال السفير: «لم ننس جميلهم، وسنقف إلى جانب قضيتهم دائما».", "قضيتهم"),
    ],
)
def test_whom_somebody_stands_beside_is_the_recipient(text, recipient):
    assert Reader().read(text)[0].recipient == recipient


HEADLINES = [
    # a label, two dots, and whoever speaks behind them
    ("بعد تعادله الثالث.. زيدان: سنقاتل حتى النهاية", "زيدان", "direct", None, ["سنقاتل حتى النهاية"]),
    ("سد الكونغو.. كيغالي: لن نوقع الوثيقة", "كيغالي", "direct", None, ["لن نوقع الوثيقة"]),
    (
        "مالي.. وزير الري: السد آمن.. ولا نقص في المياه",
        "وزير الري",
        "direct",
        None,
        ["السد آمن.. ولا نقص في المياه"],
    ),
    # a country in which somebody speaks, and one that speaks itself
    ("غامبيا: بارو يدعو إلى الهدوء", "بارو", "report", "يدعو", ["إلى الهدوء"]),
    ("مالي: الأمم المتحدة تحذر من المجاعة", "الأمم المتحدة", "report", "تحذر", ["من المجاعة"]),
    ("بيرو: السفير الكندي يطالب بضبط النفس", "السفير الكندي", "report", "يطالب", ["بضبط النفس"]),
    ("أوسلو: نتابع الموقف بقلق", "أوسلو", "direct", None, ["نتابع الموقف بقلق"]),
    ("إسرائيل: حماس ترفض الصفقة", "إسرائيل", "direct", None, ["حماس ترفض الصفقة"]),
    # what stands in the other half is somebody else's
    ("المفوضية تنتقد بلغراد.. وفوتشيتش: لن نغير سياستنا", "المفوضية", "report", "تنتقد", ["بلغراد"]),
    ("الحاكم: الوضع خطير.. والجيش: جاهزون للرد", "الحاكم", "direct", None, ["الوضع خطير"]),
    ("الأسطول يعزز مواقعه.. وسيول تتوعد", "سيول", "report", "تتوعد", []),
    ("بيونغ يانغ تختبر صاروخا.. وسيول: سندافع عن أرضنا", "سيول", "direct", None, ["سندافع عن أرضنا"]),
    ("البابا يدين العنف.. ويطالب بوقف القتال", "البابا", "report", "يدين", ["العنف.. ويطالب بوقف القتال"]),
    ("«كفى حربا ودمارا».. البابا يدعو إلى هدنة", "البابا", "direct", "يدعو", ["كفى حربا ودمارا"]),
    # tables and pages
    ("درجات الحرارة.. القاهرة: 35 درجة", None, None, None, []),
    ("أسعار النحاس.. التفاصيل: تراجع طفيف", None, None, None, []),
]
CUES = [
    ("أغلق المنجم أبوابه وفقا لمدير الشركة بيدرو سالاس.", "indirect", "وفقا", ["أغلق المنجم أبوابه"]),
    ("ووفقا لما ذكرته الإذاعة، فإن الجسر سيغلق شهرا.", "indirect", "ذكرته", ["الجسر سيغلق شهرا"]),
    ("وحسب ما أوردته الإذاعة، فإن الحاكم استقال.", "indirect", "أوردته", ["الحاكم استقال"]),
    ("الخطة ولدت ميتة على حد تعبير السفير.", "indirect", "تعبير", ["الخطة ولدت ميتة"]),
    ("القانون «وصمة عار في تاريخنا»، على حد وصف المحامية.", "direct", "وصف", ["وصمة عار في تاريخنا"]),
    ("والتقى الملك نظيره البلجيكي، مشيدا بالتعاون بين الشعبين.", "report", "مشيدا", ["بالتعاون بين الشعبين"]),
    ("وأضافت الوزيرة أن الآبار نظيفة، على حد قولها.", "indirect", "وأضافت", ["الآبار نظيفة"]),
    ("اللجنة فشلت في كل شيء، على حد وصفه.", "indirect", "وصفه", ["اللجنة فشلت في كل شيء"]),
    ("بيّن المدير أن الأرقام صحيحة.", "indirect", "بيّن", ["الأرقام صحيحة"]),
    ("كما قال الحاكم، فإن الأزمة عابرة.", "indirect", "قال", ["الأزمة عابرة"]),
]


def speech(statement, text):
    cue = text[slice(*statement.cue)] if statement.cue else None
    return statement.kind, cue, [text[a:b] for a, b in statement.content]


@pytest.mark.parametrize(
    ("text", "speaker", "kind", "cue", "content"), HEADLINES, ids=[h[0] for h in HEADLINES]
)
def test_headlines_of_several_parts(reader, text, speaker, kind, cue, content):
    [statement] = reader.read(text)
    assert statement.speaker == speaker
    assert speech(statement, text) == (kind, cue, content)


@pytest.mark.parametrize(("text", "kind", "cue", "content"), CUES, ids=[c[0] for c in CUES])
def test_cues_and_what_they_introduce(reader, text, kind, cue, content):
    [statement] = reader.read(text)
    assert speech(statement, text) == (kind, cue, content)


def test_a_club_behind_a_title_is_no_cue(reader):
    text = "وصل رئيس نادي الشعلة إلى الملعب. وقال النائب لرئيس نادي الشعلة إن الملعب مغلق."
    assert all(s.cue is None or text[slice(*s.cue)] != "نادي" for s in reader.read(text))


@pytest.mark.parametrize("label", ["ج: ", "ج- ", "ج / ", "- "])
def test_an_answer_is_told_without_its_label(reader, label):
    text = f"* هل جف النهر؟\n{label}لا أظن ذلك.\n* ومن أين تشربون؟\n{label}من الآبار القديمة."
    article = reader.read(text)
    assert [[text[a:b] for a, b in s.content] for s in article][1::2] == [
        ["لا أظن ذلك"],
        ["من الآبار القديمة"],
    ]

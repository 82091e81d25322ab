"""What stands behind a quotation that fills a sentence: «...», said the minister; «...», he said in Lima.

The rankers see one sentence, in which a verb at the end has its subject behind it as rarely as a name stands
between a closing mark and a full stop.  The construction itself leaves no doubt: behind the verb of saying stands its subject,
or something that is no noun in the nominative, and then nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stance.statements.attribution import OF_ONES_OWN, attributes
from stance.statements.cutting import NameSpan
from stance.statements.tagging import Tagged
from stance.statements.words import ATTRIBUTION, STOPS, THAT, TIMES, past_forms
from stance.text import normalize
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = [
    "ADVERBIALS",
    "OBJECTS",
    "SAYING",
    "THUS",
    "begins_adverbial",
    "behind_quotation",
    "is_upon",
    "says_who",
]

ADVERBIALS = frozenset(
    [
        "في", "من", "الي", "عن", "مع", "خلال", "وسط", "بعد", "قبل", "قبيل", "بعيد", "عقب", "لدي", "عند", "اثناء",
        "بين", "عبر", "قرب", "اثر", "بينما", "فيما", "حين", "عندما", "لدن", "فور", "منذ", "داخل", "خارج", "حول", "ضد", "حتي",
        "تحت", "فوق", "تجاه", "ازاء", "بشان", "بعدما", "قبلما", "وهو", "وهي", "وهم", "ثم", "كما", "هو", "هي",
        "له", "لها", "لهم", "لنا",  "به", "بها", "عنه", "عنها", "فيه", "فيها", "ايضا", "بصوت", "بلهجه", "بابتسامه",
    ]
)  # fmt: skip
"""Prepositions, conjunctions and pronouns behind a verb of saying: no name begins with them, normalised."""
_UPON = frozenset(
    ["هامش", "متن", "خلفيه", "وقع", "اثر", "صفحته", "صفحتها", "حسابه", "حسابها", "موقع", "موقعه", "شاشه", "مسرح", "منصه", "مائده",
     "لسان", "الفور", "الاثر", "الهاتف", "الهواء", "سبيل", "راس", "باب", "ابواب", "درج"]
)  # fmt: skip
"""Words behind "on", which is spelled like a common given name once normalised."""
_PRAYERS = frozenset(
    [
        "مسجد",
        "المسجد",
        "جامع",
        "الجامع",
        "جمعه",
        "الجمعه",
        "وخطيب",
        "المدينه",
        "القريه",
        "البلده",
        "الحرم",
        "المسلمين",
        "الحي",
    ]
)
"""Words behind an imam, who is spelled like "before" once normalised."""
OBJECTS = frozenset(
    ["حديثه", "حديثها", "كلامه", "كلامها", "كلمته", "كلمتها", "خطابه", "خطابها", "قوله", "قولها", "تصريحه", "تصريحها", "رسالته",
     "رسالتها", "مداخلته", "مداخلتها", "تصريحاته", "تصريحاتها", "قائلا", "قائله", "ذلك", "هذا"]
)  # fmt: skip
"""Objects of verbs of saying that are no names."""

_TIMES = TIMES - {"صباح", "فجر"}
"""Times that are no given names."""
THUS = frozenset(["هكذا", "بهذه", "الكلمات"])
"""Words between a quotation and its verb: "with these words"."""
_FEW = 3
"""Words that a quotation has at least; fewer are a name in quotation marks."""


SAYING = frozenset(
    [
        *past_forms(
            "قال", "اضاف", "تابع", "ختم", "اختتم", "اردف", "اوضح", "صرح", "روي", "اشتكي", "علق", "استدرك", "استطرد", "اجاب", "رد",
            "تنهد", "همس", "هتف", "صرخ", "صاح", "سال", "كتب", "تساءل", "حكي", "شرح", "مازح", "واصل", "عقب", "اسف",
        ),
        *(p + s for p in "يت" for s in ("قول", "ضيف", "تابع", "روي", "وضح", "شرح", "حكي", "ختم", "علق", "ردف", "تذكر", "شتكي", "سال", "تساءل", "صرخ")),
    ]
)  # fmt: skip
"""Verbs that need no object but the quotation before them, normalised."""
_ONLY_SAYING = frozenset(
    [*past_forms("قال", "اردف", "استطرد", "صرح", "همس", "هتف", "صرخ", "صاح"), "يقول", "تقول"]
)
"""Those of them that mean nothing else, so that they may stand behind a full stop."""
_AFTER = "عقب"
"""Commented, or, far more often, after."""
_BEHIND = re.compile(r"\s{1,3}(\w[\w\u064b-\u0652]{1,20})(?=[\s.!?\u061f\u060c,]|$)")
_PHRASE = re.compile(
    rf"(?:[^.!?\u061f\u06d4\u2026\u060c,\u061b:{OPENING}{CLOSING}{STRAIGHT}\n]|(?<=[\s.][^\W\d_])\.)*"
)
"""Up to a comma, a stop or a quotation mark; the dot of a title of one letter is none."""
_PHRASE_WIDTH = 160
_SUBJECT = 6
"""Words that a subject has at most where a full stop stands before its verb."""
_SOURCE = 3
"""Likewise behind "according to": more may be a sentence that begins with it."""


def says_who(line: str, at: int, *, stopped: bool) -> bool:
    """Tell whether what follows a quotation that a sentence begins with says whose words it was.

    A new sentence may begin with the same verb, but has something to say then: "that ...", a colon, another quotation.

    Parameters
    ----------
    line : str
        A paragraph.
    at : int
        Where the closing mark, or the full stop behind it, ends.
    stopped : bool
        Whether a full stop stands behind the mark: nothing but the verb and its subject may follow then.

    Returns
    -------
    bool

    Examples
    --------
    >>> line = "«لن نرحل!» صرخ المختار في وجه الجنود."
    >>> says_who(line, line.index("»") + 1, stopped=False)
    True
    >>> line = "«لن نرحل!» قال المختار إن القرية باقية."
    >>> says_who(line, line.index("»") + 1, stopped=False)
    False
    """
    word = _BEHIND.match(line, at)
    if not word:
        return False
    verb = normalize(word.group(1))
    attributed = verb in ATTRIBUTION
    if not attributed and (verb not in (_ONLY_SAYING if stopped else SAYING) or verb == _AFTER):
        return False
    phrase = _PHRASE.match(line, word.end(), word.end() + _PHRASE_WIDTH)
    end = phrase.end() if phrase else word.end()
    words = normalize(line[word.end() : end]).split()
    ending = line[end : end + 1]
    if any(w in THAT for w in words) or (ending and ending not in ".!?؟۔…،,؛"):
        return False
    if stopped:
        return 0 < len(words) <= (_SOURCE if attributed else _SUBJECT) and ending in ("", ".")
    return ending not in ("،", ",", "؛") or not attributed


def behind_quotation(
    tagged: Tagged, found: NameSpan | bool, name_at: Callable[[int], NameSpan], bound: Callable[[str], bool]
) -> NameSpan | bool:
    """Correct who speaks by what follows the quotation that a sentence ends.

    Parameters
    ----------
    tagged : Tagged
    found : NameSpan or bool
        Who was found, as :meth:`stance.statements.finders.SpeakerFinder.find` gives it.
    name_at : callable
        Gives the name that begins at a token.
    bound : callable
        Tells whether a normalised word begins with a preposition written to it.

    Returns
    -------
    NameSpan or bool
        As `found`.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("«لن نرحل عن بيوتنا»، قال المختار.")
    >>> behind_quotation(tagged, False, lambda first: NameSpan(first, first), lambda norm: False)
    NameSpan(first=8, last=8, skip=0)
    """
    verb = _verb(tagged)
    if verb < 0:
        return found
    behind = verb + 1
    attributed = attributes(tagged.norms[verb])
    if attributed and tagged.norm(behind) == "عن":
        behind += 1
    norm = tagged.norm(behind)
    if behind >= len(tagged) or norm in STOPS:
        return found if attributed else True
    if attributed:
        if norm in OF_ONES_OWN:
            return True  # "according to his words"
        clear = tagged.content[behind] and norm not in ADVERBIALS and norm != "ما"
        return found if isinstance(found, NameSpan) or not clear else name_at(behind)
    sure = isinstance(found, NameSpan) and found.first == behind
    if sure and (norm in _TIMES or norm[:3] == "بال"):
        return found  # there are people who are called so
    if begins_adverbial(tagged, behind) or (
        norm.startswith(("ل", "ب")) and (norm[:2] == "لل" or bound(norm))
    ):
        late = isinstance(found, NameSpan) and found.first > behind
        return found if late else True
    if not tagged.content[behind] or norm in THAT or norm in OBJECTS or norm.endswith("ا"):
        return found if isinstance(found, NameSpan) else True
    if isinstance(found, NameSpan) and (found.first == behind or tagged.norms[found.first - 1] == "عن"):
        return found  # the subject, or whom it quotes
    return name_at(behind)


def begins_adverbial(tagged: Tagged, i: int) -> bool:
    """Tell whether a word begins something that is no name: a preposition, a conjunction, a time.

    Parameters
    ----------
    tagged : Tagged
    i : int

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("قال أمام البرلمان")
    >>> begins_adverbial(tagged, 1), begins_adverbial(tagged, 2)
    (True, False)
    """
    norm = tagged.norms[i]
    if norm == "علي":
        return is_upon(tagged, i)
    if norm == "امام":
        return tagged.norm(i + 1) not in _PRAYERS
    return norm in ADVERBIALS or norm in _TIMES or norm[:3] == "بال"


def is_upon(tagged: Tagged, i: int) -> bool:
    """Tell whether a word that may be a given name is "on" ("on the sidelines of").

    Parameters
    ----------
    tagged : Tagged
    i : int

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("قال على هامش القمة")
    >>> is_upon(tagged, 1)
    True
    """
    return tagged.norms[i] == "علي" and tagged.norm(i + 1) in _UPON


def _verb(tagged: Tagged) -> int:
    """Return the verb of saying, or the "according to", behind a quotation that begins with the sentence or before; else -1."""
    if not tagged.quotes:
        return -1
    first, last = tagged.quotes[0], tagged.quotes[-1]
    verb = last + 1
    # "...». said": a stop that :func:`says_who` looked over; "with these words he answered"
    while tagged.norm(verb) in ("،", ",", ".") or tagged.norm(verb) in THUS:
        verb += 1
    if verb >= len(tagged):
        return -1
    norm = tagged.norms[verb]
    if norm not in SAYING and tagged.words[verb].stem not in SAYING and not attributes(norm):
        return -1
    return verb if _fills(tagged, first, last) else -1


def _fills(tagged: Tagged, first: int, last: int) -> bool:
    """Tell whether all before the last quotation mark is quoted."""
    stopped = tagged.norms[last - 1] in STOPS if last else False
    if first == 0 < last and sum(tagged.content[:last]) < _FEW and not stopped:
        return False  # a newspaper's name, perhaps, which says something itself
    begins = tagged.quoted[0] or first == last or tagged.norms[first] in CLOSING
    turned = (
        tagged.norms[last] in OPENING
        and (stopped or tagged.norm(last + 1) in ("،", ","))
        and (first == last or tagged.norms[first] in CLOSING or tagged.quotes == [first, last])
    )
    if not turned and (tagged.quoted[last] or (first == last and not begins)):
        return False
    begun = first if begins else 0
    return not any(tagged.content[k] and not tagged.quoted[k] and not turned for k in range(begun, last))

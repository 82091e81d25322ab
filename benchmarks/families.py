"""Families of text that news is not: each makes a text of about any length, the same every time."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

__all__ = ["FAMILIES", "TABLES", "Make"]

Make = Callable[[int], str]
SENTENCE = "حذر وزير الخارجية في الدولة المجاورة من كارثة إنسانية وشيكة ودعا إلى وقف فوري لإطلاق النار "
NAMES = "قال وزير الخارجية الفرنسي والرئيس الروسي ومصر وكندا "
BLOCKS = (
    *range(0x0000, 0x3100, 0x80),  # alphabets, marks, signs
    *range(0x3100, 0xD800, 0xA00),  # ideographs and Hangul, sampled
    *range(0xD800, 0xE000, 0x200),  # halves of pairs
    *range(0xE000, 0xFA00, 0x400),  # private use
    *range(0xFA00, 0x10000, 0x80),
    *range(0x10000, 0x20000, 0x200),
    *range(0x20000, 0x110000, 0x8000),
)
"""First characters of the stretches of Unicode that are sampled."""


def repeat(unit: str, before: str = "", behind: str = "") -> Make:
    """Repeat a unit between two texts."""
    return lambda n: before + unit * max(1, (n - len(before) - len(behind)) // len(unit)) + behind


def drawn(characters: str, spaces: int = 0, seed: int = 0) -> Make:
    """Draw characters, with a blank in so many."""

    def make(n: int) -> str:
        draw = random.Random(seed)  # noqa: S311  # no secret
        found = draw.choices(characters, k=n)
        if spaces:
            found[::spaces] = " " * len(found[::spaces])
        return "".join(found)

    return make


def every_block(n: int) -> str:
    """Take runs of eight characters from each stretch of Unicode in turn."""
    turn = "".join(chr(first + k) for k in range(8) for first in BLOCKS)
    return (turn * (n // len(turn) + 1))[:n]


def distinct_words(n: int) -> str:
    """Write 100,000 words, in turn."""
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    found = []
    for number in range(n // 7 + 1):
        rest, word = number % 100_000, ""  # fewer than the table of words holds
        for _ in range(6):
            rest, letter = divmod(rest, len(letters))
            word += letters[letter]
        found.append(word)
    return " ".join(found)[:n]


def nested(pair: str) -> Make:
    """Open half of the marks, then close them."""
    return lambda n: pair[0] * (n // 2) + "نص" + pair[1] * (n // 2)


ARABIC_MARKS = "".join(chr(c) for c in range(0x64B, 0x660))
MARKS = "".join(chr(c) for c in range(0x300, 0x370) if unicodedata.combining(chr(c)))
BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
EMOJI = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f3fd\ufe0f"

FAMILIES: dict[str, Make] = {
    "news, one sentence": repeat(SENTENCE),
    "news, many sentences": repeat(SENTENCE[:-1] + ". "),
    "news, many lines": repeat(SENTENCE[:-1] + ".\n"),
    "short sentences": repeat("قال نعم. "),
    "one name, many pronouns": lambda n: (
        NAMES * (n // 2 // len(NAMES)) + ".\n" + "وقال إنه حذر. " * (n // 28)
    ),
    "one quotation over many": repeat("نعم. ", "قال كندا «", "»."),
    "one long word": repeat("س"),
    "one long Latin word": repeat("w"),
    "one long hashtag": repeat("وقف_", "#"),
    "distinct words": distinct_words,
    "speech verbs": repeat("قال "),
    "warnings": repeat("حذر "),
    "conjunctions in one word": repeat("و"),
    "conjunctions": repeat("و "),
    "negations": repeat("لم "),
    "negated acts": repeat("لم يحذر من "),
    "questions": repeat("هل حذر "),
    "phrases begun": repeat("وقف إطلاق "),
    "names of countries": repeat("مصر فرنسا "),
    "that": repeat("قال إن "),
    "tatweel": repeat("\u0640"),
    "tatweel in a word": repeat("\u0640", "م", "د"),
    "Arabic marks": repeat(ARABIC_MARKS, "م"),
    "Arabic marks, falling": repeat("\u0651\u064e\u0650", "م"),
    "combining marks": drawn(MARKS),
    "combining marks, falling": lambda n: "a" + "\u0301" * (n // 2) + "\u0323" * (n // 2),
    "combining marks in words": repeat("ه\u0300\u0316\u0301\u0323\u0334 "),
    "Hangul parts": repeat("\u1100\u1161\u11a8"),
    "halves of pairs": repeat("\ud800\udfff\udc00"),
    "halves in words": repeat("قال\ud800 "),
    "NUL": repeat("\0"),
    "NUL in words": repeat("قال\0إن "),
    "bidi controls": drawn(BIDI),
    "bidi controls in a word": repeat("\u202e", "م", "د"),
    "bidi controls in a hashtag": repeat("\u2067", "#م", " "),
    "emoji sequences": repeat(EMOJI),
    "Unicode blocks": every_block,
    "any characters": drawn("".join(chr(c) for c in range(0, 0x110000, 97)), spaces=7),
    "blanks": repeat(" "),
    "no-break spaces": repeat("\u00a0"),
    "line feeds": repeat("\n"),
    "all line ends": repeat("\r\n\v\f\x1c\x85\u2028\u2029"),
    "carriage returns and words": repeat("قال نعم\r"),
    "words and blank lines": repeat("قال\n\n\n \n"),
    "digits": repeat("7"),
    "Arabic digits": repeat("\u0667"),
    "digits and dots": repeat("1."),
    "numbered items": repeat("1. "),
    "digits in groups": repeat("123 "),
    "digits and all joiners": repeat("1.2,3:4/5-"),
    "dots": repeat("."),
    "dots and blanks": repeat(". "),
    "initials": repeat("أ. "),
    "question marks": repeat("؟!"),
    "colons": repeat(":"),
    "words and colons": repeat("قال: "),
    "commas": repeat("قال، "),
    "dashes": repeat("\u2014-"),
    "brackets open": repeat("([{"),
    "brackets nested": nested("()"),
    "guillemets open": repeat("«"),
    "guillemets close": repeat("»"),
    "guillemets nested": nested("«»"),
    "curly marks nested": nested("“”"),
    "straight marks": repeat('"'),
    "apostrophes": repeat("'"),
    "apostrophes in words": repeat("م'"),
    "quotations": repeat("«نعم» "),
    "quotations, straight": repeat('قال "نعم نعم نعم" '),
    "quotations, unbalanced": repeat("قال «نعم\" و“لا' "),
    "a dot and closing marks": repeat(".»»»"),
    "a dot, blanks, no mark": repeat(".   "),
    "marks of all kinds": drawn("«»“”„‹›‘’❝❞\"'‟‛＂", seed=1),
    "addresses": repeat("https://example.com/a?b=1 "),
    "addresses without an end": repeat("http://"),
    "www.": repeat("www."),
    "one long address": repeat("a/", "http://"),
    "an address of marks": repeat("!", "http://"),
    "hashes and ats": repeat("#@"),
    "hashtags": repeat("#وقف_القتال "),
    "Latin": repeat("The minister said that no. "),
    "Latin in Arabic": repeat("قالNATOقال "),
    "Latin capitals": repeat("A"),
    "Latin, no blanks": repeat("a.b-c'"),
    "letters of whole phrases": repeat("\ufdfa"),
    "ligatures": repeat("\ufefb\ufdf2"),
    "ideographs": repeat("\u4e2d"),
    "markup": repeat("<b>&amp;</b>"),
    "formulas": repeat("=1+1,@x,-1\t"),
    "commas and marks": repeat('",'),
    "backslashes": repeat("\\"),
    "percent signs": repeat("1%"),
}
"""By name."""


def numbered(unit: str, before: str = "", behind: str = "") -> Make:
    """Repeat a unit with numbers in it between two texts."""

    def make(n: int) -> str:
        found, size = [before], len(before) + len(behind)
        while size < n:
            found.append(unit.replace("7", str(len(found))))
            size += len(found[-1])
        return "".join(found) + behind

    return make


def cells(row: str, head: str = "text,a\n") -> Make:
    """Repeat a row under a header."""
    return repeat(row, head)


TABLES: dict[str, dict[str, Make]] = {
    "csv": {
        "rows": cells("قال نعم,1\n"),
        "quoted rows": cells('"قال، نعم",1\n'),
        "quotation left open": cells('"قال,1\n'),
        "marks that open whichever way": cells('a""","""b\n'),
        "the same, then a broken row": lambda n: cells('a""","""b\n')(n) + '"x"y\n',
        "one open mark, many rows": cells("قال,1\n", 'text,a\n"'),
        "one huge cell": lambda n: f'text,a\n"{"س" * n}",1\n',
        "many cells": lambda n: "text" + ",1" * (n // 2) + "\n",
        "columns of one name": lambda n: "text" + ",a" * (n // 2) + "\n",
        "many columns": lambda n: numbered(",a7", "text", "\n")(n * 2 // 3) + ",1" * (n // 6) + "\n",
        "carriage returns": lambda n: cells("قال نعم,1\n")(n).replace("\n", "\r"),
        "line ends in cells": cells('"قال\nنعم\r\n",1\n'),
        "blank lines": cells("\n"),
    },
    "tsv": {
        "rows": cells("قال نعم\t1\n", "text\ta\n"),
        "marks": cells('"قال ""نعم"""\t"\n', "text\ta\n"),
        "carriage returns": lambda n: cells("قال نعم\t1\n", "text\ta\n")(n).replace("\n", "\r"),
    },
    "jsonl": {
        "rows": cells('{"text": "قال نعم", "a": 1}\n', ""),
        "halves of pairs": cells('{"text": "\\ud800 \\udc00"}\n', ""),
        "one huge text": lambda n: f'{{"text": "{"س" * n}"}}\n',
        "one huge number": lambda n: f'{{"text": "", "a": {"9" * n}}}\n',
        "one long fraction": lambda n: f'{{"text": "", "a": 0.{"9" * n}}}\n',
        "one large exponent": lambda n: f'{{"text": "", "a": 1e{"9" * n}}}\n',
        "nested lists": lambda n: f'{{"text": "", "a": {"[" * (n // 2)}{"]" * (n // 2)}}}\n',
        "nested objects": lambda n: '{"text":' * (n // 8) + "\n",
        "lists that stay open": cells("[" * 99 + "\n", ""),
        "a key again and again": lambda n: "{" + '"text": "", ' * (n // 12) + '"a": 1}\n',
        "many keys": numbered('"7": 1, ', "{", '"text": ""}\n'),
        "many keys in an object": numbered('"7": 1, ', '{"text": "", "a": {', '"b": 1}}\n'),
        "many keys in many objects": numbered('{"7": {"a7": 1}}, ', '{"text": "", "a": [', "0]}\n"),
        "many rows of different keys": numbered('{"text": "", "7": 1}\n'),
        "objects of the same keys": repeat('{"form": "قال", "at": 1}, ', '{"text": "", "a": [', "0]}\n"),
        "keys in a text": repeat('\\"a\\": 1, ', '{"text": "', '"}\n'),
        "marks that stay open in a key": repeat('\\":', '{"text": "', "\n"),
        "not a number": cells('{"text": "", "a": NaN, "b": -Infinity}\n', ""),
        "escapes": cells('{"text": "\\u0642\\n\\t\\\\"}\n', ""),
    },
}
"""Contents of files of rows, by format and name."""

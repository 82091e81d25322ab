"""Names to identifiers: ISO 3166-1 alpha-3 for countries, CAMEO's codes for roles.

The tables beside this module are written for the project; the names of territories follow CLDR's
Arabic ones, which a test holds them against.  Roles are the primary and secondary role codes of CAMEO
(P. A. Schrodt 2012, *CAMEO: Conflict and Mediation Event Observations Event and Actor Codebook*).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from stance.actors.surnames import is_name, is_nisba
from stance.errors import DataError
from stance.lexicon import Cue, Lexicon
from stance.text import Token, tokenize
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["ROLES", "Actor", "ActorMatch", "Gazetteer"]

ROLES = {
    "AGR": "agriculture", "BUS": "business", "COP": "police", "CRM": "criminals", "CVL": "civilians",
    "EDU": "education", "ELI": "elites, former officials, experts", "ENV": "environment", "GOV": "government",
    "HLH": "health", "HRI": "human rights", "IGO": "international organisation", "INS": "insurgents",
    "INT": "international actor", "JUD": "judiciary", "LAB": "labour", "LEG": "legislature", "MED": "media",
    "MIL": "military", "MNC": "multinational company", "NGO": "non-governmental organisation", "OPP": "opposition",
    "PTY": "party", "REB": "rebels, armed group", "REF": "refugees", "REL": "religious office", "SEP": "separatists",
    "SPY": "intelligence", "UAF": "unidentified armed force",
}  # fmt: skip
"""Roles as CAMEO writes them."""
_FORMER = frozenset(["سابق", "السابق", "سابقه", "السابقه", "السابقين", "الاسبق", "اسبق", "السابقون"])
"""Words by which a name says that its office is a former one, normalised."""
_ENVOYS = frozenset(
    clitic + word
    for clitic in ("", "و", "ف", "ل", "ب", "ال", "وال", "فال", "بال", "لل")
    for word in (
        "سفير", "سفيره", "سفيرها", "سفراء", "سفراءها", "سفاره", "سفارات", "قنصل", "قنصليه", "قناصل", "مبعوث", "مبعوثه", "مبعوثها", "مبعوثو",
        "مبعوثي", "مبعوثين", "مندوب", "مندوبه", "مندوبها", "مندوبو", "مندوبي", "مندوبين", "ممثل", "ممثله", "ممثلها", "ممثلو",
        "ممثلي", "ممثلين", "بعثه", "بعثات", "بعثتها", "ملحق", "ملحقيه",
    )
)  # fmt: skip
"""Who is sent by one and stands elsewhere, normalised."""
_WHERE = frozenset(["في", "لدي", "الي"])
_CROWNS = frozenset(
    c + word for c in ("", "و", "ف", "ل", "ب", "ك") for word in ("ملك", "ملكه", "سلطان", "شاه")
)
"""Titles that are common words or given names but before the country they belong to, normalised."""
_QUOTES = frozenset(OPENING + CLOSING + STRAIGHT)
_KNOWN = 50_000
_PHRASE = 6


class Actor(NamedTuple):
    """Who a name stands for, as far as it is known.

    Attributes
    ----------
    country : str
        ISO 3166-1 alpha-3 (XKX for Kosovo), or empty.
    role : str
        A key of :data:`ROLES`, or empty.
    name : str
        English name of the country, organisation or group; empty where only the role is known.
    """

    country: str
    role: str
    name: str

    @property
    def code(self) -> str:
        """Country and role in one, as CAMEO writes them: ``RUSGOV``."""
        return self.country + self.role


_CROWNED = Actor("", "GOV", "")
_NOBODY = Actor("", "", "")
"""What a row without country, role and name stands for: words that look like a name and are somebody else's."""
_Entry = tuple[tuple[int, ...], tuple[int, ...], bool]
"""What is known of a word: its patterns, its classes, and whether a term of several words may begin with it."""


class ActorMatch(NamedTuple):
    """A known name in a text.

    Attributes
    ----------
    actor : Actor
    first, last : int
        Its first and last token.
    """

    actor: Actor
    first: int
    last: int


class Gazetteer:
    """A table of actors and one of offices.

    Parameters
    ----------
    actors : sequence of (str, Actor)
        Terms, as in :class:`~stance.lexicon.Lexicon`, and who they stand for.
    offices : sequence of (str, str)
        Terms and the role they give to a country's name beside them.

    Examples
    --------
    >>> gazetteer = Gazetteer.default()
    >>> gazetteer.identify("رئيس الوزراء العراقي")
    Actor(country='IRQ', role='GOV', name='Iraq')
    >>> gazetteer.identify("سكان الحي").code, gazetteer.identify("الطقس")
    ('CVL', None)
    """

    def __init__(self, actors: Sequence[tuple[str, Actor]], offices: Sequence[tuple[str, str]]) -> None:
        meanings = {"\t".join(actor): actor for _, actor in actors} | {
            role: Actor("", role, "") for _, role in offices
        }
        cues = [Cue("\t".join(actor), term, "") for term, actor in actors]
        self._lexicon = Lexicon([*cues, *(Cue(role, term, "") for term, role in offices)])
        self._meanings = tuple(meanings[name] for name in self._lexicon.classes)
        self._known: dict[str, _Entry] = {}

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_known": {}}  # another thread may be writing into it

    @classmethod
    @cache
    def default(cls) -> Gazetteer:
        """Return the gazetteer that is installed with the package; it is built once.

        Returns
        -------
        Gazetteer
        """
        folder = resources.files("stance.actors")
        actors = _rows(
            folder.joinpath("actors.tsv").read_text(encoding="utf-8"), ["country", "role", "term", "name"]
        )
        offices = _rows(folder.joinpath("offices.tsv").read_text(encoding="utf-8"), ["role", "term", "name"])
        return cls(
            [(term, Actor(country, role, name)) for country, role, term, name in actors],
            [(term, role) for role, term, _ in offices],
        )

    def find(self, tokens: Sequence[Token]) -> list[ActorMatch]:
        """Find the names and offices among tokens: from left to right, the longest first.

        Parameters
        ----------
        tokens : sequence of Token
            Quotation marks inside a name are passed over.

        Returns
        -------
        list of ActorMatch
            Ordered, without overlap.  Offices have no country.
        """
        kinds, known = [token.kind for token in tokens], self._known
        places = [i for i, kind in enumerate(kinds) if kind != "quote"] if "quote" in kinds else None
        norms = [token.norm for token in tokens] if places is None else [tokens[i].norm for i in places]
        entries = [known.get(norm) or self._entry(norm) for norm in norms]
        found: list[ActorMatch] = []
        end = 0
        for k in [k for k, (_, classes, starts) in enumerate(entries) if starts or classes]:
            if k < end:
                continue
            length, meaning = self._longest(entries, k)
            if not length:
                continue
            if k and length == 1 and meaning.country and not meaning.role and is_name(norms, k):
                continue
            if k > end and meaning.country and not meaning.role and norms[k - 1] in _CROWNS:
                found.append(ActorMatch(_CROWNED, k - 1, k - 1))  # no other match has the word before it
            end = k + length
            if meaning != _NOBODY:
                found.append(ActorMatch(meaning, k, end - 1))
        return (
            found if places is None else [ActorMatch(m.actor, places[m.first], places[m.last]) for m in found]
        )

    def identify(self, name: str | Sequence[Token]) -> Actor | None:
        """Tell who a name stands for.

        The first country, organisation or group that is named decides; its role is its own or that of
        the first office beside it.  Whoever is called a former one is ``ELI``.  Where ambassadors and other
        envoys are sent to does not tell whose they are, nor does a surname ("Khalid the Egyptian").

        Parameters
        ----------
        name : str or sequence of Token
            As it stands in the text, clitics and title included.

        Returns
        -------
        Actor or None
            None if nothing is known of it.
        """
        tokens = tokenize(name) if isinstance(name, str) else name
        return self.merge(self.find(tokens), [t.norm for t in tokens])

    @staticmethod
    def merge(matches: Sequence[ActorMatch], norms: Sequence[str], first: int = 0) -> Actor | None:
        """Combine the matches within one name; see :meth:`identify`.

        Parameters
        ----------
        matches : sequence of ActorMatch
            In order.
        norms : sequence of str
            The normalised words of the name.
        first : int
            The number that matches give its first word.

        Returns
        -------
        Actor or None
        """
        matches = _at_home(matches, norms, first)
        if not matches:
            return None
        former = not _FORMER.isdisjoint(norms)
        named = _named(matches, norms, first)
        office = next((m.actor.role for m in matches if m.actor.role and not m.actor.name), "")
        if named is None:
            return Actor("", "ELI" if former else office, "")
        if not named.role and not office:
            body = next(
                (m.actor for m in matches if m.actor.role and m.actor.country in ("", named.country)), None
            )
            office = body.role if body else ""
        role = named.role or office
        return named._replace(role="ELI" if former and role in ("GOV", "LEG", "MIL", "") else role)

    def _longest(self, entries: Sequence[_Entry], k: int) -> tuple[int, Actor]:
        """Return how many words the longest name or office has that begins at a word, and who it is."""
        _, classes, starts = entries[k]
        length, hits = 1, classes
        phrases = self._phrases(entries, k) if starts else None
        if phrases:
            length = max([n for _, n in phrases])
            hits = tuple([c for c, n in phrases if n == length])
        if not hits:
            return 0, _NOBODY
        meaning = self._meanings[hits[0]]
        if len(hits) > 1:
            meaning = min([self._meanings[c] for c in hits], key=lambda a: (not a.country, not a.name, a))
        if length > 1 and not meaning.name and not meaning.country:
            length = self._words_of_office(meaning, entries, k, length)
        return length, meaning

    def _words_of_office(self, office: Actor, entries: Sequence[_Entry], k: int, length: int) -> int:
        """Tell how many of its words an office keeps: a longer name may begin inside it ("leader of party | of God").

        It keeps all if what stands behind it tells the same ("minister of foreign affairs | of America").
        """
        end = k + length
        for i in range(k + 1, end):
            phrases = self._phrases(entries, i) if entries[i][2] else ()
            longer = [(n, self._meanings[c]) for c, n in phrases if i + n > end and self._meanings[c].name]
            if longer:
                country, role, _ = max(longer)[1]
                behind = {self._meanings[c].country for c in entries[end][1]}
                return length if country in behind and role in ("", office.role) else i - k
        return length

    def _phrases(self, entries: Sequence[_Entry], k: int) -> set[tuple[int, int]]:
        if len(entries) == k + 1 or not entries[k + 1][0]:  # no term has a word that no term has
            return set()
        return self._lexicon.phrases([e[0] for e in entries[k : k + _PHRASE]])

    def _entry(self, norm: str) -> _Entry:
        if len(self._known) > _KNOWN:
            self._known = {}
        patterns = self._lexicon.patterns(norm)
        entry = (patterns, self._lexicon.word_classes(patterns), self._lexicon.starts_phrase(patterns))
        self._known[norm] = entry
        return entry


def _at_home(matches: Sequence[ActorMatch], norms: Sequence[str], first: int) -> Sequence[ActorMatch]:
    """Leave out who is named where an envoy stands: "the envoys accredited in" its capital are not of a country."""
    if _ENVOYS.isdisjoint(norms):
        return matches
    envoy = next(i for i, norm in enumerate(norms) if norm in _ENVOYS)
    place = next((i for i in range(envoy + 1, len(norms)) if norms[i] in _WHERE), len(norms))
    return [m for m in matches if m.first - first < place or not m.actor.name]


def _named(matches: Sequence[ActorMatch], norms: Sequence[str], first: int) -> Actor | None:
    """Return the first who is named; a society without a country has that of the adjective behind it ("of Qatar")."""
    place = next((i for i, m in enumerate(matches) if m.actor.name), None)
    if place is None:
        return None
    named, _, last = matches[place]
    if named.role == "NGO" and not named.country and place + 1 < len(matches):
        actor, start, _ = matches[place + 1]
        between = norms[last + 1 - first : start - first]
        if not actor.role and is_nisba(norms[start - first]) and _QUOTES.issuperset(between):
            return named._replace(country=actor.country)
    return named


def _rows(text: str, header: list[str]) -> list[list[str]]:
    """Read a table; ``-`` is an empty field."""
    rows = list(csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != header:
        raise DataError(f"a table of actors begins with the header {header}, got {rows[:1]}")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise DataError(
                f"line {number} of the table of actors: {len(header)} columns are wanted, got {row}"
            )
    return [["" if field == "-" else field for field in row] for row in rows[1:]]

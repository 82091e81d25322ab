"""What the network of the reader is told of every token.

A trait is a template and a value, as in the descriptions of the rankers; a token may have several of
one template.  What a token is told by its word is the same wherever the word stands.
"""

from __future__ import annotations

from stance.statements.tagging import Tagged, Word

__all__ = ["TEMPLATES", "Trait", "place_traits", "side_traits", "word_traits"]

Trait = tuple[str, str]
"""Template and value."""
TEMPLATES = (
    "actor",
    "cue",
    "ending",
    "held",
    "kind",
    "last",
    "opening",
    "quoted",
    "side",
    "sort",
    "start",
    "taken",
    "verb",
    "word",
)
"""Names of the templates, sorted."""


def word_traits(norm: str, word: Word, kind: str) -> list[Trait]:
    """Return the traits that a word has wherever it stands; the word itself is the first.

    Parameters
    ----------
    norm : str
        Its normal form.
    word : Word
    kind : str
        Of its token.

    Returns
    -------
    list of Trait

    Examples
    --------
    >>> word_traits("موسكو", Word("موسكو", "موسكو", "", "", False, "7"), "word")[:3]
    [('word', 'موسكو'), ('start', 'مو'), ('opening', 'موس')]
    """
    traits = [
        ("word", norm),
        ("start", norm[:2]),
        ("opening", norm[:3]),
        ("last", norm[-2:]),
        ("ending", norm[-3:]),
        ("sort", word.kind),
        ("kind", kind),
        *(("cue", cue) for cue in word.cues.split("|") if cue),
    ]
    return [*traits, ("verb", "yes")] if word.verb else traits


def place_traits(quoted: bool, actor: str, taken: str) -> list[Trait]:
    """Return the traits that a token has by its place.

    Parameters
    ----------
    quoted : bool
    actor : str
        The sort of the known actor that begins there, empty if none does.
    taken : str
        The stances that the sentence is labelled with, joined by ``|``.

    Returns
    -------
    list of Trait
    """
    traits = [("taken", stance) for stance in taken.split("|") if stance]
    if quoted:
        traits.append(("quoted", "yes"))
    if actor:
        traits.append(("actor", actor))
    return traits


def side_traits(tagged: Tagged, speaker: tuple[int, int] | None, held: str) -> list[list[Trait]]:
    """Return what is told of every token once the speaker is known, for the recipient's sake.

    Parameters
    ----------
    tagged : Tagged
    speaker : (int, int), optional
        First and last token of the speaker's name.
    held : str
        The stances whose recipient is wanted, joined by ``|``.

    Returns
    -------
    list of list of Trait
        One for each token.
    """
    stances = [("held", stance) for stance in held.split("|") if stance]
    n = len(tagged)
    if speaker is None:
        return [[("side", "none"), *stances]] * n
    first, last = speaker
    before, inside, after = ([("side", s), *stances] for s in ("before", "in", "after"))
    return [before] * first + [inside] * (last + 1 - first) + [after] * (n - last - 1)

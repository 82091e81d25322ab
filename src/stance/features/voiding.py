"""Acts that a sentence says are *not* done: negated, refused, denied, or only imagined.

"He did not call for a truce" holds the same words as the call itself.  The words of such an act are
taken out before anything is counted: each stands as one placeholder, so that scores stay sums over
words and the placeholder itself can be weighed.  The rules are those of negation scope detection
(Chapman et al. 2001, NegEx), with the cue classes of the lexicon as acts:

- a verb's negation voids the act that follows it at once, that of a copula the act within 4 tokens;
- a refusal or denial voids what follows, if there is an act in it, unless it is negated itself;
- a question, a condition or an expectation ("whether", "if", "is likely to") voids the first act within
  8 tokens, and what "would have been" (a past copula and a future verb) is void too;
- the scope ends with the sentence, at an adversative, at the next act joined by "and", at the next
  speech verb, and at the first comma behind the act.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ADVERSATIVE", "COPULA", "FUTURE", "JOINED", "NEGATOR", "PAST", "STOP", "VOID", "ActMasks", "role_of",
    "roles_of", "void_tokens",
]  # fmt: skip

VOID = "<void>"
"""What a voided word counts as; no text has such a token."""

NEGATOR, COPULA, ADVERSATIVE, STOP, JOINED, PAST, FUTURE = 1, 2, 4, 8, 16, 32, 64

_NEGATORS = frozenset(["لم", "لن", "لا"])
_COPULAS = frozenset(["ليس", "ليست", "ليسوا", "ليستا", "لسنا", "لست"])
_BEING = frozenset(["يكن", "تكن", "نكن", "اكن", "يكونوا", "يكونا", "تكونا", "نكون", "اكون", "تكون", "يكون"])
_PAST = frozenset(["كان", "كانت", "كانوا", "كنا", "كنت", "لكان", "لكانت"])
_ADVERSATIVES = frozenset(["بل", "لكن", "ولكن", "لكنه", "لكنها", "ولكنه", "ولكنها", "وانما", "انما", "الا"])
_FUTURES = ("سي", "ست", "سن", "سا")
_BEFORE_FUTURES = frozenset("سوف")
_STOPS = frozenset(".!?؟؛;\n")
# those further down come first: "لكن" is an adversative with its "and" as well
_ROLES = dict.fromkeys(_STOPS, STOP)
_ROLES |= {c + w: PAST for w in _PAST for c in ("", "و", "ف")}
_ROLES |= dict.fromkeys(_ADVERSATIVES, ADVERSATIVE)
_ROLES |= dict.fromkeys(_BEING, COPULA)
_ROLES |= {c + w: NEGATOR | COPULA for w in _COPULAS for c in ("", "و", "ف")}
_ROLES |= {c + w: NEGATOR for w in _NEGATORS for c in ("", "و", "ف")}
_OPENING = ("refusal", "denial")
_ACTS = (
    "aid", "alarm", "asking", "calling", "calm", "halting", "pledge", "praise", "readiness", "support_noun",
    "support_verb", "threat", "truce", "warning", "welcome",
)  # fmt: skip
_REPORTING = ("reporting",)
_UNREAL = ("unreal",)
_COPULA_REACH = 4
_UNREAL_REACH = 8
_REACH = 25


def role_of(norm: str) -> int:
    """Return what a word does to the acts around it, as a sum of flags.

    Parameters
    ----------
    norm : str
        A normalised word.

    Returns
    -------
    int
        :data:`NEGATOR`, :data:`COPULA` (a negated copula, or a form of "to be" behind a negator),
        :data:`ADVERSATIVE`, :data:`STOP`, :data:`PAST` (a past copula), :data:`FUTURE` (a future verb, if it
        is a verb), or 0.

    Examples
    --------
    >>> role_of("ولم") == NEGATOR, role_of("كتاب")
    (True, 0)
    """
    return roles_of([norm])[0]


def roles_of(norms: Sequence[str]) -> list[int]:
    """Return the roles of words; see :func:`role_of`."""
    get = _ROLES.get
    return [get(norm) or (_future(norm) if norm[:1] in _BEFORE_FUTURES else 0) for norm in norms]


def _future(norm: str) -> int:
    bare = norm[1:] if norm[:1] in ("و", "ف") else norm
    return FUTURE if len(norm) > 4 and bare.startswith(_FUTURES) else 0


class ActMasks:
    """Which cue classes are acts, which open a scope, and which are speech verbs."""

    def __init__(self, classes: tuple[str, ...]) -> None:
        self.act = np.array([c in _ACTS for c in classes], np.bool_)
        self.opening = np.array([c in _OPENING for c in classes], np.bool_)
        self.unreal = np.array([c in _UNREAL for c in classes], np.bool_)
        self.reporting = np.array([c in _REPORTING for c in classes], np.bool_)


def void_tokens(
    text: NDArray[np.int64],
    is_word: NDArray[np.bool_],
    roles: NDArray[np.int8],
    cue_token: NDArray[np.int64],
    cue_class: NDArray[np.int64],
    masks: ActMasks,
) -> NDArray[np.int64]:
    """List the tokens that belong to an act which is not done.

    Parameters
    ----------
    text : ndarray of int64, shape (n_tokens,)
        The text of each token, ascending.
    is_word : ndarray of bool, shape (n_tokens,)
    roles : ndarray of int8, shape (n_tokens,)
        As :func:`role_of`, and :data:`JOINED` where "and" is written to an act.
    cue_token, cue_class : ndarray of int64, shape (n_cues,)
    masks : ActMasks

    Returns
    -------
    ndarray of int64
        Ascending.
    """
    n = len(text)
    act, opening, reporting, unreal = (np.zeros(n, np.bool_) for _ in range(4))
    marks = ((act, masks.act), (opening, masks.opening), (reporting, masks.reporting), (unreal, masks.unreal))
    for where, mask in marks:
        where[cue_token[mask[cue_class]]] = True
    negator = (roles & NEGATOR) > 0
    opening[1:] &= ~(negator[:-1] & (text[1:] == text[:-1]))
    unreal |= ((roles & PAST) > 0) & masks.unreal.any()
    void: set[int] = set()
    for i in np.flatnonzero(negator | opening | unreal).tolist():
        end = min(i + 1 + _REACH, n)
        if opening[i]:
            start = i + 1
        elif negator[i]:
            start = _negated_act(i, end, text, is_word, roles, act)
        else:
            start = _imagined_act(i, end, text, is_word, roles, act)
        if start >= 0:
            void.update(_scope(i, start, end, text, is_word, roles, act, reporting))
    return np.array(sorted(void), np.int64)


def _imagined_act(
    i: int, end: int, text: NDArray[np.int64], is_word: NDArray[np.bool_], roles: NDArray[np.int8],
    act: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Return the token of the act that a question or condition is about, or -1."""
    past = roles[i] & PAST
    for j in range(i + 1, min(end, i + 1 + _UNREAL_REACH)):
        if text[j] != text[i] or not is_word[j]:
            return -1
        if act[j] and (not past or roles[j] & FUTURE):
            return j
    return -1


def _negated_act(
    i: int,
    end: int,
    text: NDArray[np.int64],
    is_word: NDArray[np.bool_],
    roles: NDArray[np.int8],
    act: NDArray[np.bool_],
) -> int:
    """Return the token of the act that a negation is about, or -1."""
    copula = roles[i] & COPULA or (i + 1 < end and text[i + 1] == text[i] and roles[i + 1] & COPULA)
    for j in range(i + 1, min(end, i + 2 + (_COPULA_REACH if copula else 0))):
        if text[j] != text[i] or not is_word[j]:
            return -1
        if act[j]:
            return j
    return -1


def _scope(
    i: int, start: int, end: int, text: NDArray[np.int64], is_word: NDArray[np.bool_],
    roles: NDArray[np.int8], act: NDArray[np.bool_], reporting: NDArray[np.bool_],
) -> list[int]:  # fmt: skip
    """Walk from the first token of a scope to its end; nothing, if there is no act in it."""
    seen, found = False, []
    for j in range(start, end):
        if text[j] != text[i] or roles[j] & (ADVERSATIVE | STOP):
            break
        if not is_word[j]:
            if seen:
                break
            continue
        if j > start and (roles[j] & JOINED or (reporting[j] and seen)):
            break
        seen |= bool(act[j])
        found.append(j)
    return found if seen else []

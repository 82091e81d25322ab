"""Cue classes: the words and phrases by which Arabic news expresses stances."""

from stance.lexicon.lexicon import Cue, Lexicon, Match, format_lexicon, parse_lexicon

__all__ = ["Cue", "Lexicon", "Match", "format_lexicon", "parse_lexicon"]

"""Cue classes: the words and phrases by which Arabic news expresses stances."""

from stance.lexicon.cues import Cue, format_lexicon, parse_lexicon
from stance.lexicon.lexicon import Lexicon, Match

__all__ = ["Cue", "Lexicon", "Match", "format_lexicon", "parse_lexicon"]

"""Arabic text: normalisation and tokens with their way back to the original."""

from stance.text.charmap import NORMALIZATION_VERSION
from stance.text.normalize import normalize
from stance.text.tokens import Token, tokenize, words

__all__ = ["NORMALIZATION_VERSION", "Token", "normalize", "tokenize", "words"]

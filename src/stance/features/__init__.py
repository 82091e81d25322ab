"""Additive features: of one word, of several words, and the scores that are sums of them."""

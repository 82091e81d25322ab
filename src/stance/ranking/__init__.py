"""Ranking of described things: tables of weights, what values weigh together, and how both are learned."""

from stance.ranking.factors import Factors, Numbers, number_values
from stance.ranking.tables import Description, Tables, score

__all__ = ["Description", "Factors", "Numbers", "Tables", "number_values", "score"]

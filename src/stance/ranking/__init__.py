"""Ranking of described things: tables of weights, what values weigh together, and how both are learned."""

from stance.ranking.factors import Factors, number_values
from stance.ranking.tables import Description, Tables, score

__all__ = ["Description", "Factors", "Tables", "number_values", "score"]

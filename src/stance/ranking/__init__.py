"""Linear ranking of described things: the weights as tables, and how they are learned."""

from stance.ranking.tables import Description, Tables, score

__all__ = ["Description", "Tables", "score"]

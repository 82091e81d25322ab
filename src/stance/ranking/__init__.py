"""Linear ranking of described things: the weights as tables, and how they are learned."""

from stance.ranking.tables import Description, PairTables, Tables, joined, score, score_both

__all__ = ["Description", "PairTables", "Tables", "joined", "score", "score_both"]

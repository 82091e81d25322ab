"""Training and measuring the reader: who speaks, and to whom."""

from stance.reader_training.clusters import cluster_words, word_vectors
from stance.reader_training.fit import ReaderConfig, train_reader
from stance.reader_training.measure import ReaderScores, cross_validate, find_names, measure_reader, same_name
from stance.reader_training.network import NetworkConfig

__all__ = [
    "NetworkConfig",
    "ReaderConfig",
    "ReaderScores",
    "cluster_words",
    "cross_validate",
    "find_names",
    "measure_reader",
    "same_name",
    "train_reader",
    "word_vectors",
]

"""Who stands how towards whom, summed over many articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree as ET

from stance.statements.events import Event

__all__ = ["Edge", "Graph", "graphml"]

_SIGN = {"positive": 1, "negative": -1}
_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class Edge:
    """All events of one stance from one actor to another.

    Attributes
    ----------
    source, target : str
        The actors: countries, organisations and groups by their English name, others as the texts
        name them.
    stance : str
    count : int
        How many events there are.
    probability : float
        Mean probability of the stance.
    sentiment : float
        Mean sentiment, from -1 (all negative) to 1.
    """

    source: str
    target: str
    stance: str
    count: int
    probability: float
    sentiment: float

    def to_dict(self) -> dict[str, Any]:
        """Return the edge as plain data, in the order of the columns of files.

        Returns
        -------
        dict of str to object
        """
        return {
            **asdict(self),
            "probability": round(self.probability, 6),
            "sentiment": round(self.sentiment, 6),
        }


class Graph:
    """Sums events as they come; its size depends on the actors, not on the articles.

    Parameters
    ----------
    roles : bool, default False
        Whether the government, the army and the others of a country are actors apart.

    Attributes
    ----------
    n_events : int
        How many events were added.
    n_open : int
        How many of them have no speaker or no recipient and are in no edge.

    Examples
    --------
    >>> import stance
    >>> graph = Graph()
    >>> graph.add(stance.read("حذرت ألمانيا إيران من إغلاق المضيق. ثم حذرت الحكومة الألمانية طهران من التصعيد.").events())
    >>> [(e.source, e.target, e.stance, e.count) for e in graph.edges()]
    [('Germany', 'Iran', 'warning', 2)]
    """

    def __init__(self, roles: bool = False) -> None:
        self.roles = roles
        self.n_events = 0
        self.n_open = 0
        self._sums: dict[tuple[str, str, str], list[float]] = {}

    def add(self, events: Iterable[Event]) -> None:
        """Add the events of an article.

        Parameters
        ----------
        events : iterable of Event
        """
        for event in events:
            self.n_events += 1
            source, target = event.source, event.target
            if not source or not target:
                self.n_open += 1
                continue
            if self.roles:
                source = _with_role(source, event.speaker_name, event.speaker_role)
                target = _with_role(target, event.recipient_name, event.recipient_role)
            sums = self._sums.setdefault((source, target, event.stance), [0, 0.0, 0.0])
            sums[0] += 1
            sums[1] += event.probability
            sums[2] += _SIGN.get(event.sentiment, 0)

    def edges(self) -> list[Edge]:
        """Return the sums.

        Returns
        -------
        list of Edge
            Those of most events first, then by name.
        """
        found = [
            Edge(*key, int(n), probability / n, sentiment / n)
            for key, (n, probability, sentiment) in self._sums.items()
        ]
        return sorted(found, key=lambda e: (-e.count, e.source, e.target, e.stance))


def _with_role(actor: str, name: str, role: str) -> str:
    return f"{actor} {role}" if name and role else actor


def graphml(edges: Iterable[Edge]) -> str:
    """Write edges as GraphML, which Gephi, yEd, igraph and networkx read.

    Parameters
    ----------
    edges : iterable of Edge

    Returns
    -------
    str
        A directed graph (U. Brandes et al. 2002, GraphML Progress Report); one edge for each pair and stance.

    Examples
    --------
    >>> graphml([Edge("Germany", "Iran", "warning", 2, 0.9, -1.0)]).count("<edge")
    1
    """
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    keys = (("name", "node", "string"), ("stance", "edge", "string"), ("count", "edge", "int"),
            ("probability", "edge", "double"), ("sentiment", "edge", "double"))  # fmt: skip
    for name, target, kind in keys:
        ET.SubElement(root, "key", {"id": name, "for": target, "attr.name": name, "attr.type": kind})
    graph = ET.SubElement(root, "graph", edgedefault="directed")
    edges = list(edges)
    names = sorted({name for e in edges for name in (e.source, e.target)})
    number = {name: f"n{i}" for i, name in enumerate(names)}
    for name in names:
        _data(ET.SubElement(graph, "node", id=number[name]), "name", name)
    for i, edge in enumerate(edges):
        found = ET.SubElement(
            graph, "edge", id=f"e{i}", source=number[edge.source], target=number[edge.target]
        )
        for key, value in list(edge.to_dict().items())[2:]:
            _data(found, key, str(value))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _data(parent: ET.Element, key: str, value: str) -> None:
    ET.SubElement(parent, "data", key=key).text = _NO_XML.sub("", value)

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from stance.pages import graph_page
from stance.statements import Edge, Event, Graph, graphml


def event(source, target, stance="warning", sentiment="negative", probability=0.8, names=True):
    return Event(
        speaker=f"نص {source}",
        speaker_name=source if names else "",
        speaker_country="",
        speaker_role="GOV",
        stance=stance,
        cameo="",
        plover="",
        recipient=f"نص {target}" if target else "",
        recipient_name=target if names else "",
        recipient_country="",
        recipient_role="",
        sentiment=sentiment,
        probability=probability,
        start=0,
        end=1,
        quote_start=0,
        quote_end=1,
        quote="نص",
    )


def test_events_are_summed():
    graph = Graph()
    graph.add([event("A", "B"), event("A", "B", sentiment="positive", probability=0.6), event("B", "A")])
    graph.add([event("A", ""), event("A", "B", "supportive")])
    assert graph.edges() == [
        Edge("A", "B", "warning", 2, pytest.approx(0.7), 0.0),
        Edge("A", "B", "supportive", 1, 0.8, -1.0),
        Edge("B", "A", "warning", 1, 0.8, -1.0),
    ]
    assert (graph.n_events, graph.n_open) == (5, 1)


def test_roles_and_unknown_names():
    graph = Graph(roles=True)
    graph.add([event("A", "B"), event("A", "B", names=False)])
    assert {(e.source, e.target) for e in graph.edges()} == {("A GOV", "B"), ("نص A", "نص B")}


@pytest.mark.parametrize(
    ("name", "summed"),
    [
        ("للشعب\nاليمني", "الشعب اليمني"),
        ("للجنة الدولية", "اللجنة الدولية"),
        ("للجنود", "الجنود"),
        ("للا سلمى", "للا سلمى"),
    ],
)
def test_names_are_summed_without_to_before_them(name, summed):
    found = event("A", "B", names=False)
    assert [replace(found, speaker=name).source, replace(found, recipient=name).target] == [summed, summed]


def test_page_names_actors_in_arabic_and_as_files_do():
    page = graph_page([Edge("Germany", "سكان الحي", "warning", 2, 0.9, 0.1)], 1, 2, 0)
    assert page.count("ألمانيا") == 3  # the head of a row, what its cell says, and the list
    assert page.count(">Germany<") == 1


def test_graphml_is_xml_whatever_the_names():
    name = 'و<b>&"\x00\x1b'
    root = ET.fromstring(graphml([Edge(name, "B", "warning", 2, 0.5, -0.5)]))  # noqa: S314  # our own output
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert [d.text for d in root.findall(".//g:node/g:data", space)] == ["B", 'و<b>&"']
    values = {d.get("key"): d.text for d in root.findall(".//g:edge/g:data", space)}
    assert values == {"stance": "warning", "count": "2", "probability": "0.5", "sentiment": "-0.5"}
    assert len(root.findall("g:key", space)) == 5


def test_page_escapes_every_name_and_loads_nothing():
    bad = "<script>alert(1)</script>"
    page = graph_page([Edge(bad, 'ا"onmouseover="x', bad, 3, 0.9, 0.1)], 1, 3, 0)
    assert "<script" not in page
    assert '"onmouseover="' not in page
    assert "default-src 'none'" in page
    assert "http:" not in page
    assert "https:" not in page


def test_page_without_edges():
    assert "no events" in graph_page([], 0, 0, 0)

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_texts

from stance.cli.table import palette, render, wrap
from stance.labels import STANCES
from stance.text.cells import cell_width, clean


@pytest.mark.parametrize(
    ("text", "width"), [("هُدْنَة", 4), ("abc", 3), ("和平", 4), ("\u2068ا\u2069", 1), ("", 0)]
)
def test_cell_width(text, width):
    assert cell_width(text) == width


@given(any_texts, st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(text, width)
    assert lines
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


@given(st.lists(st.tuples(any_texts, any_texts), max_size=4))
def test_no_line_is_wider_than_the_table_and_every_isolate_is_closed(rows):
    text = render(["a", "b"], rows, [10, 20], {}, prose=[1], below=[text for _, text in rows])
    for line in text.splitlines():
        assert cell_width(line) <= 32
        assert line.count("\u2068") == line.count("\u2069")


def test_terminal_controls_in_a_text_do_nothing():
    assert "\x1b" not in render(["a"], [["\x1b[31mنص\x07"]], [20], {})


def test_colour_marks_labels_only_where_wanted():
    colours = palette(STANCES, True)
    assert "\x1b[38;5;166mwarning" in render(["a"], [["warning"]], [10], colours)
    several = render(["a"], [["warning ceasefire"]], [20], colours)
    assert "\x1b[38;5;166mwarning\x1b[0m \x1b[38;5;32mceasefire\x1b[0m" in several
    assert "\x1b" not in render(["a"], [["warning"]], [10], palette(STANCES, False))


def test_sentences_stand_where_their_reading_begins():
    text = render(["a", "b"], [["1", "نص قصير"], ["2", "short"]], [3, 20], {}, prose=[1])
    arabic, latin = text.splitlines()[2:]
    assert cell_width(arabic) == 25
    assert latin == "2    short"
    below = render(["a", "b"], [["1", "x"]], [3, 20], {}, below=["نص قصير"]).splitlines()[-1]
    assert cell_width(below) == 25
    assert below.startswith("     ")

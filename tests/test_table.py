import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_texts

from stance.cli.table import cell_width, clean, render, wrap


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
    text = render(["a", "b"], rows, [10, 20], colour=False)
    for line in text.splitlines():
        assert cell_width(line) <= 32
        assert line.count("\u2068") == line.count("\u2069")


def test_terminal_controls_in_a_text_do_nothing():
    assert "\x1b" not in render(["a"], [["\x1b[31mنص\x07"]], [20], colour=False)


def test_colour_marks_labels_only_where_wanted():
    assert "\x1b[33mwarning" in render(["a"], [["warning"]], [10], colour=True)
    assert "\x1b" not in render(["a"], [["warning"]], [10], colour=False)

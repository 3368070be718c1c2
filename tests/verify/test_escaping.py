"""What foreign text becomes in each form, read back by that form's own rules."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.nasty import NASTY
from verify.formats.escaping import (
    for_csv,
    for_html,
    for_latex,
    for_markdown,
    latex_code,
    markdown_code,
    on_one_line,
    visible,
)

ANY = st.text(st.characters(exclude_categories=[]), max_size=40) | st.sampled_from(NASTY)
STEERING = "\x00\x08\x0b\x0c\r\x1b\x7f\x85\x9b\u202a\u202e\u2066\u2069\ud800\udfff\ufffe\uffff"


class Reader(HTMLParser):
    """What a browser makes of it: the text, and every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@given(ANY)
def test_what_steers_is_seen_and_utf_8_can_hold_it(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(STEERING)
    assert shown.encode().decode() == shown
    assert len(shown) == len(text)
    assert all(new in (old, "\ufffd") for new, old in zip(shown, text, strict=True))


def test_greek_and_line_ends_stay() -> None:
    assert visible("σ ≤ 😀\n\t") == "σ ≤ 😀\n\t"
    assert on_one_line(" a\r\n\tb ") == "a\ufffd b"


@given(ANY)
def test_html_is_read_back_as_the_text(text: str) -> None:
    reader = read(f'<p title="{for_html(text)}">{for_html(text)}</p>')
    assert reader.tags == [("p", [("title", visible(text))])]
    assert reader.text == visible(text)


@given(ANY)
def test_markdown_prose_leaves_no_sign_that_means_something(text: str) -> None:
    written = for_markdown(text)
    assert re.sub(r"\\([\\`*_\[\]{}<>&|$~#@])", r"\1", written) == on_one_line(text)
    assert not re.search(r"[`*_\[\]{}<>&|$~#@]", re.sub(r"\\.", "", written))


@given(ANY)
def test_a_code_span_ends_only_where_it_should(text: str) -> None:
    span = markdown_code(text)
    fence = re.match("`+", span)
    assert fence is not None
    runs = re.findall("`+", span)
    assert runs.count(fence[0]) == 2
    assert span.endswith(fence[0])
    assert not re.search(r"(?<!\\)\|", span)


@given(ANY)
def test_latex_has_no_command_but_those_of_the_table(text: str) -> None:
    known = (
        r"textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar|textquotesingle|textquotedbl|"
        r"textasciigrave|ensuremath|pm|times|infty|cdot|surd|dots|allowbreak|texttt"
    )
    for written in (for_latex(text), latex_code(text)):
        assert written.isascii()
        assert set(re.findall(r"\\([A-Za-z]+)", written)) <= set(known.split("|"))
        bare = re.sub(r"\\[{}$&%#_]", "", written)
        assert not re.search(r"[$&%#_^~<>|\"`]", bare)
        depth = 0
        for sign in bare:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"\input", r"\textbackslash{}input"),
        ("100 %", r"100 \%"),
        ("a_b", r"a\_b"),
        ("--", "{-}{-}"),
        ("σ", "[U+03C3]"),
        ("✓", r"\ensuremath{\surd}"),
    ],
)
def test_latex_by_hand(text: str, written: str) -> None:
    assert for_latex(text) == written


def test_code_may_break_after_an_operator_but_not_inside_a_power() -> None:
    assert latex_code("2*x**3+y") == r"\texttt{2*\allowbreak{}x**\allowbreak{}3+\allowbreak{}y}"
    assert latex_code("a, b") == r"\texttt{a,\allowbreak{} b}"


@given(ANY)
def test_no_spreadsheet_computes_a_text(text: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow([for_csv(visible(text)), "end"])
    ((cell, end),) = csv.reader(io.StringIO(stream.getvalue()))
    assert end == "end"
    assert cell.removeprefix("'") == visible(text).removeprefix("'")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))

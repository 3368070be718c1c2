"""How wide a formula is on the page, about, and where a line may end in it: MathML Core breaks no lines itself."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

__all__ = ["parts_of_sum", "width_in_em"]

_LETTER = 0.62  # of a letter or a sign, with what stands around it; capitals and signs are wider, i and l are not
_SMALL = 0.75  # of a script
_OPERATORS = frozenset("=+\N{MINUS SIGN}<>\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}")
_BREAK_BEFORE, _OPENS, _CLOSES = frozenset("+-\N{MINUS SIGN}"), frozenset("([{"), frozenset(")]}")
_NO_BREAK_AFTER = _OPENS | frozenset("=,")
_DEEPEST = 3
_ONE_LINE = 40.0  # em
_SPACE = 0.55  # on both sides of an operator, together


def parts_of_sum(mathml: str) -> list[str]:
    """The row in parts that fit on a line, if it can be: cut before plus and minus, within brackets where it has to be.

    What stands in a fraction, a root or a power is never cut. A row that is short is left whole.
    """
    if width_in_em(mathml) <= _ONE_LINE:
        return [mathml]
    row = list(_flat(ET.fromstring(f"<mrow>{mathml}</mrow>")))
    parts = [row]
    for depth in range(_DEEPEST + 1):
        parts = _cut(row, depth)
        if max(sum(map(_width, part)) for part in parts) <= _ONE_LINE:
            break
    return ["".join(ET.tostring(child, encoding="unicode") for child in part) for part in parts]


def _flat(row: ET.Element) -> Iterator[ET.Element]:
    """The elements of a row and of the rows in it."""
    for child in row:
        if child.tag == "mrow":
            yield from _flat(child)
        else:
            yield child


def _cut(row: list[ET.Element], deepest: int) -> list[list[ET.Element]]:
    """Before each sign that stands in so many brackets at most, and behind something that it can be added to."""
    parts: list[list[ET.Element]] = [[]]
    depth, before = 0, "="
    for child in row:
        sign = (child.text or "") if child.tag == "mo" else ""
        if depth <= deepest and sign in _BREAK_BEFORE and before not in _NO_BREAK_AFTER:
            parts.append([])
        depth += (sign in _OPENS) - (sign in _CLOSES)
        before = sign
        parts[-1].append(child)
    return parts


def width_in_em(mathml: str) -> float:
    """The width of a row of elements of MathML Core; rather too large than too small."""
    return _width(ET.fromstring(f"<mrow>{mathml}</mrow>"))


def _width(node: ET.Element) -> float:
    text = (node.text or "").strip()
    match node.tag.rpartition("}")[2]:
        case "mo":
            return _LETTER * len(text) + _SPACE * (text in _OPERATORS) if text != "\N{INVISIBLE TIMES}" else 0.1
        case "mfrac":
            return max(map(_width, node)) + 0.3
        case "msqrt":
            return sum(map(_width, node)) + 0.9
        case "msup" | "msub" | "msubsup" | "munder" | "mover" | "munderover" | "mroot":
            base, *scripts = map(_width, node)
            return base + _SMALL * (sum(scripts) if node.tag != "msubsup" else max(scripts)) + 0.1
        case "mtable":
            rows = [[_width(cell) for cell in row] for row in node]
            return sum(map(max, zip(*rows, strict=False))) + 0.8 * len(rows[0]) if rows else 0.0
        case "mtext" | "mi" | "mn" | "ms":
            return _LETTER * len(text)
    return sum(map(_width, node))

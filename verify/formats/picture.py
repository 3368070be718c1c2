"""A picture as inline SVG, by matplotlib if it is there: in the colours of the page, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["BAND", "FIRST", "RIGHT", "SECOND", "TEXT", "WRONG", "Plot", "drawn", "plots_are_possible"]

# Stand-ins, as matplotlib knows no colours of the page; no other part of a picture has them.
TEXT, BAND, RIGHT, WRONG, FIRST, SECOND = "#010203", "#040506", "#070809", "#0a0b0c", "#0d0e0f", "#101112"
_ON_PAGE = {
    TEXT: "currentColor",
    BAND: "var(--pass-ground)",
    RIGHT: "var(--link)",
    WRONG: "var(--fail)",
    FIRST: "var(--first)",
    SECOND: "var(--second)",
}


@dataclass(frozen=True)
class Plot:
    """`svg` can stand in a page; `title` and `said` are plain text, and tell what it shows to who does not see it."""

    name: str
    title: str
    said: str
    svg: str


def plots_are_possible() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def drawn(name: str, size: tuple[float, float], draw: Callable[[Figure], None]) -> str:
    """The SVG of what `draw` puts into a figure of this size, in inches of 72 points.

    The same numbers give the same bytes: no date, and names of parts that hang on nothing but `name`.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": name,
            "font.size": 10.0,
            "axes.linewidth": 0.6,
            "axes.edgecolor": TEXT,
            "axes.labelcolor": TEXT,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.color": TEXT,
            "xtick.color": TEXT,
            "ytick.color": TEXT,
        }
    ):
        figure = Figure(figsize=size)
        draw(figure)
        stream = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(stream, format="svg", transparent=True, metadata=nothing)
    return _for_page(stream.getvalue(), name)


def _for_page(svg: str, name: str) -> str:
    """The element alone, in the colours and letters of the page, with names of its own, as short as can be."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<style[^>]*>.*?</style>|<!--.*?-->|<metadata.*?</metadata>", "", svg, flags=re.DOTALL)
    pointed = set(re.findall(r'(?:href="|url\()#([^")]*)', svg))
    svg = re.sub(r"<[^>]*>", lambda tag: _shortened(tag[0], pointed, name), svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    svg = re.sub(r"<defs>\n</defs>\n", "", svg)
    svg = re.sub(r"<g>\n(<(?:use|path)[^>]*>|<text.*?</text>)\n</g>", r"\1", svg)
    for stand_in, colour in _ON_PAGE.items():
        svg = svg.replace(stand_in, colour)
    return svg.replace("<svg ", f'<svg role="img" aria-labelledby="{name}-title" aria-describedby="{name}-said" ', 1)


def _shortened(tag: str, pointed: set[str], name: str) -> str:
    """A tag without what is said elsewhere, its numbers in tenths of a point."""
    if tag.startswith("<svg"):
        return re.sub(r' (?:width|height)="[^"]*"', "", tag)
    tag = re.sub(r"font-family: [^;\"]*;? ?|stroke-dashoffset: 0; ?|stroke-line(?:join|cap): \w+;? ?", "", tag)
    tag = re.sub(r' transform="rotate\(-0 [^"]*"', "", tag)
    tag = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in pointed else "", tag)
    tag = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", tag)
    tag = re.sub(r"\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", tag)
    return re.sub(r"\s+", " ", tag)

"""Pictures of a report as inline SVG, by matplotlib if it is there: how far means and variances are from exact ones."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from verify.finding import Finding, Tier, Verdict
from verify.formats.numbers import percent
from verify.report import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Plot", "plots", "plots_are_possible"]

# Stand-ins, as matplotlib knows no colours of the page; no other part of a picture has them.
_TEXT, _BAND, _RIGHT, _WRONG = "#010203", "#040506", "#070809", "#0a0b0c"
_ON_PAGE = {_TEXT: "currentColor", _BAND: "var(--pass-ground)", _RIGHT: "var(--link)", _WRONG: "var(--fail)"}
_SIZE = (9.0, 2.8)  # inches of 72 points


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


def plots(report: Report) -> list[Plot]:
    """The pictures for which the report has numbers; none without matplotlib."""
    if not plots_are_possible():
        return []
    made = (_means(report.findings), _variances(report.findings))
    return [plot for plot in made if plot is not None]


def _means(findings: Sequence[Finding]) -> Plot | None:
    shown = [
        finding
        for finding in findings
        if (finding.check, finding.tier) == ("bias", Tier.MONTE_CARLO)
        and None not in (finding.exact, finding.estimate)
        and finding.standard_error
        and finding.alpha
    ]
    if not shown:
        return None
    scores = [_score(finding) for finding in shown]
    from statistics import NormalDist

    line = -NormalDist().inv_cdf(min(finding.alpha or 1.0 for finding in shown) / 2)

    def draw(axes: Axes) -> None:
        for height in (-line, line):
            axes.axhline(height, color=_TEXT, linestyle="--", linewidth=0.8)
        if max(map(abs, scores)) > 4 * line:
            axes.set_yscale("symlog", linthresh=line)
        axes.set_ylabel("(estimate - exact) / s.e.")

    said = (
        f"Each point is one mean of draws, in the order of the problems: {len(shown)} of them, from "
        f"{min(scores):.3g} to {max(scores):.3g} standard errors from the exact gradient. The dashed lines, at "
        f"±{line:.2f}, are those of a z-test with the false-alarm rate of one verdict; the verdicts themselves rest on "
        f"a test that holds at every number of draws. A cross is not a PASS: there are {_crosses(shown)}."
    )
    return Plot("z-scores", "Means against exact gradients", said, _svg("z-scores", "mean", shown, scores, draw))


def _score(finding: Finding) -> float:
    assert finding.estimate is not None
    assert finding.exact is not None
    assert finding.standard_error
    return (finding.estimate - finding.exact) / finding.standard_error


def _variances(findings: Sequence[Finding]) -> Plot | None:
    shown = [
        finding
        for finding in findings
        if (finding.check, finding.tier) == ("variance", Tier.MONTE_CARLO)
        and finding.exact_variance
        and None not in (finding.measured_variance, finding.resolution)
    ]
    if not shown:
        return None
    ratios = [(finding.measured_variance or 0.0) / (finding.exact_variance or 1.0) for finding in shown]
    width = max(finding.resolution or 0.0 for finding in shown)

    def draw(axes: Axes) -> None:
        axes.axhspan(1 - width, 1 + width, color=_BAND, linewidth=0)
        axes.axhline(1, color=_TEXT, linewidth=0.8)
        if max(ratios) > 4:
            axes.set_yscale("symlog", linthresh=1)
        axes.set_ylabel("measured / exact")

    said = (
        f"Each point is one measured variance, in the order of the problems: {len(shown)} of them, from "
        f"{min(ratios):.3g} to {max(ratios):.3g} of the exact ones. The band, {percent(width)} to either side, is what "
        f"a PASS certifies. A cross is not a PASS: there are {_crosses(shown)}."
    )
    return Plot(
        "variances", "Measured against exact variances", said, _svg("variances", "variance", shown, ratios, draw)
    )


def _crosses(shown: Sequence[Finding]) -> str:
    return str(sum(finding.verdict != Verdict.PASS for finding in shown) or "none")


def _svg(name: str, what: str, shown: Sequence[Finding], heights: Sequence[float], draw: Callable[[Axes], None]) -> str:
    """The same numbers give the same bytes: no date, and names of parts that hang on nothing but `name`."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": name,
            "font.size": 10.0,
            "axes.linewidth": 0.6,
            "axes.edgecolor": _TEXT,
            "axes.labelcolor": _TEXT,
            "text.color": _TEXT,
            "xtick.color": _TEXT,
            "ytick.color": _TEXT,
        }
    ):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        for marker, colour, wanted in (("o", _RIGHT, True), ("x", _WRONG, False)):
            here = [place for place, finding in enumerate(shown) if (finding.verdict == Verdict.PASS) == wanted]
            axes.plot(
                [place + 1 for place in here],
                [heights[place] for place in here],
                linestyle="",
                marker=marker,
                markersize=4 if wanted else 7,
                color=colour,
            )
        axes.set_xlim(0, len(shown) + 1)
        axes.set_xlabel(what)
        axes.spines[["top", "right"]].set_visible(False)
        stream = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(stream, format="svg", transparent=True, metadata=nothing)
    return _for_page(stream.getvalue(), name)


def _for_page(svg: str, name: str) -> str:
    """The element alone, in the colours of the page, with names of its own; without rules that reach beyond it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'<svg ([^>]*?)width="[^"]*"', r"<svg \1", svg, count=1)
    svg = re.sub(r'<svg ([^>]*?)height="[^"]*"', r"<svg \1", svg, count=1)
    for stand_in, colour in _ON_PAGE.items():
        svg = svg.replace(stand_in, colour)
    return svg.replace("<svg ", f'<svg role="img" aria-labelledby="{name}-title" aria-describedby="{name}-said" ', 1)

"""The picture of one case: how the running means went within their bands, and how the draws are spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verify.deciding.trace import Running, Trace
from verify.finding import Finding, worst
from verify.formats.numbers import draws as counted
from verify.formats.numbers import percent, significant
from verify.formats.picture import FIRST, SECOND, TEXT, Plot, drawn, plots_are_possible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draws_plot"]

_SIZE = (9.0, 3.0)  # inches of 72 points
_LOOKS = 24
_BINS = 60
_EDGE = 0.001  # of the draws of an estimator may lie beyond either end of the histogram
_MOST_TICKS = 6
_STYLES = ((FIRST, "-"), (SECOND, "--"), (FIRST, "-."), (SECOND, (0, (1, 1))))  # told apart without colours, too


@dataclass(frozen=True)
class _Line:
    """One estimator."""

    name: str
    trace: Trace
    running: tuple[Running, ...]
    draws: NDArray[np.float64]


def draws_plot(findings: Sequence[Finding], name: str) -> Plot | None:
    """The estimators of one derivative of a case: one that did not pass, if there is one, else the first.

    None without draws, or without matplotlib.
    """
    drawn_for = [finding for finding in findings if finding.trace is not None]
    if not drawn_for or not plots_are_possible():
        return None
    verdict = worst(finding.verdict for finding in drawn_for)
    wrt = next(finding.wrt for finding in drawn_for if finding.verdict == verdict)
    lines = [
        _Line(finding.estimator, trace, trace.running(_LOOKS), trace.first_draws())
        for finding in drawn_for
        if finding.wrt == wrt and (trace := finding.trace) is not None
    ]
    low, high, beyond = _range(lines)

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(
            1, 2, gridspec_kw={"left": 0.08, "right": 0.99, "bottom": 0.15, "top": 0.9, "wspace": 0.25}
        )
        _running_means(left, lines)
        _histogram(right, lines, low, high)

    alpha = max(line.trace.test.design.claim.alpha for line in lines)
    estimated = any(finding.guarantee != "proven" for finding in drawn_for if finding.wrt == wrt)
    provided = ", if the variance of a draw is at most what is taken for it from a pilot" if estimated else ""
    words = (
        "Left: the mean of the first draws, by their number, in a band that holds the true mean at every look at once",
        f"but for a probability of {alpha:.2g}{provided}.",
        f"When the exact gradient, {significant(lines[0].trace.exact)}, dotted, leaves the band, the verdict is FAIL.",
        "; ".join(_told(line) for line in lines) + ".",
        f"Right: in which of {_BINS} bins the first {counted(lines[0].draws.size)} draws are;",
        f"beyond the ends lie {percent(beyond)} of them, at most.",
    )
    return Plot(name, f"Draws for d/d{wrt} E[f(x)]", " ".join(words), drawn(name, _SIZE, draw))


def _told(line: _Line) -> str:
    if not line.running:
        return f"{line.name}: too few draws for a band"
    last = line.running[-1]
    ends = f"[{significant(last.low)}, {significant(last.high)}]"
    return f"{line.name}: {significant(last.mean)} in {ends} after {counted(last.draws)} draws"


def _running_means(axes: Axes, lines: Sequence[_Line]) -> None:
    axes.axhline(lines[0].trace.exact, color=TEXT, linestyle=":", linewidth=1.0)
    axes.set_xscale("log")
    for line, (colour, style) in zip(lines, cycle(_STYLES), strict=False):
        places = [point.draws for point in line.running]
        ends = [point.low for point in line.running], [point.high for point in line.running]
        axes.fill_between(places, *ends, color=colour, alpha=0.2, linewidth=0)
        for end in ends:
            axes.plot(places, end, color=colour, linestyle=style, linewidth=0.5)
        axes.plot(places, [point.mean for point in line.running], color=colour, linestyle=style, linewidth=1.4)
        for last in line.running[-1:]:  # seen even if it is the only one
            axes.plot([last.draws] * 2, [last.low, last.high], color=colour, marker="_", markersize=7, linewidth=1.0)
            axes.plot([last.draws], [last.mean], color=colour, marker="o", markersize=3.5)
    ticks = _round_numbers([point.draws for line in lines for point in line.running])
    axes.set_xticks(ticks, [counted(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("draws")
    axes.set_ylabel("mean of the draws")


def _round_numbers(places: Sequence[int]) -> list[int]:
    """1, 2, 5, 10, 20, 50, ... as far as they lie among the places, else their ends; of many, the powers of ten."""
    low, high = min(places, default=1), max(places, default=1)
    powers = [10**k for k in range(len(str(high)) + 1)]
    found = [tick for power in powers for tick in (power, 2 * power, 5 * power) if low <= tick <= high]
    if not found:
        return sorted({low, high})
    return found if len(found) <= _MOST_TICKS else [tick for tick in found if tick in powers]


def _histogram(axes: Axes, lines: Sequence[_Line], low: float, high: float) -> None:
    axes.axvline(lines[0].trace.exact, color=TEXT, linestyle=":", linewidth=1.0)
    axes.set_yscale("log")
    edges = np.linspace(low, high, _BINS + 1)
    for line, (colour, style) in zip(lines, cycle(_STYLES), strict=False):
        counts, _ = np.histogram(line.draws, edges)
        shares = counts / line.draws.size
        axes.stairs(shares, edges, color=colour, linestyle=style, linewidth=1.2, label=line.name.replace("$", r"\$"))
    axes.set_ylim(0.5 / lines[0].draws.size, 1.0)
    ticks = [0.1**k for k in range(5)]
    axes.set_yticks(ticks, [percent(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("one draw")
    axes.set_ylabel("share of the draws")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0, ncols=4, frameon=False, labelcolor=TEXT)


def _range(lines: Sequence[_Line]) -> tuple[float, float, float]:
    """Where the histogram begins and ends, the exact gradient within it, and the largest share of draws beyond it."""
    low, high = _ends(lines, _EDGE)
    if low == high:  # draws that are rarely not 0 differ at their ends only
        low, high = _ends(lines, 0.0)
    beyond = max(float(((line.draws < low) | (line.draws > high)).mean()) for line in lines)
    return low, high, beyond


def _ends(lines: Sequence[_Line], edge: float) -> tuple[float, float]:
    exact = lines[0].trace.exact
    ends = [np.quantile(line.draws, (edge, 1 - edge)).tolist() for line in lines]
    return min(exact, *(first for first, _ in ends)), max(exact, *(last for _, last in ends))

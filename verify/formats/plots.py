"""Pictures of a whole report: how far means and variances are from the exact ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from verify.finding import Finding, Tier, Verdict
from verify.formats.numbers import percent
from verify.formats.picture import BAND, RIGHT, TEXT, WRONG, Plot, drawn, plots_are_possible
from verify.report import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plots"]

_FEW = 3  # powers of ten between which there are ticks, too
_SIZE = (9.0, 2.8)  # inches of 72 points


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
            axes.axhline(height, color=TEXT, linestyle="--", linewidth=0.8)
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
        axes.axhspan(1 - width, 1 + width, color=BAND, linewidth=0)
        axes.axhline(1, color=TEXT, linewidth=0.8)
        if max(ratios) > 4:
            axes.set_yscale("symlog", linthresh=1)
            ticks = _round_ratios(max(ratios))
            axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_ylabel("measured / exact")

    said = (
        f"Each point is one measured variance, in the order of the problems: {len(shown)} of them, from "
        f"{min(ratios):.3g} to {max(ratios):.3g} of the exact ones. The band, {percent(width)} to either side, is what "
        f"a PASS certifies. A cross is not a PASS: there are {_crosses(shown)}."
    )
    return Plot(
        "variances", "Measured against exact variances", said, _svg("variances", "variance", shown, ratios, draw)
    )


def _round_ratios(most: float) -> list[float]:
    """0, 1, 2, 5, 10, ... up to `most`; where that is far, some of the powers of ten."""
    powers = [10.0**k for k in range(math.floor(math.log10(most)) + 1)]
    if len(powers) < _FEW:
        return [0.0, *(size * power for power in powers for size in (1, 2, 5) if size * power <= most)]
    return [0.0, *powers[:: -(-len(powers) // _FEW)]]


def _crosses(shown: Sequence[Finding]) -> str:
    return str(sum(finding.verdict != Verdict.PASS for finding in shown) or "none")


def _svg(name: str, what: str, shown: Sequence[Finding], heights: Sequence[float], draw: Callable[[Axes], None]) -> str:
    def scatter(figure: Figure) -> None:
        axes = figure.subplots(gridspec_kw={"left": 0.09, "right": 0.99, "bottom": 0.16, "top": 0.97})
        draw(axes)
        for marker, colour, wanted in (("o", RIGHT, True), ("x", WRONG, False)):
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

    return drawn(name, _SIZE, scatter)

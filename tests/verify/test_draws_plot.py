"""The picture of a case: the means, the bands and the shares of the draws stand where their numbers put them."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from tests.verify.samples import a_case
from verify.campaign import run_campaign
from verify.case import Case, Settings
from verify.deciding.trace import Trace
from verify.finding import Finding, Verdict
from verify.formats.draws_plot import draws_plot
from verify.formats.html_report import html_page
from verify.formats.picture import Plot
from verify.report import Report

SVG = "{http://www.w3.org/2000/svg}"

pytest.importorskip("matplotlib", reason="the extra [plot] is not installed")


@pytest.fixture(scope="module")
def report() -> Report:
    cases = [Case("x**2", at={"mu": "1", "sigma": "1/2"}), Case("x", at={"mu": "1", "sigma": "1"})]
    return run_campaign(cases, [], Settings(resolution=0.02), command="")


@pytest.fixture(scope="module")
def plot(report: Report) -> Plot:
    made = draws_plot(square(report), "name")
    assert made is not None
    return made


def square(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.cost == "x**2"]


def traces(report: Report, wrt: str = "mu") -> list[Trace]:
    return [f.trace for f in square(report) if f.wrt == wrt and f.trace is not None]


def curves(plot: Plot, colour: str, width: str) -> list[list[tuple[float, float]]]:
    """The lines of a colour and a width, as points."""
    paths = [path.attrib for path in ET.fromstring(plot.svg).iter(f"{SVG}path") if "style" in path.attrib]
    style = f"stroke: var(--{colour}); stroke-width: {width}"
    return [
        [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", path["d"])]
        for path in paths
        if style in path["style"]
    ]


@pytest.mark.parametrize(("number", "colour"), [(0, "first"), (1, "second")])
def test_the_means_and_the_band_are_as_high_as_they_should_be(
    report: Report, plot: Plot, number: int, colour: str
) -> None:
    running = traces(report)[number].running(24)
    (means,), (lows, highs) = curves(plot, colour, "1.4"), curves(plot, colour, "0.5")
    assert len(means) == len(lows) == len(highs) == len(running) > 2
    drawn = [y for curve in (means, lows, highs) for _, y in curve]
    true = [p.mean for p in running] + [p.low for p in running] + [p.high for p in running]
    slope, start = np.polyfit(true, drawn, 1)
    assert slope < 0  # y goes down in SVG
    assert np.abs(slope * np.array(true) + start - drawn).max() < 0.1  # of a point: they are written in tenths
    places = np.polyfit(np.log([p.draws for p in running]), [x for x, _ in means], 1)
    assert np.abs(np.polyval(places, np.log([p.draws for p in running])) - [x for x, _ in means]).max() < 0.1


def test_the_histogram_has_the_share_of_the_draws_below_any_number(report: Report, plot: Plot) -> None:
    """Read back from the picture alone: what stands beside its ticks, and how high its steps are."""
    (steps, _key) = curves(plot, "first", "1.2")
    uses, texts = ticks(plot, "x"), ticks(plot, "y")
    decade = (texts["0.01 %"] - texts["100 %"]) / 4
    unit = (uses["40"] - uses["0"]) / 40
    bins = [(x, after, y) for (x, y), (after, same) in itertools.pairwise(steps) if after > x and y == same]
    draws = traces(report)[0].first_draws()
    assert len(bins) == 60
    shares = [10 ** -((y - texts["100 %"]) / decade) for *_, y in bins]
    for place in range(10, 60, 10):
        bound = (bins[place][0] - uses["0"]) / unit
        assert sum(shares[:place]) + 0.001 == pytest.approx((draws <= bound).mean(), abs=0.003)
    assert sum(shares) == pytest.approx(0.998, abs=0.003)
    assert "beyond the ends lie 0.2 % of them, at most" in plot.said


def ticks(plot: Plot, axis: str) -> dict[str, float]:
    """Where the ticks of the right half stand, by the texts beside them."""
    found = {}
    for group in ET.fromstring(plot.svg).iter(f"{SVG}g"):
        use, text = group.find(f".//{SVG}use"), group.find(f"{SVG}text")
        if use is not None and text is not None and float(use.attrib["x"]) > 370:
            below = float(use.attrib["y"]) > 183
            if (axis == "x") == below:
                found[text.text or ""] = float(use.attrib[axis])
    return found


def test_what_did_not_pass_is_what_is_shown(report: Report) -> None:
    spoiled = [
        replace(f, verdict=Verdict.INCONCLUSIVE) if f.wrt == "sigma" and f.trace is not None else f
        for f in square(report)
    ]
    made = draws_plot(spoiled, "name")
    assert made is not None
    assert made.title == "Draws for d/dsigma E[f(x)]"


def test_a_single_estimator_has_a_picture_and_no_draws_have_none(report: Report) -> None:
    alone = draws_plot([f for f in report.findings if f.cost == "x"], "name")
    assert alone is not None
    assert "pathwise" not in alone.said + alone.svg  # every draw of it is the gradient
    assert draws_plot(a_case(), "name") is None


def test_draws_that_are_nearly_always_0_have_a_picture() -> None:
    rare = Case("Heaviside(x - 3)", at={"mu": "0", "sigma": "1"}, wrt=("mu",), estimators=("score_function",))
    found = run_campaign([rare], [], Settings(resolution=0.05), command="").findings
    made = draws_plot(found, "name")
    assert made is not None
    assert "beyond the ends lie 0" in made.said


def test_the_same_draws_give_the_same_picture_in_names_of_its_own(report: Report, plot: Plot) -> None:
    assert draws_plot(square(report), "name") == plot
    ids = set(re.findall(r' id="([^"]*)"', plot.svg))
    assert ids
    assert all(name.startswith("name-") for name in ids)
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', plot.svg)) == ids
    assert not re.search(r"<style|<metadata|<!|\b20\d\d-\d\d|font-family", plot.svg)


def test_the_page_shows_it_with_its_words(report: Report) -> None:
    page = html_page(report, {})
    assert 'aria-labelledby="case-1-draws-title" aria-describedby="case-1-draws-said"' in page
    assert 'id="case-2-draws-said"' in page
    assert "holds the true mean at every look at once" in page


def test_without_matplotlib_there_is_no_picture_and_the_page_stands(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.formats.picture.find_spec", lambda _name: None)
    assert draws_plot(square(report), "name") is None
    page = html_page(report, {})
    assert "pip install mcgradcheck[plot]" in page
    assert "<svg" not in page

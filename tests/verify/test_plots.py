"""The pictures of a report: every finding has its point, where its numbers put it; and a page does without them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib.machinery import ModuleSpec

import pytest

from tests.verify.nasty import a_nasty_report
from tests.verify.samples import a_case, a_finding, a_report, troubled_case
from verify.finding import Finding, Tier, Verdict
from verify.formats import picture as module
from verify.formats.html_report import html_page
from verify.formats.picture import Plot
from verify.formats.plots import plots

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def matplotlib() -> None:
    pytest.importorskip("matplotlib", reason="the extra [plot] is not installed")


def made(*findings: Finding) -> dict[str, Plot]:
    return {plot.name: plot for plot in plots(a_report(*findings))}


def points(plot: Plot, colour: str) -> list[tuple[float, float]]:
    """The markers of one colour, (x, y) in points, y downwards."""
    uses = ET.fromstring(plot.svg).iter(f"{SVG}use")
    drawn = [use for use in uses if f"fill: var(--{colour})" in use.attrib["style"]]
    return [(float(use.attrib["x"]), float(use.attrib["y"])) for use in drawn]


def mean(score: float, **changes: object) -> Finding:
    return a_finding(exact=1.0, standard_error=0.25, estimate=1.0 + score * 0.25, **changes)


@pytest.mark.usefixtures("matplotlib")
def test_each_mean_is_a_point_as_high_as_its_score() -> None:
    plot = made(mean(0), mean(1), mean(-2), mean(5, verdict=Verdict.FAIL))["z-scores"]
    (a, b, c), ((last, high),) = points(plot, "link"), points(plot, "fail")
    assert a[0] < b[0] < c[0] < last
    unit = a[1] - b[1]
    assert unit > 0
    assert c[1] - a[1] == pytest.approx(2 * unit, abs=0.2)  # points are written in tenths
    assert a[1] - high == pytest.approx(5 * unit, abs=0.4)
    assert "4 of them, from -2 to 5 standard errors" in plot.said
    assert "there are 1" in plot.said


@pytest.mark.usefixtures("matplotlib")
def test_the_line_is_the_normal_quantile() -> None:
    assert "±5.96" in made(mean(0, alpha=2.5e-9))["z-scores"].said  # tables: 2.5e-9 two-sided is 5.96
    assert "±1.96" in made(mean(0, alpha=0.05))["z-scores"].said
    assert "±37." in made(mean(0, alpha=1e-300))["z-scores"].said


@pytest.mark.usefixtures("matplotlib")
def test_each_variance_is_a_point_as_high_as_its_share() -> None:
    like = {"check": "variance", "exact_variance": 4.0, "resolution": 0.1}
    plot = made(*(a_finding(**like, measured_variance=4.0 * ratio) for ratio in (1.0, 1.05, 0.9)))["variances"]
    a, b, c = points(plot, "link")
    assert c[1] - a[1] == pytest.approx(2 * (a[1] - b[1]), abs=0.3)
    assert "3 of them, from 0.9 to 1.05 of the exact ones. The band, 10 %" in plot.said


@pytest.mark.usefixtures("matplotlib")
def test_only_what_was_drawn_and_has_its_numbers_is_shown() -> None:
    for finding in (
        a_finding(tier=Tier.QUADRATURE),
        a_finding(estimate=None),
        a_finding(standard_error=0.0),
        a_finding(alpha=None),
        a_finding(check="variance", exact_variance=0.0),
        a_finding(check="variance", measured_variance=None),
    ):
        assert made(finding) == {}


@pytest.mark.usefixtures("matplotlib")
def test_far_out_the_scale_bends_so_that_the_rest_can_be_seen() -> None:
    near, nearer, far = mean(0), mean(3), mean(1e6, verdict=Verdict.FAIL)
    plot = made(near, nearer, far)["z-scores"]
    (a, b), (c,) = points(plot, "link"), points(plot, "fail")
    assert a[1] - b[1] > 5
    assert c[1] < b[1]


@pytest.mark.usefixtures("matplotlib")
def test_a_picture_is_the_same_again_has_names_of_its_own_and_no_colour_of_its_own() -> None:
    first, second = (made(*a_case(), *troubled_case()) for _ in range(2))
    assert first == second
    ids = [name for plot in first.values() for name in re.findall(r' id="([^"]*)"', plot.svg)]
    assert len(set(ids)) == len(ids)
    for plot in first.values():
        assert not re.search(r"#[0-9a-f]{6}\b(?!\w)", re.sub(r'(href="|url\()#[^")]*', "", plot.svg))
        assert not re.search(r"<style|<metadata|<!|\b20\d\d-\d\d", plot.svg)
        assert 'role="img"' in plot.svg


@pytest.mark.usefixtures("matplotlib")
def test_the_page_has_the_pictures_with_their_words() -> None:
    page = html_page(a_report(*a_case()), {})
    assert page.count("<figure>") == page.count("</svg>") == page.count("<figcaption") == 2
    assert len(html_page(a_nasty_report(), {}).encode()) < 1_500_000


def test_without_matplotlib_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(module, "find_spec", nothing)
    page = html_page(a_report(*a_case()), {})
    assert "pip install mcgradcheck[plot]" in page
    assert "<svg" not in page

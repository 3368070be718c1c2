"""The picture of somebody's own function: from the draws that were judged, which nobody else can make again."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

import verify
from numeric.streams import CHUNK
from verify.finding import Finding
from verify.formats.draws_plot import draws_plot
from verify.formats.html_report import html_page
from verify.report import Report

AT = {"mu": 1, "sigma": 2}
Floats = NDArray[np.float64]
Params = dict[str, float]

taken: list[Floats] = []


def mine(params: Params, n: int, rng: np.random.Generator) -> Floats:
    draws = 2 * (params["mu"] + params["sigma"] * rng.standard_normal(n))
    taken.append(draws)
    return draws


def shifted(params: Params, n: int, rng: np.random.Generator) -> Floats:
    return mine(params, n, rng) + 1


@pytest.fixture(autouse=True)
def nothing_taken() -> Iterator[None]:
    taken.clear()
    yield
    taken.clear()


def bias_of(report: Report) -> Finding:
    (bias,) = [finding for finding in report.findings if finding.check == "bias"]
    return bias


@pytest.mark.parametrize(("claims", "variance"), [("pathwise", None), (None, 16), (None, None)])
def test_the_picture_shows_the_draws_that_were_judged(claims: str | None, variance: int | None) -> None:
    bias = bias_of(verify.check(mine, "x**2", at=AT, resolution=0.02, claims=claims, variance=variance))
    assert bias.trace is not None
    assert bias.n is not None
    shown = bias.trace.first_draws()
    assert shown.size == min(CHUNK, bias.n)
    assert any(np.array_equal(shown, draws[: shown.size]) for draws in taken)
    last = bias.trace.running()[-1]
    assert last.draws == bias.n
    assert last.mean == pytest.approx(bias.estimate, rel=1e-12)
    assert last.low < 2 < last.high
    assert np.array_equal(pickle.loads(pickle.dumps(bias.trace)).first_draws(), shown)


def test_a_biased_function_leaves_its_band() -> None:
    bias = bias_of(verify.check(shifted, "x**2", at=AT, claims="pathwise", resolution=0.02))
    assert bias.trace is not None
    assert not any(point.low <= 2 <= point.high for point in bias.trace.running()[-1:])


def test_the_page_has_both_pictures_and_says_what_the_band_rests_on() -> None:
    pytest.importorskip("matplotlib", reason="the extra [plot] is not installed")
    for claims, said in (("pathwise", False), (None, True)):
        report = verify.check(mine, "x**2", at=AT, resolution=0.02, claims=claims)
        plot = draws_plot(report.findings, "name")
        assert plot is not None
        assert "mine: " in plot.said
        assert ("from a pilot" in plot.said) == said
        assert html_page(report, {}).count('id="case-1-draws-title"') == 1
        assert all(control.trace is None for control in report.controls)


def test_draws_without_spread_have_no_picture() -> None:
    report = verify.check(lambda params, n, rng: np.full(n, 1.0), "x", at=AT, variance=0)
    assert bias_of(report).trace is None

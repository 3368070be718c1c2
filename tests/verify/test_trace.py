"""How a mean went on its way to a verdict: the draws that were judged, in the band that judged them."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from numeric.simulate import run
from numeric.streams import CHUNK
from tests.verify.samples import a_case
from verify.campaign import run_campaign
from verify.case import Case, Settings
from verify.cell import Cell, cells_of
from verify.checks.context import Context
from verify.checks.draws import draws_of, first_draws
from verify.checks.monte_carlo import monte_carlo
from verify.deciding.trace import Trace
from verify.finding import Finding, Verdict

CASE = Case("x**2", at={"mu": "1", "sigma": "1/2"}, wrt=("mu",))
TEXT = "x**2; x ~ normal(mu, sigma); mu = 1, sigma = 1/2"
SETTINGS = Settings(resolution=0.05)
ALPHA = 1e-8


def found(cell: Cell, settings: Settings = SETTINGS) -> Finding:
    context = Context(settings, alpha=ALPHA, beta=1e-8, pass_error=1e-3)
    (bias,) = [finding for finding in monte_carlo([cell], context) if finding.check == "bias"]
    return bias


def trace_of(finding: Finding) -> Trace:
    assert finding.trace is not None
    return finding.trace


@pytest.fixture(scope="module", params=["score_function", "pathwise"])
def cell(request: pytest.FixtureRequest) -> Cell:
    (only,) = cells_of(replace(CASE, estimators=(request.param,)))
    return only


def biased(cell: Cell) -> Cell:
    """Off by two tenths of a standard deviation."""
    shift = sp.Rational(1, 5) * sp.sqrt(cell.moments.variance.expression).xreplace(dict(cell.values))
    return replace(cell, judged=replace(cell.judged, term=cell.judged.term + sp.Rational(float(shift))))


def test_it_ends_where_the_verdict_was_reached(cell: Cell) -> None:
    finding = found(cell)
    last = trace_of(finding).running()[-1]
    assert last.draws == finding.n
    low, high = trace_of(finding).test.interval()
    assert (last.low, last.high) == (2.0 + low, 2.0 + high)


def test_the_means_are_those_of_the_draws_by_another_way(cell: Cell) -> None:
    for point in trace_of(found(cell)).running(5):
        (tally,) = run(cell.kernel, "standard_normal", TEXT, 0, point.draws)
        assert point.mean == pytest.approx(tally.mean, rel=1e-12)


def test_the_band_holds_the_mean_and_narrows(cell: Cell) -> None:
    running = trace_of(found(cell, Settings(resolution=0.01))).running()
    assert 5 < len(running) <= 40
    assert all(point.low < point.mean < point.high for point in running)
    assert running[-1].high - running[-1].low < (running[0].high - running[0].low) / 2
    assert [point.draws for point in running] == sorted({point.draws for point in running})


def test_a_verdict_is_fail_when_the_exact_gradient_leaves_the_band(cell: Cell) -> None:
    finding = found(biased(cell))
    assert finding.verdict == Verdict.FAIL
    last = trace_of(finding).running()[-1]
    assert not last.low < 2.0 < last.high
    right = found(cell)
    assert right.verdict == Verdict.PASS
    assert all(point.low < 2.0 < point.high for point in trace_of(right).running(10_000))


def test_the_first_draws_come_again_from_the_seed(cell: Cell) -> None:
    again = first_draws(draws_of(cell), 3)
    assert again.shape == (CHUNK,)
    assert np.array_equal(again, trace_of(found(cell, replace(SETTINGS, seed=3))).first_draws())
    assert not np.array_equal(again, first_draws(draws_of(cell), 4))


def test_draws_without_spread_have_no_trace() -> None:
    (constant,) = cells_of(Case("x", at={"mu": "1", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)))
    assert found(constant).trace is None


def test_a_report_keeps_the_traces_and_compares_without_them() -> None:
    report = run_campaign([CASE], [], SETTINGS, command="")
    traced = [finding for finding in report.findings if finding.trace is not None]
    assert {(finding.check, finding.tier) for finding in traced} == {("bias", "monte_carlo")}
    assert len(traced) == 2
    assert replace(traced[0], trace=None) == traced[0]
    assert all(finding.trace is None for finding in a_case())


def test_a_finding_with_its_trace_can_be_sent_to_another_process(cell: Cell) -> None:
    finding = found(cell)
    sent: Finding = pickle.loads(pickle.dumps(finding))
    assert sent == finding
    assert trace_of(sent).running() == trace_of(finding).running()
    assert np.array_equal(trace_of(sent).first_draws(), trace_of(finding).first_draws())

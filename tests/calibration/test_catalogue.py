"""The whole catalogue under fresh seeds: right estimators are never accused, wrong ones always caught."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy as sp

from verify.case import Case, Settings
from verify.catalogue import CATALOGUE
from verify.cell import Cell, cells_of
from verify.checks.context import Context
from verify.checks.identity import identity
from verify.checks.monte_carlo import monte_carlo
from verify.checks.quadrature import quadrature
from verify.controls import CONTROLS, control_cell
from verify.deciding.error_budget import Budget
from verify.finding import Finding, Verdict

RUNS = 200
HYPOTHESES = 2 * sum(len(cells_of(case)) for case in CATALOGUE) + len(CONTROLS)


def context(settings: Settings) -> Context:
    budget = Budget(settings.false_alarm_rate, settings.miss_rate)
    alpha, beta = budget.split(HYPOTHESES)
    return Context(settings, alpha, beta, budget.pass_error)


def bias(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.check == "bias"]


def twice_the_resolution(here: Context) -> Callable[[Cell], sp.Rational]:
    return lambda cell: sp.Rational(2 * here.resolution_of(cell))


@pytest.mark.prove
def test_200_fresh_seeds_of_the_catalogue() -> None:
    """No FAIL and no INCONCLUSIVE among the bias checks, and every control FAILs: P(anything else) < 200 * 2e-6."""
    cases = [cells_of(case) for case in CATALOGUE]
    for _ in range(RUNS):
        here = context(Settings(seed=secrets.randbits(64), workers=2))
        for cells in cases:
            assert {finding.verdict for finding in bias(monte_carlo(cells, here))} == {Verdict.PASS}
        for control in CONTROLS:
            cell = control_cell(control, twice_the_resolution(here))
            assert Verdict.FAIL in {f.verdict for f in monte_carlo([cell], here) if f.check == control.check}


def scaled(cell: Cell) -> Cell:
    return replace(cell, judged=replace(cell.judged, name="5 % too large", term=cell.judged.term * sp.Rational(21, 20)))


@pytest.mark.prove
@pytest.mark.parametrize("case", CATALOGUE, ids=lambda case: str(case.cost))
def test_a_scale_error_of_five_percent_is_always_caught(case: Case) -> None:
    """With --min-effect 1 %: by the first two tiers, and by draws too where they are at most some 10^9.

    Where the variance of a draw is more than 1000 squared gradients, as for sin(x)**2 with a gradient of 0.0003, 1 % of
    the gradient is out of reach of draws. Where a derivative is 0, so is 5 % of it: nothing is wrong there.
    """
    here = context(Settings(seed=secrets.randbits(64), min_effect=0.01, workers=2))
    judged = 0
    for cell in cells_of(case):
        gradient, variance = float(cell.gradient), float(cell.variance)
        if gradient == 0:
            continue
        checks = [identity, quadrature, *([monte_carlo] if 0 < variance <= 1000 * gradient**2 else [])]
        for check in checks:
            (found,) = bias(check([scaled(cell)], here))
            assert found.verdict == Verdict.FAIL, (cell.problem, cell.judged.name, found.tier)
        judged += 1
    assert judged > 0

"""What the sentence of a finding says: the estimate, how far it is off, between which bounds, and what would decide."""

from __future__ import annotations

import re
from dataclasses import replace

import mpmath
import numpy as np
import pytest
import sympy as sp

from numeric.tally import Tally
from tests.verify.samples import a_report
from verify.case import Case, Settings
from verify.cell import cells_of
from verify.checks import CHECKS
from verify.checks.claims import bias_claim
from verify.checks.conclusions import conclude
from verify.checks.context import Context
from verify.checks.monte_carlo import monte_carlo
from verify.finding import Finding, Verdict
from verify.formats.json_report import JSON
from verify.shell.terminal import Look

NUMBER = r"([-+.e\d]+)"


def bias_of(settings: Settings, *, shift: sp.Expr) -> Finding:
    """The bias by draws of the score function of x**2 at mu = sigma = 3 (V = 270), shifted. Right with 1 - 2e-8."""
    (cell,) = cells_of(Case("x**2", at={"mu": "3", "sigma": "3"}, wrt=("mu",), estimators=("score_function",)))
    shifted = replace(cell, judged=replace(cell.judged, term=cell.judged.term + shift))
    bias, _ = monte_carlo([shifted], Context(settings, alpha=1e-8, beta=1e-8, pass_error=1e-3))
    return bias


def bounds(finding: Finding) -> tuple[float, float]:
    found = re.search(rf"the bias lies in \[{NUMBER}, {NUMBER}\] at any number of draws", finding.message)
    assert found is not None
    low, high = found.groups()
    return float(low), float(high)


def test_a_fail_says_the_estimate_its_standard_errors_and_bounds_without_zero() -> None:
    found = bias_of(Settings(), shift=sp.Rational(1, 2))  # 3 resolutions
    assert found.verdict == Verdict.FAIL
    low, high = bounds(found)
    assert 0 < low < 0.5 < high < 1.5
    off = re.search(rf"exact 6: {NUMBER} standard errors off", found.message)
    assert off is not None
    assert found.estimate is not None
    assert found.standard_error is not None
    assert abs(float(off[1]) - (found.estimate - 6) / found.standard_error) <= 0.05 + 1e-9
    assert found.message.endswith(f"{found.n:,} draws decided")


def test_draws_that_did_not_decide_say_how_many_would() -> None:
    # Block means that are all 0.55 of the resolution: neither promise covers that bias. No draw is random here.
    (cell,) = cells_of(Case("x**2", at={"mu": "3", "sigma": "3"}, wrt=("mu",), estimators=("score_function",)))
    context = Context(Settings(), alpha=1e-8, beta=1e-3, pass_error=1e-3)
    claim = bias_claim(cell, 0, context)
    assert claim.test is not None
    plan = claim.test.design
    planted = 0.55 * plan.resolution
    claim.decision = claim.test.update(np.full(plan.n_max // plan.block, planted))
    assert claim.decision is None
    claim.tally = Tally.of(plan.n_max, [plan.n_max * planted], [plan.n_max * (270 + planted**2)], 6.0)
    found = conclude(claim, None, context)
    assert (found.verdict, found.n) == (Verdict.INCONCLUSIVE, plan.n_max)
    low, high = bounds(found)
    assert -planted < low <= 0 < planted < high < 3 * planted
    assert found.n_needed is not None
    assert found.message.endswith(f"at a resolution of 0.01 standard deviations of a draw; {found.n_needed:,} would")
    # 0.55 of the resolution takes 1/0.55**2 = 3.3 times the draws, blocks and looks apart.
    assert 3.2 * plan.n_max < found.n_needed < 3.4 * plan.n_max


def test_a_wrong_variance_is_counted_in_the_standard_errors_of_a_right_one() -> None:
    (cell,) = cells_of(Case("x**2", at={"mu": "1", "sigma": "1/2"}, wrt=("mu",), estimators=("pathwise",)))
    # 2 x has the variance 4 sigma^2 = 1, here 4; (g - m)^2 of the right one has the variance 2.
    wide = replace(cell, judged=replace(cell.judged, term=cell.judged.term.subs(sp.Symbol("sigma", positive=True), 1)))
    _, found = monte_carlo([wide], Context(Settings(), alpha=1e-8, beta=1e-8, pass_error=1e-3))
    assert found.verdict == Verdict.FAIL
    assert found.measured_variance is not None
    assert found.n is not None
    off = re.search(rf"exact 1: {NUMBER} standard errors off; the error lies in", found.message)
    assert off is not None
    assert abs(float(off[1]) - (found.measured_variance - 1) / (2 / found.n) ** 0.5) <= 0.05 + 1e-9


@pytest.mark.parametrize("cost", ["exp(400*x)", "exp(-400*x)", "exp(-x**2 - 2000)"])
def test_exact_values_beyond_every_float_keep_their_digits(cost: str) -> None:
    """Against mpmath, and written as JSON: no infinity, and no zero for what is none."""
    (cell,) = cells_of(Case(cost, at={"mu": "1", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)))
    context = Context(Settings(), alpha=1e-8, beta=1e-3, pass_error=1e-3)
    found = [finding for check in CHECKS for finding in check([cell], context)]
    with mpmath.workdps(40):
        if "x**2" in cost:
            exact = -2 * mpmath.exp(mpmath.mpf(-1) / 3 - 2000) / 3 ** mpmath.mpf("1.5")
        else:
            slope = 400 if cost == "exp(400*x)" else -400
            exact = slope * mpmath.exp(slope + 80000)
        for finding in found:
            assert finding.exact in (None, 0.0)
            assert finding.exact_digits is not None
            assert abs(mpmath.mpf(finding.exact_digits) / exact - 1) < mpmath.mpf("1e-28")
    assert "Infinity" not in JSON.rest(a_report(*found), Look(colour=False, unicode=True))

"""Functions with heavy tails: a right one is never accused, whatever is known of its variance; why is said."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import verify
from numeric.black_box import EstimatorFunction
from verify.finding import Finding, Verdict

AT = {"mu": 0, "sigma": 1}


def score_of_exp4(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """x exp(4 x): its variance is 65 e^32 - 16 e^16 = 5e15, which no pilot sees: it lies at x = 8."""
    x = rng.standard_normal(n)
    return x * np.exp(4 * x)


def narrow_proposal(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """x**3 weighted from N(0, 0.4**2) to N(0, 1), the score function of x**2: right, without a variance."""
    z = rng.normal(0, 0.4, n)
    return z**3 * 0.4 * np.exp(z**2 / 0.32 - z**2 / 2)


def found(report: verify.Report) -> dict[str, Finding]:
    return {finding.check: finding for finding in report.findings}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("function", "cost"), [(score_of_exp4, "exp(4*x)"), (narrow_proposal, "x**2")])
def test_a_pilot_that_a_few_draws_carry_judges_nothing(function: EstimatorFunction, cost: str, seed: int) -> None:
    """A largest square of a sixth of their sum is enough for it; of such draws it is most of the sum."""
    finding = found(verify.check(function, cost, at=AT, seed=seed))["bias"]
    assert finding.verdict == Verdict.INCONCLUSIVE
    assert "heavy tails" in finding.message
    assert "variance=" in finding.message


def test_a_kurtosis_beyond_counting_says_so() -> None:
    findings = found(verify.check(score_of_exp4, "exp(4*x)", at=AT, claims="score_function"))
    assert findings["bias"].verdict == Verdict.PASS
    assert findings["variance"].verdict == Verdict.INCONCLUSIVE
    assert "more than 1e24 draws" in findings["variance"].message


def test_a_pass_names_the_variance_that_it_rests_on() -> None:
    def pathwise(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return 2 * rng.standard_normal(n)

    findings = found(verify.check(pathwise, "x**2", at=AT, claims="pathwise"))
    assert "certified for a variance up to twice that stated" in findings["bias"].message
    assert "certified for draws of the shape of those claimed" in findings["variance"].message


def test_a_mean_outside_of_its_own_interval_is_told() -> None:
    """One draw of each look makes up for all others: the interval follows those, the mean does not."""

    def ordered(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        draws = 0.01 * rng.standard_normal(n) - 1
        draws[::8192] += 8192
        return draws

    finding = found(verify.check(ordered, "x**2", at=AT, variance=1))["bias"]
    assert finding.verdict == Verdict.FAIL
    assert "not in there itself" in finding.message

"""Derivations at numbers: where the variances cross, who wins; and the antiderivatives of a kinked cost."""

from __future__ import annotations

import re

import mpmath
import pytest
import sympy as sp

from symbolic.deriving import derive
from symbolic.deriving.unevaluated import Mean
from symbolic.laws import NORMAL


@pytest.mark.parametrize(
    ("cost", "wrt", "published"),
    [("cos(k*x)", "mu", 1.0638), ("cos(k*x)", "sigma", 1.2973), ("exp(-k*x**2)", "mu", 0.8700)],
)
def test_where_the_variances_cross(cost: str, wrt: str, published: float) -> None:
    """N(1, 1); Mohamed, Rosca, Figurnov, Mnih (2020), figures 2 and 3, to four digits."""
    sentences = derive(cost, wrt, at={"mu": "1", "sigma": "1", "k": "2"}).conclusion
    (found,) = (match for line in sentences if (match := re.search(r"between k = (\S+) and k = (\S+)\.$", line)))
    low, high = (float(text) for text in found.groups())
    assert low < high < low * (1 + 1e-5)
    assert abs(low - published) < 0.5e-4 + 1e-5


def test_no_crossing_is_claimed_where_one_estimator_always_wins() -> None:
    """x**2: the difference of the variances is mu**4/sigma**2 + 14 mu**2 + 11 sigma**2."""
    assert not any("cross" in line for line in derive("x**2", at={"mu": "1", "sigma": "1"}).conclusion)


def test_no_crossing_is_claimed_where_a_variance_ends() -> None:
    """exp(k x**2), 1/10 <= k: beyond 4 k sigma**2 = 1 neither has a variance, and below it pathwise always wins."""
    conclusion = derive("exp(k*x**2)", at={"mu": "1", "sigma": "1", "k": "1/10"}).conclusion
    assert not any("between" in line for line in conclusion)


def test_a_biased_estimator_does_not_win() -> None:
    conclusion = " ".join(derive("Heaviside(x)", at={"mu": "1", "sigma": "1"}).conclusion)
    assert "pathwise estimator has the smaller variance, but it is biased" in conclusion
    assert "wins" not in conclusion


def test_a_kinked_cost_is_integrated_by_antiderivatives() -> None:
    """The two ends of the antiderivative give the integral of the piece: mpmath is the oracle."""
    steps = derive("Max(x - 1, 0)").steps
    (line,) = (step for step in steps if step.rule == "antiderivative")
    (piece,) = (step for step in steps if step.rule == "fundamental theorem of calculus")
    mu, sigma = mpmath.mpf(1) / 2, 2
    primitive = sp.lambdify((NORMAL.variable, *NORMAL.parameters), line.before.expr, "mpmath")
    closed = sp.lambdify(NORMAL.parameters, piece.after, "mpmath")
    with mpmath.workdps(30):
        wanted = mpmath.quad(lambda x: (x - 1) * mpmath.npdf(x, mu, sigma), [1, 3, 8, 20, 60])
        assert abs(primitive(60, mu, sigma) - primitive(1, mu, sigma) - wanted) < mpmath.mpf(10) ** -20
        assert abs(closed(mu, sigma) - wanted) < mpmath.mpf(10) ** -20


def test_nothing_is_compared_where_both_terms_are_one() -> None:
    """d/da of exp(a x): neither the density nor the path holds a, so both estimators differentiate the cost alone."""
    derivation = derive("exp(a*x)", "a")
    assert not any(step.topic == "Comparison" for step in derivation.steps)
    assert any("the same term" in line for line in derivation.conclusion)


@pytest.mark.parametrize(("cost", "wrt"), [("Heaviside(x - k)", "k"), ("Heaviside(x)", "mu"), ("x", "mu")])
def test_a_constant_term_is_not_integrated(cost: str, wrt: str) -> None:
    """No line about the moments of a constant."""
    topics = ("Variance", "Comparison")
    for step in (step for step in derive(cost, wrt).steps if step.topic.startswith(topics)):
        assert not any(mean.term.is_number for mean in (step.before - step.after).atoms(Mean))


def test_a_common_exponential_cancels_in_the_ratio() -> None:
    (ratio,) = (step for step in derive("x**2*exp(a*x)").steps if step.rule == "ratio of the variances")
    mu = NORMAL.parameters[0]
    assert not any(power.has(mu) for power in ratio.after.atoms(sp.exp))

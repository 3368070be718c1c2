"""The distance of float64 from exact arithmetic: small as a rule, large where parameters cannot be told apart."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from numeric.kernel import compile_kernel
from numeric.rounding import explainable_error, rounding_error, rounding_on_draws
from tests.numeric.terms import EPSILON, HALF, X, evaluated, four_terms

R = sp.Rational
NOISES = np.linspace(-3, 3, 64)


def errors(cost: sp.Expr, mu: sp.Expr, sigma: sp.Expr) -> np.ndarray:
    terms = four_terms(cost, mu, sigma)
    return rounding_error(compile_kernel(terms, EPSILON), terms, EPSILON, NOISES)


@pytest.mark.parametrize(
    "cost", [X**2, sp.cos(3 * X), sp.exp(X), sp.erf(X), sp.besselj(0, X), sp.Max(X, 0), sp.log(1 + sp.exp(X))], ids=str
)
def test_ordinary_parameters_round_in_the_last_digits(cost: sp.Expr) -> None:
    scale = np.abs(evaluated(four_terms(cost, HALF, R(3, 2)), NOISES)).max(axis=1)
    found = errors(cost, HALF, R(3, 2))
    assert found.shape == (4,)
    assert (found <= 1e-15 * scale).all()


def test_a_spread_below_the_digits_of_the_mean_is_lost() -> None:
    """x^2 at 800.1 with sigma = 1e-12: 2x has the spread 2e-12, and neighbouring float64 are 2.3e-13 apart."""
    sigma = R(1, 10**12)
    _, _, pathwise, _ = errors(X**2, R(8001, 10), sigma)
    assert 2e-12 / 100 < pathwise < 2.3e-13


def test_a_kernel_of_another_term_is_as_far_off_as_the_terms_are() -> None:
    kernel = compile_kernel([EPSILON + R(1, 1000)], EPSILON)
    (found,) = rounding_error(kernel, [EPSILON], EPSILON, NOISES)
    assert found == pytest.approx(1e-3)


def test_what_is_not_finite_is_infinitely_far() -> None:
    terms = [sp.log(EPSILON), sp.exp(1000 * EPSILON)]
    found = rounding_error(compile_kernel(terms, EPSILON), terms, EPSILON, np.array([-1.0, 1.0]))
    assert found.tolist() == [math.inf, math.inf]


@pytest.mark.parametrize(
    ("cost", "mu", "sigma"),
    [
        (X**2, HALF, R(3, 2)),
        (X**2, R(8001, 10), R(1, 10**12)),
        ((X - 1) ** 12, R(1), R(1, 100)),
        ((X - 1) ** 12, R(11, 10), R(1, 10**6)),
        (sp.exp(2 * X) * sp.cos(40 * X), R(30), R(2)),
        (sp.exp(-10 * X**2), R(3), R(1)),
        (sp.log(1 + sp.exp(X)), R(-30), R(1)),
        (sp.besselj(0, X), R(100), R(1)),
    ],
    ids=str,
)
def test_what_float64_does_is_explained(cost: sp.Expr, mu: sp.Expr, sigma: sp.Expr) -> None:
    terms = four_terms(cost, mu, sigma)
    found = errors(cost, mu, sigma)
    assert (found <= explainable_error(terms, EPSILON, NOISES)).all()


@pytest.mark.parametrize("difference", [R(1, 1000), EPSILON / 10**6])
def test_what_float64_does_not_explain_is_no_rounding(difference: sp.Expr) -> None:
    term = EPSILON + 1
    found = rounding_on_draws(compile_kernel([term + difference], EPSILON), [term], EPSILON, "standard_normal", "text")
    assert found[0] < 1e-8

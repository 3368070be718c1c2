"""Roots of what is 0 on an interval: the path has the slope 0 there, not 0/0; against mpmath on the rest."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.derivative import derivative
from symbolic.value import Value

X, A = sp.symbols("x a", real=True)
MU, SIGMA = sp.Rational(3, 10), sp.Rational(4, 5)
AT = {"mu": "3/10", "sigma": "4/5"}

# A cost, the interval on which it is this formula (elsewhere 0 or constant), and whether the square has a mean.
COSTS: list[tuple[str, tuple[int, int], sp.Expr, bool]] = [
    ("sqrt(Max(x, 0))*x", (0, 14), X ** sp.Rational(3, 2), True),
    ("Max(x, 0)**(1/3)*x", (0, 14), X ** sp.Rational(4, 3), True),
    ("sqrt(Max(x, 0))*x**2", (0, 14), X ** sp.Rational(5, 2), True),
    ("sqrt(Max(x - 1, 0))*(x - 1)", (1, 14), (X - 1) ** sp.Rational(3, 2), True),
    ("sqrt(Abs(x) - x)*x", (-14, 0), sp.sqrt(-2 * X) * X, True),
    ("sqrt(Max(x, 0))", (0, 14), sp.sqrt(X), False),
    ("sqrt(Max(x - 1, 0))*x", (1, 14), sp.sqrt(X - 1) * X, False),
]


def raw_moment(slope: sp.Expr, interval: tuple[int, int], power: int) -> mpmath.mpf:
    density = sp.exp(-((X - MU) ** 2) / (2 * SIGMA**2)) / (SIGMA * sp.sqrt(2 * sp.pi))
    function = sp.lambdify(X, slope**power * density, "mpmath")
    low, high = interval
    return mpmath.quad(function, [low, (2 * low + high) / 3, (low + 2 * high) / 3, high], method="tanh-sinh")


def assert_near(value: Value, truth: mpmath.mpf) -> None:
    assert abs(value.midpoint - truth) < mpmath.mpf(10) ** -20 * (1 + abs(truth)), (value, truth)


@pytest.mark.parametrize(("cost", "interval", "formula", "has_variance"), COSTS, ids=[cost for cost, *_ in COSTS])
def test_the_path_is_flat_where_the_root_is(
    cost: str, interval: tuple[int, int], formula: sp.Expr, has_variance: bool
) -> None:
    slope = sp.diff(formula, X)
    path = moments(cost, "pathwise")
    with mpmath.workdps(30):
        mean = raw_moment(formula * (X - MU) / SIGMA**2, interval, 1)  # a slope of 1/sqrt(x) would cost digits
        assert_near(path.mean.at(AT), mean)
        assert_near(gradient(cost).at(AT), mean)
        if has_variance:
            assert_near(path.variance.at(AT), raw_moment(slope, interval, 2) - mean**2)
        else:
            assert not path.variance.at(AT).is_finite
    assert path.estimator.obstacle is None


def test_a_root_of_a_clipped_cost() -> None:
    """sqrt(x) x up to 1, and x beyond."""
    path = moments("sqrt(clip(x, 0, 1))*x", "pathwise")
    slope = sp.sqrt(X) * sp.Rational(3, 2)
    with mpmath.workdps(30):
        first, second = (raw_moment(slope, (0, 1), n) + raw_moment(sp.S.One, (1, 14), n) for n in (1, 2))
        assert_near(path.mean.at(AT), first)
        assert_near(path.variance.at(AT), second - first**2)


def test_an_exponent_that_is_a_symbol() -> None:
    path, plain = moments("Max(x, 0)**a*x", "pathwise"), moments("Max(x, 0)**(3/2)", "pathwise")
    assert str(path.variance.at(AT, a="1/2")) == str(plain.variance.at(AT))


def test_nothing_changes_where_the_root_is_not_flat() -> None:
    for expression in (sp.sqrt(1 + X**2), sp.sqrt(1 + sp.Abs(X)), sp.sqrt(sp.Abs(X)), 1 / (2 + sp.Max(X, 0))):
        assert not derivative(expression, X).has(sp.Piecewise)
    assert derivative(sp.sqrt(sp.Max(X, 0)), X).subs(X, -1) == 0
    assert derivative(sp.sqrt(sp.Max(X, 0)), X).subs(X, 4) == sp.Rational(1, 4)

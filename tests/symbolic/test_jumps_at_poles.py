"""Bounded costs with a pole inside, such as atan(1/x): where they jump, and what that does to gradients and terms.

A cost of x - k has the same gradient by k as by mu, up to the sign; the oracle integrates by the double-exponential
rule on both sides of the pole, and knows nothing of jumps.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.estimators import estimator
from symbolic.laws.normal import NORMAL
from symbolic.places.jumps import jumps
from symbolic.places.pole_limits import limit_beside
from symbolic.problem import problem

X = NORMAL.variable
AT = {"mu": "1/3", "sigma": "5/4", "k": "2/3"}
Cost = Callable[[mpmath.mpf], mpmath.mpf]
JUMPING: list[tuple[str, int | float, Cost]] = [
    ("Abs(x - k)/(x - k)", 2, mpmath.sign),
    ("atan(1/(x - k))", mpmath.pi, lambda y: mpmath.atan(1 / y)),
    ("Min(Max(1/(x - k), -1), 1)", 2, lambda y: max(min(1 / y, mpmath.mpf(1)), mpmath.mpf(-1))),
    ("(x - k + 1)*Abs(x - k)/(x - k)", 2, lambda y: (y + 1) * mpmath.sign(y)),
]
CONTINUOUS: list[tuple[str, Cost]] = [
    ("atan(1/Abs(x - k))", lambda y: mpmath.atan(1 / abs(y))),
    ("exp(-1/Abs(x - k))", lambda y: mpmath.exp(-1 / abs(y))),
    ("sin(x - k)/(x - k)", mpmath.sinc),
    ("(x - k)*atan(1/(x - k))", lambda y: y * mpmath.atan(1 / y)),
]


def _by_mean(cost: Cost) -> mpmath.mpf:
    """E[cost(x - k) (x - mu)]/sigma^2."""
    mu, sigma, k = mpmath.mpf(1) / 3, mpmath.mpf(5) / 4, mpmath.mpf(2) / 3

    def weighted(y: mpmath.mpf) -> mpmath.mpf:
        return cost(y) * (y + k - mu) / sigma**2 * mpmath.npdf(y + k, mu, sigma)

    ends = (-18, -9, -4, -2, -1, 0, 1, 2, 4, 9, 18)
    with mpmath.workdps(20):
        return mpmath.fsum(mpmath.quad(weighted, list(pair)) for pair in pairwise(ends))


def _check(text: str, cost: Cost) -> None:
    wanted = _by_mean(cost)
    for wrt, side in (("k", -1), ("mu", 1)):
        got = gradient(text, wrt).at(AT)
        assert abs(side * got.midpoint - wanted) < mpmath.mpf(10) ** -12, wrt


@pytest.mark.parametrize(("text", "height", "cost"), JUMPING, ids=[text for text, _, _ in JUMPING])
def test_a_jump_at_a_pole_counts(text: str, height: float, cost: Cost) -> None:
    _check(text, cost)
    (jump,) = jumps(problem(text, "mu", "normal").cost, X)
    assert abs(float(jump.height) - float(height)) < 1e-15
    off = gradient(text, "k").at(AT).ball - moments(text, "pathwise", "k").mean.at(AT).ball
    for name in ("pathwise", "score_function"):
        obstacle = estimator(name, problem(text, "k", "normal")).obstacle
        assert obstacle is not None
        bias = real_ball(obstacle.bias, {s: sp.Rational(AT[str(s)]) for s in obstacle.bias.free_symbols})
        assert name != "pathwise" or off.overlaps(-bias)
    assert estimator("score_function", problem(text, "mu", "normal")).obstacle is None


@pytest.mark.parametrize(("text", "cost"), CONTINUOUS, ids=[text for text, _ in CONTINUOUS])
def test_a_pole_at_which_both_sides_meet_is_no_jump(text: str, cost: Cost) -> None:
    _check(text, cost)
    for name in ("pathwise", "score_function"):
        assert estimator(name, problem(text, "k", "normal")).obstacle is None


@pytest.mark.parametrize(
    ("text", "above", "below"),
    [
        ("tanh(1/x)", 1, -1),
        ("1/(1 + exp(1/x))", 0, 1),
        ("erf(-2/x**3)", -1, 1),
        ("x*sin(1/x)", 0, 0),
        ("Abs(x)**(-1/2)", sp.oo, sp.oo),
        ("sqrt(Abs(x))/x", sp.oo, -sp.oo),
        ("(exp(x) - 1)/Abs(x)", 1, -1),
        ("Heaviside(x - 1/2)*atan(1/x) + x/Abs(x)", 1, -1),
        ("Piecewise((atan(1/x), x > -1), (0, True))", sp.pi / 2, -sp.pi / 2),
        ("Piecewise((atan(1/x), x > 1), (x/Abs(x), True))", 1, -1),
        ("besselj(0, 1/x)", 0, 0),
        ("x*log(Abs(x))/Abs(x)**(1/2)", 0, 0),
    ],
)
def test_the_limits_beside_a_pole(text: str, above: sp.Expr, below: sp.Expr) -> None:
    cost = problem(text, "mu", "normal").cost
    assert limit_beside(cost, X, sp.S.Zero, 1) == above
    assert limit_beside(cost, X, sp.S.Zero, -1) == below


@pytest.mark.parametrize("text", ["sin(1/x)", "atan(k/x)", "cos(log(Abs(x)))/(1 + Abs(x)/x/2)"])
def test_no_limit_is_claimed_where_there_is_none_or_none_is_known(text: str) -> None:
    with pytest.raises(NotCertified, match="beside x = 0 is not known"):
        limit_beside(problem(text, "mu", "normal").cost, X, sp.S.Zero, 1)


def test_a_jump_outside_of_the_support_is_none() -> None:
    for text in ("Heaviside(x + 1)", "atan(1/(x + 1))", "atan(1/x)", "x**(-1/2)"):
        assert estimator("pathwise", problem(text, "lam", "exponential")).obstacle is None

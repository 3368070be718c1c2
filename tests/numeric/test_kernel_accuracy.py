"""What a kernel computes against mpmath at 50 digits, and against balls for expressions made at random."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import acb, arb, ctx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from numeric.errors import KernelError
from symbolic.balls import compile_ball
from tests.numeric.terms import EPSILON, HALF, Floats, X, evaluated, four_terms

R = sp.Rational

OF_THE_SCALE = 1e-14
"""The largest error of float64, as a share of the largest value on the grid."""

GRID = np.concatenate((np.linspace(-5, 5, 41), [0.0, 1e-9, -1e-300, 0.7123456789]))

COSTS = (
    X,
    X**2,
    X**4 - 3 * X**2 + X,
    X**20,
    (X - 3) ** 7 + X**2,
    sum((R(k * k - 20, k + 1) * X**k for k in range(25)), sp.S.Zero),
    X**3 / (1 + X**2),
    X ** R(-2) * (X**2 + 1) ** 2 * X**4,
    sp.exp(X / 2),
    sp.exp(-(X**2) / 2),
    X**3 * sp.exp(X / 2),
    sp.exp(2 * X) - 1,
    2**X,
    (X**2 + 1) ** X,
    sp.cos(3 * X),
    sp.sin(X) * X**2 + sp.cos(X),
    sp.sin(X) * sp.cos(2 * X) * sp.exp(-X),
    sp.sinh(X) - sp.cosh(X / 3),
    sp.tanh(X) * sp.atan(X),
    sp.tan(X / 8),
    sp.log(1 + X**2),
    sp.log(1 + sp.exp(X)),
    1 / (1 + sp.exp(-X)),
    sp.exp(X) / (1 + sp.exp(X)) ** 2,
    sp.sqrt(1 + X**2) ** 3,
    (1 + X**2) ** R(-5, 3),
    sp.erf(X) + sp.erfc(X / 2) / 2,
    sp.besselj(0, X) + sp.besselj(3, 2 * X),
    sp.Abs(X - 1) * X,
    sp.Max(X, 0) ** 2 + sp.Min(X, 1),
    sp.sign(X) * X + 10 * sp.Heaviside(X - R(1, 7)),
    sp.Piecewise((X**2, X > 1), (sp.exp(X), R(-1, 3) > X), (sp.sin(X), True)),
    sp.pi * X**2 + sp.sqrt(2) * X,
)
PLACES = ((HALF, sp.S.One), (R(-7, 3), R(3, 2)), (R(0), sp.exp(R(3, 10))))


def by_mpmath(terms: list[sp.Expr], noise: Floats, digits: int = 50) -> Floats:
    function = sp.lambdify(EPSILON, [term.replace(sp.DiracDelta, lambda *_: sp.S.Zero) for term in terms], "mpmath")
    with mpmath.workdps(digits):
        return np.array([[float(value) for value in function(mpmath.mpf(point))] for point in noise.tolist()]).T


@pytest.mark.parametrize(("mu", "sigma"), PLACES, ids=str)
@pytest.mark.parametrize("cost", COSTS, ids=str)
def test_a_kernel_agrees_with_50_digits(cost: sp.Expr, mu: sp.Expr, sigma: sp.Expr) -> None:
    terms = [term.replace(sp.DiracDelta, lambda *_: sp.S.Zero) for term in four_terms(cost, mu, sigma)]
    exact = by_mpmath(terms, GRID)
    error = np.abs(evaluated(terms, GRID) - exact).max(axis=1)
    assert (error <= OF_THE_SCALE * np.abs(exact).max(axis=1)).all(), error / np.abs(exact).max(axis=1)


RELATIVE = (
    (sp.exp(EPSILON) - 1, 1e-9),
    (sp.log(1 + EPSILON**2), 1e-9),
    (sp.log(1 + sp.exp(EPSILON)), -700.0),
    (sp.log(1 + sp.exp(EPSILON)), 1e5),
    (sp.exp(EPSILON) / (1 + sp.exp(EPSILON)), 1e5),
    (sp.exp(EPSILON) / (1 + sp.exp(EPSILON)), -700.0),
    (sp.exp(EPSILON) / (1 + sp.exp(EPSILON)) ** 2, 650.0),
    (sp.exp(EPSILON) / (1 + sp.exp(EPSILON)) ** 2, -650.0),
    (sp.exp(3 * EPSILON) / (1 + sp.exp(EPSILON)) ** 2, 500.0),
    (sp.exp(EPSILON / 2) / (1 + sp.exp(-EPSILON)) ** 3, -200.0),
    # Short in 100 + epsilon, where all its digits cancel; long in epsilon.
    ((100 + EPSILON) ** 8 - 8 * 100**7 * EPSILON - 100**8, 0.01),
    (sp.sin(EPSILON), 1e-9),
    (sp.sin(EPSILON), 3.14159),
    (sp.tanh(EPSILON), 1e-9),
    (sp.sinh(EPSILON), 1e-9),
    ((R(8001, 10) + EPSILON / 10**12) ** 22, 1.0),
    ((10**12 * EPSILON + 3) ** 22, 1.0),
    (sp.Rational(1, 10**250) * EPSILON * sp.Rational(10**250 + 1), 1.0),
)


@pytest.mark.parametrize(("term", "point"), RELATIVE, ids=str)
def test_small_and_large_values_keep_their_digits(term: sp.Expr, point: float) -> None:
    (exact,), (found,) = by_mpmath([term], np.array([point]), digits=700), evaluated([term], np.array([point]))
    assert found[0] == pytest.approx(exact[0], rel=2e-13, abs=0.0)


def test_sine_and_cosine_from_one_tangent_are_right_near_its_poles_and_far_out() -> None:
    turns = np.array([math.pi * k / 2 for k in (-7, -2, -1, 0, 1, 2, 3, 4, 101, 1001)])
    near = np.concatenate([turns + shift for shift in (0.0, 1e-16, 1e-12, -1e-8, 1e-3)])
    noise = np.concatenate((near, np.nextafter(turns, 9e9), np.linspace(-1e5, 1e5, 4001)))
    terms = [sp.cos(EPSILON), sp.sin(EPSILON)]
    error = np.abs(evaluated(terms, noise) - by_mpmath(terms, noise))
    assert error.max() <= 5e-16


CONSTANTS = (sp.exp(R(3, 10)), sp.sqrt(2) - 1, sp.pi**2 / 7, R(1, 3), sp.erf(R(1, 2)), sp.exp(-700), sp.cos(10**20))


@pytest.mark.parametrize("constant", CONSTANTS, ids=str)
def test_constants_are_rounded_once(constant: sp.Expr) -> None:
    with mpmath.workdps(60):
        nearest = float(mpmath.mpf(str(constant.evalf(60))))
    found = evaluated([constant, constant + EPSILON * 0, constant * EPSILON], np.array([1.0]))
    assert found[:, 0].tolist() == [nearest] * 3


def test_a_huge_value_of_an_unselected_branch_does_no_harm() -> None:
    term = sp.Piecewise((sp.exp(EPSILON**3) - sp.exp(EPSILON**2), EPSILON < 2), (sp.log(EPSILON), True)) * EPSILON
    found = evaluated([term], np.array([-1.0, 50.0, 1e6]))
    assert found[0] == pytest.approx([math.e - 1 / math.e, 50 * math.log(50), 1e6 * math.log(1e6)], rel=1e-14)


def test_every_kind_of_condition() -> None:
    e = EPSILON
    inside = sp.And(e > -1, sp.Or(e <= 0, e >= 2), sp.Ne(e, 3), sp.Not(sp.Eq(e, R(-1, 2))))
    noise = np.array([-2.0, -1.0, -0.5, -0.25, 0.0, 1.0, 2.0, 3.0, 4.0])
    found = evaluated([sp.Piecewise((e, inside), (7, e < R(7, 2)), (8, True))], noise)
    assert found[0].tolist() == [7.0, 7.0, 7.0, -0.25, 0.0, 7.0, 2.0, 7.0, 4.0]


def test_outside_of_all_branches_there_is_no_number() -> None:
    found = evaluated([sp.Piecewise((EPSILON, EPSILON > 0))], np.array([-1.0, 1.0]))
    assert math.isnan(found[0, 0])
    assert found[0, 1] == 1.0


UNITS = st.sampled_from([EPSILON, EPSILON + HALF, 3 * EPSILON / 2 - R(1, 7), sp.S.One, R(-2, 3), sp.sqrt(2)])
UNARY = st.sampled_from(
    [
        *(sp.sin, sp.cos, sp.tanh, sp.atan, sp.erf, sp.Abs),
        *(lambda e: sp.exp(-(e**2)), lambda e: sp.log(1 + e**2), lambda e: sp.sqrt(1 + e**2)),
        *(lambda e: 1 / (1 + sp.exp(e)), lambda e: sp.log(1 + sp.exp(e)), lambda e: e**3),
    ]
)


def grown(parts: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    pairs = st.tuples(parts, parts)
    return (
        st.builds(lambda function, part: function(part), UNARY, parts)
        | pairs.map(lambda pair: pair[0] + pair[1])
        | pairs.map(lambda pair: pair[0] * pair[1])
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.recursive(UNITS, grown, max_leaves=8), min_size=2, max_size=3), st.floats(-3, 3))
def test_random_terms_stay_within_what_rounding_can_do(terms: list[sp.Expr], point: float) -> None:
    """The radius of a ball in 53 bits bounds what rounding does to the plain order of operations."""
    try:
        found = evaluated(terms, np.array([point]))[:, 0]
    except KernelError:
        assume(False)
        return
    for term, value in zip(terms, found, strict=True):
        with ctx.workprec(53):
            plain = compile_ball(term, (EPSILON,))([acb(point)], False).real
        with ctx.workprec(200):
            exact = compile_ball(term, (EPSILON,))([acb(point)], False).real
        assume(plain.is_finite())
        allowed = 64 * float(plain.rad()) + 1e-15 * (1 + float(abs(exact).mid()))
        assert float(abs(arb(float(value)) - exact).mid()) <= allowed, term

"""The algebra against published closed forms, and against quadrature of 50 digits that shares no code with it."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from symbolic.errors import Divergent, NotInClass
from symbolic.expectation import expectation_under_law, expectation_under_noise
from symbolic.laws import NORMAL
from symbolic.methods import methods_named
from symbolic.score import score

X = NORMAL.variable
MU, SIGMA = NORMAL.parameters
K, A, B = sp.symbols("k a b", real=True)

# Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions I, chapter 13 (moments, characteristic function);
# the Gaussian cost by completing the square.
PUBLISHED = [
    (X, MU),
    (X**2, MU**2 + SIGMA**2),
    (X**3, MU**3 + 3 * MU * SIGMA**2),
    (X**4, MU**4 + 6 * MU**2 * SIGMA**2 + 3 * SIGMA**4),
    (sp.exp(A * X), sp.exp(A * MU + A**2 * SIGMA**2 / 2)),
    (sp.sin(X), sp.exp(-(SIGMA**2) / 2) * sp.sin(MU)),
    (sp.cos(K * X), sp.exp(-(K**2) * SIGMA**2 / 2) * sp.cos(K * MU)),
    (
        sp.exp(-K * X**2),
        sp.exp(-K * MU**2 / (1 + 2 * K * SIGMA**2)) / sp.sqrt(1 + 2 * K * SIGMA**2),
    ),
]


@pytest.mark.parametrize(("cost", "wanted"), PUBLISHED, ids=[str(cost) for cost, _ in PUBLISHED])
def test_published_expectations(cost: sp.Expr, wanted: sp.Expr) -> None:
    got = expectation_under_law(cost, NORMAL).expression
    assert sp.simplify(got - wanted) == 0


POINT = {
    MU: sp.Rational(3, 5),
    SIGMA: sp.Rational(7, 10),
    K: sp.Rational(5, 4),
    A: sp.Rational(-1, 3),
    B: sp.Rational(1, 2),
}

COSTS = [
    X**7 - 2 * X**3 + X / 3,
    (X - K) ** 5,
    X**2 * sp.exp(A * X),
    X**3 * sp.cos(K * X + B),
    sp.sin(X) ** 3 * sp.cos(2 * X),
    sp.sinh(K * X) * sp.cos(X),
    X**2 * sp.exp(-K * X**2 + B * X) * sp.sin(2 * X),
    sp.exp(X) * sp.sin(X) + X * sp.cosh(X / 2),
    sp.exp(-(X**2)) * sp.exp(X) ** 2,
    2**X,
]


def by_quadrature(integrand: sp.Expr, symbol: sp.Symbol, centre: float, scale: float) -> mpmath.mpf:
    """The integral by mpmath at 60 digits over 40 scales each side, split where the density bends."""
    function = sp.lambdify(symbol, integrand, "mpmath")
    with mpmath.workdps(60):
        marks = [centre + scale * step for step in (-40, -12, -6, -3, -1, 0, 1, 3, 6, 12, 40)]
        return mpmath.quad(function, [mpmath.mpf(mark) for mark in marks])


def assert_agree(got: sp.Float, wanted: mpmath.mpf) -> None:
    with mpmath.workdps(60):
        assert abs(got._to_mpmath(170) - wanted) < mpmath.mpf(10) ** -45 * max(1, abs(wanted))


@pytest.mark.parametrize("cost", COSTS, ids=str)
def test_expectation_against_quadrature(cost: sp.Expr) -> None:
    got = expectation_under_law(cost, NORMAL).expression.subs(POINT).evalf(50)
    wanted = by_quadrature((cost * NORMAL.density).subs(POINT), X, 0.6, 0.7)
    assert_agree(got, wanted)


@pytest.mark.parametrize("cost", COSTS, ids=str)
@pytest.mark.parametrize("wrt", [MU, SIGMA], ids=str)
def test_second_moment_of_the_score_function(cost: sp.Expr, wrt: sp.Symbol) -> None:
    draw = {X: NORMAL.path}
    term = (cost * score(NORMAL, wrt)).xreplace(draw)
    epsilon = NORMAL.noise.symbol
    got = expectation_under_noise(term**2, NORMAL.noise).expression.subs(POINT).evalf(50)
    wanted = by_quadrature((term**2 * NORMAL.noise.density).subs(POINT), epsilon, 0.0, 1.0)
    assert_agree(got, wanted)


@pytest.mark.parametrize("cost", [sp.exp(X**2), X * sp.exp(X**2 / 2)], ids=str)
def test_an_expectation_that_needs_a_condition_says_so(cost: sp.Expr) -> None:
    conditions = expectation_under_law(cost, NORMAL).conditions
    assert conditions.subs(SIGMA, sp.Rational(1, 2)) == sp.true
    assert conditions.subs(SIGMA, 2) == sp.false


def test_a_divergent_expectation_is_refused() -> None:
    with pytest.raises(Divergent, match="does not exist"):
        expectation_under_law(sp.exp(X**2), NORMAL.with_arguments(MU, sp.Integer(1)))
    with pytest.raises(Divergent, match="diverges"):
        expectation_under_noise(sp.exp(NORMAL.noise.symbol**2), NORMAL.noise)


@pytest.mark.parametrize(
    "cost", [sp.tanh(X), 1 / (1 + X**2), sp.Abs(X), sp.exp(X**3), sp.cos(X**2), sp.log(X)], ids=str
)
def test_what_is_outside_the_class_is_refused(cost: sp.Expr) -> None:
    with pytest.raises(NotInClass):
        expectation_under_law(cost, NORMAL, methods_named("exponential_polynomial"))


@pytest.mark.parametrize("cost", COSTS, ids=str)
def test_answers_are_real(cost: sp.Expr) -> None:
    assert not expectation_under_law(cost, NORMAL).expression.has(sp.I)

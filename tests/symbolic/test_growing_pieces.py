"""What grows faster than the density falls, where that does no harm; against mpmath at 30 digits, piece by piece.

On a bounded piece every integral exists. Up to an infinite end a term that grows proves that there is no integral only
if nothing can cancel it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.errors import Divergent, NotCertified, NotInClass
from symbolic.exact import Exact
from symbolic.exponential_integral import integrate_sum
from symbolic.exponential_sum import read
from symbolic.methods import error_function
from symbolic.value import Value

X = sp.Symbol("x", real=True)
SQUARE = sp.exp(X**2)
ONE, ZERO = sp.S.One, sp.S.Zero
MU, SIGMA, LAM = sp.symbols("mu sigma lam", real=True)
NORMAL = sp.exp(-((X - MU) ** 2) / (2 * SIGMA**2)) / (SIGMA * sp.sqrt(2 * sp.pi))
EXPONENTIAL = LAM * sp.exp(-LAM * X)
DIGITS = 30

# A cost; the place where its formula changes, on either side of 0; the formula between, and that beyond.
BOUNDED: list[tuple[str, sp.Expr, sp.Expr, sp.Expr]] = [
    ("Min(exp(x**2), 5)", sp.sqrt(sp.log(5)), SQUARE, 5 * ONE),
    ("exp(Min(x**2, 1))", ONE, SQUARE, sp.E),
    ("clip(exp(x**2), 1, 2)", sp.sqrt(sp.log(2)), SQUARE, 2 * ONE),
    ("Max(2 - exp(x**2), 0)", sp.sqrt(sp.log(2)), 2 - SQUARE, ZERO),
    ("exp(x**2)*Heaviside(1 - Abs(x))", ONE, SQUARE, ZERO),
    ("Piecewise((exp(2*x**2), Abs(x) < 1), (0, True))", ONE, SQUARE**2, ZERO),
    ("2**Min(x**2, 3)", sp.sqrt(3), 2 ** (X**2), 8 * ONE),
    ("exp(x**2)*Max(1 - x**2, 0)", ONE, SQUARE * (1 - X**2), ZERO),
    ("sinh(x**2)*Heaviside(1 - Abs(x))", ONE, sp.sinh(X**2), ZERO),
    ("exp(x**2)*cos(3*x)*Heaviside(1 - Abs(x))", ONE, SQUARE * sp.cos(3 * X), ZERO),
]
COSTS = [cost for cost, *_ in BOUNDED]


def integral(formula: sp.Expr, marks: list[sp.Expr]) -> mpmath.mpf:
    """The sum of the integrals between the marks."""
    function = sp.lambdify(X, formula, "mpmath")
    with mpmath.workdps(DIGITS):
        places = [mpmath.mpf(str(sp.N(mark, DIGITS + 5))) for mark in marks]
        return mpmath.fsum(mpmath.quad(function, ends) for ends in pairwise(places)) if formula != 0 else mpmath.mpf(0)


def wanted(
    place: sp.Expr, inner: sp.Expr, outer: sp.Expr, wrt: sp.Symbol, at: dict[sp.Symbol, sp.Rational]
) -> list[mpmath.mpf]:
    """The gradient and the variances of the score function and of the pathwise term."""
    density, low = (NORMAL, sp.Integer(-16)) if wrt != LAM else (EXPONENTIAL, ZERO)
    path = MU + SIGMA * X if wrt != LAM else X / LAM
    speed = sp.diff(path, wrt).xreplace({X: (X - MU) / SIGMA if wrt != LAM else X * LAM})
    sides = [
        (inner, [-place, ZERO, place] if low else [ZERO, place]),
        (outer, [place, *map(sp.Integer, (3, 6, 16, 40, 120))]),
    ]
    if low:
        sides.append((outer, [low, sp.Integer(-6), sp.Integer(-3), -place]))

    weight = sp.diff(sp.log(density), wrt)
    terms: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
        lambda f: f * weight,
        lambda f: (f * weight) ** 2,
        lambda f: sp.diff(f, X) * speed,
        lambda f: (sp.diff(f, X) * speed) ** 2,
    )
    with mpmath.workdps(DIGITS):
        raw = [
            mpmath.fsum(integral((term(formula) * density).subs(at), marks) for formula, marks in sides)
            for term in terms
        ]
        return [raw[0], raw[1] - raw[0] ** 2, raw[3] - raw[2] ** 2]


def assert_near(value: Value, truth: mpmath.mpf) -> None:
    with mpmath.workdps(DIGITS):
        assert abs(value.midpoint - truth) < mpmath.mpf(10) ** -22 * (1 + abs(truth)), (value, truth)


@pytest.mark.parametrize(("cost", "place", "inner", "outer"), BOUNDED, ids=COSTS)
def test_growth_on_a_bounded_piece(cost: str, place: sp.Expr, inner: sp.Expr, outer: sp.Expr) -> None:
    """At sigma = 1 even E exp(x**2) is infinite over the line."""
    at = {"mu": "3/10", "sigma": "1"}
    mean, score, path = wanted(place, inner, outer, MU, {MU: sp.Rational(3, 10), SIGMA: ONE})
    assert_near(gradient(cost).at(at), mean)
    assert_near(moments(cost, "score_function").mean.at(at), mean)
    assert_near(moments(cost, "score_function").variance.at(at), score)
    assert_near(moments(cost, "pathwise").variance.at(at), path)


@pytest.mark.parametrize(("sigma", "wrt"), [("3/5", "mu"), ("1", "sigma")])
def test_growth_in_one_of_the_moments_only(sigma: str, wrt: str) -> None:
    """At sigma = 3/5 it is E exp(2*x**2) that is infinite over the line; in sigma the rate has no sign of its own."""
    cost, place, inner, outer = BOUNDED[0]
    numbers = {MU: sp.Rational(3, 10), SIGMA: sp.Rational(sigma)}
    mean, score, path = wanted(place, inner, outer, sp.Symbol(wrt, real=True), numbers)
    assert_near(gradient(cost, wrt).at(mu="3/10", sigma=sigma), mean)
    assert_near(moments(cost, "score_function", wrt).variance.at(mu="3/10", sigma=sigma), score)
    assert_near(moments(cost, "pathwise", wrt).variance.at(mu="3/10", sigma=sigma), path)


@pytest.mark.parametrize(("cost", "place", "inner", "outer"), BOUNDED[:2], ids=COSTS[:2])
def test_growth_on_a_bounded_piece_of_a_half_line(cost: str, place: sp.Expr, inner: sp.Expr, outer: sp.Expr) -> None:
    mean, score, path = wanted(place, inner, outer, LAM, {LAM: sp.Rational(7, 10)})
    assert_near(gradient(cost, "lam", "exponential").at(lam="7/10"), mean)
    assert_near(moments(cost, "score_function", "lam", "exponential").variance.at(lam="7/10"), score)
    assert_near(moments(cost, "pathwise", "lam", "exponential").variance.at(lam="7/10"), path)


def test_a_fourth_moment_that_grows_on_a_bounded_piece() -> None:
    """E(g - m)^4/V^2 by mpmath at 30 digits."""
    kurtosis = moments("Min(exp(x**2), 5)", "score_function").kurtosis.at(mu="3/10", sigma="1/2")
    _, place, inner, outer = BOUNDED[0]
    at = {MU: sp.Rational(3, 10), SIGMA: sp.S.Half}
    score = (X - at[MU]) / at[SIGMA] ** 2
    density = NORMAL.subs(at)
    far = [sp.Integer(mark) for mark in (3, 6, 16)]
    sides = [(inner, [-place, ZERO, place]), (outer, [place, *far]), (outer, [*(-mark for mark in far[::-1]), -place])]
    with mpmath.workdps(DIGITS):

        def raw(n: int) -> mpmath.mpf:
            return mpmath.fsum(integral((f * score) ** n * density, marks) for f, marks in sides)

        m, second, third, fourth = map(raw, (1, 2, 3, 4))
        variance = second - m**2
        assert_near(kurtosis, (fourth - 4 * m * third + 6 * m**2 * second - 3 * m**4) / variance**2)


def test_the_rate_is_a_condition_of_the_form_alone_on_a_bounded_piece() -> None:
    closed = gradient("Min(exp(x**2), 5)")
    assert closed.expression is not None
    assert closed.conditions == (1 - 2 * sp.Symbol("sigma", positive=True) ** 2 > 0)
    falls, grows = sp.symbols("f g", positive=True)
    for rate, function in ((-falls, sp.erf), (grows, sp.erfi)):
        piece = integrate_sum(read(sp.exp(rate * X**2 + X), X), X, ZERO, ONE)
        assert piece.expression.has(function)
        assert (piece.conditions, piece.form_holds) == (sp.true, sp.true)
    unknown = sp.Symbol("k", real=True)
    piece = integrate_sum(read(sp.exp(-unknown * X**2), X), X, ZERO, ONE)
    assert (piece.conditions, piece.form_holds) == (sp.true, 2 * unknown > 0)


def test_a_half_line_at_a_rate_of_zero() -> None:
    """exp(-k^2 x^2) has every moment at k = 0, too, where its closed form is 0/0: d/dk E = -2 k E x^2 + E x there."""
    assert_near(gradient("exp(-k**2*x**2) + k*x", "k", "exponential").at(k=0, lam="3/2"), mpmath.fraction(2, 3))
    assert gradient("exp(-k*x**2)", "lam", "exponential").conditions == (2 * sp.Symbol("k", real=True) > 0)


# Integrals that exist although not each of their terms has one: the cost, what it is, and the values.
HALF_A_SHARE = (sp.erf((X + 1) / sp.sqrt(2)) - sp.erf(X / sp.sqrt(2))) / 2
CANCELLING: list[tuple[str, sp.Expr, dict[str, str]]] = [
    ("(Phi(x + 1) - Phi(x))*exp(x**2/4)", HALF_A_SHARE * sp.exp(X**2 / 4), {"sigma": "2"}),
    (
        "(erf(x + 1) - erf(x))*exp(k*x**2)",
        (sp.erf(X + 1) - sp.erf(X)) * sp.exp(X**2 / 2),
        {"sigma": "6/5", "k": "1/2"},
    ),
    ("erfc(x**2)*exp(x**2)", sp.erfc(X**2) * SQUARE, {"sigma": "6/5"}),
    ("erfc(Abs(x))*exp(x**2)", sp.erfc(sp.Abs(X)) * SQUARE, {"sigma": "6/5"}),
]


@pytest.mark.parametrize(("cost", "formula", "values"), CANCELLING, ids=[cost for cost, *_ in CANCELLING])
def test_error_functions_that_cancel(cost: str, formula: sp.Expr, values: dict[str, str]) -> None:
    at = {MU: sp.Rational(3, 10), SIGMA: sp.Rational(values["sigma"])}
    weight = ((X - MU) / SIGMA**2).subs(at)
    marks = list(map(sp.Integer, (-14, -8, -4, -2, 0, 2, 4, 8, 14)))
    with mpmath.workdps(DIGITS):
        mean, square = (integral((formula * weight) ** n * NORMAL.subs(at), marks) for n in (1, 2))
        assert_near(gradient(cost).at({"mu": "3/10", **values}), mean)
        assert_near(moments(cost, "score_function").mean.at({"mu": "3/10", **values}), mean)
        assert_near(moments(cost, "score_function").variance.at({"mu": "3/10", **values}), square - mean**2)


# Costs that vanish, though not by their looks; beside them x, whose gradient is 1 and whose variance is 2 at N(0, 1).
ZEROS = [
    "(log(6) - log(2) - log(3))*exp(x**2)",
    "exp(x**2 + 1) - exp(x**2) - (E - 1)*exp(x**2)",
    "(Abs(k) - k)*exp(x**2)",
    "exp(Abs(k)*x**2) - exp(k*x**2)",
]


@pytest.mark.parametrize("zero", ZEROS)
@pytest.mark.parametrize("wrt", ["mu", "sigma", "k"])
def test_what_is_zero_does_not_diverge(zero: str, wrt: str) -> None:
    """A number, or that none is certified."""
    cost = f"{zero} + x + k*x"
    assert number_or_none(gradient(cost, wrt)) in (None, 2 if wrt == "mu" else 0)
    assert number_or_none(moments(cost, "score_function").variance) in (None, 8)


def number_or_none(exact: Exact) -> float | None:
    try:
        return float(exact.at(mu=0, sigma=1, k=1))
    except NotCertified:
        return None


DIVERGENT = [
    "erf(x)*exp(x**2)",
    "erfc(x)*exp(x**2)",
    "Phi(x)*exp(x**2/2)",
    "(erf(x + 1) + erf(x))*exp(x**2)",
    "erf(x)*exp(x**2) - exp(x**2/2)",
    "exp(x**2)*cos(x)",
    "exp(x**2)*Max(x, 0)",
    "exp(x**2) - exp(x**2/2)",
]


@pytest.mark.parametrize("cost", DIVERGENT)
def test_what_nothing_can_cancel_diverges(cost: str) -> None:
    with pytest.raises(Divergent, match="does not exist"):
        gradient(cost).at(mu="3/10", sigma=1)
    assert not moments(cost, "score_function").variance.at(mu="3/10", sigma=1).is_finite


def test_a_sum_with_error_functions_is_not_refused_for_one_of_its_terms() -> None:
    whole_line = (-sp.oo, sp.oo)
    grows = (sp.erf(X + 1) - sp.erf(X)) * SQUARE
    with pytest.raises(NotInClass, match="may cancel"):
        error_function.integrate(grows * sp.exp(-(X**2) / 2), X, whole_line)
    k = sp.Symbol("k", real=True)
    unknown = error_function.integrate(grows * sp.exp(-k * X**2), X, whole_line)
    assert (unknown.conditions, unknown.form_holds) == (sp.true, 2 * k - 2 > 0)
    needed = error_function.integrate(sp.erf(X) * sp.exp(-k * X**2), X, whole_line)
    assert (needed.conditions, needed.form_holds) == (2 * k > 0, sp.true)

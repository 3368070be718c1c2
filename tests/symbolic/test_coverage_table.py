"""The costs that have to have a closed form with every parameter left a symbol, and that the forms are right.

The numbers of the forms are held against enclosures, which integrate the estimators' terms by another method.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb

from symbolic.balls import real_ball
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient
from symbolic.exact_moments import moments
from symbolic.methods.enclosure import enclose
from tests.symbolic.test_closed_class import reaches

POINT = {
    "mu": Fraction(1, 2),
    "sigma": Fraction(4, 5),
    "lam": Fraction(3, 2),
    "k": Fraction(3, 4),
    "K": Fraction(3, 2),
    "a": Fraction(1, 3),
    "b": Fraction(-1, 2),
    "c": Fraction(2, 3),
    "lo": Fraction(1, 4),
    "hi": Fraction(5, 4),
}

QUICK = (
    "(x - k)**7",
    "x**4*exp(a*x)",
    "sin(a*x)*cos(b*x)",
    "exp(x)*sin(x)",
    "exp(-k*x**2 + b*x)*x*cos(c*x)",
    "cosh(a*x)",
    "Abs(x - k)",
    "Max(x, 0)**3",
    "Heaviside(x - k)",
    "Piecewise((x**2, x < 0), (x - x**3, x < 1), (2*x + 1, True))",
    "Max(exp(x) - K, 0)",
    "clip(x, lo, hi)",
)
LONG = (
    "x**5",
    "(x - k)**3",
    "exp(a*x)",
    "sin(k*x)",
    "cos(k*x)",
    "sin(x)**2",
    "cos(k*x)**4",
    "x**2*cos(k*x)",
    "sinh(a*x)",
    "Max(x - k, 0)*exp(a*x)",
    "sign(x - k)",
    "Piecewise((x**2, x < k), (2*x + 1, True))",
    "Piecewise((x, x < lo), (x**2, x < hi), (1, True))",
    "Max(K - exp(x), 0)",
    "clip(x, -1, 1)",
    "x**32",
    "(x - k)**32",
    "x**8*exp(a*x)",
    "sin(a*x)*cos(b*x)*sin(c*x)",
    "sin(a*x)*cos(b*x)*sin(c*x)*cos(k*x)",
    "exp(-k*x**2 + b*x)*x**3*cos(c*x)",
)
# Their squares hold products of error functions, which have no closed form: their variances are enclosed.
ERROR_FUNCTIONS = ("erf(a*x + b)", "x*erf(x)", "Phi(x)", "erf(a*x + b)*exp(c*x)")
ON_THE_HALF_LINE = ("Max(x - k, 0)", "clip(x, lo, hi)", "Heaviside(x - k)*sin(a*x)", "x**3*exp(-a*x)")

ESTIMATORS = ("score_function", "pathwise")
LONGEST = 0.5  # seconds of the processor for an answer in its shortest form
BUSY = 4  # what other processes may add to that


def at(exact: Exact) -> arb:
    """The closed form at the point."""
    values = {
        symbol: sp.Rational(POINT[str(symbol)].numerator, POINT[str(symbol)].denominator) for symbol in exact.symbols
    }
    assert exact.conditions.xreplace(values) == sp.true
    assert exact.expression is not None
    return real_ball(exact.expression, values)


def enclosed(cost: str, estimator: str, wrt: str, law: str, power: int) -> arb:
    """E[term^power] at the point, by integration with balls."""
    built = moments(cost, estimator, wrt, law).estimator
    values = {
        symbol: sp.Rational(POINT[str(symbol)].numerator, POINT[str(symbol)].denominator)
        for symbol in built.term.free_symbols - {built.noise.symbol}
    }
    return enclose(built.term.xreplace(values) ** power, built.noise, 25).ball


def assert_closed(cost: str, wrt: str, law: str, with_variance: bool, note: Callable[[str, object], None]) -> None:
    start = time.process_time()
    answers = [gradient(cost, wrt, law)]
    if with_variance:
        answers += [moments(cost, estimator, wrt, law).variance for estimator in ESTIMATORS]
    open_ones = [index for index, answer in enumerate(answers) if answer.expression is None]
    seconds = time.process_time() - start
    note("seconds", round(seconds, 3))
    assert not open_ones, f"{cost}: no closed form for {[('gradient', *ESTIMATORS)[index] for index in open_ones]}"
    assert seconds < BUSY * LONGEST * len(answers)


@pytest.mark.parametrize("cost", QUICK)
def test_gradient_and_variances_are_closed(cost: str, record_property: Callable[[str, object], None]) -> None:
    assert_closed(cost, "mu", "normal", True, record_property)


@pytest.mark.parametrize("cost", ERROR_FUNCTIONS)
def test_gradients_of_error_functions_are_closed(cost: str, record_property: Callable[[str, object], None]) -> None:
    for wrt in ("mu", "sigma"):
        assert_closed(cost, wrt, "normal", False, record_property)


@pytest.mark.parametrize("cost", ON_THE_HALF_LINE)
def test_a_bounded_support_is_closed_too(cost: str, record_property: Callable[[str, object], None]) -> None:
    assert_closed(cost, "lam", "exponential", True, record_property)


@pytest.mark.prove
@pytest.mark.parametrize("cost", [*QUICK, *LONG, *ERROR_FUNCTIONS])
@pytest.mark.parametrize("wrt", ["mu", "sigma"])
def test_every_closed_form_is_right(cost: str, wrt: str, record_property: Callable[[str, object], None]) -> None:
    closed = cost not in ERROR_FUNCTIONS
    assert_closed(cost, wrt, "normal", closed, record_property)
    assert_right(cost, wrt, "normal", ESTIMATORS if closed else ())


@pytest.mark.parametrize("cost", ["clip(x, lo, hi)", "Max(exp(x) - K, 0)", "x*erf(x)"])
def test_a_closed_form_is_right(cost: str) -> None:
    assert_right(cost, "sigma", "normal", () if cost in ERROR_FUNCTIONS else ("pathwise",))


@pytest.mark.parametrize("cost", ON_THE_HALF_LINE[:2])
def test_a_closed_form_on_the_half_line_is_right(cost: str) -> None:
    assert_right(cost, "lam", "exponential", ("score_function",))


def assert_right(cost: str, wrt: str, law: str, estimators: tuple[str, ...]) -> None:
    assert reaches(at(gradient(cost, wrt, law)), enclosed(cost, "score_function", wrt, law, 1))
    for name in estimators:
        mean, second = (enclosed(cost, name, wrt, law, power) for power in (1, 2))
        assert reaches(at(moments(cost, name, wrt, law).variance), second - mean * mean)


def test_the_order_of_symbolic_breakpoints_comes_back_as_a_condition() -> None:
    clip = gradient("clip(x, lo, hi)")
    low, high = (sp.Symbol(name, real=True) for name in ("lo", "hi"))
    assert clip.conditions.xreplace({low: sp.S.Zero, high: sp.S.One}) == sp.true
    assert clip.conditions.xreplace({low: sp.S.One, high: sp.S.Zero}) == sp.false
    strike = sp.Symbol("K", real=True)
    assert gradient("Max(exp(x) - K, 0)").conditions == (strike > 0)
    place = sp.Symbol("k", real=True)
    assert gradient("Max(x - k, 0)", "lam", "exponential").conditions == (place > 0)
    assert gradient("Max(x - k, 0)").conditions == sp.true


def test_where_nothing_says_which_order_is_meant_it_is_that_of_the_names() -> None:
    both = gradient("Abs(x - a)*Abs(x - b)")
    assert both.conditions == (sp.Symbol("b", real=True) - sp.Symbol("a", real=True) > 0)
    assert reaches(both.at(mu=0, sigma=1, a=1, b=2).ball, both.at(mu=0, sigma=1, a=2, b=1).ball)

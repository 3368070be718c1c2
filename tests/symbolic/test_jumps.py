"""Jumps that move, jumps outside the support, and values at which there is no derivative.

The oracle writes each expectation with normal or exponential probabilities and differentiates it numerically, at 40
digits: it shares nothing with the places, heights and speeds of jumps.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments, time_limit
from symbolic.balls import real_ball
from symbolic.errors import NotCertified, NotDifferentiable
from symbolic.exact import Number
from symbolic.exact_gradient import gradient_of
from symbolic.laws.normal import NORMAL
from symbolic.places.jumps import jumps
from symbolic.places.jumps_at_numbers import jumps_at
from symbolic.problem import problem
from verify.case import Case, Settings
from verify.cell import cells_of
from verify.checks import CHECKS
from verify.checks.context import Context
from verify.finding import Verdict

Expectation = Callable[[mpmath.mpf], mpmath.mpf]
HALF = Fraction(1, 2)
STANDARD = {"mu": 0, "sigma": 1}


def above(place: mpmath.mpf) -> mpmath.mpf:
    """P(X > place) under N(0, 1)."""
    return mpmath.ncdf(-place)


MOVING: list[tuple[str, Expectation]] = [
    ("Heaviside(x - k)", above),
    ("Heaviside(Abs(x) - k)", lambda k: 2 * above(k)),
    ("sign(Abs(x) - k)", lambda k: 4 * above(k) - 1),
    ("Piecewise((1, Abs(x) < k), (0, True))", lambda k: 1 - 2 * above(k)),
    ("Heaviside(tanh(x) - k)", lambda k: above(mpmath.atanh(k))),
    ("Heaviside(atan(x) - k)", lambda k: above(mpmath.tan(k))),
    ("Heaviside(sigmoid(x) - k)", lambda k: above(mpmath.log(k / (1 - k)))),
    ("Heaviside(erf(x) - k)", lambda k: above(mpmath.erfinv(k))),
    ("Heaviside(clip(x, -1, 1) - k)", above),
    ("Heaviside(exp(x) - k)", lambda k: above(mpmath.log(k))),
    ("Heaviside(Max(x, 0) - k)", above),
]


@pytest.mark.parametrize(("cost", "expectation"), MOVING, ids=[cost for cost, _ in MOVING])
def test_a_jump_that_moves_with_a_parameter_of_the_cost(cost: str, expectation: Expectation) -> None:
    with mpmath.workdps(40):
        wanted = mpmath.diff(expectation, mpmath.mpf("0.5"))
    got = gradient(cost, wrt="k").at({**STANDARD, "k": HALF})
    assert abs(got.midpoint - wanted) < 1e-25 * abs(wanted)  # mpmath's difference quotient is good to about 1e-28
    assert got.radius < 1e-29


SLOW = {"Heaviside(tanh(x) - k)"}  # ten seconds; the others are of its class


@pytest.mark.parametrize(
    ("cost", "expectation"),
    [pytest.param(*case, id=case[0], marks=[pytest.mark.prove] if case[0] in SLOW else []) for case in MOVING],
)
def test_no_estimator_is_judged_that_does_not_see_it(cost: str, expectation: Expectation) -> None:
    case = Case(cost, at={"mu": "0", "sigma": "1", "k": "1/2"}, wrt=("k",))
    context = Context(Settings(), alpha=1e-8, beta=1e-8, pass_error=1e-3)
    findings = [finding for check in CHECKS for finding in check(cells_of(case), context)]
    assert {finding.verdict for finding in findings} == {Verdict.NOT_APPLICABLE}
    with mpmath.workdps(40):
        missed = float(mpmath.diff(expectation, mpmath.mpf("0.5")))
    # Neither term sees the jump, and the costs are constant beside it: each mean is 0, off by the whole gradient.
    assert all(f"{-missed:.6g}" in finding.message for finding in findings)


OUTSIDE = [
    ("Heaviside(x - k)", {"lam": 2, "k": -HALF}),
    ("sign(x - k)", {"lam": 2, "k": -HALF}),
    ("Heaviside(x - k)*x", {"lam": 2, "k": -HALF}),
    ("Piecewise((x**2, x < k), (1 + x, True))", {"lam": 2, "k": -HALF}),
    ("Heaviside(exp(x) - k)", {"lam": 2, "k": HALF}),
    ("Heaviside(x + k)", {"lam": 2, "k": 1}),
    ("Heaviside(k*x - 1)", {"lam": 2, "k": -2}),
]


@pytest.mark.parametrize(("cost", "at"), OUTSIDE, ids=[cost for cost, _ in OUTSIDE])
def test_a_jump_outside_the_support_counts_for_nothing(cost: str, at: dict[str, Fraction]) -> None:
    value = gradient(cost, wrt="k", law="exponential").at(at)
    assert abs(value.midpoint) <= value.radius < 1e-30


NOWHERE = [
    ("Max(k*x, 0)", "normal", "k", {"mu": 1, "sigma": 1, "k": 0}),
    ("Abs(k)*x", "normal", "k", {"mu": 1, "sigma": 1, "k": 0}),
    ("sign(k*x)", "normal", "k", {"mu": 1, "sigma": 1, "k": 0}),
    ("Heaviside(k)*x", "normal", "k", {"mu": 1, "sigma": 1, "k": 0}),
    ("Piecewise((x, k < 1), (0, True))", "normal", "k", {"mu": 1, "sigma": 1, "k": 1}),
    ("Heaviside(x - k)*Heaviside(m - x)", "normal", "k", {"mu": 0, "sigma": 1, "k": 1, "m": 1}),
    ("x", "normal(Max(t, 0), 1)", "t", {"t": 0}),
    ("x", "exponential(Max(t, 1))", "t", {"t": 1}),
    ("Heaviside(x - k)", "exponential", "k", {"lam": 2, "k": 0}),
]


@pytest.mark.parametrize(("cost", "law", "wrt", "at"), NOWHERE, ids=[f"{c}, {law}" for c, law, _, _ in NOWHERE])
def test_where_there_is_no_derivative_none_is_given(cost: str, law: str, wrt: str, at: dict[str, int]) -> None:
    with pytest.raises(NotDifferentiable, match="no derivative"):
        gradient(cost, wrt=wrt, law=law).at(at)


@pytest.mark.parametrize(("cost", "wanted"), [("Heaviside(k)*x", 0), ("Max(k*x, 0)", None), ("Abs(k)*x", 1)])
def test_beside_such_a_value_there_is_one(cost: str, wanted: int | None) -> None:
    value = gradient(cost, wrt="k").at(mu=1, sigma=1, k=1)
    if wanted is None:  # E max(X, 0) under N(1, 1) = Phi(1) + phi(1)
        with mpmath.workdps(30):
            assert abs(value.midpoint - mpmath.ncdf(1) - mpmath.npdf(1)) < 1e-28
    else:
        assert value.midpoint == wanted


@pytest.mark.parametrize("cost", ["log(Phi(x))", "exp(erf(x))", "sin(erf(x))", "1/(2 + erf(x))"])
def test_an_error_function_inside_another_function_has_no_closed_form(cost: str) -> None:
    answer = gradient_of(problem(cost, "mu", "normal"))
    assert answer.expression is None
    assert abs(answer.at(STANDARD).midpoint) > 1e-3


UNKNOWN = [
    ("Heaviside(Abs(x) - k)", {"k": 1}),
    ("Heaviside(x**4 - k)", {"k": 1}),
    ("Heaviside(x - Max(k, 0))", {"k": 1}),
    ("sign(Min(x, k) - m)", {"k": 2, "m": 1}),
    ("Heaviside(Abs(x - m) - Abs(k))", {"k": 1, "m": 1}),
]


@pytest.mark.parametrize(("cost", "at"), UNKNOWN, ids=[cost for cost, _ in UNKNOWN])
def test_a_jump_that_hangs_on_symbols_is_unknown_until_there_are_numbers(cost: str, at: dict[str, int]) -> None:
    """No estimator is called unbiased by default; with numbers the bias is that by which the mean is off."""
    problem_here = problem(cost, "mu", "normal")
    with pytest.raises(NotCertified, match=r"hangs on|can be found"):
        jumps(problem_here.cost, NORMAL.variable)
    values: dict[str, Number] = {**at, "mu": "1/2", "sigma": 1}
    for name in ("score_function", "pathwise"):
        answer = moments(cost, name, "mu")
        obstacle = answer.estimator.obstacle
        assert (obstacle is None) == (name == "score_function")  # it sees every jump that does not move with mu
        if obstacle is not None:
            assert not obstacle.is_known
            assert "not known before there are numbers" in obstacle.reason
        off = gradient(cost).at(values).ball - answer.mean.at(values).ball
        here = {symbol: sp.Rational(values[str(symbol)]) for symbol in problem_here.symbols}
        fixed = {symbol: value for symbol, value in here.items() if symbol != problem_here.wrt}
        law = NORMAL.with_arguments(*(argument.xreplace(fixed) for argument in NORMAL.arguments))
        moving = {problem_here.wrt: here[problem_here.wrt]}
        found = jumps_at(problem_here.cost.xreplace(fixed), law, problem_here.wrt, moving)
        assert found
        misses = answer.estimator.misses
        assert misses is not None
        missed = sp.Add(*(misses(jump, law, problem_here.wrt) for jump in found))
        assert off.overlaps(real_ball(missed, moving))


# The heights of their jumps are numbers for which SymPy's simplification takes minutes.
SLOW_TO_SIMPLIFY = [
    "Piecewise((exp(-5*x**2/8 - x/2 + 1/2)*sinh(5*x/4 - 1), x < -5/2), (x**2 + 1/2, x < -1/4), (exp(-x/4), True))",
    "Piecewise((exp(-x - 1/3), x < -5/6), (sinh(x - 5/6), x < 5/4), (exp(-3*x**2/8 - x/2 + 1/4), True))",
    "Piecewise((exp(-5*x/4)*sinh(3*x/2 + 3), x < -1/2), (exp(-3*x**2/4 + x + 1/6), x < 2/3), (exp(1/3 - 5*x/4), True))",
]


@pytest.mark.parametrize("cost", SLOW_TO_SIMPLIFY)
def test_heights_that_are_numbers_are_not_simplified(cost: str) -> None:
    with time_limit(5):
        found = jumps(problem(cost, "mu", "normal").cost, NORMAL.variable)
        assert len(found) == 2
        answer = moments(cost, "pathwise")
        missed = gradient(cost).at(STANDARD).ball - answer.mean.at(STANDARD).ball
        obstacle = answer.estimator.obstacle
        assert obstacle is not None
        values = {symbol: sp.Rational(STANDARD[str(symbol)]) for symbol in NORMAL.parameters}
        assert missed.overlaps(-real_ball(obstacle.bias, values))

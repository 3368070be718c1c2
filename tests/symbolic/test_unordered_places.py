"""Kinks and jumps at symbols whose order is not known: a closed form for one order, with the condition that says which.

The oracle is the enclosure of the integral at numbers, which cuts it where the numbers say.
"""

from __future__ import annotations

from random import Random

import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.balls import real_ball
from symbolic.estimators import estimator
from symbolic.exact import Exact
from symbolic.laws.normal import NORMAL
from symbolic.methods.enclosure import enclose
from symbolic.problem import problem

COSTS = [
    "Abs(x - a)*Abs(x - b)",
    "Abs(x)*Abs(x - b)",
    "Max(x - a, 0)*Max(x - b, 0)*Abs(x - c)",
    "Heaviside(x - a)*Heaviside(b - x)",
    "Max(lo, Min(x**2, hi))",
    "clip(x, lo, hi)*Abs(x - k)",
    "Max(Abs(x) - k, 0)",
    "Abs(x**2 - k)*x",
    "Max(x**2, k*x)",
    "Piecewise((x**2/2, Abs(x) < d), (d*(Abs(x) - d/2), True))",
    "exp(-Abs(x - a))*sign(x - b)",
]


def _numbers(answer: Exact, random: Random, *, meeting_the_condition: bool) -> dict[sp.Symbol, sp.Rational]:
    """Values of the symbols that meet the condition of the closed form, or any."""
    for _ in range(1000):
        values = {s: sp.Rational(random.randint(-12, 12), 4) + sp.Rational(1, 7) for s in answer.symbols}
        if any(symbol.is_positive and values[symbol] <= 0 for symbol in values):
            continue
        if not meeting_the_condition or answer.conditions.xreplace(values) == sp.true:
            return values
    raise AssertionError(f"no values meet {answer.conditions}: the closed form holds nowhere")


def _expected(text: str, name: str | None, values: dict[sp.Symbol, sp.Rational]) -> sp.Expr:
    """The term whose mean (None: the gradient by the score function) or variance is asked for."""
    asked = problem(text, "mu", "normal")
    return estimator(name or "score_function", asked).term.xreplace(values)


@pytest.mark.parametrize("text", COSTS)
def test_the_gradient_holds_where_its_condition_does_and_numbers_are_right_elsewhere(text: str) -> None:
    answer, random = gradient(text), Random()
    assert answer.expression is not None
    for meeting in (True, False):
        values = _numbers(answer, random, meeting_the_condition=meeting)
        truth = enclose(_expected(text, None, values), NORMAL.noise).ball
        at = {str(symbol): value for symbol, value in values.items()}
        assert answer.at(at).ball.overlaps(truth), (text, values)
        if meeting:
            assert real_ball(answer.expression, values).overlaps(truth), (text, values)


@pytest.mark.parametrize("name", ["score_function", "pathwise"])
@pytest.mark.parametrize("text", [COSTS[0], COSTS[4], COSTS[6]])
def test_so_do_the_variances(text: str, name: str) -> None:
    answer = moments(text, name).variance
    assert answer.expression is not None
    values = _numbers(answer, Random(), meeting_the_condition=True)
    term = _expected(text, name, values)
    mean, square = (enclose(term**power, NORMAL.noise).ball for power in (1, 2))
    assert real_ball(answer.expression, values).overlaps(square - mean * mean), (text, values)


def test_the_condition_is_the_order_of_the_names_and_a_symbol_alone_is_positive() -> None:
    assert str(gradient("Abs(x - a)*Abs(x - b)").conditions) == "-a + b > 0"
    assert str(gradient("Max(Abs(x) - k, 0)").conditions) == "k > 0"
    assert str(gradient("Abs(x**2 - k)").conditions) == "k > 0"


def test_a_gradient_with_respect_to_a_place_is_right_on_either_side() -> None:
    """d/da |x - a| |x - b| = -sign(x - a) |x - b|."""
    answer = gradient("Abs(x - a)*Abs(x - b)", wrt="a")
    z = NORMAL.noise.symbol
    for a, b in ((0, 1), (1, 0)):
        truth = enclose(-sp.sign(z - a) * sp.Abs(z - b), NORMAL.noise).ball
        assert answer.at(mu=0, sigma=1, a=a, b=b).ball.overlaps(truth)

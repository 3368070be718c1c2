"""The race against SymPy counts a wrong answer as wrong, whoever gives it."""

from __future__ import annotations

import pytest

from symbolic.exact_gradient import gradient
from tests.benchmarks.symbolic import COSTS, POINT, judged

RACED = ("x**2", "cos(k*x)", "Max(exp(x) - K, 0)")


def truth(cost: str) -> float:
    exact = gradient(cost)
    return float(exact.at({str(symbol): POINT[str(symbol)] for symbol in exact.symbols}))


@pytest.mark.parametrize("cost", RACED)
def test_a_right_value_is_solved(cost: str) -> None:
    assert judged(cost, repr(truth(cost)), 0.5).word == "solved"


@pytest.mark.parametrize("cost", RACED)
@pytest.mark.parametrize("factor", [-1, 0, 1 + 1e-6, 2])
def test_a_wrong_value_is_wrong(cost: str, factor: float) -> None:
    assert judged(cost, repr(factor * truth(cost)), 0.5).word == "wrong"


def test_what_is_no_number_is_wrong_and_what_is_none_unsolved() -> None:
    assert judged("x**2", "nan", 0.5).word == "wrong"
    assert judged("x**2", None, 0.5).word == "unsolved"


def test_enough_costs_race() -> None:
    assert len(set(COSTS)) >= 30

"""Estimators whose term has no mean although there is a gradient, as 2/x for log(x**2). Near misses have one."""

from __future__ import annotations

import re
from collections.abc import Mapping

import mpmath
import pytest

from symbolic import gradient, moments
from symbolic.deriving.derivation import Stop
from symbolic.deriving.story import derive_problem
from symbolic.errors import Divergent
from symbolic.estimators import estimator
from symbolic.problem import problem

NORMAL = {"mu": "1/2", "sigma": "5/4"}
AT = {"normal": NORMAL, "normal(0, sigma)": {"sigma": "5/4"}, "exponential": {"lam": "3/2"}}
VALUES = {"k": "1/3", "a": "-1/3"}

# cost, law, wrt, estimator, and beside which place
WITHOUT: list[tuple[str, str, str, str, str]] = [
    ("log(x**2)", "normal", "mu", "pathwise", "x = 0"),
    ("log(x**2)", "normal", "sigma", "pathwise", "x = 0"),
    ("log(Abs(x))", "normal", "mu", "pathwise", "x = 0"),
    ("log(Abs(x))**2", "normal", "mu", "pathwise", "x = 0"),
    ("Abs(x)**(-1/2)", "normal", "mu", "pathwise", "x = 0"),
    ("Abs(x)**(-2/3)", "normal", "mu", "pathwise", "x = 0"),
    ("(x**2)**(-1/8)", "normal", "mu", "pathwise", "x = 0"),
    ("sqrt(Abs(x))/x", "normal", "mu", "pathwise", "x = 0"),
    ("Abs(x)**a", "normal", "mu", "pathwise", "x = 0"),
    ("log(Abs(exp(x) - 2))", "normal", "mu", "pathwise", r"x = log\(2\)"),
    ("log(Abs(x**2 - 2))", "normal", "mu", "pathwise", r"x = -sqrt\(2\) and x = sqrt\(2\)"),
    ("log(Abs(x - k))", "normal", "mu", "pathwise", "x = k"),
    ("log(Abs(x - k))", "normal", "k", "pathwise", "x = k"),
    ("log(Abs(x - k))", "normal", "k", "score_function", "x = k"),
    ("Abs(x - k)**(-1/2)", "normal", "k", "score_function", "x = k"),
    ("log(Abs(x))*Heaviside(1 - x)", "normal", "mu", "pathwise", "x = 0"),
    ("log(Abs(x)) + Heaviside(x - 1)", "normal", "mu", "pathwise", "x = 0"),
    ("log(Abs(x - 1))", "exponential", "lam", "pathwise", "x = 1"),
]
# cost, law, wrt
WITH: list[tuple[str, str, str]] = [
    ("Abs(x)**(1/2)", "normal", "mu"),
    ("Abs(x)**(2/3)", "normal", "mu"),
    ("x*log(Abs(x))", "normal", "mu"),
    ("x**2*log(x**2)", "normal", "sigma"),
    ("atan(log(Abs(x)))", "normal", "mu"),
    ("exp(-1/Abs(x))", "normal", "mu"),
    ("sin(x)/x", "normal", "mu"),
    ("log(Abs(x))*Heaviside(x - 1)", "normal", "mu"),
    ("k*log(Abs(x))", "normal", "k"),
    ("sqrt(Abs(x - k))", "normal", "k"),
    ("log(x**2)", "normal(0, sigma)", "sigma"),  # the path does not move at 0
    ("Abs(x)**(-1/3)", "normal(0, sigma)", "sigma"),
    ("log(x)", "exponential", "lam"),
    ("x**(-1/2)", "exponential", "lam"),
    ("log(x)**2", "exponential", "lam"),
    ("x**a", "exponential", "lam"),
    ("log(1 + x**2)", "normal", "mu"),
    ("1/(k**2 + 1 + x**2)", "normal", "mu"),
    ("x**n", "normal", "mu"),
]


def _values(cost: str, law: str, wrt: str) -> Mapping[str, str]:
    symbols = {str(symbol) for symbol in problem(cost, wrt, law).symbols}
    return {name: value for name, value in {**AT[law], **VALUES}.items() if name in symbols}


@pytest.mark.parametrize(
    ("cost", "law", "wrt", "name", "where"), WITHOUT, ids=[f"{c}, {w}, {n}, {law}" for c, law, w, n, _ in WITHOUT]
)
def test_a_term_without_a_mean_is_an_obstacle(cost: str, law: str, wrt: str, name: str, where: str) -> None:
    obstacle = estimator(name, problem(cost, wrt, law)).obstacle
    assert obstacle is not None
    assert not obstacle.has_mean
    assert not obstacle.is_known
    assert re.fullmatch(rf"the term has no mean.*: it is not integrable beside {where}", obstacle.reason)


@pytest.mark.parametrize(("cost", "law", "wrt", "name", "where"), [WITHOUT[i] for i in (0, 4, 11, 13, 17)])
def test_at_numbers_there_is_a_gradient_and_no_mean(cost: str, law: str, wrt: str, name: str, where: str) -> None:
    del where
    values, answer = _values(cost, law, wrt), moments(cost, name, wrt, law)
    assert gradient(cost, wrt, law).at(values).is_finite
    with pytest.raises(Divergent, match="not integrable at"):
        answer.mean.at(values)
    assert not answer.variance.at(values).is_finite


@pytest.mark.parametrize(("cost", "law", "wrt"), WITH, ids=[f"{c}, {w}, {law}" for c, law, w in WITH])
def test_a_term_with_a_mean_meets_none(cost: str, law: str, wrt: str) -> None:
    for name in ("pathwise", "score_function"):
        assert estimator(name, problem(cost, wrt, law)).obstacle is None, name


@pytest.mark.parametrize(("cost", "law", "wrt"), [WITH[i] for i in (0, 3, 6, 10, 11, 13)])
def test_at_numbers_that_mean_is_the_gradient(cost: str, law: str, wrt: str) -> None:
    values = _values(cost, law, wrt)
    difference = moments(cost, "pathwise", wrt, law).mean.at(values).ball - gradient(cost, wrt, law).at(values).ball
    assert difference.contains(0)
    assert difference.rad() < 1e-25


@pytest.mark.parametrize("cost", ["cos(log(Abs(x)))", "sin(1/x)", "log(Abs(sin(x)))", "log(Abs(x**3 - x - 1))"])
def test_what_is_not_known_is_said_so(cost: str) -> None:
    obstacle = estimator("pathwise", problem(cost, "mu", "normal")).obstacle
    assert obstacle is not None
    assert obstacle.has_mean
    assert not obstacle.is_known
    assert "is not known before there are numbers" in obstacle.reason


def test_two_over_x_has_no_mean() -> None:
    """The oracle: int |2/x| p(x) dx over (h, 2h) does not fall with h, so the sum of all such is infinite."""
    with mpmath.workdps(20):

        def rest(h: mpmath.mpf) -> mpmath.mpf:
            return mpmath.quad(lambda x: 2 / x * mpmath.npdf(x, 0.5, 1.25), [h, 2 * h])

        assert abs(rest(mpmath.mpf(2) ** -40) - 2 * mpmath.log(2) * mpmath.npdf(0, 0.5, 1.25)) < 1e-10


def test_a_derivation_stops_where_the_term_has_no_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the identity of the estimator nor Bonnet's, which holds the slope of the cost, is then begun."""
    # The lines about the score function take seconds, and are another matter.
    monkeypatch.setattr("symbolic.deriving.story.seconds_left", lambda: 0.0)
    derivation = derive_problem(problem("log(x**2)", "mu", "normal"))
    assert Stop("Pathwise", "the term has no mean: it is not integrable beside x = 0") in derivation.stops
    assert {step.topic for step in derivation.steps}.isdisjoint({"Pathwise", "Bonnet's identity"})

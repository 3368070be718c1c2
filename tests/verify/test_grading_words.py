"""What is said of a mistake is said of the problem at hand: in its own symbols, with its own score."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sympy as sp

from symbolic.errors import SymbolicError
from symbolic.parsing import parse_formula
from symbolic.parsing.names import Vocabulary
from symbolic.problem import problem
from verify import grade
from verify.grading.mistakes import MISTAKES_IN_GRADIENTS, MISTAKES_IN_TERMS, Mistake
from verify.grading.setting import Setting

SYMBOLS = {"mu", "sigma", "lam", "rho", "theta", "m", "s", "tau", "kappa", "nu"}
PROBLEMS = (
    ("normal(mu, sigma)", "mu"),
    ("normal(mu, sigma)", "sigma"),
    ("normal(m, s)", "m"),
    ("normal(m, s)", "s"),
    ("normal(sigma, mu)", "sigma"),
    ("normal(sigma, mu)", "mu"),
    ("normal(mu, exp(rho))", "mu"),
    ("normal(mu, exp(rho))", "rho"),
    ("normal(2*tau, 3)", "tau"),
    ("normal(s, s)", "s"),
    ("normal(0, sigma)", "sigma"),
    ("normal(m*s, s)", "m"),
    ("exponential(lam)", "lam"),
    ("exponential(s)", "s"),
    ("exponential(exp(rho))", "rho"),
    ("exponential(mu)", "mu"),
)
COSTS = ("x**2", "{0}*x**2", "x*exp(x)")
GROUPS: dict[str, tuple[Mistake, ...]] = {"gradient": MISTAKES_IN_GRADIENTS, **MISTAKES_IN_TERMS}


def settings() -> Iterator[Setting]:
    for law, wrt in PROBLEMS:
        for cost in COSTS:
            yield Setting(problem(cost.format(wrt), wrt, law))
        yield Setting(problem("kappa*x**2", "kappa", law))


def words(text: str) -> set[str]:
    """The names of parameters in a text, in dsigma also; the s of scale's is none."""
    text = re.sub(r"\bd(?=[a-z]+\b)", "d ", text.replace("'s ", " "))
    return set(re.findall(r"[A-Za-z]+", text)) & SYMBOLS


def can_be_made(mistake: Mistake, q: Setting) -> bool:
    try:
        return next(iter(mistake.forms(q)), None) is not None
    except SymbolicError:
        return False


@pytest.mark.parametrize("group", GROUPS)
def test_no_mistake_is_told_in_the_symbols_of_another_problem(group: str) -> None:
    told = set()
    for q in settings():
        own = {str(symbol) for symbol in q.problem.symbols}
        for mistake in GROUPS[group]:
            if can_be_made(mistake, q):
                name, why = mistake.named(q), mistake.explained(q)
                assert words(name) | words(why) <= own, f"{q.problem}: {name}: {why}"
                assert not re.search(r"[{}]|None", name + why)
                told.add(name)
    assert told == {name for mistake in GROUPS[group] for name in mistake.names}


def test_the_words_of_another_problem_would_be_seen() -> None:
    assert words("d/dsigma**2 for d/dlog s") == {"sigma", "s"}
    assert words("one 1/sigma too many: (x - mu), the scale's square, dx/dtheta") == {"sigma", "mu", "theta"}


@pytest.mark.parametrize(("law", "wrt"), PROBLEMS, ids=lambda value: value)
def test_a_score_that_is_told_is_the_derivative_of_the_log_density(law: str, wrt: str) -> None:
    """The first mistake in scores is its sign; what it says is held against hand-written densities at numbers."""
    q = Setting(problem("x**2", wrt, law))
    told = MISTAKES_IN_TERMS["score_function"][0].explained(q).rpartition(" is ")[2].rstrip(".")
    known = {symbol.name: symbol for symbol in (*q.problem.symbols, q.x)}
    score = parse_formula(told, "score", Vocabulary(known, {})).expression
    arguments = [sp.expand(argument) for argument in q.law.arguments]
    if q.law.name == "normal":
        log_density = -((q.x - arguments[0]) ** 2) / (2 * arguments[1] ** 2) - sp.log(arguments[1])
    else:
        log_density = sp.log(arguments[0]) - arguments[0] * q.x
    point = {symbol: sp.Rational(3 + place, 7) for place, symbol in enumerate(sorted(known.values(), key=str))}
    difference = (score - sp.diff(log_density, q.wrt)).subs(point)
    assert abs(sp.N(difference, 60)) < sp.Rational(1, 10**50)


@pytest.mark.parametrize(
    ("law", "wrt", "term", "name", "said"),
    [
        ("exponential(lam)", "lam", "x**2*(x - 1/lam)", "sign", "the score of lam is -x + 1/lam."),
        ("exponential(s)", "s", "-x**3", "normalising constant", "holds s too: its logarithm adds 1/s to the score."),
        ("normal(2*tau, 3)", "tau", "x**2*(x - 2*tau)*2", "missing division by the scale's square", "by 9 is missing"),
        (
            "normal(m*s, s)",
            "m",
            "x**2*(x - m*s)",
            "missing division by the scale",
            "A division by s is missing: the score of m is",
        ),
        ("normal(m, s)", "s", "2*x*x", "x for epsilon", "dx/ds is epsilon: it holds the noise epsilon"),
    ],
    ids=lambda value: value.replace(" ", ""),
)
def test_an_explanation_is_about_the_problem(law: str, wrt: str, term: str, name: str, said: str) -> None:
    found = grade("x**2", wrt, law, answer_term=term)
    assert (found.verdict, found.mistake) == ("wrong", name)
    assert said in found.explanation

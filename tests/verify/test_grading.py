"""The grader on two tables of answers, right ones in odd forms and wrong ones; every number against quadrature."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from symbolic import SymbolicError, time_limit
from symbolic.errors import BadParameter, Divergent, ParseError, TimedOut, Undefined
from tests.verify import by_quadrature
from tests.verify.graded import RIGHT, WRONG, Given
from verify import grade
from verify.grading.mistakes import MISTAKES_IN_GRADIENTS, MISTAKES_IN_TERMS
from verify.grading.terms import BLIND, OTHER
from verify.grading.verdict import NO_MEAN, Grade
from verify.usage import UsageError

MISTAKES = [*MISTAKES_IN_GRADIENTS, *(mistake for group in MISTAKES_IN_TERMS.values() for mistake in group)]
NAMES = {name for mistake in MISTAKES for name in mistake.names} | {BLIND, OTHER}
OF_FIGURES = 1e-7  # eight digits are shown
SOMEWHERE = {
    "mu": 0.7,
    "sigma": 0.6,
    "rho": -0.4,
    "lam": 1.3,
    "k": 0.9,
    "a": 0.35,
    "m": 0.4,
    "s": 0.8,
    "K": 1.2,
    "lo": -0.2,
    "hi": 1.1,
}


def graded(given: Given) -> Grade:
    if given.term:
        return grade(given.cost, given.wrt, given.law, answer_term=given.answer)
    return grade(given.cost, given.wrt, given.law, answer=given.answer)


def test_the_tables_are_long_and_name_every_mistake() -> None:
    assert len(set(map(str, RIGHT))) == len(RIGHT) >= 60
    assert len(set(map(str, WRONG))) == len(WRONG) >= 60
    named = Counter(given.mistake for given in WRONG)
    assert named[None] >= 10
    assert set(named) - {None} == NAMES - {OTHER}


@pytest.mark.parametrize("given", RIGHT, ids=str)
def test_a_right_answer_is_right_in_any_form(given: Given) -> None:
    found = graded(given)
    assert found.verdict in ("right", "equivalent"), found.explanation
    assert (found.mistake, found.counterexample) == (None, None)


@pytest.mark.parametrize("given", RIGHT, ids=str)
def test_a_right_answer_is_right_by_quadrature(given: Given) -> None:
    mine = by_quadrature.mean_of_term(given, SOMEWHERE) if given.term else by_quadrature.value(given, SOMEWHERE)
    assert mine == pytest.approx(by_quadrature.gradient(given, SOMEWHERE), rel=by_quadrature.RELATIVE)


@pytest.mark.parametrize("given", WRONG, ids=str)
def test_a_wrong_answer_is_wrong_with_its_mistake_and_numbers_that_show_it(given: Given) -> None:
    found = graded(given)
    assert found.verdict == "wrong", found.explanation
    assert found.mistake == given.mistake
    shown = found.counterexample
    assert shown is not None
    assert shown.of == ("mean of the term" if given.term else "gradient")
    assert Fraction(shown.answer) != Fraction(shown.right)
    at = {name: float(Fraction(number)) for name, number in shown.at.items()}
    mine = by_quadrature.mean_of_term(given, at) if given.term else by_quadrature.value(given, at)
    for figure, number in ((shown.right, by_quadrature.gradient(given, at)), (shown.answer, mine)):
        assert float(Fraction(figure)) == pytest.approx(number, rel=OF_FIGURES, abs=1e-12)


@pytest.mark.parametrize("given", RIGHT[::7], ids=str)
def test_a_right_answer_that_is_moved_a_little_is_wrong(given: Given) -> None:
    moved = Given(given.cost, given.wrt, f"({given.answer}) + 1/10**30", law=given.law, term=given.term)
    found = graded(moved)
    assert found.verdict == "wrong"
    shown = found.counterexample
    assert shown is not None
    if "e" not in shown.answer + shown.right and shown.of == "gradient":
        assert abs(Fraction(shown.answer) - Fraction(shown.right)) == pytest.approx(1e-30, rel=1e-2)


# The words


@pytest.mark.parametrize(
    ("answer", "verdict", "needs"),
    [
        ("2*mu", "right", ()),
        ("mu*2 + 0*sigma", "right", ()),
        ("(mu + 1)**2 - mu**2 - 1", "right", ()),
        ("2*sigma*mu/sigma", "right", ()),
        ("2*mu*(sin(mu)**2 + cos(mu)**2)", "equivalent", ()),
        ("2*mu**2/mu", "equivalent", ("mu != 0",)),
        ("2*sqrt(mu)**2", "equivalent", ("mu >= 0",)),
        ("2*exp(log(mu))", "equivalent", ("mu > 0",)),
    ],
)
def test_right_is_the_same_formula_and_equivalent_another_one(
    answer: str, verdict: str, needs: tuple[str, ...]
) -> None:
    found = grade("x**2", "mu", answer=answer)
    assert (found.verdict, found.needs) == (verdict, needs)


def test_the_conditions_of_the_right_answer_are_told() -> None:
    answer = "2*a*mu*exp(a*mu**2/(1 - 2*a*sigma**2))/(1 - 2*a*sigma**2)**1.5"
    assert grade("exp(a*x**2)", answer=answer).needs == ("-2*a*sigma**2 + 1 > 0",)
    assert grade("exp(a*x**2)", answer_term="2*a*x*exp(a*x**2)").needs == ("-2*a*sigma**2 + 1 > 0",)


# Terms


def test_another_unbiased_estimator_is_told_with_its_variance() -> None:
    """With a baseline b, Var falls by E[(2 f b - b^2) score^2] = (2 b (mu^2 + 3 sigma^2) - b^2)/sigma^2."""
    found = grade("x**2", "mu", answer_term="(x**2 - b)*(x - mu)/sigma**2".replace("b", "mu**2"))
    assert found.verdict == "equivalent"
    assert "another unbiased estimator" in found.explanation
    assert found.variance_difference["score_function"] == "-mu**2*(mu**2 + 6*sigma**2)/sigma**2"
    assert set(found.variance_difference) == {"score_function", "pathwise"}


def test_the_gradient_itself_as_a_term_is_unbiased_and_holds_no_draw() -> None:
    found = grade("x**2", "mu", answer_term="2*mu")
    assert found.verdict == "equivalent"
    assert "holds no draw" in found.explanation
    assert found.variance_difference["pathwise"] == "-4*sigma**2"


def test_the_estimator_that_is_asked_for() -> None:
    assert grade("x**2", "mu", answer_term="2*x", estimator="pathwise").verdict == "right"
    assert grade("x**2", "mu", answer_term="2*x + epsilon", estimator="pathwise").verdict == "equivalent"
    other = grade("x**2", "mu", answer_term="2*x", estimator="score_function")
    assert (other.verdict, other.mistake) == ("wrong", OTHER)
    assert other.counterexample is not None
    assert other.counterexample.of == "score_function term"
    at = {name: Fraction(number) for name, number in other.counterexample.at.items()}
    x = at["mu"] + at["sigma"] * at["epsilon"]
    assert Fraction(other.counterexample.answer) == 2 * x
    assert Fraction(other.counterexample.right) == x**2 * at["epsilon"] / at["sigma"]


def test_the_right_terms_are_written_as_the_answer_is() -> None:
    assert grade("x**2", "sigma", answer_term="x").right["pathwise"] == "2*x*(-mu + x)/sigma"
    assert grade("x**2", "sigma", answer_term="epsilon").right["pathwise"] == "2*epsilon*(epsilon*sigma + mu)"


@pytest.mark.parametrize("term", ["exp(x**4)", "1/x"])
def test_a_term_without_a_mean_is_wrong(term: str) -> None:
    found = grade("x**2", "mu", answer_term=term)
    assert found.verdict == "wrong"
    assert found.counterexample is not None
    assert found.counterexample.answer == NO_MEAN


# Values


def test_an_answer_for_values_has_to_be_right_there() -> None:
    at = {"mu": 1, "sigma": "1/2"}
    assert grade("x**3", answer="15/4", at=at).verdict == "right"
    assert grade("x**3", answer="3.75", at=at).at == {"mu": "1", "sigma": "1/2"}
    wrong = grade("x**3", answer="3", at=at)
    assert (wrong.verdict, wrong.mistake) == ("wrong", "gradient at the mean")
    assert wrong.counterexample is not None
    assert wrong.counterexample.at == {"mu": "1", "sigma": "1/2"}
    assert grade("a*x**2", answer="6*mu", at={"a": 3}).verdict == "right"
    assert grade("x**2", answer_term="x**2*(x - 1)/4", at={"mu": 1, "sigma": 2}).verdict == "right"


def test_an_answer_that_is_right_at_the_values_only_is_wrong() -> None:
    found = grade("x**2", answer="mu**2 + 1", at={"mu": 1, "sigma": 1})
    assert found.verdict == "wrong"
    assert found.counterexample is not None
    assert found.counterexample.at["mu"] != "1"


def test_the_given_values_come_first() -> None:
    found = grade("x**2", answer="mu", at={"mu": "7/3", "sigma": 5})
    assert found.counterexample is not None
    assert found.counterexample.at == {"mu": "7/3", "sigma": "5"}


# Not known


@pytest.mark.parametrize(
    ("cost", "kind", "text"),
    [
        ("atan(x)", "answer_term", "1/(1 + x**2) + atan(mu) + atan(1/mu) - sign(mu)*pi/2"),
        ("x**2", "answer", "2*mu + atan(1/2) + atan(1/3) - pi/4"),
        ("x**2", "answer", "2*mu + 0*log(sigma - exp(sigma))"),
        ("softplus(x)", "answer", "0.5*mu/mu + 0*sigma"),
    ],
)
def test_what_is_not_proven_is_undecided_or_wrong_but_never_right(cost: str, kind: str, text: str) -> None:
    found = grade(cost, "mu", **{kind: text})  # type: ignore[arg-type] # one of two texts
    assert found.verdict == ("wrong" if "0.5" in text else "undecided")
    assert (found.mistake, found.counterexample is None) == (None, found.verdict == "undecided")


def test_agreement_is_told() -> None:
    assert "agree at" in grade("x**2", answer="2*mu + atan(1/2) + atan(1/3) - pi/4").explanation


def test_without_a_closed_form_an_answer_is_refuted_or_undecided() -> None:
    """0 is the gradient of E[tanh x] by sigma at mu = 0, which no algebra here knows."""
    assert grade("tanh(x)", "sigma", answer="0", at={"mu": 0, "sigma": 1}).verdict == "undecided"
    assert grade("tanh(x)", "mu", answer="0.6", at={"mu": 0, "sigma": 1}).verdict == "wrong"


# Bad input


BAD: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no answer": ({}, UsageError, "neither answer nor answer_term is given"),
    "two answers": ({"answer": "1", "answer_term": "1"}, UsageError, "both answer and answer_term are given"),
    "an estimator for a gradient": ({"answer": "1", "estimator": "pathwise"}, UsageError, "estimator='pathwise'"),
    "an unknown symbol": ({"answer": "2*nu"}, ParseError, "answer, column 3: nothing is called nu"),
    "a symbol that vanishes": ({"answer": "2*mu + 0*nu"}, ParseError, "nothing is called nu"),
    "a draw in a gradient": ({"answer": "2*x"}, ParseError, "x is drawn"),
    "the noise in a gradient": ({"answer": "2*epsilon"}, ParseError, "epsilon is drawn"),
    "half a formula": ({"answer": "2*"}, ParseError, "answer, column 3"),
    "code": ({"answer": "__import__('os')"}, ParseError, "__import__"),
    "nothing": ({"answer": ""}, ParseError, "the answer is empty"),
    "an unknown estimator": ({"answer_term": "x", "estimator": "guess"}, BadParameter, "guess"),
    "an estimator that is biased here": (
        {"cost": "Heaviside(x)", "answer_term": "0", "estimator": "pathwise"},
        BadParameter,
        "jumps at x = 0",
    ),
    "a term without a value": ({"answer_term": "x**2*sqrt(x)"}, Undefined, "x < 0"),
    "a term divided by nothing": ({"answer_term": "Max(x, 0)/Max(x, 0)"}, Undefined, "no value for a part"),
    "no expectation": ({"cost": "exp(x**4)", "answer_term": "x"}, Divergent, "does not exist"),
    "no value of the cost": ({"cost": "log(x)", "answer": "1/mu"}, Undefined, "log"),
    "an unknown wrt": ({"wrt": "theta", "answer": "1"}, BadParameter, "theta"),
    "an unknown law": ({"law": "cauchy", "answer": "1"}, ParseError, "cauchy"),
    "a law of numbers": ({"law": "normal(0, 1)", "answer": "0"}, UsageError, "no symbol"),
    "a value of nothing": ({"answer": "1", "at": {"nu": 1}}, BadParameter, "nu"),
    "a forbidden value": ({"answer": "1", "at": {"sigma": -1}}, BadParameter, "sigma"),
}


@pytest.mark.parametrize(("asked", "error", "words"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_named(asked: dict[str, Any], error: type[SymbolicError | UsageError], words: str) -> None:
    with pytest.raises(error, match=words):
        grade(**{"cost": "x**2", **asked})


# An exception that arrives while a finalizer runs is printed and lost, which pytest reports; it is raised again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_grading_ends_at_its_limit() -> None:
    slow = "(x + sin(x) + cos(k*x) + exp(a*x))**14"
    with time_limit(0.2), pytest.raises(TimedOut, match="grading the answer"):
        grade(slow, answer="mu")


def test_the_same_question_has_the_same_answer() -> None:
    assert grade("cos(k*x)", answer="sin(k*mu)") == grade("cos(k*x)", answer="sin(k*mu)")

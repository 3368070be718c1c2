"""Random members of the closed class against quadrature with balls: no wrong answer, whatever the seed.

A failure prints the seed, the cost and the point. An answer agrees if its radius and that of the oracle reach each
other; a refusal is none of the outcomes here, as every member has every moment.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import mpmath
import pytest
import sympy as sp
from flint import arb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from symbolic.balls import real_ball
from symbolic.errors import SymbolicError
from symbolic.exact_gradient import gradient
from symbolic.exact_moments import moments
from symbolic.value import Value
from tests.symbolic.closed_members import Member, exponential, kinked, polynomial, product, random_member
from tests.symbolic.panel_rule import Setting, by_mpmath, by_panels

QUANTITIES = ("gradient", "score_function", "pathwise")
X = sp.Symbol("x", real=True)
MU = sp.Symbol("mu", real=True)


@dataclass(frozen=True)
class Question:
    """A member of the closed class at a point, and which of the three quantities are asked for."""

    member: Member
    setting: Setting
    asked: tuple[str, ...]

    def __str__(self) -> str:
        at = ", ".join(f"{name}={value}" for name, value in self.setting.values)
        return f"{self.member.cost} under {self.setting.law}, d/d{self.setting.wrt}, at {at}"


def random_question(random: Random, *, all_quantities: bool) -> Question:
    kind = random.choices(("smooth", "pieces", "error_function"), (6, 3, 1))[0]
    if kind != "error_function" and random.random() < 0.2:
        rate = Fraction(random.randint(2, 12), 4)
        setting = Setting("exponential", "lam", (("lam", rate),))
        member = random_member(random, kind, fastest=rate / 3)
    else:
        values = (("mu", Fraction(random.randint(-8, 8), 4)), ("sigma", Fraction(random.randint(1, 6), 4)))
        setting = Setting("normal", random.choice(("mu", "sigma")), values)
        member = random_member(random, kind)
    return Question(member, setting, QUANTITIES if all_quantities else tuple(random.choices(QUANTITIES, (1, 2, 2))))


def ours(question: Question, quantity: str) -> Value:
    cost, setting = question.member.cost, question.setting
    if quantity == "gradient":
        return gradient(cost, setting.wrt, setting.law).at(setting.at)
    return moments(cost, quantity, setting.wrt, setting.law).variance.at(setting.at)


def disagreements(question: Question) -> list[str]:
    truth = by_panels(question.member, question.setting)
    found = []
    for quantity in question.asked:
        answer, wanted = ours(question, quantity), getattr(truth, quantity)
        if not (answer.is_finite and answer.ball.overlaps(wanted)):
            found.append(f"{quantity} of {question}: {answer} +/- {answer.radius}, by quadrature {wanted.str(30)}")
    return found


def judge(number: int, *, all_quantities: bool, by_both_rules: int) -> None:
    """Fresh members under a fresh seed, the first few of them also by a rule of another library."""
    seed = secrets.randbits(48)
    random = Random(seed)
    wrong = []
    for index in range(number):
        question = random_question(random, all_quantities=all_quantities)
        try:
            wrong += [f"seed {seed}, number {index}: {line}" for line in disagreements(question)]
        except SymbolicError as refusal:
            wrong.append(f"seed {seed}, number {index}: {question}: {refusal}")
        if index < by_both_rules:
            assert_rules_agree(question)
    assert not wrong, "\n".join(wrong)


def assert_rules_agree(question: Question) -> None:
    one, other = by_panels(question.member, question.setting).gradient, by_mpmath(question.member, question.setting)
    with mpmath.workdps(50):
        assert one.overlaps(arb(other, abs(other) * mpmath.mpf(10) ** -40 + mpmath.mpf(10) ** -45)), str(question)


def test_200_random_members() -> None:
    judge(200, all_quantities=False, by_both_rules=1)


@pytest.mark.prove
@pytest.mark.parametrize("part", range(10))
def test_10_000_random_members(part: int) -> None:
    del part
    judge(1_000, all_quantities=True, by_both_rules=10)


def test_a_cost_that_is_zero_but_for_twenty_standard_deviations_out() -> None:
    member = kinked("Max", Fraction(-1, 2), Fraction(-3, 2))
    setting = Setting("normal", "mu", (("mu", Fraction(2)), ("sigma", Fraction(1, 4))))
    assert 0 < -by_panels(member, setting).gradient < 1e-80
    assert not disagreements(Question(member, setting, QUANTITIES))


def test_the_oracle_is_as_sharp_as_it_says() -> None:
    """Panels and steps of half the length agree within the balls, and for the narrowest of costs too."""
    random = Random(5)
    questions = [random_question(random, all_quantities=True) for _ in range(3)]
    slow = Setting("exponential", "lam", (("lam", Fraction(1, 2)),))
    line = polynomial([Fraction(3, 2), Fraction(1)])
    narrow = [(product(line, exponential(Fraction(9, 8), Fraction(-1, 4), Fraction(1, 3))), slow)]
    for member, setting in [*((question.member, question.setting) for question in questions), *narrow]:
        one, other = by_panels(member, setting), by_panels(member, setting, finer=2)
        assert all(getattr(one, name).overlaps(getattr(other, name)) for name in QUANTITIES), setting


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_an_answer_off_in_the_28th_digit_is_seen(quantity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    question = random_question(Random(3), all_quantities=True)
    assert not disagreements(question)
    right = ours(question, quantity)
    with mpmath.workdps(40):
        wrong = Value(right.midpoint * (1 + mpmath.mpf(10) ** -28), right.radius)
    monkeypatch.setattr(f"{__name__}.ours", lambda _question, name: wrong if name == quantity else ours_is(name))
    truth = by_panels(question.member, question.setting)

    def ours_is(name: str) -> Value:
        return Value.from_ball(getattr(truth, name), 30)

    assert len(disagreements(question)) == 1


# Deterministic identities, where hypothesis may look for counterexamples.

seeds = st.integers(0, 2**32).map(Random)
points = st.fixed_dictionaries(
    {
        "mu": st.fractions(-2, 2, max_denominator=8),
        "sigma": st.fractions(Fraction(1, 4), Fraction(3, 2), max_denominator=8),
    }
)
parameters = st.sampled_from(("mu", "sigma"))
kinds = st.sampled_from(("smooth", "pieces"))
# Not shrunk: a smaller seed is no simpler cost.
few = settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def reaches(left: arb, right: arb) -> bool:
    return bool(left.overlaps(right))


@few
@given(random=seeds, kind=kinds, wrt=parameters, at=points, factor=st.fractions(-3, 3, max_denominator=5))
def test_the_gradient_is_linear_in_the_cost(
    random: Random, kind: str, wrt: str, at: dict[str, Fraction], factor: Fraction
) -> None:
    first, second = random_member(random, kind).cost, random_member(random, "smooth").cost
    number = sp.Rational(factor.numerator, factor.denominator)
    whole = gradient(first + number * second, wrt).at(at).ball
    parts = (
        gradient(first, wrt).at(at).ball
        + arb(factor.numerator) / factor.denominator * gradient(second, wrt).at(at).ball
    )
    assert reaches(whole, parts)


@few
@given(random=seeds, kind=kinds, wrt=parameters, at=points, shift=st.fractions(-2, 2, max_denominator=6))
def test_a_translated_cost_has_a_translated_mean(
    random: Random, kind: str, wrt: str, at: dict[str, Fraction], shift: Fraction
) -> None:
    cost = random_member(random, kind).cost
    moved = cost.xreplace({X: X - sp.Rational(shift.numerator, shift.denominator)})
    here = gradient(moved, wrt).at(at).ball
    there = gradient(cost, wrt).at({**at, "mu": at["mu"] - shift}).ball
    assert reaches(here, there)


@few
@given(random=seeds, kind=kinds, wrt=parameters, at=points)
def test_the_gradient_is_the_mean_of_the_score_function(
    random: Random, kind: str, wrt: str, at: dict[str, Fraction]
) -> None:
    cost = random_member(random, kind).cost
    assert reaches(gradient(cost, wrt).at(at).ball, moments(cost, "score_function", wrt).mean.at(at).ball)


@few
@given(random=seeds, wrt=parameters, at=points)
def test_both_estimators_of_a_smooth_cost_have_one_mean(random: Random, wrt: str, at: dict[str, Fraction]) -> None:
    cost = random_member(random, "smooth").cost
    means = [moments(cost, estimator, wrt).mean.at(at).ball for estimator in ("score_function", "pathwise")]
    assert reaches(*means)


@few
@given(random=seeds, wrt=parameters, at=points)
def test_the_forms_that_are_shown_have_the_values(random: Random, wrt: str, at: dict[str, Fraction]) -> None:
    """The shortest form, found with symbols, against the integral taken again with the numbers in place."""
    cost = random_member(random, "smooth").cost
    for exact in (gradient(cost, wrt), *(moments(cost, name, wrt).variance for name in QUANTITIES[1:])):
        values = {symbol: sp.Rational(*at[str(symbol)].as_integer_ratio()) for symbol in exact.symbols}
        assert reaches(real_ball(exact.expression, values), exact.at(at).ball)

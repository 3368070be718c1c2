"""An answer for the exact gradient: compared with the closed form, or with certified values where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import sympy as sp

from symbolic.comparing import Comparison, Domain, compare
from symbolic.comparing.comparison import number_at
from symbolic.errors import BadParameter, Divergent, NotCertified, NotDifferentiable, Undefined
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.value import Value
from verify.grading.asked import Asked
from verify.grading.decimals import ENOUGH, as_written, between, in_words, matches, written
from verify.grading.figures import figure, figures, shown_point, told_apart
from verify.grading.judgement import Judgement, needs_of, undecided
from verify.grading.mistakes import MISTAKES_IN_GRADIENTS
from verify.grading.recognition import recognised
from verify.grading.setting import Setting
from verify.grading.verdict import Counterexample, Verdict

__all__ = ["judge_gradient"]

_WHAT = "gradient"
_DIGITS = 12
_SHOWN = 8
_ENCLOSED_POINTS = 2


def judge_gradient(asked: Asked) -> Judgement:
    """Compare the answer with d/d wrt E[cost]. Raises Divergent or Undefined where there is no gradient."""
    exact = gradient_of(asked.problem)
    formula = exact.expression
    if formula is None or exact.conditions.xreplace(asked.fixed) == sp.false:
        return _judge_by_values(asked, exact)
    right = formula.xreplace(asked.fixed)
    conditions = exact.conditions.xreplace(asked.fixed)
    domain = asked.domain(exact.conditions, asked.guards)
    seen = compare(asked.formula, right, domain, asked.symbols)
    shown = {_WHAT: str(right)}
    needs = needs_of(asked.guards, conditions, asked.problem)
    # Where no point was looked at, it is not known that there is a gradient.
    was_seen = seen.equal is False or seen.agreed > 0
    digits = None if right.free_symbols or not was_seen else _digits_of(asked, right)
    if seen.equal:
        same = sp.expand(asked.formula) == sp.expand(right)
        verdict = Verdict.RIGHT if same and not asked.guards else Verdict.EQUIVALENT
        how = "This is the gradient." if verdict is Verdict.RIGHT else "This equals the gradient, in another form."
        return Judgement(verdict, how, shown, needs=needs)
    if digits is not None and digits.enough:
        return Judgement(Verdict.EQUIVALENT, digits.words, shown, needs=needs)
    if seen.equal is None:
        return undecided(seen, shown, "this is the gradient")
    assert seen.point is not None
    mistake = recognised(asked.formula, Setting(asked.problem), MISTAKES_IN_GRADIENTS, domain, asked.symbols)
    yours, true = told_apart(asked.formula, right, seen.point)
    why = "This is not the gradient." if digits is None else digits.words
    return Judgement(
        Verdict.WRONG,
        why if mistake is None else mistake.why,
        shown,
        None if mistake is None else mistake.name,
        Counterexample(_WHAT, shown_point(seen.point), as_written(asked.text, yours), true),
        needs=needs,
    )


@dataclass(frozen=True)
class _Digits:
    """That the answer is the right number to the digits in which it is written, and whether they are enough."""

    words: str
    enough: bool


def _digits_of(asked: Asked, right: sp.Expr | Value) -> _Digits | None:
    decimal = written(asked.text)
    truth = None if decimal is None else between(right, decimal)
    if decimal is None or truth is None or not matches(decimal, truth):
        return None
    shown_digits = max(_SHOWN, decimal.digits + 3)
    shown = figures(right, shown_digits) if isinstance(right, Value) else figure(right, shown_digits)
    return _Digits(in_words(decimal, truth, shown), decimal.digits >= ENOUGH)


def _judge_by_values(asked: Asked, exact: Exact) -> Judgement:
    """Without a closed form an answer can be refuted, at single values; proven only to the digits of a number."""
    domain = asked.domain(sp.true, asked.guards)
    shown = {_WHAT: "no closed form"}
    is_at_values = asked.problem.symbols <= asked.fixed.keys()
    agreed = 0
    for point in islice(domain.points(asked.symbols), _ENCLOSED_POINTS):
        value = _value_at(exact, {str(symbol): str(number) for symbol, number in point.items()})
        ball = number_at(asked.formula, point)
        if value is None or ball is None:
            continue
        digits = _digits_of(asked, value) if is_at_values else None
        if digits is not None and digits.enough:
            return Judgement(Verdict.EQUIVALENT, digits.words, shown)
        if not ball.overlaps(value.ball):
            return _refuted(asked, domain, point, value, digits)
        agreed += 1
    return undecided(
        Comparison(None, None, agreed, _DIGITS), shown, "this is the gradient, which has no closed form here"
    )


def _refuted(
    asked: Asked, domain: Domain, point: dict[sp.Symbol, sp.Rational], value: Value, digits: _Digits | None
) -> Judgement:
    mistake = recognised(asked.formula, Setting(asked.problem), MISTAKES_IN_GRADIENTS, domain, asked.symbols)
    yours = as_written(asked.text, figure(asked.formula.xreplace(point), _DIGITS))
    why = "This is not the gradient, which has no closed form here." if digits is None else digits.words
    return Judgement(
        Verdict.WRONG,
        why if mistake is None else mistake.why,
        {_WHAT: "no closed form"},
        None if mistake is None else mistake.name,
        Counterexample(_WHAT, shown_point(point), yours, figures(value, _DIGITS)),
    )


def _value_at(exact: Exact, at: dict[str, str]) -> Value | None:
    try:
        value = exact.at(at, digits=30)
    except (BadParameter, Divergent, NotCertified, NotDifferentiable, Undefined):
        return None
    return value if value.is_finite else None

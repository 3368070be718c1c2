"""An answer for the exact gradient: compared with the closed form, or with certified values where there is none."""

from __future__ import annotations

from itertools import islice

import sympy as sp

from symbolic.comparing import Comparison, Domain, compare
from symbolic.comparing.comparison import number_at
from symbolic.errors import BadParameter, Divergent, NotCertified, NotDifferentiable, Undefined
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.value import Value
from verify.grading.asked import Asked
from verify.grading.figures import figure, figures, shown_point, told_apart
from verify.grading.judgement import Judgement, needs_of, undecided
from verify.grading.mistakes import MISTAKES_IN_GRADIENTS
from verify.grading.recognition import recognised
from verify.grading.setting import Setting
from verify.grading.verdict import Counterexample, Verdict

__all__ = ["judge_gradient"]

_WHAT = "gradient"
_DIGITS = 12
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
    if seen.equal:
        same = sp.expand(asked.formula) == sp.expand(right)
        verdict = Verdict.RIGHT if same and not asked.guards else Verdict.EQUIVALENT
        how = "This is the gradient." if verdict is Verdict.RIGHT else "This equals the gradient, in another form."
        return Judgement(verdict, how, shown, needs=needs)
    if seen.equal is None:
        return undecided(seen, shown, "this is the gradient")
    assert seen.point is not None
    mistake = recognised(asked.formula, Setting(asked.problem), MISTAKES_IN_GRADIENTS, domain, asked.symbols)
    yours, true = told_apart(asked.formula, right, seen.point)
    return Judgement(
        Verdict.WRONG,
        "This is not the gradient." if mistake is None else mistake.why,
        shown,
        None if mistake is None else mistake.name,
        Counterexample(_WHAT, shown_point(seen.point), yours, true),
        needs=needs,
    )


def _judge_by_values(asked: Asked, exact: Exact) -> Judgement:
    """Without a closed form an answer can be refuted, at single values, but not proven."""
    domain = asked.domain(sp.true, asked.guards)
    agreed = 0
    for point in islice(domain.points(asked.symbols), _ENCLOSED_POINTS):
        value = _value_at(exact, {str(symbol): str(number) for symbol, number in point.items()})
        ball = number_at(asked.formula, point)
        if value is None or ball is None:
            continue
        if not ball.overlaps(value.ball):
            return _refuted(asked, domain, point, value)
        agreed += 1
    shown = {_WHAT: "no closed form"}
    return undecided(
        Comparison(None, None, agreed, _DIGITS), shown, "this is the gradient, which has no closed form here"
    )


def _refuted(asked: Asked, domain: Domain, point: dict[sp.Symbol, sp.Rational], value: Value) -> Judgement:
    mistake = recognised(asked.formula, Setting(asked.problem), MISTAKES_IN_GRADIENTS, domain, asked.symbols)
    yours = figure(asked.formula.xreplace(point), _DIGITS)
    return Judgement(
        Verdict.WRONG,
        "This is not the gradient, which has no closed form here." if mistake is None else mistake.why,
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

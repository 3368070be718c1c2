"""A term that is none of the known ones is judged by its mean: the gradient, proven, or not the gradient, certified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import sympy as sp

from symbolic.comparing import Comparison, compare
from symbolic.comparing.identities import rewritten
from symbolic.errors import (
    BadParameter,
    Divergent,
    NotCertified,
    NotDifferentiable,
    NotInClass,
    TimedOut,
    Undefined,
)
from symbolic.estimator import Estimator
from symbolic.expectation import expectation_under_noise
from symbolic.methods.enclosure import enclose
from symbolic.readable import readable
from symbolic.value import Value
from verify.grading.figures import figures, shown_point, told_apart
from verify.grading.judgement import Judgement, needs_of, undecided
from verify.grading.mistakes import MISTAKES_IN_TERMS
from verify.grading.recognition import recognised
from verify.grading.term import Term
from verify.grading.verdict import NO_MEAN, Counterexample, Verdict

__all__ = ["at_a_draw", "judge_mean", "of_the_mean"]

_MEAN = "mean of the term"
_DIGITS = 12
_ENCLOSED_POINTS = 2
_SECONDS = 4.0  # for one enclosure
_LONGEST = 300  # operations of what is brought on one fraction line


def judge_mean(term: Term, candidates: list[Estimator]) -> Judgement:
    """Equivalent if the mean is proven to be the gradient, wrong if it is certainly not, else undecided."""
    seen = Comparison(None)
    for off, conditions in _distances(term, candidates):
        if off is sp.nan:
            return _wrong(term, candidates, "Its mean does not exist.", None)
        seen = compare(off, sp.S.Zero, term.mean_domain(conditions), term.asked.symbols)
        if seen.equal:
            return _unbiased(term, candidates, conditions)
        if seen.equal is False:
            return _wrong(term, candidates, "Its mean is not the gradient.", of_the_mean(term, off, conditions))
    shown, agreed = _at_numbers(term)
    if shown is not None:
        why = "Its mean does not exist." if shown.answer == NO_MEAN else "Its mean is not the gradient."
        return _wrong(term, candidates, why, shown)
    if not seen.agreed:
        seen = Comparison(None, None, agreed, _DIGITS)
    return undecided(seen, {}, "the mean of this term is the gradient")


def _distances(term: Term, candidates: list[Estimator]) -> Iterator[tuple[sp.Expr, sp.Basic]]:
    """E[term] - gradient, and the conditions of this form, in each way that has a closed form; NaN for no mean."""
    for each in candidates:
        if each.obstacle is None:
            for difference in _forms(term.formula - term.right(each)):
                yield from _mean(difference, term)
    if term.exact.expression is not None:
        for mean, conditions in _mean(term.formula, term):
            yield mean - term.exact.expression.xreplace(term.asked.fixed), conditions


def _forms(difference: sp.Expr) -> Iterator[sp.Expr]:
    """As it stands, in its shortest form, and with equal factors above and below the fraction line cancelled."""
    yield difference
    yield readable(difference)
    if sp.count_ops(difference) <= _LONGEST and not difference.has(sp.Piecewise):
        yield sp.cancel(sp.together(rewritten(difference)))


def _mean(formula: sp.Expr, term: Term) -> Iterator[tuple[sp.Expr, sp.Basic]]:
    try:
        integral = expectation_under_noise(formula, term.noise)
    except NotInClass:
        return
    except Divergent:
        yield sp.nan, sp.true
        return
    conditions = integral.conditions & integral.form_holds
    yield (sp.nan if integral.conditions == sp.false else integral.expression), conditions


def _unbiased(term: Term, candidates: list[Estimator], conditions: sp.Basic) -> Judgement:
    no_draw = "" if term.formula.has(term.noise.symbol) else " It holds no draw: it is the exact gradient itself."
    return Judgement(
        Verdict.EQUIVALENT,
        "This is another unbiased estimator: its mean is proven to be the gradient, and its term is not shown to "
        f"be one of those known here.{no_draw}",
        {},
        needs=needs_of((), conditions, term.asked.problem),
        variance_difference=_variance_differences(term, candidates),
    )


def _variance_differences(term: Term, candidates: list[Estimator]) -> Mapping[str, str]:
    """E t^2 - E g^2, as the means are the same; left out where there is no closed form."""
    found = {}
    for each in candidates:
        if each.obstacle is None:
            second, theirs = (next(_mean(formula**2, term), None) for formula in (term.formula, term.right(each)))
            if second is not None and theirs is not None and not (second[0] - theirs[0]).has(sp.nan):
                found[each.name] = str(readable(second[0] - theirs[0]))
    return found


def _wrong(term: Term, candidates: list[Estimator], why: str, shown: Counterexample | None) -> Judgement:
    unbiased = [each for each in candidates if each.obstacle is None]
    mistakes = [mistake for each in unbiased for mistake in MISTAKES_IN_TERMS.get(each.name, ())]
    mistake = recognised(term.formula, term.setting, mistakes, term.domain, term.symbols)
    return Judgement(
        Verdict.WRONG,
        why if mistake is None else f"{mistake.why} {why}",
        {},
        None if mistake is None else mistake.name,
        shown or next((at_a_draw(term, each) for each in unbiased), None),
    )


def of_the_mean(term: Term, off: sp.Expr, conditions: sp.Basic) -> Counterexample | None:
    """Values at which the mean of the term is off the gradient; None where they cannot be shown."""
    seen = compare(off, sp.S.Zero, term.mean_domain(conditions), term.asked.symbols)
    if seen.point is None:
        return None
    if term.exact.expression is not None:
        right = term.exact.expression.xreplace(term.asked.fixed)
        return Counterexample(_MEAN, shown_point(seen.point), *told_apart(readable(right + off), right, seen.point))
    value = _gradient_at(term, seen.point)
    mean = _enclosed_mean(term, seen.point)
    if value is None or mean is None or value.ball.overlaps(mean.ball):
        return None
    return Counterexample(_MEAN, shown_point(seen.point), figures(mean, _DIGITS), figures(value, _DIGITS))


def _at_numbers(term: Term) -> tuple[Counterexample | None, int]:
    """Two enclosures without a common point, or a mean that provably does not exist where there is a gradient.

    And at how many points there was nothing of the kind.
    """
    agreed = 0
    for point in islice(term.mean_domain(sp.true).points(term.asked.symbols), _ENCLOSED_POINTS):
        value = _gradient_at(term, point)
        if value is None:
            continue
        try:
            mean = _enclosed_mean(term, point)
        except Divergent:
            return Counterexample(_MEAN, shown_point(point), NO_MEAN, figures(value, _DIGITS)), agreed
        if mean is None:
            continue
        if not value.ball.overlaps(mean.ball):
            return Counterexample(_MEAN, shown_point(point), figures(mean, _DIGITS), figures(value, _DIGITS)), agreed
        agreed += 1
    return None, agreed


def _gradient_at(term: Term, point: Mapping[sp.Symbol, sp.Rational]) -> Value | None:
    try:
        value = term.exact.at({str(symbol): str(number) for symbol, number in point.items()}, digits=_DIGITS + 4)
    except (BadParameter, Divergent, NotCertified, NotDifferentiable, Undefined):
        return None
    return value if value.is_finite else None


def _enclosed_mean(term: Term, point: Mapping[sp.Symbol, sp.Rational]) -> Value | None:
    formula = term.formula.xreplace(dict(point))
    if sp.count_ops(formula) <= _LONGEST and not formula.has(sp.Piecewise):
        formula = sp.factor(formula)  # a double pole is seen in (x - 1)**2, and not in x**2 - 2*x + 1
    try:
        return enclose(formula, term.noise, _DIGITS + 4, _SECONDS)
    except (NotCertified, TimedOut, Undefined):
        return None


def at_a_draw(term: Term, right: Estimator) -> Counterexample | None:
    """Values and a draw at which the term is not that of the estimator."""
    seen = term.compared_with(right)
    if seen.point is None:
        return None
    shown = told_apart(term.formula, term.right(right), seen.point)
    return Counterexample(f"{right.name} term", shown_point(seen.point), *shown)

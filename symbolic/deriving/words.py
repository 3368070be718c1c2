"""What is given and what follows from a derivation, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from symbolic.confirmation import HOW_CONFIRMED
from symbolic.estimator import Estimator
from symbolic.exact import Exact
from symbolic.methods import sympy_integral
from symbolic.problem import Problem
from symbolic.readable import readable

__all__ = ["GENERAL_CONCLUSION", "GENERAL_GIVEN", "conclusion", "given", "unproven", "why_not_sympys"]

LONG = 80  # letters of a formula in a sentence


def given(problem: Problem) -> tuple[str, ...]:
    """The law, its density, its path and its noise."""
    law = problem.law
    x, epsilon = law.variable, law.noise.symbol
    positive = sorted((str(symbol) for symbol in problem.symbols if symbol.is_positive), key=str)
    return (
        f"{x} ~ {law}: the density is p({x}) = {law.written_out(law.density)}",
        f"{epsilon} ~ q: the density is q({epsilon}) = {law.noise.density}, without parameters",
        f"the path is {x} = g({epsilon}) = {law.written_out(law.path)}",
        "every symbol is real" + (f"; {', '.join(positive)} > 0" if positive else ""),
    )


def conclusion(
    problem: Problem, estimators: Sequence[Estimator], gradient: Exact, variances: Mapping[str, sp.Expr]
) -> tuple[str, ...]:
    """The gradient, who is biased and by how much, and who has the smaller variance."""
    found = []
    if gradient.expression is not None:
        condition = "" if gradient.conditions == sp.true else f", where {gradient.conditions}"
        found.append(f"The gradient is {gradient.expression}{condition}.")
    for each in estimators:
        if each.obstacle is None:
            found.append(f"The {_words(each)} estimator is unbiased.")
        elif not each.obstacle.has_mean:
            found.append(f"The {_words(each)} estimator has no mean to be the gradient: {each.obstacle.reason}.")
        elif not each.obstacle.is_known:
            found.append(f"The {_words(each)} estimator may be biased: {each.obstacle.reason}.")
        else:
            found.append(
                f"The {_words(each)} estimator is biased by {readable(each.obstacle.bias)}: {each.obstacle.reason}."
            )
        if variances.get(each.name) == sp.oo:
            found.append(f"The variance of the {_words(each)} estimator is infinite.")
    if len(estimators) > 1 and all(each.name in variances for each in estimators[:2]):
        found.append(_winner(estimators[0], estimators[1], variances))
    return tuple(found)


def unproven(what: Sequence[str]) -> tuple[str, ...]:
    """A sentence on the forms that are SymPy's, if there are any."""
    return (f"The closed form of {' and of '.join(what)} was {HOW_CONFIRMED}.",) if what else ()


def why_not_sympys(answer: Exact) -> str:
    """Why SymPy's closed form is not given either, for the end of a sentence; "" where it was not asked for one."""
    _, name, reason = (answer.refusal or "").rpartition(f"{sympy_integral.NAME}: ")
    return f" ({name}{reason})" if name else ""


def _winner(one: Estimator, other: Estimator, variances: Mapping[str, sp.Expr]) -> str:
    first, second = variances[one.name], variances[other.name]
    if sp.oo in (first, second):
        finite = [each for each in (one, other) if variances[each.name] != sp.oo]
        return f"Only the {_words(finite[0])} estimator has a variance." if finite else "Neither has a variance."
    biased = [_words(each) for each in (one, other) if each.obstacle is not None and each.obstacle.is_known]
    who = f"the {biased[0]} estimator is" if len(biased) == 1 else "both estimators are"
    hint = f" But {who} biased, which no number of draws mends." if biased else ""
    if one.term == other.term:
        return f"Both estimators have the same term, and so the same variance.{hint}"
    if second == 0:
        return f"Every draw of the {_words(other)} estimator is the same number: its variance is 0.{hint}"
    difference = readable(first - second)
    if difference == 0:
        return f"Both estimators have the same variance.{hint}"
    sign = _sign(difference)
    if sign:
        better, worse = (other, one) if sign > 0 else (one, other)
        smaller = f"The {_words(better)} estimator has a smaller variance than the {_words(worse)} estimator"
        return f"{smaller} wherever both have one.{hint}"
    written = str(difference)
    lead = "the difference above" if len(written) > LONG else written
    smaller = f"The {_words(other)} estimator has the smaller variance where {lead} > 0"
    return f"{smaller}, and the {_words(one)} estimator where it is < 0.{hint}"


def _sign(expression: sp.Expr) -> int:
    """1 or -1 if the expression has that sign everywhere (or is 0 somewhere), 0 if that is not seen."""
    for form in (expression, sp.factor_terms(expression), sp.expand(expression)):
        if form.is_nonnegative:
            return 1
        if form.is_nonpositive:
            return -1
    return 0


def _words(estimator: Estimator) -> str:
    return estimator.name.replace("_", " ")


GENERAL_GIVEN = (
    "x ~ p(x; theta), a density that is smooth in theta and whose support does not move with theta",
    "x = g(epsilon, theta) with epsilon ~ q, a law without parameters, is a path that draws it",
    "f is the cost and does not hold theta; f' and f'' are its derivatives",
    "each line is checked with laws and costs in place of p, g and f: an instance can refute it, and none does",
)
GENERAL_CONCLUSION = (
    "Score function: the mean of f(x) times the score; it needs only values of f, which may jump.",
    "Pathwise: the mean of f'(g) dg/dtheta; it needs the slope of f, and no jumps.",
    "Gaussian: Bonnet and Price turn both into expectations of f' and f''.",
    "Which has the smaller variance depends on the cost: derive a cost to see it.",
)

"""derive: d/d theta E[f(x)] from the definition to the variances, line by line, each line checked when it is made."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import sympy as sp

from symbolic.clock import seconds_left, within
from symbolic.deriving.derivation import Derivation, Lines, Stop
from symbolic.deriving.line_check import Undecided
from symbolic.deriving.meaning import Meaning
from symbolic.deriving.numbers import values_at
from symbolic.deriving.rules.gaussian_identities import gaussian_identities
from symbolic.deriving.rules.general import gaussian_case, general_identities
from symbolic.deriving.rules.instances import check_in_instances
from symbolic.deriving.rules.integral_by_steps import TOPIC as INTEGRAL
from symbolic.deriving.rules.integral_by_steps import integral_by_steps
from symbolic.deriving.rules.integral_by_sympy import integral_by_sympy
from symbolic.deriving.rules.moments import TOPIC as VARIANCE
from symbolic.deriving.rules.moments import comparison_of_variances, variance_of_estimator, words
from symbolic.deriving.rules.path_identity import TOPIC as PATH
from symbolic.deriving.rules.path_identity import path_identity
from symbolic.deriving.rules.score_identity import TOPIC as SCORE
from symbolic.deriving.rules.score_identity import score_identity
from symbolic.deriving.rules.subject import Subject, subject
from symbolic.deriving.words import GENERAL_CONCLUSION, GENERAL_GIVEN, conclusion, given, unproven, why_not_sympys
from symbolic.errors import Divergent, NotCertified, NotInClass, TimedOut
from symbolic.estimator import Estimator
from symbolic.estimators import ESTIMATORS, estimator
from symbolic.estimators.pathwise import NAME as PATHWISE
from symbolic.exact_gradient import gradient_of, gradient_or_confirmed
from symbolic.exact_moments import Moments
from symbolic.law import Law
from symbolic.methods import sympy_integral
from symbolic.problem import Problem, problem

__all__ = ["derive", "derive_general", "derive_problem"]

_T = TypeVar("_T")
_SHORTEST = 0.01  # seconds for a topic that is begun when time is over; then it says so

_IDENTITIES: Mapping[str, tuple[str, Callable[[Subject, Estimator, Lines], None]]] = {
    "score_function": (SCORE, score_identity),
    "pathwise": (PATH, path_identity),
}


def derive(
    cost: str | sp.Expr,
    wrt: str | sp.Symbol = "mu",
    law: str | Law = "normal",
    estimators: Sequence[str] = (),
    at: Mapping[str, str] | None = None,
) -> Derivation:
    """The derivation of d/d wrt E[cost] and of its estimators (all of them by default).

    Where our methods have no closed form, it holds SymPy's, if certified values confirm it, and says so.
    Raises as `problem` and `estimator` do; WrongLine if a rule made a line that does not hold.
    """
    return derive_problem(problem(cost, wrt, law), estimators, at, or_confirmed=True)


def derive_problem(
    problem: Problem,
    estimators: Sequence[str] = (),
    at: Mapping[str, str] | None = None,
    *,
    or_confirmed: bool = False,
) -> Derivation:
    """The same for a validated problem; without SymPy's integral unless `or_confirmed`.

    Topics that are begun take 20 s together, or what `time_limit` says; one that is stopped by it says so.
    """
    end = time.monotonic() + seconds_left()
    names = tuple(dict.fromkeys(estimators)) or tuple(ESTIMATORS)
    chosen = [estimator(name, problem) for name in names]
    pieces, exact = subject(problem), (gradient_or_confirmed if or_confirmed else gradient_of)(problem)
    meaning = Meaning(problem.law)
    lines, stops = Lines.under(meaning), list[Stop]()
    for each in chosen:
        if each.name not in _IDENTITIES:
            stops.append(Stop(words(each.name), "no identity is written down for this estimator; its moments follow"))
            continue
        topic, identity = _IDENTITIES[each.name]
        if each.obstacle is not None and not each.obstacle.has_mean:
            stops.append(Stop(topic, each.obstacle.reason))
            continue
        _attempt(topic, partial(identity, pieces, each, lines), stops, end)
    along_the_path = estimator(PATHWISE, problem).obstacle
    if along_the_path is None or along_the_path.has_mean:  # they hold the slope of the cost, as the pathwise term does
        _attempt("Gaussian identities", partial(gaussian_identities, pieces, lines), stops, end)
    variances: dict[str, sp.Expr] = {}
    by_sympy = ["the gradient"] if exact.method == sympy_integral.NAME else []
    if exact.expression is None:
        why = f"E[{problem.cost}] has no closed form here; at numbers it is enclosed (--at){why_not_sympys(exact)}"
        stops.append(Stop(INTEGRAL, why))
    else:
        meaning.assume(exact.conditions)
        by_whom = integral_by_sympy if by_sympy else integral_by_steps
        _attempt(INTEGRAL, partial(by_whom, pieces, exact, lines), stops, end)
        for each in chosen:
            spread = Moments(problem, each, or_confirmed)
            meaning.assume(spread.variance.conditions)
            variance = _attempt(VARIANCE, partial(variance_of_estimator, pieces, spread, lines), stops, end)
            if variance is None:
                why = f"no closed form here; at numbers it is enclosed{why_not_sympys(spread.variance)}"
                stops.append(Stop(f"{VARIANCE}, {words(each.name)}", why))
            else:
                variances[each.name] = variance
                if spread.variance.method == sympy_integral.NAME:
                    by_sympy.append(f"the variance of {words(each.name)}")
    if len(variances) > 1 and sp.oo not in variances.values():
        _attempt("Comparison", partial(comparison_of_variances, pieces, chosen, variances, lines), stops, end)
    numbers, compared = ({}, ()) if at is None else values_at(exact, names, at)
    return Derivation(
        title=str(problem),
        problem=problem,
        given=given(problem),
        steps=lines.made,
        stops=tuple(stops),
        conclusion=(*conclusion(problem, chosen, exact, variances), *unproven(by_sympy), *compared),
        numbers=numbers,
    )


def _attempt(topic: str, write: Callable[[], _T], stops: list[Stop], end: float) -> _T | None:
    """Write the lines of a topic; if no one can tell whether a line holds, the topic stops before it."""
    try:
        return within(max(_SHORTEST, end - time.monotonic()), f"{topic}: the derivation", write)
    except (NotInClass, Undecided, NotCertified, Divergent, TimedOut) as reason:
        stops.append(Stop(topic, str(reason)))
        return None


def derive_general() -> Derivation:
    """Both identities for every cost, law and path, then for the Gaussian; each line checked in instances."""
    lines = Lines(check_in_instances())
    general_identities(lines)
    gaussian_case(lines)
    return Derivation(
        title="d/dtheta E[f(x)], x ~ p(x; theta)",
        problem=None,
        given=GENERAL_GIVEN,
        steps=lines.made,
        conclusion=GENERAL_CONCLUSION,
    )

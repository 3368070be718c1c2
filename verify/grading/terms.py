"""An answer for one draw's contribution: compared with the terms of the estimators, and else judged by its mean."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symbolic.errors import BadParameter
from symbolic.estimator import Estimator, Obstacle
from symbolic.estimators import ESTIMATORS
from symbolic.estimators import estimator as estimator_of
from symbolic.readable import readable
from verify.grading.asked import Asked
from verify.grading.decimals import as_written
from verify.grading.judgement import Judgement, undecided
from verify.grading.means import at_a_draw, judge_mean, of_the_mean
from verify.grading.term import Term
from verify.grading.verdict import Verdict

__all__ = ["BLIND", "OTHER", "judge_term"]

BLIND = "blind to a jump"
OTHER = "other estimator"


def judge_term(asked: Asked, name: str | None) -> Judgement:
    """Right if it is the term of the estimator `name`, or of any one; equivalent if it is proven unbiased.

    Raises BadParameter for an unknown name or an estimator that has no right term for this cost, Undefined for a term
    without a value where the law has mass, Divergent where there is no gradient to estimate.
    """
    term = Term(asked)
    candidates = _candidates(asked, name)
    found = _as_known(term, candidates, name) or judge_mean(term, candidates)
    shown = {each.name: term.shown(each) for each in candidates if each.obstacle is None}
    example = found.counterexample
    if example is not None:
        example = replace(example, answer=as_written(asked.text, example.answer))
    needs = tuple(dict.fromkeys((*term.needs, *found.needs)))
    return replace(found, right=shown, counterexample=example, needs=needs)


def _candidates(asked: Asked, name: str | None) -> list[Estimator]:
    """The estimators whose terms are in the law's noise; the one that was asked for comes first."""
    first = [] if name is None else [estimator_of(name, asked.problem)]
    for each in first:
        obstacle = _obstacle_at(each, asked)
        if obstacle is not None and obstacle.is_known:
            raise BadParameter(
                f"estimator={each.name} has no right term for {asked.cost}: {obstacle.reason}; take another one"
            )
    others = [estimator_of(other, asked.problem) for other in ESTIMATORS if other != name]
    return [*first, *(each for each in others if each.noise == asked.problem.law.noise)]


def _as_known(term: Term, candidates: list[Estimator], name: str | None) -> Judgement | None:
    """The judgement on the term of an estimator; None if it is not shown to be that of one."""
    for each in candidates:
        if not term.compared_with(each).equal:
            continue
        obstacle = _obstacle_at(each, term.asked)
        if obstacle is not None:
            return _blind(each, obstacle, term, candidates)
        if name is None or each.name == name:
            return _equal_to(each, term)
        return _not_the_one(each, candidates[0], term)
    return None


def _obstacle_at(estimator: Estimator, asked: Asked) -> Obstacle | None:
    """What keeps its mean from the gradient at the values that are given: no jump that is not there at them."""
    obstacle = estimator.obstacle
    return None if obstacle is None or obstacle.bias.xreplace(asked.fixed) == 0 else obstacle


def _equal_to(estimator: Estimator, term: Term) -> Judgement:
    same = sp.expand(term.formula) == sp.expand(term.right(estimator))
    verdict = Verdict.RIGHT if same else Verdict.EQUIVALENT
    how = "is" if verdict is Verdict.RIGHT else "equals"
    return Judgement(verdict, f"This {how} the term of the {_words(estimator)} estimator.", {})


def _not_the_one(estimator: Estimator, asked_for: Estimator, term: Term) -> Judgement:
    seen = term.compared_with(asked_for)
    if seen.equal is None:
        return undecided(seen, {}, f"this is the term of the {_words(asked_for)} estimator")
    return Judgement(
        Verdict.WRONG,
        f"This is the term of the {_words(estimator)} estimator: unbiased, but not the one that was asked for.",
        {},
        OTHER,
        at_a_draw(term, asked_for),
    )


def _blind(estimator: Estimator, obstacle: Obstacle, term: Term, candidates: list[Estimator]) -> Judgement:
    if not obstacle.is_known:
        found = judge_mean(term, candidates)
        how = f"This is the term of the {_words(estimator)} estimator, but {obstacle.reason}."
        if found.verdict is Verdict.WRONG:
            return replace(found, explanation=f"{how} {found.explanation}", mistake=BLIND)
        return replace(found, explanation=how) if found.verdict is Verdict.UNDECIDED else found
    return Judgement(
        Verdict.WRONG,
        f"This is the term of the {_words(estimator)} estimator, but {obstacle.reason}: its mean is off by "
        f"{readable(obstacle.bias)}.",
        {},
        BLIND,
        of_the_mean(term, obstacle.bias.xreplace(term.asked.fixed), sp.true),
    )


def _words(estimator: Estimator) -> str:
    return estimator.name.replace("_", " ")

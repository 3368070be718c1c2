"""grade: the verdict on one answer.

right, equivalent and wrong are proven: the first two by exact algebra, the last one by certified values at a point. By
such values it is also proven that a decimal number is right to its digits.
"""

from __future__ import annotations

from collections.abc import Mapping

from symbolic.clock import limited
from symbolic.exact import Number
from verify.grading.asked import asked
from verify.grading.figures import shown_point
from verify.grading.gradients import judge_gradient
from verify.grading.terms import judge_term
from verify.grading.verdict import Grade
from verify.usage import UsageError

__all__ = ["grade"]


@limited("grading the answer")
def grade(
    cost: str,
    wrt: str | None = None,
    law: str = "normal",
    *,
    answer: str | None = None,
    answer_term: str | None = None,
    estimator: str | None = None,
    at: Mapping[str, Number] | None = None,
) -> Grade:
    """Is `answer` the gradient d/d wrt E[cost], or `answer_term` one draw's contribution of an unbiased estimator?

    Texts in the grammar of costs; an answer holds the symbols, a term also x and epsilon. With `estimator` the term has
    to be its own or another unbiased one, but not that of another estimator known here. `at` gives values: an answer
    without their symbols has to be right there; any other one has to be right everywhere, and they are tried first for
    a counterexample. wrt is the law's first parameter if not given.
    Raises UsageError and SymbolicError, with the reason: a text outside the grammar, a symbol that is none here, a
    problem without a gradient; TimedOut after 20 s, or what symbolic.time_limit says.
    """
    if estimator is not None and answer is not None:
        raise UsageError(f"estimator={estimator!r} is about a term; give that as answer_term, or leave estimator out")
    question = asked(cost, wrt, law, answer, answer_term, at)
    judged = judge_term(question, estimator) if question.is_term else judge_gradient(question)
    return Grade(
        verdict=judged.verdict,
        mistake=judged.mistake,
        counterexample=judged.counterexample,
        explanation=judged.explanation,
        cost=cost,
        law=str(question.problem.law),
        wrt=str(question.problem.wrt),
        answer=question.text,
        is_term=question.is_term,
        at=shown_point(question.fixed),
        right=judged.right,
        needs=judged.needs,
        variance_difference=judged.variance_difference,
        read_on=question.read_on,
    )

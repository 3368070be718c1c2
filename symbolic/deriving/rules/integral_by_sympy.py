"""The gradient where our methods have no closed form and SymPy has one: the form, and how far it can be trusted."""

from __future__ import annotations

import sympy as sp

from symbolic.confirmation import HOW_CONFIRMED
from symbolic.derivative import derivative
from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.integral_by_steps import TOPIC
from symbolic.deriving.rules.subject import Subject
from symbolic.exact import Exact
from symbolic.score import score

__all__ = ["RULE", "integral_by_sympy"]

RULE = "closed form of SymPy"


def integral_by_sympy(subject: Subject, gradient: Exact, lines: Lines) -> None:
    """E[f d/d theta log p + d/d theta f] = the form. Raises as `Lines.add` does."""
    problem = subject.problem
    term = problem.cost * score(problem.law, problem.wrt) + derivative(problem.cost, problem.wrt)
    conditions = gradient.conditions
    lines.add(
        TOPIC,
        subject.mean_of(term) + subject.missed_by_score_function,
        gradient.expression,
        RULE,
        HOW_CONFIRMED,
        "" if conditions == sp.true else str(conditions),
        main=True,
    )

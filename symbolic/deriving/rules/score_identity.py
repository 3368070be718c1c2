"""The score-function identity:  d/d theta E_x[f] = E_x[f d/d theta log p + d/d theta f]."""

from __future__ import annotations

import sympy as sp

from symbolic.derivative import derivative
from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.subject import Subject
from symbolic.estimator import Estimator
from symbolic.readable import readable
from symbolic.score import score

__all__ = ["TOPIC", "score_identity"]

TOPIC = "Score function"


def score_identity(subject: Subject, estimator: Estimator, lines: Lines) -> None:
    """From the density to the term that one draw contributes. Raises as `Lines.add` does."""
    problem = subject.problem
    law, wrt, cost, density = problem.law, problem.wrt, problem.cost, subject.density
    weight = readable(score(law, wrt))
    own = derivative(cost, wrt)
    boundary = subject.missed_by_score_function
    if law_moves := any(argument.has(wrt) for argument in law.arguments):
        _lemmas(subject, weight, lines)
    lines.add(
        TOPIC,
        subject.derivative,
        sp.Derivative(subject.integral(cost * density), wrt),
        "definition",
        f"an expectation is the integral of the cost times the density of {law}",
    )
    lines.then(
        subject.integral(sp.Derivative(cost * density, wrt)) + boundary,
        "differentiate under the integral",
        "the density is smooth in its parameters and its derivative is dominated"
        + (f"; the jumps at {subject.places} move with {wrt} and give the boundary term" if boundary != 0 else ""),
        f"|d/d{wrt} (cost * density)| has an integrable bound near {wrt} (polynomial times density always has)",
    )
    lines.then(
        subject.integral((cost * weight + own) * density) + boundary,
        "product rule and log-derivative" if law_moves else "product rule",
        f"d/d{wrt} p = p d/d{wrt} log p" if law_moves else f"the density does not hold {wrt}",
    )
    lines.then(
        subject.mean_of(cost * weight + own) + boundary,
        "score-function identity",
        "an integral against the density is an expectation again",
        main=True,
    )
    lines.then(
        subject.mean_over_noise(estimator.term) + boundary,
        "score-function term",
        f"what one draw contributes, {law.variable} = {subject.path}",
        main=True,
    )


def _lemmas(subject: Subject, weight: sp.Expr, lines: Lines) -> None:
    law, wrt, density = subject.problem.law, subject.problem.wrt, subject.density
    log_density = sp.expand_log(sp.log(subject.written_density), force=True)
    lines.add(TOPIC, density, subject.written_density, "density of the law", f"the definition of {law}")
    lines.add(
        TOPIC,
        sp.log(density),
        log_density,
        "logarithm of the density",
        "the logarithm of a product is the sum of the logarithms",
    )
    lines.add(
        TOPIC,
        sp.Derivative(sp.log(density), wrt),
        weight,
        "score of the law",
        f"differentiate log p at fixed {law.variable}",
        main=True,
    )
    lines.add(
        TOPIC,
        sp.Derivative(density, wrt),
        density * weight,
        "log-derivative",
        "(log p)' = p'/p, so p' = p (log p)'",
        "p > 0 on the support",
    )

"""The pathwise identity:  d/d theta E_x[f] = E_epsilon[d/d theta f(g(epsilon; theta))] + what sits at the jumps."""

from __future__ import annotations

import sympy as sp

from symbolic.derivative import derivative
from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.subject import Subject
from symbolic.estimator import Estimator

__all__ = ["TOPIC", "path_identity"]

TOPIC = "Pathwise"


def path_identity(subject: Subject, estimator: Estimator, lines: Lines) -> None:
    """From the path to the term that one draw contributes. Raises as `Lines.add` does."""
    problem = subject.problem
    law, wrt, cost, path = problem.law, problem.wrt, problem.cost, subject.path
    epsilon, boundary = law.noise.symbol, subject.missed_by_pathwise
    lines.add(
        TOPIC,
        law.noise.density,
        subject.along_path(subject.density) * sp.diff(path, epsilon),
        "change of variables",
        f"{law.variable} = {path} is increasing in {epsilon}, so q(epsilon) = p(g) dg/depsilon: the path draws the law",
    )
    lines.add(
        TOPIC,
        subject.mean,
        subject.mean_over_noise(subject.along_path(cost)),
        "reparameterization",
        f"{law.variable} = {path}; the law of {epsilon} holds no parameter",
        main=True,
    )
    slope = derivative(cost, law.variable)
    lines.add(
        TOPIC,
        sp.Derivative(subject.along_path(cost), wrt),
        subject.along_path(slope) * sp.diff(path, wrt) + subject.along_path(derivative(cost, wrt)),
        "chain rule",
        f"d/d{wrt} f(g) = f'(g) dg/d{wrt}, with f' = {slope} and dg/d{wrt} = {sp.diff(path, wrt)}",
        "almost everywhere: a kink or a jump of the cost has probability 0",
    )
    lines.add(
        TOPIC,
        subject.derivative,
        sp.Derivative(subject.mean_over_noise(subject.along_path(cost)), wrt),
        "reparameterization",
        "the line above",
    )
    why = "the law of the noise does not move, so only the cost is differentiated"
    if boundary != 0:
        why += f"; at {subject.places} it jumps, and the rate at which draws cross the jump is the boundary term"
    lines.then(
        subject.mean_over_noise(sp.Derivative(subject.along_path(cost), wrt)) + boundary,
        "boundary term of the jumps" if boundary != 0 else "differentiate under the expectation",
        why,
        "the cost is absolutely continuous between its jumps, and its slope has an integrable bound",
    )
    lines.then(
        subject.mean_over_noise(estimator.term) + boundary,
        "pathwise term",
        "what one draw contributes"
        + ("; its mean misses the boundary term, so the pathwise estimator is biased" if boundary != 0 else ""),
        main=True,
    )

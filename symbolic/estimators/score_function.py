"""The score function (REINFORCE, likelihood ratio):  f(x; theta) d/d theta log p(x; theta) + d/d theta f(x; theta)."""

from __future__ import annotations

import sympy as sp

from symbolic.derivative import derivative
from symbolic.errors import NotCertified
from symbolic.estimator import Estimator, Obstacle
from symbolic.missing_mean import missing_mean
from symbolic.places.jumps import Jump, jumps, missed_by_score_function
from symbolic.places.missed_jumps import missed_jumps
from symbolic.problem import Problem
from symbolic.score import score

__all__ = ["NAME", "score_function"]

NAME = "score_function"
SOURCE = "Williams (1992), Simple statistical gradient-following algorithms, Machine Learning 8, eq. (11)"


def score_function(problem: Problem) -> Estimator:
    """f * score + df/d theta at x = g(epsilon; theta). Blind to a jump of the cost only if it moves with theta."""
    cost, law, wrt = problem.cost, problem.law, problem.wrt
    draw = {law.variable: law.written_out(law.path)}
    weight = sp.expand(score(law, wrt).xreplace(draw))
    term = cost.xreplace(draw) * weight + derivative(cost, wrt).xreplace(draw)
    obstacle = None
    moving: tuple[Jump, ...] = ()
    missed = sp.S.Zero
    try:
        # A jump moves only if the cost holds wrt.
        found = jumps(cost, law.variable, law.support) if cost.has(wrt) else ()
        moving, missed = missed_jumps(found, missed_by_score_function, law, wrt)
    except NotCertified as reason:
        obstacle = Obstacle(f"whether the cost jumps is not known before there are numbers: {reason}", sp.nan)
    if moving:
        places = ", ".join(f"{law.variable} = {jump.place}" for jump in moving)
        obstacle = Obstacle(
            f"the cost jumps at {places}, which moves with {wrt}; the score-function term does not see it", -missed
        )
    # Without wrt in the cost the term is integrable where the cost is.
    lost = missing_mean(problem, lambda: cost * score(law, wrt) + derivative(cost, wrt)) if cost.has(wrt) else None
    if lost is not None and (obstacle is None or not lost.has_mean):
        obstacle = lost
    return Estimator(NAME, law.noise, term, obstacle, SOURCE, missed_by_score_function)

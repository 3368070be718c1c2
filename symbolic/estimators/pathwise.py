"""The pathwise estimator (reparameterization):  d/d theta [ f(g(epsilon; theta); theta) ]."""

from __future__ import annotations

import sympy as sp

from symbolic.derivative import derivative
from symbolic.errors import NotCertified
from symbolic.estimator import Estimator, Obstacle
from symbolic.places.jumps import Jump, jumps, missed_by_pathwise
from symbolic.problem import Problem

__all__ = ["NAME", "pathwise"]

NAME = "pathwise"
SOURCE = "Kingma and Welling (2014), Auto-Encoding Variational Bayes, section 2.4; Glasserman (2003), section 7.2"


def pathwise(problem: Problem) -> Estimator:
    """The derivative along the path. Needs a cost that is absolutely continuous: it does not see a jump."""
    cost, law, wrt = problem.cost, problem.law, problem.wrt
    term = derivative(cost.xreplace({law.variable: law.written_out(law.path)}), wrt)
    obstacle = None
    unseen: list[tuple[Jump, sp.Expr]] = []
    try:
        missed = [(jump, missed_by_pathwise(jump, law, wrt)) for jump in jumps(cost, law.variable, law.support)]
        unseen = [(jump, amount) for jump, amount in missed if amount != 0]
    except NotCertified as reason:
        obstacle = Obstacle(f"whether the cost jumps is not known before there are numbers: {reason}", sp.nan)
    if unseen:
        places = ", ".join(f"{law.variable} = {jump.place}" for jump, _ in unseen)
        obstacle = Obstacle(
            f"the cost jumps at {places}; the pathwise term does not see a jump",
            -sp.Add(*(amount for _, amount in unseen)),
        )
    return Estimator(NAME, law.noise, term, obstacle, SOURCE, missed_by_pathwise)

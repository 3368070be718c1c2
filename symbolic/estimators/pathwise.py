"""The pathwise estimator (reparameterization):  d/d theta [ f(g(epsilon; theta); theta) ]."""

from __future__ import annotations

import sympy as sp

from symbolic.derivative import derivative
from symbolic.errors import NotCertified
from symbolic.estimator import Estimator, Obstacle
from symbolic.missing_mean import missing_mean
from symbolic.places.jumps import Jump, jumps, missed_by_pathwise
from symbolic.places.missed_jumps import missed_jumps
from symbolic.problem import Problem

__all__ = ["NAME", "pathwise"]

NAME = "pathwise"
SOURCE = "Kingma and Welling (2014), Auto-Encoding Variational Bayes, section 2.4; Glasserman (2003), section 7.2"


def pathwise(problem: Problem) -> Estimator:
    """The derivative along the path. Needs a cost that is absolutely continuous: it does not see a jump.

    Beside a place where the cost is unbounded the derivative has no integral: log(x**2) has a gradient, 2/x no mean.
    """
    cost, law, wrt = problem.cost, problem.law, problem.wrt
    term = derivative(cost.xreplace({law.variable: law.written_out(law.path)}), wrt)
    obstacle = None
    unseen: tuple[Jump, ...] = ()
    missed = sp.S.Zero
    try:
        unseen, missed = missed_jumps(jumps(cost, law.variable, law.support), missed_by_pathwise, law, wrt)
    except NotCertified as reason:
        obstacle = Obstacle(f"whether the cost jumps is not known before there are numbers: {reason}", sp.nan)
    if unseen:
        places = ", ".join(f"{law.variable} = {jump.place}" for jump in unseen)
        obstacle = Obstacle(
            f"the cost jumps at {places}; the pathwise term does not see a jump",
            -missed,
        )
    lost = missing_mean(problem, lambda: _along_the_path(problem))
    if lost is not None and (obstacle is None or not lost.has_mean):
        obstacle = lost
    return Estimator(NAME, law.noise, term, obstacle, SOURCE, missed_by_pathwise)


def _along_the_path(problem: Problem) -> sp.Expr:
    """The term in the law's variable: df/dx dg/d theta + df/d theta."""
    cost, law, wrt = problem.cost, problem.law, problem.wrt
    path = law.written_out(law.path)
    epsilon = sp.solve(path - law.variable, law.noise.symbol)[0]
    speed = sp.diff(path, wrt).xreplace({law.noise.symbol: epsilon})
    return derivative(cost, law.variable) * speed + derivative(cost, wrt)

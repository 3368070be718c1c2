"""An estimator whose term has no mean at all, although there is a gradient: 2/x, pathwise, for log(x**2)."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from symbolic.errors import NotCertified
from symbolic.estimator import Obstacle
from symbolic.places.unintegrable import singular_places, unintegrable_places
from symbolic.problem import Problem

__all__ = ["missing_mean"]


def missing_mean(problem: Problem, term: Callable[[], sp.Expr]) -> Obstacle | None:
    """The places beside which the term, in the law's variable, has no integral; None if there are none.

    The term is only asked for where the cost is singular somewhere.
    """
    variable = problem.law.variable
    try:
        places = singular_places(problem.cost, variable)
        if not places:
            return None
        slope = term()
        found = unintegrable_places(slope, problem.cost, problem.law, places)
    except NotCertified as reason:
        return Obstacle(f"whether the term has a mean is not known before there are numbers: {reason}", sp.nan)
    if not found:
        return None
    where = " and ".join(f"{variable} = {place}" for place in found)
    symbols = ", ".join(sorted(str(symbol) for symbol in slope.free_symbols - {variable}))
    aside = f", special values of {symbols} aside" if symbols else ""
    return Obstacle(f"the term has no mean{aside}: it is not integrable beside {where}", sp.nan, has_mean=False)

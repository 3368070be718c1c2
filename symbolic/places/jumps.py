"""The jumps of a cost, and what an estimator that does not see them misses.

At a jump of height J = f(c+) - f(c-) at x = c(theta), with g(epsilon_c; theta) = c,

    d/d theta E[f] = E[pathwise term] + J p(c) (d g/d theta (epsilon_c; theta) - dc/d theta)
                   = E[score-function term] - J p(c) dc/d theta

(Leibniz's rule on each side of c, in epsilon for the first line and in x for the second).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symbolic.errors import NotCertified
from symbolic.law import Law
from symbolic.places.breakpoints import symbolic_jump_places
from symbolic.places.one_sided_limit import one_sided
from symbolic.places.proven_zero import is_zero_everywhere
from symbolic.places.real_places import where_inside
from symbolic.places.simplified import simplified

__all__ = ["Jump", "is_proven_zero", "jumps", "missed_by_pathwise", "missed_by_score_function"]


@dataclass(frozen=True)
class Jump:
    """f(place+) - f(place-) = height, not identically zero."""

    place: sp.Expr
    height: sp.Expr


def jumps(cost: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr] = (-sp.oo, sp.oo)) -> tuple[Jump, ...]:
    """Every jump of the cost in its variable, those aside that are never inside the support.

    Where the cost is unbounded it has no jump. Raises NotCertified if not all places can be found, or if whether there
    is a jump at one is not known.
    """
    found = []
    for place in symbolic_jump_places(cost, variable):
        if where_inside(place, support) is None:
            continue
        above, below = (one_sided(cost, variable, place, side) for side in ("+", "-"))
        if above.has(sp.oo, sp.zoo) or below.has(sp.oo, sp.zoo):
            continue
        height = simplified(above - below)
        if not is_proven_zero(height, f"whether {cost} jumps at {variable} = {place} is not known"):
            found.append(Jump(place, height))
    return tuple(found)


def is_proven_zero(expression: sp.Expr, doubt: str) -> bool:
    """Zero for all values of its symbols, or proven not to be for some. Raises NotCertified, with the doubt."""
    answer = is_zero_everywhere(expression)
    if answer is None:
        answer = is_zero_everywhere(simplified(expression))
    if answer is None:
        raise NotCertified(doubt)
    return answer


def missed_by_pathwise(jump: Jump, law: Law, wrt: sp.Symbol) -> sp.Expr:
    """J p(c) (d g/d theta - dc/d theta): the part of the gradient that the pathwise term does not see."""
    path = law.written_out(law.path)
    epsilon = _noise_at(jump.place, path, law.noise.symbol)
    path_speed = sp.diff(path, wrt).xreplace({law.noise.symbol: epsilon})
    return jump.height * _density_at(jump, law) * (path_speed - sp.diff(jump.place, wrt))


def missed_by_score_function(jump: Jump, law: Law, wrt: sp.Symbol) -> sp.Expr:
    """-J p(c) dc/d theta: nothing, unless the jump moves with theta."""
    return -jump.height * _density_at(jump, law) * sp.diff(jump.place, wrt)


def _noise_at(place: sp.Expr, path: sp.Expr, noise: sp.Symbol) -> sp.Expr:
    """The noise that the path takes to the place."""
    slope = sp.diff(path, noise)
    if slope.has(noise):
        return sp.solve(path - place, noise)[0]
    return (place - path.xreplace({noise: sp.S.Zero})) / slope


def _density_at(jump: Jump, law: Law) -> sp.Expr:
    return law.written_out(law.density).xreplace({law.variable: jump.place})

"""The jumps of a cost at given values, and whether it can be differentiated there at all.

With symbols, |k| - k has no sign and a jump can hide behind it. With numbers every limit is one; only the parameter of
the gradient stays a symbol in the places, because how fast a jump moves is part of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import sympy as sp
from flint import arb

from symbolic.balls import evaluate, real_ball
from symbolic.clock import limited
from symbolic.errors import NotCertified, NotDifferentiable
from symbolic.law import Law
from symbolic.places.breakpoints import deciding_formulas, symbolic_jump_places
from symbolic.places.jumps import Jump, is_proven_zero
from symbolic.places.one_sided_limit import one_sided
from symbolic.places.simplified import simplified

__all__ = ["jumps_at", "refuse_if_not_differentiable"]


@limited("the search for jumps")
def jumps_at(
    cost: sp.Expr, law: Law, wrt: sp.Symbol, here: Mapping[sp.Symbol, sp.Rational], moving: bool = False
) -> tuple[Jump, ...]:
    """Every jump inside the support; `place` holds wrt, `height` is a number. Cost and law hold no other symbol.

    With `moving` only those whose place moves with wrt. Raises NotCertified if not all can be found, NotDifferentiable
    if one sits at an end of the support and moves.
    """
    at_numbers = cost.xreplace(dict(here))
    found = []
    for place, ball in _places(cost, law, here):
        if moving and not place.has(wrt):
            continue
        number = place.xreplace(dict(here))
        ends_there = _at_an_end(ball, law, here)
        if ends_there and not place.has(wrt):
            if not _is_an_end(number, law, here):
                raise NotCertified(f"whether {law.variable}={number} is an end of the support of {law} cannot be told")
            continue
        right, left = (one_sided(at_numbers, law.variable, number, side) for side in ("+", "-"))
        if right.has(sp.oo, sp.zoo) or left.has(sp.oo, sp.zoo):
            continue  # unbounded: a term that has a mean moves along with the place, and so misses nothing
        height = simplified(right - left)
        if height == 0:
            continue
        if height.is_finite is False or height.has(sp.nan):
            raise NotCertified(f"{cost} is not bounded beside its jump at {law.variable}={number}")
        if real_ball(height, {}).contains(0):
            raise NotCertified(f"whether {cost} jumps at {law.variable}={number} cannot be told")
        if ends_there:
            raise NotDifferentiable(
                f"{cost} jumps at {law.variable}={number}, an end of the support of {law}, and the jump moves with "
                f"{wrt}: there is no derivative here; give other values"
            )
        found.append(Jump(place, height))
    return tuple(found)


def refuse_if_not_differentiable(
    cost: sp.Expr, law: Law, wrt: sp.Symbol, here: Mapping[sp.Symbol, sp.Rational]
) -> None:
    """Refuse values at which a kink or a jump of the whole cost, or two moving jumps, meet, even if they cancel.

    Max(k*x, 0) has a kink for every x at k = 0. Raises NotDifferentiable.
    """
    where = ", ".join(f"{symbol}={number}" for symbol, number in here.items())
    for expression in (cost, *law.arguments):
        for formula in deciding_formulas(expression):
            if not formula.has(wrt):
                continue
            doubt = f"whether {formula} is 0 at {where}, a kink or a jump of {expression} in {wrt}, is not known"
            if is_proven_zero(formula.xreplace(dict(here)), doubt):
                raise NotDifferentiable(
                    f"{expression} has a kink or a jump in {wrt} at {where}, where {formula} is 0, unless its two "
                    "sides happen to fit: no derivative is proven here; give other values"
                )
    if not cost.has(wrt):
        return
    for (first, ball), (second, other) in combinations(_places(cost, law, here), 2):
        speed = simplified(sp.diff(first - second, wrt).xreplace(dict(here)))
        if ball.overlaps(other) and speed != 0:
            raise NotDifferentiable(
                f"two breakpoints of {cost} meet at {where}: {law.variable} = {first} and {law.variable} = {second}; "
                "no derivative is proven here; give other values"
            )


def _places(cost: sp.Expr, law: Law, here: Mapping[sp.Symbol, sp.Rational]) -> list[tuple[sp.Expr, arb]]:
    """The real breakpoints inside the closed support, with a ball around each."""
    inside = []
    for place in symbolic_jump_places(cost, law.variable):
        number = place.xreplace(dict(here))
        if number.is_infinite or not evaluate(number, {}).imag.contains(0):
            continue
        ball = real_ball(number, {})
        low, high = law.support
        if (low.is_infinite or not ball < real_ball(low, {})) and (high.is_infinite or not ball > real_ball(high, {})):
            inside.append((place, ball))
    return inside


def _at_an_end(ball: arb, law: Law, here: Mapping[sp.Symbol, sp.Rational]) -> bool:
    return any(not end.is_infinite and ball.overlaps(real_ball(end.xreplace(dict(here)), {})) for end in law.support)


def _is_an_end(number: sp.Expr, law: Law, here: Mapping[sp.Symbol, sp.Rational]) -> bool:
    finite = (end.xreplace(dict(here)) for end in law.support if not end.is_infinite)
    return any(simplified(number - end) == 0 for end in finite)

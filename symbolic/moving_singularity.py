"""The derivative of an expectation whose cost is unbounded at a place that moves: log|x - k|, by k.

There the derivative under the integral is not integrable. In coordinates that move with the place, x = y + c(theta),
it is: with the speed v = dc/d theta, for a density p on (l, h) and jumps J of f at places c_j,

    d/d theta E[f] = int ((df/d theta + v df/dx) p + f (dp/d theta + v dp/dx)) dx
                     - sum_j J_j p(c_j) (dc_j/d theta - v) - v [f p]_l^h

for any v (the terms with v are the integral of a derivative); the bracket vanishes at an infinite end.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp
from flint import arb, ctx

from symbolic.balls import evaluate, real_ball
from symbolic.derivative import derivative
from symbolic.errors import Divergent, NotCertified
from symbolic.law import Law
from symbolic.methods.enclosure import enclose
from symbolic.places.breakpoints import symbolic_breakpoints
from symbolic.places.jumps_at_numbers import jumps_at
from symbolic.places.one_sided_limit import one_sided
from symbolic.value import Value

__all__ = ["carried_along"]

_GUARD_BITS = 64


def carried_along(
    cost: sp.Expr,
    law: Law,
    wrt: sp.Symbol,
    here: Mapping[sp.Symbol, sp.Rational],
    digits: int,
    refusal: Divergent | NotCertified,
) -> Value:
    """d/d wrt E[cost] with the speed of one of the places where the cost is not smooth; no other symbol than wrt.

    `refusal` is why there is no integral without. Raises NotCertified if none of the speeds gives one: whether there is
    a derivative is not known then.
    """
    if not cost.has(wrt):
        raise refusal
    try:
        speeds = _speeds(cost, law, wrt, here)
    except NotCertified:
        raise refusal from None
    for speed in speeds:
        try:
            return _at_speed(speed, cost, law, wrt, here, digits)
        except (Divergent, NotCertified):
            continue
    if isinstance(refusal, NotCertified):
        raise refusal
    raise NotCertified(
        f"whether E[{cost}] has a derivative in {wrt} here is not known: under the integral it is not integrable "
        f"({refusal}); use a cost that is bounded where it moves with {wrt}"
    )


def _speeds(cost: sp.Expr, law: Law, wrt: sp.Symbol, here: Mapping[sp.Symbol, sp.Rational]) -> tuple[sp.Expr, ...]:
    places = [place for place in symbolic_breakpoints(cost, law.variable) if place.has(wrt)]
    real = [place for place in places if evaluate(place.xreplace(dict(here)), {}).imag.contains(0)]
    return tuple(dict.fromkeys(sp.diff(place, wrt).xreplace(dict(here)) for place in real))


def _at_speed(
    speed: sp.Expr, cost: sp.Expr, law: Law, wrt: sp.Symbol, here: Mapping[sp.Symbol, sp.Rational], digits: int
) -> Value:
    x, density = law.variable, law.written_out(law.density)
    slope = derivative(cost, wrt) + speed * derivative(cost, x)
    weight = sp.cancel((sp.diff(density, wrt) + speed * sp.diff(density, x)) / density)
    # What is not integrable has to cancel before it is bounded term by term.
    change = sp.cancel(slope.xreplace(dict(here))) + (cost * weight).xreplace(dict(here))
    path = law.written_out(law.path).xreplace(dict(here))
    inside = enclose(change.xreplace({x: path}), law.noise, digits).ball
    with ctx.workprec(4 * digits + _GUARD_BITS):
        total = inside
        for jump in jumps_at(cost, law, wrt, here):
            at_jump = density.xreplace({x: jump.place})
            total -= real_ball(jump.height * at_jump * (sp.diff(jump.place, wrt) - speed), here, digits)
        total += _at_the_ends(speed, cost.xreplace(dict(here)), density.xreplace(dict(here)), law, digits)
        return Value.from_ball(total, digits)


def _at_the_ends(speed: sp.Expr, cost: sp.Expr, density: sp.Expr, law: Law, digits: int) -> arb:
    """-v [f p]_l^h."""
    total = arb(0)
    for end, side, sign in ((law.support[0], "+", 1), (law.support[1], "-", -1)):
        if not end.is_infinite:
            limit = one_sided(cost, law.variable, end, side) * density.xreplace({law.variable: end})
            total += real_ball(sign * speed * limit, {}, digits)
    return total

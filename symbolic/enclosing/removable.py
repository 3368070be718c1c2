"""Removable singularities: balls for N(z)/D(z) beside a place where both vanish, as in sin(z)/z at 0.

With D^(m)(p) the first derivative that is not 0 at p, and N, N', ..., N^(m-1) all 0 there, Taylor's formula with its
integral remainder gives for N, and for D alike,

    N(z) = (z - p)^m/(m - 1)! int_0^1 (1 - s)^(m - 1) N^(m)(p + s (z - p)) ds

which is (z - p)^m/m! times a mean of N^(m) over the straight way from p to z. A ball around all its values there is
convex, so it holds the mean; and so N/D lies in the quotient of the two balls, wherever N and D are analytic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import BallFunction, compile_ball, evaluate, real_ball
from symbolic.errors import NotCertified
from symbolic.places.proven_zero import is_zero
from symbolic.places.simplified import simplified

__all__ = ["Removable", "filled", "removable_at", "vanishes_at"]

_HIGHEST_ORDER = 12
_BITS = 128
_CLOSE = 40  # a disc of radius 2^-40 around the place


@dataclass(frozen=True)
class Removable:
    """`numerator` and `denominator` are N^(m) and D^(m) as functions of `variable`; see above."""

    place: sp.Expr
    variable: sp.Symbol
    numerator: sp.Expr
    denominator: sp.Expr


def removable_at(formula: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> Removable | None:
    """What fills the gap that the formula has at the place, or None if it is a pole or not known to be none."""
    top, bottom = sp.fraction(sp.together(formula))
    for _ in range(_HIGHEST_ORDER):
        if top.has(sp.Derivative) or bottom.has(sp.Derivative):  # of a kinked function, which SymPy leaves as it is
            return None
        if is_zero(bottom.xreplace({variable: place})) is False:
            try:
                return Removable(place, variable, top, bottom) if _is_smooth(top, variable, place) else None
            except NotCertified:
                return None
        if not (vanishes_at(bottom, variable, place) and vanishes_at(top, variable, place)):
            return None
        top, bottom = sp.diff(top, variable), sp.diff(bottom, variable)
    return None


def vanishes_at(formula: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    """Whether the formula is proven to be 0 at the place."""
    if isinstance(place, sp.CRootOf) and formula.is_polynomial(variable):
        return bool(sp.rem(formula, place.poly.as_expr(variable), variable) == 0)  # its minimal polynomial divides it
    return bool(simplified(formula.xreplace({variable: place})) == 0)


def _is_smooth(top: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    """Analytic at the place; with symbols, no more than that it has a value there: atan(1/x) has none at 0."""
    here = top.xreplace({variable: place})
    if here.free_symbols:
        return not here.has(sp.nan, sp.zoo, sp.oo, sp.AccumBounds)
    with ctx.workprec(_BITS):
        radius = arb(2) ** -_CLOSE
        disc = real_ball(place, {}) + acb(arb(0, radius), arb(0, radius))
        return bool(evaluate(top, {variable: disc}, analytic=True).is_finite())


def filled(function: BallFunction, gaps: Sequence[Removable]) -> BallFunction:
    """The function with the gaps closed: what it says nothing about beside one is taken from the derivatives."""
    if not gaps:
        return function
    quotients = [
        (
            evaluate(gap.place, {}),
            compile_ball(gap.numerator, (gap.variable,)),
            compile_ball(gap.denominator, (gap.variable,)),
        )
        for gap in gaps
    ]

    def whole(arguments: Sequence[acb], analytic: bool) -> acb:
        value = function(arguments, analytic)
        for place, top, bottom in quotients:
            if value.is_finite():
                break
            (z,) = arguments
            way = acb(z.real.union(place.real), z.imag.union(place.imag))
            # Analytic on all of the way, whether or not Arb asks for it: the formula above needs that.
            value = top((way,), True) / bottom((way,), True)
        return value

    return whole

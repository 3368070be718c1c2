"""An expression cut at its breakpoints into smooth formulas, at numeric parameters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import sympy as sp
from flint import arb
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symbolic.balls import exact_rational, real_ball
from symbolic.errors import NotCertified
from symbolic.places.breakpoints import KINKED, Breakpoint, Piece, breakpoints
from symbolic.places.real_zeros import sign_changes
from symbolic.places.simplified import simplified

__all__ = ["cut_at", "pieces", "zeros_of_denominators"]


def pieces(expression: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> tuple[Piece, ...]:
    """The expression cut at its breakpoints inside the support, at numeric parameters.

    Raises NotCertified if not all breakpoints can be found.
    """
    low, high = support
    inside = [point for point in breakpoints(expression, variable) if _is_between(point.ball, low, high)]
    middles = _rationals_between(low, inside, high)
    ends = [low, *(point.place for point in inside), high]
    return tuple(
        Piece(left, right, _formula_at(expression, variable, middle))
        for (left, right), middle in zip(pairwise(ends), middles, strict=True)
    )


def zeros_of_denominators(piece: Piece, variable: sp.Symbol) -> tuple[Breakpoint, ...]:
    """Those inside the piece and at its ends, in ascending order, as far as they can be found."""
    places: set[sp.Expr] = {end for end in (piece.left, piece.right) if not end.is_infinite}
    for power in piece.formula.atoms(sp.Pow):
        if power.exp.is_negative and power.base.has(variable):
            try:
                places |= sign_changes(power.base, variable)
            except NotCertified:
                continue
    balls = {place: real_ball(place, {}) for place in places}
    found = [
        Breakpoint(place, ball)
        for place, ball in balls.items()
        if place in (piece.left, piece.right) or _is_between(ball, piece.left, piece.right)
    ]
    return tuple(sorted(found, key=lambda zero: float(zero.ball.mid())))


def cut_at(places: Sequence[sp.Expr], piece: Piece) -> tuple[Piece, ...]:
    """The piece cut at places inside it, given in ascending order."""
    inside = [place for place in places if place not in (piece.left, piece.right)]
    return tuple(Piece(left, right, piece.formula) for left, right in pairwise((piece.left, *inside, piece.right)))


def _formula_at(node: sp.Basic, variable: sp.Symbol, middle: sp.Rational) -> sp.Basic:
    """The smooth formula that holds at `middle` and so on the whole piece around it."""
    if not node.has(*KINKED, Relational):
        return node
    if isinstance(node, Boolean):
        return _truth_at(node, variable, middle)
    if isinstance(node, sp.Piecewise):
        for value, condition in node.args:
            if _truth_at(condition, variable, middle):
                return _formula_at(value, variable, middle)
        return sp.nan
    arguments = [_formula_at(argument, variable, middle) for argument in node.args]
    if isinstance(node, sp.Max | sp.Min):
        best = arguments[0]
        for argument in arguments[1:]:
            sign = _sign_at(argument - best, variable, middle)
            best = argument if sign == (1 if isinstance(node, sp.Max) else -1) else best
        return best
    if isinstance(node, sp.Abs | sp.sign | sp.Heaviside):
        sign = _sign_at(arguments[0], variable, middle)
        if isinstance(node, sp.Abs):
            return sign * arguments[0]
        if isinstance(node, sp.sign):
            return sp.Integer(sign)
        return sp.Integer(sign > 0) if sign else arguments[1]
    return node.func(*arguments)


def _truth_at(condition: sp.Basic, variable: sp.Symbol, middle: sp.Rational) -> sp.Basic:
    if isinstance(condition, Relational):
        formula = _formula_at(condition.lhs - condition.rhs, variable, middle)
        return condition.func(_sign_at(formula, variable, middle), 0)
    if condition.args:
        return condition.func(*(_truth_at(part, variable, middle) for part in condition.args))
    return condition


def _sign_at(formula: sp.Expr, variable: sp.Symbol, middle: sp.Rational) -> int:
    """The sign of a formula without zeros near `middle`, or 0 if it is zero everywhere."""
    ball = real_ball(formula, {variable: middle})
    if not ball.contains(0):
        return 1 if ball > 0 else -1
    if simplified(formula) == 0:
        return 0
    raise NotCertified(f"the sign of {formula} at {variable}={middle} is not known")


def _is_between(ball: arb, low: sp.Expr, high: sp.Expr) -> bool:
    above = low is -sp.oo or ball > real_ball(low, {})
    return bool(above and (high is sp.oo or ball < real_ball(high, {})))


def _rationals_between(low: sp.Expr, inside: list[Breakpoint], high: sp.Expr) -> list[sp.Rational]:
    """A rational in each piece."""
    balls = [point.ball for point in inside]
    if not low.is_infinite:
        balls.insert(0, real_ball(low, {}))
    if not high.is_infinite:
        balls.append(real_ball(high, {}))
    if not balls:
        return [sp.S.Zero]
    middles = [exact_rational(((left.upper() + right.lower()) / 2).mid()) for left, right in pairwise(balls)]
    if low.is_infinite:
        middles.insert(0, sp.floor(exact_rational(balls[0].lower())) - 1)
    if high.is_infinite:
        middles.append(sp.ceiling(exact_rational(balls[-1].upper())) + 1)
    return middles

"""The limit of an expression from one side of a place, with every step function resolved on that side."""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from symbolic.enclosing.removable import removable_at
from symbolic.errors import NotCertified
from symbolic.places.breakpoints import KINKED, formulas
from symbolic.places.pole_limits import has_pole_at, limit_beside
from symbolic.places.proven_zero import is_zero
from symbolic.places.sign_beside import sign_beside
from symbolic.places.simplified import simplified

__all__ = ["one_sided"]

_HIGHEST_ORDER = 8


def one_sided(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr, side: str) -> sp.Expr:
    """The limit of the expression as the variable goes to `place` from below (side "-") or from above ("+").

    The sign of an argument that vanishes at the place is that of its first derivative that does not; one that holds
    symbols keeps its Heaviside, sign or condition. At a pole the limit may be oo. Raises NotCertified if a sign is not
    proven, or if the argument vanishes at the place for some values of its symbols and not for others, as |k| - k does.
    """
    direction = 1 if side == "+" else -1
    if has_pole_at(expression, variable, place):
        return limit_beside(expression, variable, place, direction)
    return _limit(expression, variable, place, direction)


def _limit(node: sp.Basic, variable: sp.Symbol, place: sp.Expr, direction: int) -> sp.Basic:
    if not node.has(variable):
        return node
    if not node.has(*KINKED, Relational):
        value = node.xreplace({variable: place})
        if value.has(sp.nan, sp.zoo):
            gap = removable_at(node, variable, place)
            return value if gap is None else (gap.numerator / gap.denominator).xreplace({variable: place})
        return value
    if isinstance(node, sp.sign | sp.Heaviside):
        return node.func(_next_to_zero(node.args[0], variable, place, direction), *node.args[1:])
    if isinstance(node, sp.Eq | sp.Ne):
        value = _next_to_zero(node.lhs - node.rhs, variable, place, direction)
        return node.func(value, 0)
    if isinstance(node, Relational):
        return node.func(_next_to_zero(node.lhs - node.rhs, variable, place, direction), 0)
    if isinstance(node, sp.Piecewise):
        branches = []
        for value, condition in node.args:
            holds = _limit(condition, variable, place, direction)
            if holds != sp.false:
                branches.append((_limit(value, variable, place, direction), holds))
            if holds == sp.true:
                break
        return sp.Piecewise(*branches)
    return node.func(*(_limit(argument, variable, place, direction) for argument in node.args))


def _next_to_zero(argument: sp.Expr, variable: sp.Symbol, place: sp.Expr, direction: int) -> sp.Expr:
    """Something with the sign that the argument has just beside the place."""
    derivative, sign = argument, sp.S.One
    for _ in range(_HIGHEST_ORDER):
        value = simplified(_limit(derivative, variable, place, direction))
        if value.has(*KINKED):
            _refuse_if_it_hangs_on_symbols(value, argument, variable, place)
            return sign * value
        vanishes = is_zero(value)
        if vanishes is None:
            break
        if not vanishes:
            return sign * value
        derivative, sign = sp.diff(derivative, variable).replace(sp.DiracDelta, lambda *_: sp.S.Zero), sign * direction
        if derivative == 0:
            return sp.S.Zero
    return sp.Integer(sign_beside(argument, variable, place, direction))


def _refuse_if_it_hangs_on_symbols(value: sp.Expr, argument: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> None:
    if not all(is_zero(simplified(formula)) is False for formula in formulas(value)):
        raise NotCertified(f"whether {argument} vanishes at {variable} = {place} hangs on the values of symbols")

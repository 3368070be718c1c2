"""An expression cut at its kinks and jumps while its parameters are still symbols."""

from __future__ import annotations

from itertools import pairwise

import sympy as sp
from sympy.core.relational import Relational

from symbolic.breakpoints import Piece, symbolic_breakpoints
from symbolic.errors import NotCertified, NotInClass

__all__ = ["symbolic_pieces"]


def symbolic_pieces(expression: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> tuple[Piece, ...]:
    """The smooth formula on each interval between the places where the expression may not be smooth.

    Raises NotInClass if the places cannot all be found, or put in order, whatever the values of the symbols.
    """
    try:
        places = symbolic_breakpoints(expression, variable)
    except NotCertified as reason:
        raise NotInClass(str(reason)) from None
    ends = [support[0], *_in_order([place for place in places if _is_inside(place, support)]), support[1]]
    return tuple(
        Piece(left, right, _formula(expression, variable, _probe(left, right))) for left, right in pairwise(ends)
    )


def _in_order(places: list[sp.Expr]) -> list[sp.Expr]:
    """Ascending, by the known signs of the differences."""
    ordered: list[sp.Expr] = []
    for place in places:
        position = 0
        for other in ordered:
            difference = sp.simplify(place - other)
            if difference.is_positive:
                position += 1
            elif not difference.is_negative:
                raise NotInClass(f"the order of the breakpoints {other} and {place} depends on the values")
        ordered.insert(position, place)
    return ordered


def _is_inside(place: sp.Expr, support: tuple[sp.Expr, sp.Expr]) -> bool:
    for end, side in ((support[0], 1), (support[1], -1)):
        if end.is_infinite:
            continue
        difference = side * (place - end)
        if difference.is_nonpositive:
            return False
        if not difference.is_positive:
            raise NotInClass(f"whether the breakpoint {place} lies inside the support depends on the values")
    if place.is_real is not True:
        raise NotInClass(f"whether the breakpoint {place} is real depends on the values")
    return True


def _probe(left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """A point between both ends: no sign changes between it and either of them."""
    if left.is_infinite:
        return sp.S.Zero if right.is_infinite else right - 1
    return left + 1 if right.is_infinite else (left + right) / 2


def _formula(node: sp.Basic, variable: sp.Symbol, probe: sp.Expr) -> sp.Basic:
    """The formula that holds around the probe."""
    if not node.has(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, Relational) or not node.has(variable):
        return node
    if isinstance(node, sp.Piecewise):
        for value, condition in node.args:
            if _holds(condition, variable, probe):
                return _formula(value, variable, probe)
        raise NotInClass(f"{node} has no value around {variable}={probe}")
    arguments = [_formula(argument, variable, probe) for argument in node.args]
    if isinstance(node, sp.Abs | sp.sign | sp.Heaviside):
        sign = _sign(arguments[0], variable, probe)
        if isinstance(node, sp.Abs):
            return sign * arguments[0]
        return sp.Integer(sign) if isinstance(node, sp.sign) else sp.Rational(1 + sign, 2)
    if isinstance(node, sp.Max | sp.Min):
        wanted = 1 if isinstance(node, sp.Max) else -1
        best = arguments[0]
        for other in arguments[1:]:
            if _sign(other - best, variable, probe) == wanted:
                best = other
        return best
    return node.func(*arguments)


def _holds(condition: sp.Basic, variable: sp.Symbol, probe: sp.Expr) -> bool:
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        return all(_holds(part, variable, probe) for part in condition.args)
    if isinstance(condition, sp.Or):
        return any(_holds(part, variable, probe) for part in condition.args)
    if isinstance(condition, sp.Not):
        return not _holds(condition.args[0], variable, probe)
    difference = _formula(condition.lhs - condition.rhs, variable, probe)
    sign = _sign(difference, variable, probe)
    if isinstance(condition, sp.Eq | sp.Ne):
        return bool((sign == 0) == isinstance(condition, sp.Eq))
    return sign > 0 if isinstance(condition, sp.Gt | sp.Ge) else sign < 0


def _sign(argument: sp.Expr, variable: sp.Symbol, probe: sp.Expr) -> int:
    """The sign at the probe, and so on the whole piece. Raises NotInClass if it depends on the values."""
    if argument == 0:
        return 0
    value = sp.simplify(argument.xreplace({variable: probe}))
    if value.is_positive:
        return 1
    if value.is_negative:
        return -1
    raise NotInClass(f"the sign of {argument} around {variable}={probe} depends on the values")

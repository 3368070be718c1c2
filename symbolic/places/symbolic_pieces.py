"""An expression cut at its kinks and jumps while its parameters are still symbols.

Where the order of the breakpoints depends on the symbols, the cut is made for the order that is meant (lo < hi in
clip), for breakpoints that are real and inside the support, and comes with the condition that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symbolic.errors import NotCertified, NotInClass
from symbolic.places.breakpoints import Piece, symbolic_breakpoints
from symbolic.places.intended_order import intended_order
from symbolic.places.known_signs import KnownSigns

__all__ = ["SymbolicPieces", "symbolic_pieces"]

_HIGHEST_ORDER = 8


@dataclass(frozen=True)
class SymbolicPieces:
    """The smooth formula on each interval, where `condition` holds; elsewhere the cut is another one."""

    pieces: tuple[Piece, ...]
    condition: Boolean


@dataclass(frozen=True)
class _Interval:
    variable: sp.Symbol
    left: sp.Expr
    right: sp.Expr
    signs: KnownSigns


def symbolic_pieces(expression: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> SymbolicPieces:
    """The smooth formula on each interval between the places where the expression may not be smooth.

    Where nothing says which order of the places is meant, it is that of their names. Raises NotInClass if the places
    cannot all be found.
    """
    try:
        places = symbolic_breakpoints(expression, variable)
    except NotCertified as reason:
        raise NotInClass(str(reason)) from None
    signs = KnownSigns().given(*intended_order(expression, variable))
    inside: list[sp.Expr] = []
    for place in places:
        signs = _real(place, signs)
        lies_inside, signs = _is_inside(place, support, signs)
        if lies_inside:
            inside.append(place)
    ordered, signs = _in_order(inside, signs)
    ends = [support[0], *ordered, support[1]]
    intervals = [_Interval(variable, left, right, signs) for left, right in pairwise(ends)]
    return SymbolicPieces(
        tuple(Piece(interval.left, interval.right, _formula(expression, interval)) for interval in intervals),
        signs.condition,
    )


def _real(place: sp.Expr, signs: KnownSigns) -> KnownSigns:
    """A place such as log(K) is one where K > 0."""
    if place.is_real:
        return signs
    needed = {node: node.args[0] for node in place.atoms(sp.log) if not node.is_real}
    roots = (node for node in place.atoms(sp.Pow) if node.exp == sp.S.Half and not node.is_real)
    needed |= {node: node.base for node in roots if node.base.is_real}
    if place.xreplace({node: sp.Dummy(real=True) for node in needed}).is_real is not True:
        raise NotInClass(f"whether the breakpoint {place} is real depends on the values")
    for argument in needed.values():
        if signs.sign(argument) not in (None, 1):
            raise NotInClass(f"the breakpoint {place} is not real")
    return signs.given(*needed.values())


def _is_inside(place: sp.Expr, support: tuple[sp.Expr, sp.Expr], signs: KnownSigns) -> tuple[bool, KnownSigns]:
    """Inside, where that depends on the symbols: a breakpoint is there for a reason."""
    for end, side in ((support[0], 1), (support[1], -1)):
        if end.is_infinite:
            continue
        distance = side * (place - end)
        if signs.sign(distance) in (0, -1):
            return False, signs
        signs = signs.given(distance)
    return True, signs


def _in_order(places: Sequence[sp.Expr], signs: KnownSigns) -> tuple[list[sp.Expr], KnownSigns]:
    """The places in ascending order, and what has been taken for granted for it."""
    ordered: list[sp.Expr] = []
    for place in places:
        compared = [signs.sign(place - other) for other in ordered]
        if 0 in compared:
            continue
        # Above all that are known to be below it, below the first that is known to be above it; as high as that leaves.
        position = compared.index(-1) if -1 in compared else len(ordered)
        while position and compared[position - 1] is None and _looks_negative(place - ordered[position - 1]):
            position -= 1
        if 1 in compared[position:]:
            raise NotInClass(f"the order of the breakpoints {', '.join(map(str, (*ordered, place)))} is not known")
        below, above = ordered[:position], ordered[position:]
        if below:
            signs = signs.given(place - below[-1])
        if above:
            signs = signs.given(above[0] - place)
        unknown = [place - other for other in below[:-1]] + [other - place for other in above[1:]]
        signs = signs.implying(*(difference for difference in unknown if signs.sign(difference) is None))
        ordered.insert(position, place)
    return ordered, signs


def _looks_negative(difference: sp.Expr) -> bool:
    """-2*k does: a symbol alone is meant to be positive."""
    difference = sp.expand(difference)
    return not difference.is_Add and bool(difference.could_extract_minus_sign())


def _formula(node: sp.Basic, at: _Interval) -> sp.Basic:
    """The formula that holds on the interval."""
    if not node.has(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, Relational) or not node.has(at.variable):
        return node
    if isinstance(node, sp.Piecewise):
        for value, condition in node.args:
            if _holds(condition, at):
                return _formula(value, at)
        raise NotInClass(f"{node} has no value between {at.left} and {at.right}")
    arguments = [_formula(argument, at) for argument in node.args]
    if isinstance(node, sp.Abs | sp.sign | sp.Heaviside):
        sign = _sign(arguments[0], at)
        if isinstance(node, sp.Abs):
            return sign * arguments[0]
        return sp.Integer(sign) if isinstance(node, sp.sign) else sp.Rational(1 + sign, 2)
    if isinstance(node, sp.Max | sp.Min):
        wanted = 1 if isinstance(node, sp.Max) else -1
        best = arguments[0]
        for other in arguments[1:]:
            if _sign(other - best, at) == wanted:
                best = other
        return best
    return node.func(*arguments)


def _holds(condition: sp.Basic, at: _Interval) -> bool:
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        return all(_holds(part, at) for part in condition.args)
    if isinstance(condition, sp.Or):
        return any(_holds(part, at) for part in condition.args)
    if isinstance(condition, sp.Not):
        return not _holds(condition.args[0], at)
    sign = _sign(_formula(condition.lhs - condition.rhs, at), at)
    if isinstance(condition, sp.Eq | sp.Ne):
        return bool((sign == 0) == isinstance(condition, sp.Eq))
    holds_at_zero = isinstance(condition, sp.Ge | sp.Le)
    return (holds_at_zero and sign == 0) or (sign > 0 if isinstance(condition, sp.Gt | sp.Ge) else sign < 0)


def _sign(argument: sp.Expr, at: _Interval) -> int:
    """The sign on the whole interval: at a point of it, or just beside an end, as no sign changes within.

    Raises NotInClass if it depends on the values.
    """
    if argument == 0:
        return 0
    inside = argument.xreplace({at.variable: _point(at)})
    sign = at.signs.sign(inside, at_once=True)
    if sign is None and not at.left.is_infinite:
        sign = _beside(argument, at, at.left, 1)
    if sign is None and not at.right.is_infinite:
        sign = _beside(argument, at, at.right, -1)
    if sign is None:
        sign = at.signs.sign(inside)
    if sign is None:
        raise NotInClass(f"the sign of {argument} between {at.left} and {at.right} depends on the values")
    return sign


def _point(at: _Interval) -> sp.Expr:
    if at.left.is_infinite:
        return sp.S.Zero if at.right.is_infinite else at.right - 1
    return at.left + 1 if at.right.is_infinite else (at.left + at.right) / 2


def _beside(argument: sp.Expr, at: _Interval, end: sp.Expr, direction: int) -> int | None:
    """The sign of the first derivative that does not vanish at the end."""
    derivative, turn = argument, 1
    for _ in range(_HIGHEST_ORDER):
        sign = at.signs.sign(derivative.xreplace({at.variable: end}))
        if sign != 0:
            return None if sign is None else sign * turn
        derivative, turn = sp.diff(derivative, at.variable), turn * direction
    return None

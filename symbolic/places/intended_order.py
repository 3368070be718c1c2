"""The order of breakpoints that the way a cost is written suggests: lo < hi in clip(x, lo, hi).

The formulas hold for one order only. Which one is meant can be read from what would make a part of the cost idle
otherwise: in Min(hi, Max(lo, x)) and Max(lo, Min(hi, x)) the inner bound, in Piecewise((u, x < a), (v, x < b), ...) the
second branch, in x > a & x < b the whole condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import sympy as sp
from sympy.core.relational import Relational

__all__ = ["intended_order"]


def intended_order(expression: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """Differences that are meant to be > 0, in the order of the places along the axis."""
    return tuple(dict.fromkeys(_differences(expression, variable)))


def _differences(expression: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    for node in sp.preorder_traversal(expression):
        if isinstance(node, sp.Max | sp.Min):
            levels = [argument for argument in node.args if not argument.has(variable)]
            for inner in node.args:
                if inner.has(variable):
                    yield from (d for level in levels for d in _beyond(level, inner, variable))
        elif isinstance(node, sp.Heaviside | sp.sign | sp.Abs):
            yield from _beside_a_choice(node.args[0], variable)
        elif isinstance(node, sp.Piecewise):
            bounds = [_bound(condition, variable) for _, condition in node.args]
            known = [bound for bound in bounds if bound is not None]
            yield from (
                first[0] * (later[1] - first[1]) for first, later in combinations(known, 2) if first[0] == later[0]
            )
        elif isinstance(node, sp.And):
            known = [bound for bound in (_bound(part, variable) for part in node.args) if bound is not None]
            above = [place for side, place in known if side < 0]
            below = [place for side, place in known if side > 0]
            yield from (high - low for high in below for low in above)


def _beside_a_choice(argument: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    """The argument is c + m Max(...) or c + m Min(...): its sign changes where the choice passes -c/m."""
    choices = [node for node in argument.atoms(sp.Max, sp.Min) if node.has(variable)]
    if len(choices) != 1:
        return
    constant, rest = argument.as_independent(variable, as_Add=True)
    slope = rest / choices[0]
    if not slope.has(variable):
        yield from _beyond(-constant / slope, choices[0], variable)


def _beyond(level: sp.Expr, inner: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    """The level lies above every bound of an inner Max, and below every bound of an inner Min."""
    if isinstance(inner, sp.Max | sp.Min):
        side = 1 if isinstance(inner, sp.Max) else -1
        yield from (side * (level - bound) for bound in inner.args if not bound.has(variable))


def _bound(condition: sp.Basic, variable: sp.Symbol) -> tuple[int, sp.Expr] | None:
    """(1, place) for variable < place, (-1, place) for variable > place, None for what is neither."""
    if not isinstance(condition, sp.Lt | sp.Le | sp.Gt | sp.Ge):
        return None
    difference: sp.Expr = condition.lhs - condition.rhs
    polynomial = difference.as_poly(variable) if not difference.has(Relational) else None
    if polynomial is None or polynomial.degree() != 1:
        return None
    slope, offset = polynomial.all_coeffs()
    if not (slope.is_positive or slope.is_negative):
        return None
    below = isinstance(condition, sp.Lt | sp.Le) == bool(slope.is_positive)
    return (1 if below else -1), sp.cancel(-offset / slope)

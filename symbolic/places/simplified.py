"""A shorter form that shows a zero; by SymPy's simplification only where nothing else knows, as it may take minutes."""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.readable import readable

__all__ = ["is_rational_function", "simplified"]


def simplified(expression: sp.Expr) -> sp.Expr:
    """An equal expression, 0 if it is found to be zero; a number that a ball tells from zero stays as it is."""
    if expression.is_Rational:
        return expression
    if is_rational_function(expression):
        return readable(expression)
    if not expression.free_symbols:
        try:
            if not real_ball(expression, {}).contains(0):
                return expression
        except NotCertified:
            pass  # infinite, or nothing that a ball knows
    folded = sp.piecewise_fold(expression) if expression.has(sp.Piecewise) else expression
    if isinstance(folded, sp.Piecewise) and _has_rational_branches(folded):
        return sp.Piecewise(*((readable(value), _compared(condition)) for value, condition in folded.args))
    return sp.simplify(expression)


def _compared(condition: sp.Basic) -> sp.Basic:
    """a < b for a - b < 0."""
    if condition == sp.true:
        return condition
    parts: tuple[list[sp.Expr], list[sp.Expr]] = ([], [])
    for term in sp.Add.make_args(sp.expand(condition.lhs - condition.rhs)):
        minus = term.could_extract_minus_sign()
        parts[minus].append(-term if minus else term)
    return condition.func(*(sp.Add(*side) for side in parts))


def _has_rational_branches(piecewise: sp.Piecewise) -> bool:
    return all(
        is_rational_function(value)
        and (
            condition == sp.true
            or (isinstance(condition, Relational) and is_rational_function(condition.lhs - condition.rhs))
        )
        for value, condition in piecewise.args
    )


def is_rational_function(expression: sp.Expr) -> bool:
    """Of its symbols, with rational coefficients: all that cancels does so when it is multiplied out."""
    return all(
        node.is_Symbol or node.is_Rational or node.is_Add or node.is_Mul or (node.is_Pow and node.exp.is_Integer)
        for node in sp.preorder_traversal(expression)
    )

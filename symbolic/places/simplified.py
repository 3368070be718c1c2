"""SymPy's simplification, asked only where it can find a zero: on numbers it may run for minutes."""

from __future__ import annotations

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import NotCertified

__all__ = ["simplified"]


def simplified(expression: sp.Expr) -> sp.Expr:
    """An equal expression, 0 if it is found to be zero; a number that a ball tells from zero stays as it is."""
    if expression.is_Rational:
        return expression
    if not expression.free_symbols:
        try:
            if not real_ball(expression, {}).contains(0):
                return expression
        except NotCertified:
            pass  # infinite, or nothing that a ball knows
    return sp.simplify(expression)

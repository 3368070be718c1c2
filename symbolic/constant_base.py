"""a^u = exp(u log a) for a > 0: powers whose exponent holds the variable, and whose base does not."""

from __future__ import annotations

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["in_exponentials"]


def in_exponentials(expression: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, Boolean]:
    """The expression with exp(u log a) in the place of each a^u, and the condition that every such a is > 0.

    Where a base is not positive, its powers are no real numbers but at single places.
    """
    powers = {
        power: sp.exp(power.exp * sp.log(power.base))
        for power in expression.atoms(sp.Pow)
        if power.exp.has(variable) and not power.base.has(variable)
    }
    if not powers:
        return expression, sp.true
    return expression.xreplace(powers), sp.And(*(sp.Gt(power.base, 0) for power in powers))

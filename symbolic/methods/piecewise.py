"""Costs with Abs, Max, Min, sign, Heaviside, clip or Piecewise: the sum of the integrals between their breakpoints."""

from __future__ import annotations

import sympy as sp

from symbolic.errors import NotInClass
from symbolic.exponential_integral import integrate_sum
from symbolic.exponential_sum import read
from symbolic.integral import Integral
from symbolic.places.symbolic_pieces import symbolic_pieces

__all__ = ["NAME", "integrate"]

NAME = "piecewise"


def integrate(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> Integral:
    """int integrand dx over the support; each piece is a sum of c x^n exp(a x^2 + b x + d) on its own interval.

    Raises NotInClass if a piece is not, or if the order of the breakpoints depends on the values of the symbols.
    """
    if not integrand.has(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.Piecewise):
        raise NotInClass("the integrand has no pieces")
    total: sp.Expr = sp.S.Zero
    conditions: sp.Basic = sp.true
    cut = symbolic_pieces(integrand, variable, support)
    form_holds = cut.condition
    for piece in cut.pieces:
        if piece.formula == 0:
            continue
        part = integrate_sum(read(piece.formula, variable), variable, piece.left, piece.right)
        total += part.expression
        conditions &= part.conditions
        form_holds &= part.form_holds
    return Integral(total, conditions, NAME, form_holds)

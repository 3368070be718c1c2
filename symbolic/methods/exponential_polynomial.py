"""Costs made of polynomials, exp, sin, cos, sinh, cosh and exp of quadratics, over the whole support of the law."""

from __future__ import annotations

import sympy as sp

from symbolic.exponential_integral import integrate_sum
from symbolic.exponential_sum import read
from symbolic.gaussian_integral import integrate_whole_line
from symbolic.integral import Integral

__all__ = ["NAME", "integrate"]

NAME = "exponential_polynomial"


def integrate(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> Integral:
    """int integrand dx over the support, if it is a sum of c x^n exp(a x^2 + b x + d); real and folded.

    Raises NotInClass if the integrand is outside the class, Divergent if the integral provably does not exist.
    """
    if support == (-sp.oo, sp.oo):
        return integrate_whole_line(integrand, variable)
    integral = integrate_sum(read(integrand, variable), variable, *support)
    return Integral(integral.expression, integral.conditions, NAME, integral.form_holds)

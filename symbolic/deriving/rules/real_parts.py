"""A sum of P(v) exp(a v^2 + b v + d) as real terms: complex exponents are paired with their conjugates."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symbolic.exponential_integral import as_expression
from symbolic.exponential_sum import read

__all__ = ["RealTerm", "real_and_imaginary", "real_terms"]


@dataclass(frozen=True)
class RealTerm:
    """P(v) exp(a v^2 + b v + d), or twice its real part if b, d or P hold I; `polynomial` is P."""

    polynomial: sp.Expr
    a: sp.Expr
    b: sp.Expr
    d: sp.Expr
    is_real: bool

    def at(self, v: sp.Symbol) -> sp.Expr:
        """The term as a real expression in v."""
        if self.is_real:
            return self.polynomial * sp.exp(self.a * v**2 + self.b * v + self.d)
        growth, turn = real_and_imaginary(self.a * v**2 + self.b * v + self.d)
        even, odd = real_and_imaginary(self.polynomial)
        return 2 * sp.exp(growth) * (even * sp.cos(turn) - odd * sp.sin(turn))


def real_terms(expression: sp.Expr, variable: sp.Symbol) -> tuple[RealTerm, ...]:
    """The terms of an expression of the class, in a fixed order. Raises NotInClass outside it."""
    remaining = dict(read(expression, variable).coefficients)
    found = []
    for exponent in sorted(remaining, key=lambda each: sp.default_sort_key(sp.Tuple(each.a, each.b, each.d))):
        if exponent not in remaining:
            continue
        by_power = remaining.pop(exponent)
        polynomial = sp.Add(
            *(as_expression(coefficient) * variable**power for power, coefficient in sorted(by_power.items()))
        )
        polynomial = sp.collect(sp.expand(polynomial), variable)
        if polynomial == 0:
            continue
        if not exponent.is_real:
            remaining.pop(exponent.conjugate(), None)
        found.append(RealTerm(polynomial, exponent.a, exponent.b, exponent.d, exponent.is_real))
    return tuple(found)


def real_and_imaginary(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """(u, w) of u + I w; every symbol is real."""
    expanded = sp.expand(expression)
    return expanded.coeff(sp.I, 0), expanded.coeff(sp.I, 1)

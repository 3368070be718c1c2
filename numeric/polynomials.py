"""Which expressions are polynomials in the noise, and in which variable they may be shorter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp
from flint import fmpq

from numeric.constants import Number, Polynomial, as_number, coefficients_of, is_zero, magnitude, polynomial

__all__ = ["Polynomials"]

_LARGEST_DEGREE = 32
_LARGEST_SHIFT = 2**10  # beyond it epsilon + s is large, and its powers overflow where those of x do not


@dataclass
class Polynomials:
    """Expressions as polynomials in `noise`; what was asked before is remembered."""

    noise: sp.Symbol
    shifts: list[Number] = field(default_factory=list)
    _known: dict[sp.Expr, Polynomial | None] = field(default_factory=dict)

    def of(self, expression: sp.Expr) -> Polynomial | None:
        """The expression as a polynomial in the noise, or None if it is not one of degree <= 32."""
        if expression not in self._known:
            self._known[expression] = self._found(expression)
        return self._known[expression]

    def find_shifts(self, terms: Iterable[sp.Expr]) -> None:
        """Collect s of every epsilon + s (up to a factor) that is a base or an argument: good variables for Horner."""
        for term in terms:
            for node in sp.preorder_traversal(term):
                for part in node.args if node.is_Pow or node.is_Function else ():
                    poly = self.of(part) if part.is_Add else None
                    coefficients = {} if poly is None else coefficients_of(poly)
                    if coefficients.keys() == {0, 1}:
                        self._add_shift(coefficients[0] / coefficients[1])

    def _add_shift(self, shift: Number) -> None:
        if magnitude(shift) <= _LARGEST_SHIFT and all(not is_zero(shift - known) for known in self.shifts):
            self.shifts.append(shift)

    def _found(self, expression: sp.Expr) -> Polynomial | None:
        if not expression.has(self.noise):
            return polynomial([as_number(expression)])
        if expression == self.noise:
            return polynomial([fmpq(0), fmpq(1)])
        if expression.is_Add or expression.is_Mul:
            whole: Polynomial | None = None
            for part in map(self.of, expression.args):
                if part is None:
                    return None
                whole = part if whole is None else whole + part if expression.is_Add else whole * part
            return whole if whole is not None and whole.degree() <= _LARGEST_DEGREE else None
        if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
            base = self.of(expression.base)
            if base is not None and base.degree() * expression.exp <= _LARGEST_DEGREE:
                return base ** int(expression.exp)
        return None

"""Noise-free subexpressions as exact numbers, and polynomials with such coefficients.

A rational stays a rational. Any other constant (exp(3/10), sqrt(2), pi) is a ball of 60 digits, so that the one
rounding to float64 at the end is the correct one, also after the arithmetic in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias, cast

import sympy as sp
from flint import arb, arb_poly, fmpq, fmpq_poly

from numeric.errors import KernelError
from symbolic.balls import real_ball
from symbolic.errors import SymbolicError

__all__ = [
    "PRECISION",
    "Number",
    "Polynomial",
    "as_number",
    "coefficients_of",
    "is_zero",
    "magnitude",
    "nearest_float",
    "polynomial",
    "shifted",
]

Number: TypeAlias = fmpq | arb
Polynomial: TypeAlias = fmpq_poly | arb_poly

_DIGITS = 60
PRECISION = 256
"""Bits of the arithmetic between constants, to be set by `with ctx.workprec(PRECISION)` around it."""


def as_number(expression: sp.Expr) -> Number:
    """The value of a noise-free expression: exact if rational, else a ball that contains it, of 60 digits.

    Raises KernelError if a symbol has no value, or if the value is not a finite real number.
    """
    if expression.is_Rational:
        return fmpq(int(expression.p), int(expression.q))
    if expression.free_symbols:
        names = ", ".join(sorted(str(symbol) for symbol in expression.free_symbols))
        raise KernelError(f"{names} has no value in {expression}: give a number for each symbol but the noise")
    try:
        return real_ball(expression, {}, _DIGITS)
    except SymbolicError as error:
        raise KernelError(f"{expression} cannot stand in a kernel as a constant: {error}") from error


def is_zero(number: Number) -> bool:
    """Whether the number is zero, or not to be told from zero with 60 digits."""
    return bool(number == 0) if isinstance(number, fmpq) else bool(number.contains(0))


def nearest_float(number: Number) -> float:
    """The float64 nearest to the number. Raises KernelError if it overflows."""
    if isinstance(number, fmpq):
        exact = Fraction(int(number.p), int(number.q))
    else:
        mantissa, exponent = (int(part) for part in number.mid().man_exp())
        exact = Fraction(mantissa) * Fraction(2) ** exponent
    try:
        return float(exact)
    except OverflowError:
        raise KernelError(f"a constant of about {number} overflows float64: choose smaller parameters") from None


def magnitude(number: Number) -> Number:
    """|number|."""
    return cast(Number, abs(number))


def polynomial(coefficients: Sequence[Number]) -> Polynomial:
    """sum_k coefficients[k] t^k."""
    rational = [coefficient for coefficient in coefficients if isinstance(coefficient, fmpq)]
    return fmpq_poly(rational) if len(rational) == len(coefficients) else arb_poly(coefficients)


def coefficients_of(poly: Polynomial) -> dict[int, Number]:
    """{k: coefficient of t^k}, without the zeros."""
    coefficients = cast("list[Number]", poly.coeffs())
    return {k: coefficient for k, coefficient in enumerate(coefficients) if not is_zero(coefficient)}


def shifted(poly: Polynomial, shift: Number) -> Polynomial:
    """The polynomial q with q(t + shift) = p(t), by exact arithmetic."""
    inner = polynomial([-shift, fmpq(1)])
    if isinstance(inner, fmpq_poly) and isinstance(poly, fmpq_poly):
        return poly(inner)
    return arb_poly(poly)(arb_poly(inner))

"""How large a number, a power or an expression may be, told before SymPy computes it."""

from __future__ import annotations

import sympy as sp

from symbolic.parsing.names import Refused, shortened
from symbolic.parsing.values import MAX_BITS

__all__ = [
    "MAX_DEGREE",
    "MAX_EXPONENT_COEFFICIENT",
    "MAX_LEVELS",
    "bits",
    "bound_bits",
    "bound_coefficients",
    "bound_exponent",
    "bound_exponential",
    "degree",
    "levels",
    "size",
]

MAX_DEGREE = 64
MAX_EXPONENT_COEFFICIENT = 1000
# SymPy differentiates by recursion, at some eight calls a level; Python allows a thousand.
MAX_LEVELS = 80


def bits(integer: int) -> int:
    """The length of an integer; none for 0 and 1, which make no product longer."""
    return int(integer).bit_length() if abs(integer) > 1 else 0


def bound_bits(number: float, what: str) -> None:
    if number > MAX_BITS:
        raise Refused(f"{what} would have {number:.3g} bits, which is too long; use at most {MAX_BITS}")


def bound_exponent(base: sp.Expr, exponent: sp.Expr) -> None:
    """Refuse base**exponent before SymPy writes out a number or a degree that is too large."""
    coefficient = base if base.is_Rational else base.as_coeff_Mul()[0]
    bits_of_base = max(bits(coefficient.p), bits(coefficient.q))
    if exponent.is_Rational:
        if not base.is_Rational and abs(exponent) > MAX_DEGREE:
            raise Refused(f"the exponent {shortened(exponent)} is too large; use at most {MAX_DEGREE}, or exp(...)")
        bound_bits(
            float(min(abs(exponent), 10**300)) * bits_of_base, f"the power {shortened(base)}**{shortened(exponent)}"
        )
        return
    if not (exponent.free_symbols or base.is_Rational) and size(exponent) > MAX_DEGREE:
        raise Refused(f"the exponent {shortened(exponent)} is too large; use at most {MAX_DEGREE}, or exp(...)")
    if any(power.base.has(sp.log) for power in exponent.atoms(sp.Pow)):
        raise Refused("an exponent that divides by a logarithm is not taken; write exp(...)")
    bound_coefficients(exponent, MAX_EXPONENT_COEFFICIENT)
    if isinstance(base, sp.exp):
        bound_exponential(base.args[0] * exponent)
    elif base.is_Pow:
        bound_exponent(base.base, base.exp * exponent)


def bound_exponential(argument: sp.Expr) -> None:
    """Refuse exp(c*log(u)) with a large c: SymPy writes it as u**c."""
    for term in sp.Add.make_args(argument):
        if any(isinstance(factor, sp.log) for factor in sp.Mul.make_args(term)):
            bound_coefficients(term, MAX_DEGREE)


def bound_coefficients(exponent: sp.Expr, largest: int) -> None:
    for term in sp.Add.make_args(exponent):
        if abs(term.as_coeff_Mul()[0]) > largest:
            raise Refused(f"the coefficient of {shortened(term)} in an exponent is too large; use at most {largest}")


def size(number: sp.Expr) -> sp.Expr:
    """|number| to 15 digits."""
    rounded = abs(number.n(15))
    if not (rounded.is_Float or rounded.is_Rational):
        raise Refused(f"the size of {shortened(number)} cannot be told; write it as a decimal number")
    return rounded


def degree(expression: sp.Expr) -> sp.Rational:
    """The degree in its symbols, where everything that is not a sum, product or rational power counts as a symbol."""
    if expression.is_number:
        return sp.S.Zero
    if expression.is_Add:
        return max(degree(term) for term in expression.args)
    if expression.is_Mul:
        return sum(degree(factor) for factor in expression.args)
    if expression.is_Pow and expression.exp.is_Rational:
        return abs(expression.exp) * degree(expression.base)
    return sp.S.One


def levels(expression: sp.Expr) -> int:
    """How deeply operations are nested."""
    count, level = 0, [expression]
    while level:
        count, level = count + 1, [argument for node in level for argument in node.args]
    return count

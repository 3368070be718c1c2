"""Two numbers that differ, with as many certain digits as it takes to see that."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import mpmath
import sympy as sp

from symbolic.balls import real_ball
from symbolic.value import Value

__all__ = ["figure", "figures", "shown_point", "told_apart"]

_DIGITS = (8, 16, 32, 64)
_LONGEST = 20  # characters of a fraction


def told_apart(left: sp.Expr, right: sp.Expr, point: Mapping[sp.Symbol, sp.Rational]) -> tuple[str, str]:
    """The values of two formulas that differ at the point; as 2 + 7e-300 where many digits are the same.

    Raises NotCertified where one has no real value.
    """
    mine, true = (formula.xreplace(dict(point)) for formula in (left, right))
    for digits in _DIGITS:
        shown = (figure(mine, digits), figure(true, digits))
        # What cannot be told from 0 is written 0 +/- its radius.
        if Fraction(shown[0].split()[0]) != Fraction(shown[1].split()[0]):
            return shown
    base, off = figure(true, _DIGITS[0]), figure(mine - true, 2)
    return (f"{base} - {off[1:]}" if off.startswith("-") else f"{base} + {off}"), base


def figures(value: Value, digits: int) -> str:
    """A certified value, its certain digits only."""
    if not value.is_finite or value.midpoint == 0 or abs(value.midpoint) <= value.radius:
        return str(value)
    certain = digits
    if value.radius > 0:
        certain = min(digits, int(mpmath.floor(mpmath.log10(abs(value.midpoint) / value.radius))))
    return str(mpmath.nstr(value.midpoint, max(1, certain)))


def shown_point(point: Mapping[sp.Symbol, sp.Rational]) -> dict[str, str]:
    """Names and exact values, as --at takes them."""
    return {str(symbol): str(number) for symbol, number in point.items()}


def figure(number: sp.Expr, digits: int) -> str:
    """A number in so many digits; a short fraction as it is. Raises NotCertified where it has no real value."""
    if number.is_Rational and len(str(number)) <= _LONGEST:
        return str(number)
    return figures(Value.from_ball(real_ball(number, {}, digits + 2), digits + 2), digits)

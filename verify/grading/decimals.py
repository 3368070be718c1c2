"""A decimal number as an answer: is it the right number, to the digits that are written?

    rounded:  |truth - answer| <= u/2        cut off:  0 <= (truth - answer) sign(answer) < u

u is one unit of the last written digit. What is not certain is not said: the truth comes between exact bounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from mpmath.libmp import to_rational

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.value import Value

__all__ = ["ENOUGH", "Between", "Written", "as_written", "between", "in_words", "matches", "written"]

ENOUGH = 3
"""Significant digits from which on a number counts as the right one."""

_DECIMAL = re.compile(r"([+-]?)(?=\.?\d)(\d*)\.(\d*)(?:[eE]([+-]?\d+))?", re.ASCII)
_MORE_DIGITS = 20

Between = tuple[Fraction, Fraction]
"""A lower and an upper bound of the truth; the same where it is rational."""


@dataclass(frozen=True)
class Written:
    """The text without blanks, its value, its significant digits, and one unit of the last of them."""

    text: str
    number: Fraction
    digits: int
    unit: Fraction


def written(answer: str) -> Written | None:
    """The answer as a decimal number with a point; None if it is none, or if all of its digits are 0."""
    text = "".join(answer.split())
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    _, whole, part, exponent = found.groups()
    digits = len((whole + part).lstrip("0"))
    unit = Fraction(10) ** (int(exponent or 0) - len(part))
    return Written(text, Fraction(text), digits, unit) if digits else None


def as_written(answer: str, shown: str) -> str:
    """A decimal answer as it was written, in the place of 319/625; what is shown as a + b stays, and what is none."""
    decimal = written(answer)
    return shown if decimal is None or " " in shown else decimal.text


def between(truth: sp.Expr | Value, decimal: Written) -> Between | None:
    """Exact bounds of a number without symbols; None where none can be certified."""
    if isinstance(truth, Value):
        value = truth
    elif truth.is_Rational:
        return Fraction(truth.p, truth.q), Fraction(truth.p, truth.q)
    else:
        digits = decimal.digits + _MORE_DIGITS
        try:
            value = Value.from_ball(real_ball(truth, {}, digits), digits)
        except NotCertified:
            return None
    middle, radius = (Fraction(*to_rational(number._mpf_)) for number in (value.midpoint, value.radius))
    return middle - radius, middle + radius


def matches(decimal: Written, truth: Between) -> bool:
    """Whether the truth, rounded or cut off after the last written digit, is certainly the decimal."""
    return _is_rounded(decimal, truth) or _is_cut_off(decimal, truth)


def in_words(decimal: Written, truth: Between, shown: str) -> str:
    """How far a decimal that matches is right; `shown` is the truth as it is printed."""
    if decimal.digits < ENOUGH:
        number = "1 digit" if decimal.digits == 1 else f"{decimal.digits} digits"
        return f"It is right to {number} only, and it takes {ENOUGH}: the gradient is {shown}."
    how = "" if _is_rounded(decimal, truth) else ", the rest cut off and not rounded"
    return f"It is right to its {decimal.digits} digits{how}: the gradient is {shown}."


def _is_rounded(decimal: Written, truth: Between) -> bool:
    return all(abs(bound - decimal.number) <= decimal.unit / 2 for bound in truth)


def _is_cut_off(decimal: Written, truth: Between) -> bool:
    side = 1 if decimal.number > 0 else -1
    return all(0 <= (bound - decimal.number) * side < decimal.unit for bound in truth)

"""A second way to integrate, which shares nothing with Arb: mpmath sums at 65 digits.

Analytic integrands on the whole line: the trapezoidal rule, whose error falls like exp(-2 pi a / step) for a function
analytic in the strip |Im z| < a (Trefethen, Weideman, "The exponentially convergent trapezoidal rule", 2014). All
others: the double-exponential rule on each piece between given cuts, which bears singular ends. Both are run at two
resolutions and must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import mpmath

__all__ = ["DIGITS", "over_pieces", "over_the_line"]

DIGITS = 65
_AGREEMENT = mpmath.mpf(10) ** -50

Function = Callable[[mpmath.mpf], mpmath.mpf]


def over_the_line(function: Function, reach: int = 18) -> tuple[mpmath.mpf, mpmath.mpf]:
    """int of an analytic function that falls like exp(-t^2/2), and a bound of the error as far as can be seen."""
    with mpmath.workdps(DIGITS):
        steps = 8
        values = [function(mpmath.mpf(k) / steps) for k in range(-reach * steps, reach * steps + 1)]
        total, size = mpmath.fsum(values), mpmath.fsum(map(abs, values)) / steps
        while steps <= 512:
            before = total / steps
            between = (mpmath.mpf(2 * k + 1) / (2 * steps) for k in range(-reach * steps, reach * steps))
            total += mpmath.fsum(map(function, between))
            steps *= 2
            if abs(total / steps - before) <= _AGREEMENT * size:
                return total / steps, _AGREEMENT * size
    raise AssertionError("the trapezoidal rule did not settle: the oracle is at fault")


def over_pieces(function: Function, cuts: Sequence[mpmath.mpf]) -> tuple[mpmath.mpf, mpmath.mpf]:
    """int over the pieces between cuts, and a bound of the error as far as can be seen."""
    total, size = mpmath.mpf(0), mpmath.mpf(0)
    with mpmath.workdps(DIGITS):
        for left, right in pairwise(cuts):
            finer, error = mpmath.quad(function, [left, right], method="tanh-sinh", error=True, maxdegree=9)
            total += finer
            size += abs(finer)
            assert error <= _AGREEMENT * (1 + abs(finer)), "the double-exponential rule did not settle"
        return total, _AGREEMENT * (1 + size)

"""Are two closed forms the same function? Three-valued: proven equal, proven different, or unknown."""

from __future__ import annotations

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.readable import readable

__all__ = ["equal"]

_POINTS = 3
_DIGITS = 50


def equal(left: sp.Expr, right: sp.Expr) -> bool | None:
    """True if left - right cancels to 0 in exact algebra, False if a ball at a rational point excludes 0, else None."""
    difference = readable(left - right)
    if difference == 0:
        return True
    symbols = sorted(difference.free_symbols, key=str)
    for point in range(_POINTS):
        # Distinct positive rationals without small common factors; any point may refute, none can prove.
        values = {
            symbol: sp.Rational(7 + 10 * place + 3 * point, 11 + 6 * point) for place, symbol in enumerate(symbols)
        }
        try:
            ball = real_ball(difference, values, _DIGITS)
        except NotCertified:
            continue  # outside the domain of the closed form, or too close to zero to tell
        if not ball.contains(0):
            return False
    return None

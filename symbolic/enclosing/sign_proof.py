"""Is a numeric expression > 0 on the whole support of a law, or < 0? Proven by balls, or left open."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import BallFunction, compile_ball, real_ball
from symbolic.enclosing.envelope_rules import HalfLine
from symbolic.errors import NotCertified

__all__ = ["proven_sign", "signs_seen"]

_BITS = 64
_REACHES = (8, 32, 128, 1024)
_MOST_BALLS = 4000
_SAMPLES = tuple(sign * sp.Rational(step, 8) * 2**scale for scale in range(8) for step in (3, 5, 8) for sign in (1, -1))


def proven_sign(expression: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> int | None:
    """1 if the expression is > 0 on the whole closed support, -1 if it is < 0, None if neither is proven.

    Beyond some reach a bound of the half line, within it balls that are halved until each shows the sign.
    """
    low, high = support
    outward = [direction for direction, end in ((-1, low), (1, high)) if end.is_infinite]
    try:
        with ctx.workprec(_BITS):
            for reach in _REACHES:
                left = arb(-reach) if low.is_infinite else real_ball(low, {})
                right = arb(reach) if high.is_infinite else real_ball(high, {})
                signs = {_sign_beyond(expression, variable, direction, reach) for direction in outward}
                for sign in (1, -1):
                    function = compile_ball(expression, (variable,))
                    if signs <= {sign} and left < right and _keeps(sign, function, left, right):
                        return sign
    except NotCertified:
        return None
    return None


def signs_seen(
    expression: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]
) -> Iterator[tuple[sp.Rational, int]]:
    """(place, sign) for places of the support at which the numeric expression certainly has that sign."""
    low, high = support
    for place in _SAMPLES:
        if low < place < high:
            try:
                ball = real_ball(expression, {variable: place}, 10)
            except NotCertified:
                continue  # no finite value there
            if not ball.contains(0):
                yield place, 1 if ball > 0 else -1


def _sign_beyond(expression: sp.Expr, variable: sp.Symbol, direction: int, reach: int) -> int | None:
    line = HalfLine(variable, direction, sp.Integer(reach))
    return line.sign(expression) if line.lower(expression) is not None else None


def _keeps(sign: int, function: BallFunction, left: arb, right: arb) -> bool:
    """The function has this sign on the whole of [left, right]."""
    waiting = [(left, right)]
    for _ in range(_MOST_BALLS):
        if not waiting:
            return True
        low, high = waiting.pop()
        value = function((acb(low.union(high)),), False)
        if sign * value.real < 0:
            return False
        if value.is_finite() and value.imag.contains(0) and sign * value.real > 0:
            continue
        middle = ((low + high) / 2).mid()
        waiting += [(low, middle), (middle, high)]
    return False

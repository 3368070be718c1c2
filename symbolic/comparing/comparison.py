"""Are two formulas the same function? Proven equal, proven different at a point, or not known.

One ball at a rational point may refute; none can prove. What proves is exact algebra, case by case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import mpmath
import sympy as sp
from flint import arb

from symbolic.balls import real_ball
from symbolic.comparing.cases import switches, vanishes
from symbolic.comparing.domain import Domain, Point
from symbolic.errors import NotCertified

__all__ = ["Comparison", "compare", "number_at"]

_LOOKS = 3
_MORE_LOOKS = 12
_BESIDE = 24
_DIGITS = 40


@dataclass(frozen=True)
class Comparison:
    """`equal` is True or False if proven. `point` is where the formulas differ.

    `agreed` is how many points gave two values that cannot be told apart, to `digits` digits after the point at least.
    """

    equal: bool | None
    point: Point | None = None
    agreed: int = 0
    digits: int = 0


def compare(left: sp.Expr, right: sp.Expr, domain: Domain, symbols: Sequence[sp.Symbol]) -> Comparison:
    """left = right at all values inside the domain, up to single points? `symbols` are in the order of nice values."""
    difference = left - right
    looks = _Looks(difference)
    wrong = looks.first_refuted(islice(domain.points(symbols), _LOOKS))
    if wrong is not None:
        return Comparison(False, wrong)
    # Without one point at which both have a value, "equal wherever they have one" would say nothing.
    if looks.agreed and vanishes(difference, domain.positive, domain.drawn):
        return Comparison(True, None, looks.agreed, looks.digits)
    more = (
        *islice(domain.points(symbols), _LOOKS, _MORE_LOOKS),
        *islice(_beside(left, right, domain, symbols), _BESIDE),
    )
    wrong = looks.first_refuted(more)
    if wrong is not None:
        return Comparison(False, wrong)
    return Comparison(None, None, looks.agreed, looks.digits)


class _Looks:
    """The difference at one point after another."""

    def __init__(self, difference: sp.Expr) -> None:
        self._difference = difference
        self.agreed = 0
        self.digits = 0

    def first_refuted(self, points: Iterable[Point]) -> Point | None:
        """The first point at which the difference is certainly not 0."""
        for point in points:
            ball = number_at(self._difference, point)
            if ball is None:
                continue
            if not ball.contains(0):
                return point
            digits = _certain_digits(ball)
            self.digits = digits if self.agreed == 0 else min(self.digits, digits)
            self.agreed += 1
        return None


def number_at(formula: sp.Expr, point: Mapping[sp.Symbol, sp.Rational], digits: int = _DIGITS) -> arb | None:
    """A ball around the formula at a point; None where it has no real value, or none can be certified."""
    number = formula.xreplace(dict(point))
    if number.has(sp.nan, sp.zoo, sp.oo, sp.I):
        return None
    try:
        return real_ball(number, {}, digits)
    except NotCertified:
        return None


def _certain_digits(ball: arb) -> int:
    radius = ball.abs_upper()
    return (
        2 * _DIGITS
        if radius == 0
        else max(0, -int(mpmath.floor(mpmath.log10(mpmath.mpf(radius.str(5, radius=False))))))
    )


def _beside(left: sp.Expr, right: sp.Expr, domain: Domain, symbols: Sequence[sp.Symbol]) -> Iterator[Point]:
    """Points at and beside the places where a formula changes: a difference may live on a small part only.

    Where `right` changes, its value is a matter of convention, and so it is at a single value of a drawn symbol.
    """
    own = switches(right)
    for point in islice(domain.points(symbols), 2):
        for argument in switches(left - right):
            for symbol in sorted(argument.free_symbols & set(symbols), key=str):
                place = _zero(argument, symbol, point)
                if place is None:
                    continue
                for step in (-1, 0, 1):
                    moved = {**point, symbol: place + step}
                    conventional = symbol in domain.drawn or any(other.xreplace(moved) == 0 for other in own)
                    if domain.holds(moved) and not (step == 0 and conventional):
                        yield moved


def _zero(argument: sp.Expr, symbol: sp.Symbol, point: Point) -> sp.Rational | None:
    """Where an argument that is linear in the symbol vanishes, the other symbols as in the point."""
    others = {other: number for other, number in point.items() if other != symbol}
    line = argument.xreplace(others)
    slope = sp.diff(line, symbol)
    if not (slope.is_Rational and slope != 0):
        return None
    zero = -line.xreplace({symbol: sp.S.Zero}) / slope
    return zero if zero.is_Rational else None

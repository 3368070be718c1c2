"""The values that a real expression can take, as an interval with exact ends: interval arithmetic on symbols.

Every symbol is real, or as its assumptions say. The interval holds every value; it may be too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import NotCertified

__all__ = ["Range", "range_of"]

_REALS = (-sp.oo, sp.oo)


@dataclass(frozen=True)
class Range:
    """From `low` to `high`; an end belongs to it unless it is `open`."""

    low: sp.Expr
    high: sp.Expr
    low_open: bool = False
    high_open: bool = False

    @property
    def is_positive(self) -> bool:
        return _less(sp.S.Zero, self.low) or (self.low_open and self.is_nonnegative)

    @property
    def is_nonnegative(self) -> bool:
        return not _less(self.low, sp.S.Zero)

    @property
    def negated(self) -> Range:
        return Range(-self.high, -self.low, self.high_open, self.low_open)

    @property
    def excludes_zero(self) -> bool:
        return self.is_positive or self.negated.is_positive

    def is_inside(self, low: sp.Expr, high: sp.Expr) -> bool:
        """In the open interval (low, high)."""
        above = _less(low, self.low) or (self.low_open and not _less(self.low, low))
        return above and (_less(self.high, high) or (self.high_open and not _less(high, self.high)))


_EVERYTHING = Range(*_REALS, True, True)
_UNIT = Range(-sp.S.One, sp.S.One)
_BOUNDED: dict[type[sp.Function], Range] = {
    sp.sin: _UNIT,
    sp.cos: _UNIT,
    sp.sign: _UNIT,
    sp.besselj: _UNIT,
    sp.Heaviside: Range(sp.S.Zero, sp.S.One),
}
# increasing on the whole line: function -> its limits at -oo and oo, which it never takes
_INCREASING: dict[type[sp.Function], tuple[sp.Expr, sp.Expr]] = {
    sp.exp: (sp.S.Zero, sp.oo),
    sp.sinh: _REALS,
    sp.erfi: _REALS,
    sp.tanh: (-sp.S.One, sp.S.One),
    sp.erf: (-sp.S.One, sp.S.One),
    sp.atan: (-sp.pi / 2, sp.pi / 2),
}


def range_of(u: sp.Expr) -> Range:
    """An interval that holds every value of u, for all values of its symbols that their assumptions allow."""
    return _intersection(_structural(u), _assumed(u))


def _structural(u: sp.Expr) -> Range:
    if not u.free_symbols:
        return Range(u, u) if u.is_real else _EVERYTHING
    if isinstance(u, sp.Add):
        square = _completed_square(u)
        total = reduce(_sum, (range_of(term) for term in u.args))
        return _intersection(square, total) if square else total
    if isinstance(u, sp.Mul):
        return reduce(_product, (range_of(factor) for factor in u.args))
    if isinstance(u, sp.Pow):
        return _power(u)
    if isinstance(u, sp.Abs):
        return _absolute(range_of(u.args[0]))
    if isinstance(u, sp.cosh):
        return _image(sp.cosh, _absolute(range_of(u.args[0])), sp.oo, sp.oo)
    if isinstance(u, sp.erfc):
        inner = range_of(u.args[0]).negated
        image = _image(sp.erf, inner, -sp.S.One, sp.S.One)
        return Range(1 + image.low, 1 + image.high, image.low_open, image.high_open)
    if isinstance(u, sp.log):
        inner = range_of(u.args[0])
        return _image(sp.log, inner, -sp.oo, sp.oo) if inner.is_positive else _EVERYTHING
    if isinstance(u, sp.Max):
        return reduce(_greater, (range_of(argument) for argument in u.args))
    if isinstance(u, sp.Min):
        return reduce(_greater, (range_of(argument).negated for argument in u.args)).negated
    if isinstance(u, sp.Piecewise):
        return reduce(_hull, (range_of(value) for value, _ in u.args))
    for kind, (low, high) in _INCREASING.items():
        if isinstance(u, kind):
            return _image(kind, range_of(u.args[0]), low, high)
    for kind, bounds in _BOUNDED.items():
        if isinstance(u, kind):
            return bounds
    return _EVERYTHING


def _assumed(u: sp.Expr) -> Range:
    """What the assumptions of the symbols say about the sign."""
    low, low_open = (sp.S.Zero, bool(u.is_positive)) if u.is_nonnegative else (-sp.oo, True)
    high, high_open = (sp.S.Zero, bool(u.is_negative)) if u.is_nonpositive else (sp.oo, True)
    return Range(low, high, low_open, high_open)


def _completed_square(u: sp.Add) -> Range | None:
    """a x^2 + b x + c with numbers a > 0, b, c has the least value c - b^2/(4 a)."""
    if len(u.free_symbols) != 1:
        return None
    (x,) = u.free_symbols
    if not u.is_polynomial(x):
        return None
    polynomial = sp.Poly(u, x)
    if polynomial.degree() != 2:
        return None
    a, b, c = polynomial.all_coeffs()
    extreme = c - b**2 / (4 * a)
    return Range(extreme, sp.oo, False, True) if a.is_positive else Range(-sp.oo, extreme, True, False)


def _power(u: sp.Pow) -> Range:
    base, exponent = range_of(u.base), u.exp
    if not exponent.is_Rational:
        return Range(sp.S.Zero, sp.oo, True, True) if base.is_positive else _EVERYTHING
    if exponent < 0:
        return _reciprocal(range_of(sp.Pow(u.base, -exponent)))
    if exponent.q == 1 and exponent.p % 2 == 0:
        base = _absolute(base)
    elif exponent.q != 1 and not base.is_nonnegative:
        return _EVERYTHING
    return Range(_raised(base.low, exponent), _raised(base.high, exponent), base.low_open, base.high_open)


def _raised(end: sp.Expr, exponent: sp.Rational) -> sp.Expr:
    return end if end.is_infinite else sp.Pow(end, exponent)


def _reciprocal(r: Range) -> Range:
    if not r.is_positive:
        return _reciprocal(r.negated).negated if r.negated.is_positive else _EVERYTHING
    low = sp.S.Zero if r.high.is_infinite else 1 / r.high
    high = sp.oo if r.low.is_zero else 1 / r.low
    return Range(low, high, r.high_open, r.low_open)


def _absolute(r: Range) -> Range:
    if r.is_nonnegative:
        return r
    if r.negated.is_nonnegative:
        return r.negated
    reach = _greater(r, r.negated)
    return Range(sp.S.Zero, reach.high, False, reach.high_open)


def _image(function: type[sp.Function], r: Range, at_minus_oo: sp.Expr, at_oo: sp.Expr) -> Range:
    """Of an increasing function."""
    low = _limit(function, r.low, at_minus_oo, at_oo)
    return Range(low, _limit(function, r.high, at_minus_oo, at_oo), r.low_open, r.high_open)


def _limit(function: type[sp.Function], end: sp.Expr, at_minus_oo: sp.Expr, at_oo: sp.Expr) -> sp.Expr:
    if end.is_infinite:
        return at_oo if end is sp.oo else at_minus_oo
    if end.is_zero and function is sp.log:
        return -sp.oo
    return function(end)


def _sum(left: Range, right: Range) -> Range:
    return Range(
        left.low + right.low, left.high + right.high, left.low_open or right.low_open, left.high_open or right.high_open
    )


def _product(left: Range, right: Range) -> Range:
    corners = [
        (sp.S.Zero if one.is_zero or other.is_zero else one * other, one_open, other_open, one, other)
        for one, one_open in ((left.low, left.low_open), (left.high, left.high_open))
        for other, other_open in ((right.low, right.low_open), (right.high, right.high_open))
    ]
    # A corner is taken if both its ends are; zero is taken as soon as one factor takes it.
    ends = [
        (value, not ((not p and not q) or (a.is_zero and not p) or (b.is_zero and not q)))
        for value, p, q, a, b in corners
    ]
    low, high = ends[0], ends[0]
    for end in ends[1:]:
        low = end if _less(end[0], low[0]) or (not _less(low[0], end[0]) and not end[1]) else low
        high = end if _less(high[0], end[0]) or (not _less(end[0], high[0]) and not end[1]) else high
    return Range(low[0], high[0], low[1], high[1])


def _greater(left: Range, right: Range) -> Range:
    """Of the maximum of two."""
    low, low_open = (left.low, left.low_open) if _less(right.low, left.low) else (right.low, right.low_open)
    if not _less(left.low, right.low) and not _less(right.low, left.low):
        low_open = left.low_open or right.low_open
    high, high_open = (left.high, left.high_open) if _less(right.high, left.high) else (right.high, right.high_open)
    if not _less(left.high, right.high) and not _less(right.high, left.high):
        high_open = left.high_open and right.high_open
    return Range(low, high, low_open, high_open)


def _hull(left: Range, right: Range) -> Range:
    lowest = _greater(left.negated, right.negated).negated
    highest = _greater(left, right)
    low_open = left.low_open and right.low_open if left.low == right.low else lowest.low_open
    return Range(lowest.low, highest.high, low_open, highest.high_open)


def _intersection(left: Range, right: Range) -> Range:
    low, low_open = (left.low, left.low_open) if _less(right.low, left.low) else (right.low, right.low_open)
    if not _less(right.low, left.low) and not _less(left.low, right.low):
        low_open = left.low_open or right.low_open
    high, high_open = (left.high, left.high_open) if _less(left.high, right.high) else (right.high, right.high_open)
    if not _less(right.high, left.high) and not _less(left.high, right.high):
        high_open = left.high_open or right.high_open
    return Range(low, high, low_open, high_open)


def _less(left: sp.Expr, right: sp.Expr) -> bool:
    """left < right for exact numbers. Raises NotCertified if they are too close to tell."""
    if left == right:
        return False
    if left.is_infinite or right.is_infinite:
        return bool(left is -sp.oo or right is sp.oo)
    if left.is_Rational and right.is_Rational:
        return bool(left < right)
    ball = real_ball(left - right, {})
    if ball.contains(0):
        raise NotCertified(f"{left} and {right} are too close to tell apart")
    return bool(ball < 0)

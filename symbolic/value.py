"""A number that knows how far from the truth it can be: |truth - midpoint| <= radius."""

from __future__ import annotations

from dataclasses import dataclass

import mpmath
from flint import arb, ctx

__all__ = ["Value"]


@dataclass(frozen=True)
class Value:
    """|truth - midpoint| <= radius, a certified enclosure; +infinity has the midpoint +inf and the radius 0."""

    midpoint: mpmath.mpf
    radius: mpmath.mpf

    @classmethod
    def from_ball(cls, ball: arb, digits: int) -> Value:
        """The ball, its midpoint rounded to `digits` significant digits; the rounding goes into the radius.

        Raises ValueError if the ball is not finite.
        """
        if not ball.is_finite():
            raise ValueError(f"{ball} is not a finite enclosure")
        with mpmath.workdps(digits + 2):
            midpoint = _exact_mpf(ball.mid())
            midpoint = +midpoint
        with ctx.workprec(64 + 4 * digits + ctx.prec):
            distance = (ball - arb(midpoint)).abs_upper()
        return cls(midpoint, _exact_mpf(distance))

    @classmethod
    def infinite(cls) -> Value:
        """A moment that does not exist: +infinity."""
        return cls(mpmath.mpf("inf"), mpmath.mpf(0))

    @property
    def is_finite(self) -> bool:
        return bool(mpmath.isfinite(self.midpoint))

    @property
    def ball(self) -> arb:
        """The enclosure as an Arb ball, with every bit of the midpoint."""
        with ctx.workprec(64 + self.midpoint.man.bit_length()):
            return arb(self.midpoint, self.radius)

    def __float__(self) -> float:
        return float(self.midpoint)

    def __str__(self) -> str:
        """Only digits that are certain, 30 at most."""
        if not self.is_finite:
            return "inf"
        if self.radius == 0:
            return str(mpmath.nstr(self.midpoint, 30))
        if abs(self.midpoint) <= self.radius:
            return f"0 +/- {mpmath.nstr(self.radius, 2)}"
        certain = int(mpmath.floor(mpmath.log10(abs(self.midpoint) / self.radius)))
        return str(mpmath.nstr(self.midpoint, max(1, min(certain, 30))))


def _exact_mpf(number: arb) -> mpmath.mpf:
    """An arb without radius as an mpf, with every bit."""
    mantissa, exponent = (int(part) for part in number.man_exp())
    return mpmath.make_mpf(mpmath.libmp.from_man_exp(mantissa, exponent))

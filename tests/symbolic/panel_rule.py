"""Gradients and variances by quadrature with balls: the trapezoidal rule for smooth costs, panels for those with kinks.

Both rules converge exponentially on these integrands, entire on each piece. With noise in standard units, rates and
sigma of at most 3/2 each, a step of 1/16, and 40 Gauss points on panels of length 1 or less, errors up to 1e-38 of the
integral of the absolute value were seen, and what lies beyond the ends is smaller. ERROR leaves a wide margin, four
digits finer than the 30 that an answer certifies. The
balls count every rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Any

import mpmath
from flint import arb, ctx, fmpq

from tests.symbolic.closed_members import BALLS, FLOATS, Member, Operations

__all__ = ["Setting", "Truth", "by_mpmath", "by_panels"]

BITS = 256
POINTS = 40
STEP = Fraction(1, 16)
ERROR = arb(10) ** -34


@dataclass(frozen=True)
class Setting:
    """d/d wrt under normal(mu, sigma) or exponential(lam), at exact values."""

    law: str
    wrt: str
    values: tuple[tuple[str, Fraction], ...]

    @property
    def at(self) -> dict[str, Fraction]:
        return dict(self.values)


@dataclass(frozen=True)
class Truth:
    """Balls around the gradient and around the variances of one draw."""

    gradient: arb
    score_function: arb
    pathwise: arb


def by_panels(member: Member, setting: Setting, finer: int = 1) -> Truth:
    """The truth; with `finer` from steps and panels that are shorter by that factor."""
    with ctx.workprec(BITS):
        sums = [arb(0)] * 4
        sizes = [arb(0)] * 4
        for epsilon, weight, middle in _points(member, setting, finer):
            score, path = _draw(member, setting, epsilon, middle, BALLS)
            for index, part in enumerate((score, score * score, path, path * path)):
                sums[index] += weight * part
                sizes[index] += weight * abs(part)
        m, second, slope, slope_second = (
            total + arb(0, (ERROR * size).abs_upper()) for total, size in zip(sums, sizes, strict=True)
        )
        return Truth(m, second - m * m, slope_second - slope * slope)


def by_mpmath(member: Member, setting: Setting) -> mpmath.mpf:
    """The gradient by mpmath's own rule at 50 digits, split at every kink."""

    def integrand(epsilon: mpmath.mpf, middle: Fraction) -> mpmath.mpf:
        density = mpmath.npdf(epsilon) if setting.law == "normal" else mpmath.exp(-epsilon)
        return _draw(member, setting, epsilon, middle, FLOATS)[0] * density

    with mpmath.workdps(50):
        total = mpmath.mpf(0)
        for left, right in pairwise(_marks(member, setting, Fraction(4))):
            middle = _place((left + right) / 2, setting)
            ends = [FLOATS.number(left), FLOATS.number(right)]
            total += mpmath.quad(lambda e, middle=middle: integrand(e, middle), ends, method="gauss-legendre")
        return total


def _draw(member: Member, setting: Setting, epsilon: Any, middle: Fraction, ops: Operations) -> tuple[Any, Any]:
    """(score-function term, pathwise term) of one noise."""
    at = {name: ops.number(value) for name, value in setting.values}
    if setting.law == "exponential":
        value, slope = member.function(epsilon / at["lam"], middle, ops)
        return value * (1 - epsilon) / at["lam"], -slope * epsilon / (at["lam"] * at["lam"])
    value, slope = member.function(at["mu"] + at["sigma"] * epsilon, middle, ops)
    if setting.wrt == "mu":
        return value * epsilon / at["sigma"], slope
    return value * (epsilon * epsilon - 1) / at["sigma"], slope * epsilon


def _place(epsilon: Fraction, setting: Setting) -> Fraction:
    at = setting.at
    return epsilon / at["lam"] if setting.law == "exponential" else at["mu"] + at["sigma"] * epsilon


def _points(member: Member, setting: Setting, finer: int) -> Iterator[tuple[arb, arb, Fraction]]:
    """(noise, weight with the density in it, a rational place of the same piece)."""
    if setting.law == "normal" and not member.breakpoints:
        low, high = _ends(member, setting)
        step = STEP / finer
        height = arb(fmpq(step.numerator, step.denominator)) / (2 * arb.pi()).sqrt()
        for index in range(ceil(low / step), ceil(high / step)):
            epsilon = BALLS.number(index * step)
            yield epsilon, height * (-epsilon * epsilon / 2).exp(), Fraction(0)
        return
    for left, right in pairwise(_marks(member, setting, Fraction(1, finer))):
        centre, half = BALLS.number((left + right) / 2), BALLS.number((right - left) / 2)
        middle = _place((left + right) / 2, setting)
        for node, weight in _legendre():
            epsilon = centre + half * node
            yield epsilon, half * weight * _density(epsilon, setting), middle


def _density(epsilon: arb, setting: Setting) -> arb:
    if setting.law == "exponential":
        return (-epsilon).exp()
    return (-epsilon * epsilon / 2).exp() / (2 * arb.pi()).sqrt()


@cache
def _legendre() -> tuple[tuple[arb, arb], ...]:
    with ctx.workprec(BITS):
        return tuple(arb.legendre_p_root(POINTS, index, weight=True) for index in range(POINTS))


def _ends(member: Member, setting: Setting) -> tuple[Fraction, Fraction]:
    """Beyond them lies less than 1e-50 of the second moment: its peak is at most 2 growth sigma away from 0.

    A cost may be zero up to a kink far out; then the same holds from there.
    """
    at = setting.at
    farthest = max((abs(kink) for kink in _kinks(member, setting)), default=Fraction(0))
    if setting.law == "exponential":
        return Fraction(0), farthest + Fraction(150) / (1 - 2 * member.growth / at["lam"])
    reach = farthest + 18 + 2 * member.growth * at["sigma"]
    return -reach, reach


def _kinks(member: Member, setting: Setting) -> set[Fraction]:
    """In units of the noise."""
    at = setting.at
    if setting.law == "exponential":
        return {place * at["lam"] for place in member.breakpoints}
    return {(place - at["mu"]) / at["sigma"] for place in member.breakpoints}


def _marks(member: Member, setting: Setting, longest: Fraction) -> list[Fraction]:
    """The ends, the kinks between them, and enough places in between for panels of at most this length."""
    low, high = _ends(member, setting)
    kinks = _kinks(member, setting)
    marks = [low, *sorted(kink for kink in kinks if low < kink < high), high]
    if setting.law == "exponential":
        # The density is no faster than exp; the cost is as fast as for the normal in x = epsilon/lam.
        longest *= min(Fraction(2), 2 * setting.at["lam"])
    found = [low]
    for left, right in pairwise(marks):
        pieces = ceil((right - left) / longest)
        found += [left + (right - left) * index / pieces for index in range(1, pieces + 1)]
    return found

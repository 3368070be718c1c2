"""E_q[h(epsilon)] = int h(epsilon) q(epsilon) d epsilon at numeric parameters, as a ball that provably holds it.

The integrand is cut at its breakpoints, so that each segment is analytic. On a finite path Arb integrates it with
proven error bounds (Johansson, "Numerical integration in arbitrary-precision ball arithmetic", 2018); what lies beyond
the path is bounded by an envelope. The precision rises until the radius asked for is met. Waves of a quadratic phase
are integrated in closed form instead.
"""

from __future__ import annotations

import sympy as sp
from flint import arb, ctx

from symbolic.balls import real_ball, shortened
from symbolic.clock import seconds_left, within
from symbolic.enclosing.complex_gaussian import gaussian_waves
from symbolic.enclosing.segment_integral import integrated, scale_of
from symbolic.enclosing.segments import Segment, segments
from symbolic.errors import NotCertified, TimedOut
from symbolic.law import Noise
from symbolic.value import Value

__all__ = ["enclose"]

_SPARE_DIGITS = 6
_GUARD_BITS = 30
_ROUNDS = 6
_MOST_BITS = 20_000


def enclose(integrand: sp.Expr, noise: Noise, digits: int = 30, time_limit: float | None = None) -> Value:
    """E_q[integrand], |truth - midpoint| <= radius <= 10^-digits |midpoint|, proven.

    Around an expectation that cannot be told from zero, the radius is at most 10^-digits of the integrand's size.
    `time_limit` is in seconds; None takes what is left of the whole call. Raises Divergent if the expectation provably
    does not exist, Undefined if the integrand is not real on a part of the support, NotCertified with the reason if no
    ball can be proven, TimedOut at the limit.
    """
    if not integrand.has(noise.symbol):
        return Value.from_ball(real_ball(integrand, {}, digits), digits)
    seconds = seconds_left() if time_limit is None else time_limit
    return within(seconds, f"the enclosure of E[{shortened(integrand)}]", lambda: _enclosed(integrand, noise, digits))


def _enclosed(integrand: sp.Expr, noise: Noise, digits: int) -> Value:
    waves = None
    if noise.support == (-sp.oo, sp.oo):
        waves = gaussian_waves(integrand * noise.density, noise.symbol, digits)
    if waves is not None:
        ball = waves
    else:
        parts = segments(integrand, noise.density, noise.symbol, noise.support)
        ball = _refined(parts, digits) if parts else arb(0)
    if ball.contains(0) and _is_odd(integrand, noise):
        return Value.from_ball(arb(0), digits)
    return Value.from_ball(ball, digits)


def _refined(parts: tuple[Segment, ...], digits: int) -> arb:
    """Integrate to 10^-digits of the size that is seen; again, if the value turns out to be smaller than that."""
    asked = arb(10) ** -digits
    scale = scale_of(parts)
    size = scale.size
    found: arb | None = None
    for attempt in range(_ROUNDS):
        target = size * arb(10) ** -(digits + _SPARE_DIGITS)
        bits = scale.lost_bits + _bits(scale.size / target) + _GUARD_BITS * 2**attempt
        if bits > _MOST_BITS:
            break
        try:
            balls = _integrated(parts, target, bits, found is not None and bool(found.contains(0)))
        except (NotCertified, TimedOut):
            if found is not None and found.contains(0):
                return found  # a proven ball around zero that could not be made smaller
            raise
        with ctx.workprec(bits):
            ball = sum(balls, arb(0))
        if ball.rad() <= asked * ball.abs_lower() or (found is not None and found.contains(0) and ball.contains(0)):
            return ball
        found = ball
        size = ball.abs_upper()
    if found is not None and found.contains(0):
        return found
    raise NotCertified(f"the radius of 10^-{digits} that was asked for was not reached with {_MOST_BITS} bits")


def _integrated(parts: tuple[Segment, ...], target: arb, bits: int, around_zero: bool) -> list[arb]:
    """A ball around each part; in half of the time that is left, if a proven ball around zero is at hand."""

    def balls() -> list[arb]:
        return [integrated(part, target / len(parts), bits) for part in parts]

    return within(seconds_left() / 2, "a closer look at a value around zero", balls) if around_zero else balls()


def _bits(ratio: arb) -> int:
    """log2 of a ratio, 0 if it is below 1."""
    logarithm = ratio.log() / arb(2).log()
    return max(0, min(_MOST_BITS, int(float(logarithm)))) if logarithm.is_finite() else _MOST_BITS


def _is_odd(integrand: sp.Expr, noise: Noise) -> bool:
    """h(-epsilon) = -h(epsilon) under a noise that is even: the expectation, if it exists, is 0."""
    mirrored = {noise.symbol: -noise.symbol}
    low, high = noise.support
    return bool(
        low == -high
        and noise.density.xreplace(mirrored) == noise.density
        and sp.expand(integrand.xreplace(mirrored) + integrand) == 0
    )

"""How far an estimator's draws spread: upper bounds on (E|g - m|^p)^(1/p), for even p, at numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import mpmath
import sympy as sp
from flint import arb, ctx

from symbolic.balls import real_ball
from symbolic.clock import within
from symbolic.errors import Divergent, NotCertified, NotInClass, TimedOut
from symbolic.estimator import Estimator
from symbolic.expectation import expectation_under_noise
from symbolic.law import Noise
from symbolic.methods.enclosure import enclose
from symbolic.value import Value

__all__ = ["central_norm_bound"]

_DIGITS = 6
_TIME_LIMIT = 5.0  # seconds; a bound that takes longer is done without
_BITS = 128


def central_norm_bound(
    estimator: Estimator, values: Mapping[sp.Symbol, sp.Rational], mean: Value, power: int
) -> float | None:
    """A number that is not below (E(g - m)^power)^(1/power), m enclosed by `mean`; None if infinite or not found.

    With c next to m, by Minkowski's inequality: (E(g - m)^p)^(1/p) <= (E(g - c)^p)^(1/p) + |m - c|.
    Raises ValueError if power is odd or below 2.
    """
    if power < 2 or power % 2:
        raise ValueError(f"power={power}: the moments of distances are those of even powers from 2 on")
    centre = sp.Rational(*mpmath.libmp.to_rational(mean.midpoint._mpf_))
    term, noise = estimator.term.xreplace(dict(values)), estimator.noise
    try:
        about_centre = within(
            _TIME_LIMIT, "a bound of a moment", lambda: _expectation((term - centre) ** power, noise)
        ).upper()
    except (Divergent, NotCertified, TimedOut):
        return None
    with ctx.workprec(_BITS):
        root = about_centre ** (arb(1) / power) if about_centre > 0 else arb(0)
        above = math.nextafter(float((root + arb(mean.radius)).upper()), math.inf) if root > 0 else float(mean.radius)
    return above if math.isfinite(above) else None


def _expectation(integrand: sp.Expr, noise: Noise) -> arb:
    try:
        closed = expectation_under_noise(integrand, noise)
    except NotInClass:
        return enclose(integrand, noise, _DIGITS).ball
    return real_ball(closed.expression, {}, _DIGITS)

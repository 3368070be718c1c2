"""How many numbers a verdict needs, and how small a bias a number of them reveals.

Everything here is in standard deviations of one number (a block mean): `gap` is a bias, `ratio` a variance. A sum
of psi(tuning * y) drifts away from the null at a rate per number, the exponent; evidence / exponent numbers suffice.
docs/statistics.md proves each formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, expm1, inf, log1p, sqrt
from statistics import NormalDist

__all__ = [
    "DetectableBias",
    "detectable",
    "draws_of_z_test",
    "exponent",
    "growth",
    "numbers_needed",
    "resolved_gap",
    "tuning",
]

_BISECTIONS = 52  # the bracket of a root is as wide as half the root: this many halvings reach the last bit


def growth(tuning: float, ratio: float, drift: float = 0.0) -> float:
    """log(1 + tuning drift + tuning**2 (ratio + drift**2)/2): the bound on log E exp(psi(tuning y)) of one number.

    It holds when y has a mean of at most `drift` and a variance of at most `ratio`.
    """
    return log1p(tuning * drift + tuning * tuning * (ratio + drift * drift) / 2)


def exponent(tuning: float, null_growth: float, gap: float, ratio: float) -> float:
    """-null_growth - log(1 - tuning gap + tuning**2 (ratio + gap**2)/2): evidence gained by one number.

    The number has a mean of at least `gap` and a variance of at most `ratio`; `null_growth` is what the null may gain.
    """
    return -null_growth - growth(tuning, ratio, -gap)


def tuning(gap: float, null_ratio: float, ratio: float) -> float:
    """The tuning that maximises the exponent: the only root of b d t**3 - (3/2) b c t**2 + (b + d) t - c.

    Here b = null_ratio, c = gap > 0, d = ratio + gap**2. For a small gap it is gap / (null_ratio + ratio).
    The root lies between 1 and 1.5 times c / (b + d).
    """
    b, c, d = null_ratio, gap, ratio + gap * gap
    low = c / (b + d)
    high = 1.5 * low
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if ((b * d * middle - 1.5 * b * c) * middle + (b + d)) * middle < c:
            low = middle
        else:
            high = middle
    return high


def numbers_needed(evidence: float, exponent: float) -> int:
    """The smallest whole number with numbers * exponent >= evidence."""
    return ceil(evidence / exponent)


def resolved_gap(
    numbers: int,
    evidence: float,
    tuning: float,
    null_growth: float,
    ratio: float,
    rounding: float = 0.0,
    scale: float = inf,
) -> float | None:
    """The smallest gap with numbers * exponent(tuning, null_growth, gap, ratio (1 + (gap + rounding)/scale)**2) >=
    evidence; None if there is none.
    """
    shortfall = -expm1(-(evidence / numbers + null_growth))
    # a gap**2 - b gap + c <= 0, where the variance of a number grows with the gap
    half_square, at_zero = tuning * tuning / 2, 1 + rounding / scale
    a = half_square * (1 + ratio / scale / scale)
    b = tuning - 2 * half_square * ratio * at_zero / scale
    c = shortfall + half_square * ratio * at_zero * at_zero
    discriminant = b * b - 4 * a * c
    if b <= 0 or discriminant < 0:
        return None
    return 2 * c / (b + sqrt(discriminant))


def draws_of_z_test(resolution: float, alpha: float, beta: float) -> float:
    """(z(1 - alpha/2) + z(1 - beta))**2 / resolution**2: what a z-test would claim to need, `resolution` in deviations.

    For comparison only: with heavy tails the false alarms of a z-test are far more frequent than alpha.
    """
    normal = NormalDist()
    return ((normal.inv_cdf(alpha / 2) + normal.inv_cdf(beta)) / resolution) ** 2


@dataclass(frozen=True)
class DetectableBias:
    """A bias in the units of the gradient, in standard deviations of one draw, and as a share of the gradient.

    `relative` is None where the gradient is 0.
    """

    absolute: float
    deviations: float
    relative: float | None


def detectable(bias: float, variance: float, gradient: float) -> DetectableBias:
    """One bias in its three units."""
    return DetectableBias(bias, bias / sqrt(variance), None if gradient == 0 else bias / abs(gradient))

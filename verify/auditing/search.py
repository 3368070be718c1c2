"""From probabilities back to sizes: the smallest bug that is found, the n or the tolerance that rates ask for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist

from numeric.inversion import FARTHEST
from numeric.mean_law import MeanLaw
from verify.auditing.tolerance_test import ToleranceTest

__all__ = ["n_needed", "smallest_found", "tolerance_needed"]

_SCAN: list[float] = [10.0 ** (k / 8) for k in range(-24, 25)]  # of the unit: three powers of ten down and up
_BISECTIONS = 40
_MOST_DRAWS = 10**18
_CLOSE = 1.005  # n_needed is the smallest one up to half a percent
_TRUSTED = 0.1  # a rate is looked for only where the error of the law is below this share of it


def smallest_found(found: Callable[[float], float], unit: float, power: float) -> float | None:
    """The size from which on found(size) >= power; 0 if every size is, None if the largest that is tried is not."""
    sizes = [0.0, *(step * unit for step in _SCAN)]
    missed = [index for index, size in enumerate(sizes) if found(size) < power]
    if not missed:
        return 0.0
    if missed[-1] == len(sizes) - 1:
        return None
    low, high = sizes[missed[-1]], sizes[missed[-1] + 1]
    for _ in range(_BISECTIONS):
        middle = low / 2 + high / 2
        if found(middle) < power:
            low = middle
        else:
            high = middle
    return high


def tolerance_needed(test: ToleranceTest, rate: float) -> ToleranceTest | None:
    """The test with the smallest tolerance that correct code fails at most at `rate`; None if it cannot be told."""
    if test.law is None or test.error > _TRUSTED * rate:
        return None
    low, high = 0.0, FARTHEST
    if replace(test, tolerance=high * test.standard_error).failing() > rate:
        return None
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if replace(test, tolerance=middle * test.standard_error).failing() > rate:
            low = middle
        else:
            high = middle
    return replace(test, tolerance=high * test.standard_error)


def n_needed(
    test: ToleranceTest, deviation: float, laws: Callable[[int], MeanLaw], false_alarm_rate: float, miss_rate: float
) -> int | None:
    """Draws for both rates at the tolerance of `test`: of correct code, and of a shift of twice the tolerance.

    None where no number up to 1e18 is enough, or where its rates cannot be told.
    """
    if test.tolerance == 0:
        return None

    def enough(n: int) -> bool:
        law = laws(n)
        tried = replace(test, standard_error=deviation / math.sqrt(n), law=law)
        trusted = tried.error <= _TRUSTED * min(false_alarm_rate, miss_rate)
        missed = 1 - tried.shifted_found(2 * test.tolerance)
        return trusted and tried.failing() <= false_alarm_rate and missed <= miss_rate

    normal = NormalDist()
    z = -min(normal.inv_cdf(false_alarm_rate / (2 * test.components)), normal.inv_cdf(miss_rate), -1.0)
    high = max(2, round((z * deviation / test.tolerance) ** 2))
    low, step = 1, 1.03
    if enough(high):
        # Downwards while it is still enough, for the light tails that need less than the normal guess.
        while high > 2 and enough(max(2, int(high / step))):
            high, step = max(2, int(high / step)), step**2
        low = max(1, int(high / step))
    else:
        low = high
        while not enough(high := math.ceil(high * step)):
            low, step = high, min(step**2, 10.0)
            if high > _MOST_DRAWS:
                return None
    while high > low + 1 and high > _CLOSE * low:
        middle = (low + high) // 2 if high < 2 * low else math.isqrt(low * high)
        if enough(middle):
            high = middle
        else:
            low = middle
    return high

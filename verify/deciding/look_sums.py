"""What a look of n block means y adds to the evidence. With t = lambda y, q = lambda'/lambda and s = lambda' r:

    T0                  sum psi(t)                                    sum t - sum t**3/6
    (T+ + T-)/2         sum (psi(q t - s) + psi(q t + s))/2           (q - q s**2/2) sum t - q**3 sum t**3/6
    (T- - T+)/2         sum (psi(q t + s) - psi(q t - s))/2           n (s - s**3/6) - q**2 s sum t**2/2

The right side is the cubic psi itself, summed, where nothing is clipped: three sums of powers instead of three of psi.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from verify.deciding.design import Design
from verify.deciding.influence import SATURATION, psi

__all__ = ["LookSums", "Sums"]

Sums: TypeAlias = tuple[float, float, float]
"""T0, (T+ + T-)/2, (T- - T+)/2."""

_SAFE = 1e60  # tunings up to here, and their inverses, have powers that neither overflow nor vanish
_ONE_THREAD = 2**13  # numbers; OpenBLAS uses all cores from 10,000 on
_SAFE_SQUARES = 1e150  # sums of squares up to here have fourth powers that do not overflow


@dataclass(frozen=True)
class LookSums:
    """The coefficients of one design, of sums of powers of y: `zero` and `centre` of the first and third, `reach` of 1
    and the second.

    No y with y**4 <= `unclipped` is clipped anywhere; it is -1 where every look is summed by psi itself.
    """

    tuning: float
    ratio: float
    shift: float
    zero: tuple[float, float]
    centre: tuple[float, float]
    reach: tuple[float, float]
    unclipped: float

    @classmethod
    def for_design(cls, design: Design) -> LookSums:
        tuning, passing = design.fail_tuning, design.pass_tuning
        ratio, shift = passing / tuning, passing * design.pass_shift
        largest = min(SATURATION, (SATURATION - shift) / ratio)
        if largest <= 0 or not 1 / _SAFE < tuning < _SAFE:
            return cls(tuning, ratio, shift, (nan, nan), (nan, nan), (nan, nan), -1.0)
        return cls(
            tuning,
            ratio,
            shift,
            zero=(tuning, tuning**3 / 6),
            centre=(passing * (1 - shift * shift / 2), passing**3 / 6),
            reach=(shift * (1 - shift * shift / 6), passing * passing * shift / 2),
            unclipped=(largest / tuning) ** 4,
        )

    def of(self, means: NDArray[np.float64]) -> Sums:
        """The sums of one look, shape (n,); NaN if a mean is not finite.

        NumPy warns of means whose squares overflow, unless that is switched off; the sums are right all the same.
        """
        size, dot = means.size, _dot_of_many if means.size > _ONE_THREAD else np.ndarray.dot
        second = float(dot(means, means))
        if not second < _SAFE_SQUARES:
            return self._by_psi(means)
        squares = means * means
        # No y**4 exceeds the sum of them all, which is at hand sooner than the largest.
        if not float(dot(squares, squares)) <= self.unclipped and not float(squares.max()) ** 2 <= self.unclipped:
            return self._by_psi(means)
        first, third = float(dot(means, _ones(size))), float(dot(squares, means))
        (zero_first, zero_third), (centre_first, centre_third) = self.zero, self.centre
        return (
            zero_first * first - zero_third * third,
            centre_first * first - centre_third * third,
            self.reach[0] * size - self.reach[1] * second,
        )

    def _by_psi(self, means: NDArray[np.float64]) -> Sums:
        if not np.isfinite(means).all():
            return nan, nan, nan
        with np.errstate(over="ignore"):  # a product beyond the largest float is beyond the saturation of psi, too
            t = self.tuning * means
            moved = self.ratio * t
            zero, plus, minus = (float(psi(part).sum()) for part in (t, moved - self.shift, moved + self.shift))
        return zero, (plus + minus) / 2, (minus - plus) / 2


def _dot_of_many(one: NDArray[np.float64], other: NDArray[np.float64]) -> np.float64:
    return np.float64(np.einsum("i,i", one, other))


@lru_cache(maxsize=64)
def _ones(size: int) -> NDArray[np.float64]:
    ones = np.ones(size)
    ones.setflags(write=False)
    return ones

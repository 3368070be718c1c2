"""What a look of n block means adds to the evidence. With t = lambda y, q = lambda'/lambda and s = lambda' r:

    T0                  sum psi(t)                                    sum t - sum t**3/6
    (T+ + T-)/2         sum (psi(q t - s) + psi(q t + s))/2           (q - q s**2/2) sum t - q**3 sum t**3/6
    (T- - T+)/2         sum (psi(q t + s) - psi(q t - s))/2           n (s - s**3/6) - q**2 s sum t**2/2

The right side is the cubic psi itself, summed, where nothing is clipped: three sums of powers instead of three of psi.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from verify.deciding.design import Design
from verify.deciding.influence import SATURATION, psi

__all__ = ["LookSums", "Sums"]

Sums: TypeAlias = tuple[float, float, float]
"""T0, (T+ + T-)/2, (T- - T+)/2."""


_SAFE = 1e100  # its cube is no infinity


@dataclass(frozen=True)
class LookSums:
    """The coefficients of one design; `blocks` is n, and no t with t**2 <= `unclipped` is clipped anywhere."""

    blocks: int
    tuning: float
    ratio: float
    shift: float
    first: float
    second: float
    third: float
    whole: float
    unclipped: float

    @classmethod
    def of(cls, design: Design) -> LookSums:
        ratio, shift = design.pass_tuning / design.fail_tuning, design.pass_tuning * design.pass_shift
        largest = min(SATURATION, (SATURATION - shift) / ratio)
        return cls(
            blocks=design.blocks_per_look,
            tuning=design.fail_tuning,
            ratio=ratio,
            shift=shift,
            first=ratio * (1 - shift * shift / 2),
            second=ratio * ratio * shift / 2,
            third=ratio**3 / 6,
            whole=design.blocks_per_look * shift * (1 - shift * shift / 6),
            unclipped=largest * largest if largest > 0 else -1.0,
        )

    def of_each(self, means: NDArray[np.float64]) -> Iterator[Sums]:
        """The sums of each look of `means`, shape (looks * n,); NaN for a look with a mean that is not finite.

        Those of a look depend on its own means alone, to the last bit.
        """
        largest = self.tuning * max(float(means.max()), -float(means.min()))
        if not largest < _SAFE:  # a cube could overflow, or something is no number
            looks = means.reshape(-1, self.blocks)
            yield from (self._by_psi(means),) if len(looks) == 1 else (next(self.of_each(look)) for look in looks)
            return
        powers = np.empty((3, means.size // self.blocks, self.blocks))
        t, squares, cubes = powers
        np.multiply(means.reshape(t.shape), self.tuning, out=t)
        np.multiply(t, t, out=squares)
        np.multiply(squares, t, out=cubes)
        any_clipped = largest * largest > self.unclipped
        for look, (first, second, third) in enumerate(np.add.reduce(powers, axis=2).T.tolist()):
            if any_clipped and squares[look].max() > self.unclipped:
                yield self._by_psi(means[look * self.blocks : (look + 1) * self.blocks])
            else:
                yield first - third / 6, self.first * first - self.third * third, self.whole - self.second * second

    def _by_psi(self, means: NDArray[np.float64]) -> Sums:
        if not np.isfinite(means).all():
            return nan, nan, nan
        with np.errstate(over="ignore"):  # a product beyond the largest float is beyond the saturation of psi, too
            t = self.tuning * means
            moved = self.ratio * t
            zero, plus, minus = (float(psi(part).sum()) for part in (t, moved - self.shift, moved + self.shift))
        return zero, (plus + minus) / 2, (minus - plus) / 2

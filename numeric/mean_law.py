"""The law of a mean of n independent draws, Z = sqrt(n) (mean - m) / s, where it has a name: normal, binomial.

`numeric.inversion` finds that of any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "MeanLaw", "normal_law", "two_point_law"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class MeanLaw:
    """`below(z)` = P(Z < z) and `above(z)` = P(Z > z), arrays to arrays, for Z = sqrt(n) (mean - m) / s.

    `error` is how far both may be off: 0 where `method` is exact.
    """

    method: str
    error: float
    below: Callable[[Floats], Floats]
    above: Callable[[Floats], Floats]

    @property
    def is_exact(self) -> bool:
        return self.error == 0

    def outside(self, low: float, high: float) -> float:
        """P(Z < low or Z > high)."""
        return float(min(1.0, self.below(np.array([low]))[0] + self.above(np.array([high]))[0]))


def normal_law() -> MeanLaw:
    """Every Z = N(0, 1): a draw that is a + b epsilon with normal noise."""
    from scipy.special import ndtr

    return MeanLaw("exact: normal", 0.0, lambda z: np.asarray(ndtr(z)), lambda z: np.asarray(ndtr(-z)))


def two_point_law(n: int, p: float) -> MeanLaw:
    """The mean of n draws of two values, the larger one with probability p: a binomial count C.

    Z < z means C < n p + z sqrt(n p (1 - p)); a count within 1e-9 of an end of an interval counts as inside.
    """
    from scipy.special import betainc

    scale = math.sqrt(n) * math.sqrt(p * (1 - p))

    def at_most(count: Floats, share: float) -> Floats:
        """P(Binomial(n, share) <= count)."""
        inside = np.clip(count, 0, n - 1)
        found = np.where(count >= n, 1.0, betainc(n - inside, inside + 1, 1 - share))
        return np.where(count < 0, 0.0, found)

    def below(z: Floats) -> Floats:
        return at_most(np.ceil(n * p + z * scale - 1e-9) - 1, p)

    def above(z: Floats) -> Floats:
        return at_most(n - 1 - np.floor(n * p + z * scale + 1e-9), 1 - p)

    return MeanLaw("exact: binomial", 0.0, below, above)

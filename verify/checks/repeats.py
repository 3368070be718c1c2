"""Draws that come back: the sign of a seed that is set inside the estimator, or of noise that is kept and used again.

Two arrays X, Y of independent draws of one law agree in every place with the probability prod_i P(Y_i = X_i | X). At
most one number has a probability above 1/2, so if every number is missing from at least k places of X, this is at most
2^-k. With k = log2(pairs/alpha), the probability that any of `pairs` pairs agrees is at most alpha, whatever the law.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

__all__ = ["PIECE", "Repeats"]

PIECE = 256
"""Draws that are compared: so many at the beginning of each stretch of draws."""


@dataclass
class Repeats:
    """What has been drawn so far, by its first draws; `stretches` is how many will be looked at, at most."""

    alpha: float
    stretches: int
    constant: float | None = None
    draws: int = 0
    _seen: dict[bytes, str] = field(default_factory=dict)
    _varies: bool = False

    @property
    def needed(self) -> int:
        """k: how many of the draws compared must differ from any one number."""
        return ceil(log2(max(1, self.stretches * (self.stretches - 1) // 2) / self.alpha))

    @property
    def is_constant(self) -> bool:
        """Whether every draw has been one and the same number."""
        return self.draws > 0 and not self._varies

    def of(self, values: NDArray[np.float64], place: str) -> str | None:
        """The place of an earlier stretch that begins with the same draws, or None; `place` names the new one."""
        if not self.draws:
            self.constant = float(values[0])
        self._varies = self._varies or bool((values != self.constant).any())
        self.draws += values.size
        piece = values[:PIECE]
        if piece.size - np.unique(piece, return_counts=True)[1].max() < self.needed:
            return None
        earlier = self._seen.setdefault(piece.tobytes(), place)
        return None if earlier == place else earlier

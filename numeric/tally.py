"""Mergeable sums of y = g - centre: the same bits in whatever order they are merged.

A sum is kept as an expansion, a few floats whose exact sum it is, largest first (Shewchuk 1997, Adaptive Precision
Floating-Point Arithmetic): so merging is exact, and rounds only when it is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Tally", "merge"]


@dataclass(frozen=True)
class Tally:
    """count, sum_i y_i and sum_i y_i^2 of y = g - centre."""

    count: int
    sums: tuple[float, ...] = ()
    squares: tuple[float, ...] = ()
    centre: float = 0.0

    @classmethod
    def of(cls, count: int, sums: Iterable[float], squares: Iterable[float], centre: float) -> Tally:
        """The tally of `count` draws, whose sums and sums of squares were taken in several parts."""
        return cls(count, _expansion(sums), _expansion(squares), centre)

    @property
    def sum(self) -> float:
        """sum_i y_i, correctly rounded."""
        return math.fsum(self.sums)

    @property
    def sum_of_squares(self) -> float:
        """sum_i y_i^2, correctly rounded."""
        return math.fsum(self.squares)

    @property
    def mean(self) -> float:
        """centre + (sum of y) / n. Raises ZeroDivisionError without draws."""
        return self.centre + self.sum / self.count

    @property
    def variance(self) -> float:
        """(sum of y^2 - (sum of y)^2 / n) / (n - 1), unbiased. Raises ZeroDivisionError below two draws."""
        return max(0.0, (self.sum_of_squares - self.sum**2 / self.count) / (self.count - 1))

    @property
    def standard_error(self) -> float:
        """sqrt(variance / n), of the mean."""
        return math.sqrt(self.variance / self.count)


def merge(tallies: Iterable[Tally]) -> Tally:
    """The tally of all draws together. Raises ValueError if there is none, or if their centres differ."""
    several = list(tallies)
    centres = {tally.centre for tally in several}
    if len(centres) != 1:
        raise ValueError(f"tallies can be merged if they share one centre, these have {sorted(centres)}")
    return Tally(
        count=sum(tally.count for tally in several),
        sums=_expansion(part for tally in several for part in tally.sums),
        squares=_expansion(part for tally in several for part in tally.squares),
        centre=centres.pop(),
    )


def _expansion(values: Iterable[float]) -> tuple[float, ...]:
    """The exact sum as floats: the rounded sum, then what rounding left, and so on until nothing is left."""
    rest = list(values)
    parts: list[float] = []
    while (part := math.fsum(rest)) != 0.0:
        parts.append(part)
        rest.append(-part)
    return tuple(parts)

"""What draws did on their way to a verdict about their mean: how the mean went, within which band, and the first draws.

A report keeps it for its pictures alone, and works nothing out before one is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, log

import numpy as np
from numpy.typing import NDArray

from numeric.streams import LOOK
from verify.deciding.sequential_test import SequentialTest, interval_of

__all__ = ["Running", "Trace"]


@dataclass(frozen=True)
class Running:
    """After `draws` draws: their mean, and the interval (low, high), which holds E g after any number at once."""

    draws: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Trace:
    """`test` has judged the draws g against their exact mean; `first_draws()` are the first of them again."""

    exact: float
    test: SequentialTest
    first_draws: Callable[[], NDArray[np.float64]]

    def running(self, most: int = 40) -> tuple[Running, ...]:
        """After up to `most` numbers of draws, the last among them, in even steps of their log; none before the band is
        finite.

        The band is the one that the verdict comes from: a look at which `exact` is outside is a FAIL.
        P(E g is ever outside) is at most `test.design.claim.alpha`.
        """
        design, means = self.test.design, self.test.block_means
        step = min(design.look, LOOK) // design.block  # blocks of less than that are not of neighbouring draws
        found = []
        for steps in _even_in_log(means.size // step, most):
            blocks = steps * step
            low, high = interval_of(design, means[:blocks])
            if isfinite(low) and isfinite(high):
                mean = float(means[:blocks].mean())
                found.append(Running(blocks * design.block, self.exact + mean, self.exact + low, self.exact + high))
        return tuple(found)


def _even_in_log(last: int, most: int) -> Sequence[int]:
    """Whole numbers from 1 to `last`, at most `most` of them."""
    if last < 1:
        return ()
    steps = np.exp(np.linspace(0.0, log(last), most))
    return sorted({min(last, round(float(step))) for step in steps})

"""The evidence for one claim about draws that come as plain arrays.

    bias       y = g - m               variance   y = (g - m)^2 - V

A claim without spread (V = 0, or kurtosis 1) is judged by comparison: every y has to be 0, to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numeric.streams import LOOK
from numeric.tally import Tally, merge
from verify.design import Design
from verify.sequential_test import Decision, SequentialTest, degenerate_decision

__all__ = ["Evidence"]


@dataclass
class Evidence:
    """y = (g - centre)^power - offset; `test` is None where y has to be 0, and `rounding` then bounds each |y|."""

    check: str
    centre: float
    power: int
    offset: float
    rounding: float
    test: SequentialTest | None
    tally: Tally
    decision: Decision | None = None

    @classmethod
    def about(
        cls, check: str, centre: float, offset: float, rounding: float, plan: Design | None, power: int
    ) -> Evidence:
        """A claim before its first draw; without a plan it is judged by comparison."""
        test = None if plan is None else SequentialTest(plan)
        return cls(check, centre, power, offset, rounding, test, Tally(0, centre=centre))

    @property
    def finished(self) -> bool:
        return self.decision is not None or (self.test is not None and self.test.finished)

    def most_draws(self, budget: int | None) -> int:
        """Draws by which it is finished, if `budget` is what its test was designed with."""
        if self.test is None:
            return LOOK if budget is None else min(LOOK, budget)
        return self.test.design.n_max

    def take(self, draws: NDArray[np.float64]) -> None:
        """The next draws, in whole looks, with finite squares; what comes after the decision is dropped."""
        if self.finished:
            return
        from_centre = draws - self.centre
        y = from_centre**self.power - self.offset
        if self.test is None:
            taken = draws.size
            self.decision = degenerate_decision(float(np.square(y).sum()), taken, self.rounding)
        else:
            before = self.test.draws
            self.decision = self.test.update(y.reshape(-1, self.test.design.block).mean(axis=1))
            taken = self.test.draws - before
        used = from_centre[:taken]
        self.tally = merge(
            [self.tally, Tally.of(taken, [float(used.sum())], [float(np.square(used).sum())], self.centre)]
        )

"""The evidence for one claim about draws that come as plain arrays.

    bias       y = g - m               variance   y = (g - m)^2 - V

A claim without spread (V = 0, or kurtosis 1) is judged by comparison: every y has to be 0, to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from numeric.streams import LOOK
from numeric.tally import Tally, merge
from verify.deciding.design import Design
from verify.deciding.sequential_test import Decision, SequentialTest, degenerate_decision

__all__ = ["Evidence"]

_PARTS_AT_A_TIME = 64  # whose sums are added up together: adding is exact, in whatever order


@dataclass
class Evidence:
    """y = (g - centre)^power - offset; `test` is None where y has to be 0, and `rounding` then bounds each |y|.

    `tally` is complete once it is finished. `first` are the first draws that were taken, a chunk at most, for pictures:
    somebody else's function need not give them again.
    """

    check: str
    centre: float
    power: int
    offset: float
    rounding: float
    test: SequentialTest | None
    tally: Tally
    decision: Decision | None = None
    first: NDArray[np.float64] | None = None
    _untold: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = field(default_factory=list)

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
        if self.first is None:
            self.first = draws
        from_centre = draws - self.centre
        y = from_centre**self.power - self.offset
        if self.test is None:
            self.decision = degenerate_decision(float(np.square(y).sum()), draws.size, self.rounding)
            sums, squares = [float(from_centre.sum())], [float(np.square(from_centre).sum())]
            self.tally = Tally.of(draws.size, sums, squares, self.centre)
            return
        plan = self.test.design
        by_look = from_centre.reshape(-1, plan.look)
        self._untold.append((by_look.sum(axis=1), np.square(by_look).sum(axis=1)))
        with np.errstate(over="ignore"):  # what has no finite square is seen by the test itself
            for look in y.reshape(-1, plan.blocks_per_look, plan.block).mean(axis=2):
                self.decision = self.test.update(look)
        if self.test.finished or len(self._untold) >= _PARTS_AT_A_TIME:
            self._tell(self.test)

    def _tell(self, test: SequentialTest) -> None:
        """Add to the tally what was taken since the last time, up to the decision."""
        look = test.design.look
        taken = (test.draws - self.tally.count) // look
        sums, squares = (np.concatenate(rows)[:taken].tolist() for rows in zip(*self._untold, strict=True))
        self._untold.clear()
        told = Tally.of(taken * look, sums, squares, self.centre)
        self.tally = merge([self.tally, told])

"""FAIL, PASS, or not yet: one claim about a mean, judged look by look at any number of draws.

    T0 = sum psi(lambda y)          FAIL   |T0| >= k growth + ln(2/alpha)
    T+ = sum psi(lambda' (y - r))
    T- = sum psi(lambda' (y + r))   PASS   T+ <= -B  and  T- >= B,     B = k growth' + ln(1/alpha')

y are block means and k their number, r = design.pass_shift. Stopping at any look is allowed: the rates
of the claim hold for every k at once. docs/statistics.md proves it.
"""

from __future__ import annotations

from math import exp, inf, isfinite, isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from verify.deciding.design import Design
from verify.deciding.influence import LARGEST_PSI, SATURATION, psi
from verify.deciding.look_sums import LookSums

__all__ = ["Decision", "NonFiniteBlock", "SequentialTest", "degenerate_decision", "interval_of"]

Decision = Literal["FAIL", "PASS"]

_BISECTIONS = 60  # halvings of a bracket a few deviations wide: beyond the last bit of any useful endpoint


class NonFiniteBlock(ValueError):
    """A block of draws has no finite mean. Cause: NaN or infinity among the draws. Cure: see the draws named."""


class SequentialTest:
    """The state of one test: give it the block means of the looks in order, and it says when it knows.

    It keeps the block means, for the interval: at most 32 n_max resolution**2 / variance, or one for 2**13 draws.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.first_pass = design.first_pass  # worked out once
        self.draws = 0
        self.decision: Decision | None = None
        self._means: list[NDArray[np.float64]] = []
        self._log_evidence = -inf
        self._sums = LookSums.for_design(design)
        self._starts = design.fail_threshold(0), design.pass_threshold(0)
        self._blocks = 0
        self._totals = (0.0, 0.0, 0.0)

    @property
    def finished(self) -> bool:
        """A verdict, or n_max draws without one."""
        return self.decision is not None or self.draws >= self.design.n_max

    def update(self, block_means: NDArray[np.float64]) -> Decision | None:
        """Take one look, of shape (blocks,), centred on the exact mean; after a verdict or n_max it is dropped.

        The array is kept: it must not be written to afterwards. How many blocks make a look must not depend on what
        they hold.
        Raises NonFiniteBlock for NaN or infinity, ValueError for another shape or a look that goes beyond n_max.
        """
        design = self.design
        if self.decision is not None or self.draws >= design.n_max:
            return self.decision
        blocks = self._blocks + block_means.size
        draws = blocks * design.block
        if block_means.ndim != 1 or blocks == self._blocks or draws > design.n_max:
            raise ValueError(
                f"block_means has the shape {block_means.shape}: a look is (blocks,), of {design.block} draws each, "
                f"and may reach n_max = {design.n_max} draws; {self.draws} are taken"
            )
        (t_zero, centre, reach), added = self._totals, self._sums.of(block_means)
        t_zero, centre, reach = t_zero + added[0], centre + added[1], reach + added[2]
        if isnan(t_zero):
            raise self._not_finite(block_means)
        self._totals, self._blocks, self.draws = (t_zero, centre, reach), blocks, draws
        self._means.append(block_means)
        excess = abs(t_zero) - (blocks * design.fail_growth + self._starts[0])
        self._log_evidence = max(self._log_evidence, excess)
        if excess >= 0:
            self.decision = "FAIL"
        # min(-T+, T-), the sums written by their middle and by how far they are from it
        elif reach - abs(centre) >= blocks * design.pass_growth + self._starts[1]:
            self.decision = "PASS"
        return self.decision

    @property
    def p_value(self) -> float:
        """min over the looks of 2 exp(-(|T0| - k growth)), at most 1: P(ever <= p | the claim is true) <= p."""
        return min(1.0, self.design.claim.alpha * exp(-self._log_evidence)) if self._means else 1.0

    @property
    def block_means(self) -> NDArray[np.float64]:
        """Those that the state of the test rests on, in order."""
        return np.concatenate([np.empty(0), *self._means])

    def resolved_bias(self) -> float | None:
        """The smallest bias that would have FAILed by now but for a probability of beta + alpha_pass, or None."""
        return self.design.resolved_bias(self.draws)

    def interval(self) -> tuple[float, float]:
        """`interval_of` the blocks taken so far."""
        return interval_of(self.design, self.block_means)

    def _not_finite(self, means: NDArray[np.float64]) -> NonFiniteBlock:
        first = int(np.argmin(np.isfinite(means)))
        start = (self._blocks + first) * self.design.block
        return NonFiniteBlock(
            f"the draws {start} to {start + self.design.block - 1} have the mean {means[first]}: "
            "the estimator must give finite numbers"
        )


def interval_of(design: Design, means: NDArray[np.float64]) -> tuple[float, float]:
    """{m : |sum psi(lambda (y - m))| < k growth + ln(2/alpha)}, k = means.size: E y lies in it for every k at once.

    P(E y is ever outside | Var y <= variance) <= alpha. Rounding of the sums apart, 0 is outside exactly where k blocks
    FAIL. (-inf, inf) while the draws are too few. The ends are rounded outwards.
    """
    tuning, threshold = design.fail_tuning, design.fail_threshold(means.size)
    if threshold >= means.size * LARGEST_PSI:
        return -inf, inf
    # The sum falls with m: every term is saturated above zero at the least m, below zero at the most.
    least = float(means.min()) - SATURATION / tuning
    most = float(means.max()) + SATURATION / tuning

    def where_the_sum_falls_below(bound: float) -> tuple[float, float]:
        above, below = least, most
        for _ in range(_BISECTIONS):
            middle = above / 2 + below / 2
            if psi(tuning * (means - middle)).sum() >= bound:
                above = middle
            else:
                below = middle
        return above, below

    return where_the_sum_falls_below(threshold)[0], where_the_sum_falls_below(-threshold)[1]


def degenerate_decision(sum_of_squares: float, count: int, rounding: float) -> Decision:
    """PASS if sum (g - m)**2 <= count rounding**2, else FAIL: every draw must equal m, each to within `rounding`.

    Where V = 0. It never FAILs an estimator that keeps to `rounding`, and FAILs at the first draw further than
    sqrt(count) * rounding from m. For a variance whose kurtosis is 1, give the squares of (g - m)**2 - V.
    Raises NonFiniteBlock if the sum is not finite, ValueError if there is nothing to judge.
    """
    if count < 1 or not (isfinite(rounding) and rounding >= 0):
        raise ValueError(f"count={count}, rounding={rounding}: at least one draw and a rounding >= 0 are needed")
    if not isfinite(sum_of_squares):
        raise NonFiniteBlock(f"the sum of squares of {count} draws is {sum_of_squares}: a draw is not finite")
    # The sum itself is rounded, by a relative 2**-52 a term at most.
    return "PASS" if sum_of_squares <= count * rounding * rounding * (1 + count * 2.0**-52) else "FAIL"

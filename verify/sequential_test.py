"""FAIL, PASS, or not yet: one claim about a mean, judged look by look at any number of draws.

    T0 = sum psi(lambda y)          FAIL   |T0| >= k growth + ln(2/alpha)
    T+ = sum psi(lambda' (y - r))
    T- = sum psi(lambda' (y + r))   PASS   T+ <= -B  and  T- >= B,     B = k growth' + ln(1/alpha')

y are block means and k their number, r = design.pass_shift. Stopping at any look is allowed: the rates
of the claim hold for every k at once. docs/statistics.md proves it.
"""

from __future__ import annotations

from math import exp, inf, isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from verify.design import Design
from verify.influence import LARGEST_PSI, SATURATION, psi

__all__ = ["Decision", "NonFiniteBlock", "SequentialTest", "degenerate_decision"]

Decision = Literal["FAIL", "PASS"]

_BLOCKS_AT_A_TIME = 1024  # enough that a call's own cost is small beside theirs, and few beyond the end are wasted
_BISECTIONS = 60  # halvings of a bracket a few deviations wide: beyond the last bit of any useful endpoint


class NonFiniteBlock(ValueError):
    """A block of draws has no finite mean. Cause: NaN or infinity among the draws. Cure: see the draws named."""


class SequentialTest:
    """The state of one test: give it the block means of the looks in order, and it says when it knows.

    It keeps the block means, for the interval: at most 32 n_max resolution**2 / variance numbers, or n_max / look.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.draws = 0
        self.decision: Decision | None = None
        self._means: list[NDArray[np.float64]] = []
        self._log_evidence = -inf
        # The rows are T0, T+, T-.
        self._totals = np.zeros((3, 1))
        self._shifts = np.array([[0.0], [-design.pass_shift], [design.pass_shift]])
        self._tunings = np.array([[design.fail_tuning], [design.pass_tuning], [design.pass_tuning]])

    @property
    def finished(self) -> bool:
        """A verdict, or n_max draws without one."""
        return self.decision is not None or self.draws >= self.design.n_max

    def update(self, block_means: NDArray[np.float64]) -> Decision | None:
        """Take the block means of the next look, or of several, centred on the exact mean: shape (looks * k,).

        k is design.blocks_per_look. The verdict is that of the first look that has one; what lies beyond it, or
        beyond n_max, is dropped: the verdict does not depend on how many looks come at a time. A call costs some 20
        microseconds, whether it brings one look or eight, and before design.first_pass draws nothing can PASS.
        Raises NonFiniteBlock for NaN or infinity, ValueError for another shape.
        """
        if self.finished:
            return self.decision
        design, size = self.design, self.design.blocks_per_look
        looks, rest = divmod(block_means.size, size)
        if block_means.ndim != 1 or rest or not looks:
            raise ValueError(
                f"block_means has the shape {block_means.shape}, not a multiple of ({size},): "
                f"one look is {design.look} draws in blocks of {design.block}"
            )
        looks = min(looks, (design.n_max - self.draws) // design.look)
        step = max(1, _BLOCKS_AT_A_TIME // size)
        for start in range(0, looks, step):
            self._judge(block_means[start * size : min(start + step, looks) * size].copy())
            if self.decision is not None:
                break
        return self.decision

    @property
    def p_value(self) -> float:
        """min over the looks of 2 exp(-(|T0| - k growth)), at most 1: P(ever <= p | the claim is true) <= p."""
        return min(1.0, self.design.claim.alpha * exp(-self._log_evidence)) if self._means else 1.0

    def resolved_bias(self) -> float | None:
        """The smallest bias that would have FAILed by now but for a probability of beta + alpha_pass, or None."""
        return self.design.resolved_bias(self.draws)

    def interval(self) -> tuple[float, float]:
        """{m : |sum psi(lambda (y - m))| < k growth + ln(2/alpha)}: E y lies in it at every look at once.

        P(E y is ever outside | Var y <= variance) <= alpha. Rounding of the sums apart, 0 is outside exactly when
        the present look FAILs. (-inf, inf) while the draws are too few. The ends are rounded outwards.
        """
        tuning, blocks = self.design.fail_tuning, self.draws // self.design.block
        threshold = self.design.fail_threshold(blocks)
        if threshold >= blocks * LARGEST_PSI:
            return -inf, inf
        means = np.concatenate(self._means)
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

    def _judge(self, means: NDArray[np.float64]) -> None:
        """Add the block means of some looks to T0, T+, T-, and stop at the first look that has a verdict."""
        design, size = self.design, self.design.blocks_per_look
        self._refuse_non_finite(means)
        with np.errstate(over="ignore"):  # a product beyond the largest float is beyond the saturation of psi, too
            influences = psi(self._tunings * (means + self._shifts))
        totals = np.add.reduce(influences.reshape(3, -1, size), axis=2)
        # One addition after the other, so that batches of any size give the same bits.
        totals[:, :1] += self._totals
        np.add.accumulate(totals, axis=1, out=totals)
        self._totals = totals[:, -1:]

        fail_start, pass_start = design.fail_threshold(0), design.pass_threshold(0)
        blocks = before = self.draws // design.block
        for t_zero, t_plus, t_minus in totals.T.tolist():
            blocks += size
            excess = abs(t_zero) - (blocks * design.fail_growth + fail_start)
            self._log_evidence = max(self._log_evidence, excess)
            if excess >= 0:
                self.decision = "FAIL"
            elif min(-t_plus, t_minus) >= blocks * design.pass_growth + pass_start:
                self.decision = "PASS"
            if self.decision is not None:
                break
        self._means.append(means[: blocks - before])
        self.draws = blocks * design.block

    def _refuse_non_finite(self, means: NDArray[np.float64]) -> None:
        finite = np.isfinite(means)
        if not np.logical_and.reduce(finite):
            first = int(np.argmin(finite))
            start = self.draws + first * self.design.block
            raise NonFiniteBlock(
                f"the draws {start} to {start + self.design.block - 1} have the mean {means[first]}: "
                "the estimator must give finite numbers"
            )


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

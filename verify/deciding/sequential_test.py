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

__all__ = ["Decision", "NonFiniteBlock", "SequentialTest", "degenerate_decision"]

Decision = Literal["FAIL", "PASS"]

_BLOCKS_AT_A_TIME = 1024  # enough that a call's own cost is small beside theirs, and few beyond the end are wasted
_SHARE_IN_VAIN = 64  # at most one draw in so many is made after the deciding one
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
        self._held: list[NDArray[np.float64]] = []
        self._sum = 0.0
        self._log_evidence = -inf
        self._looks = LookSums.of(design)
        self._due = min(design.first_pass, design.n_max)
        self._starts = design.fail_threshold(0), design.pass_threshold(0)
        self._blocks = 0
        self._totals = (0.0, 0.0, 0.0)

    @property
    def finished(self) -> bool:
        """A verdict, or n_max draws without one."""
        return self.decision is not None or self.draws >= self.design.n_max

    @property
    def is_waiting(self) -> bool:
        """Whether looks have been taken that are not judged yet; then a verdict may still leave some of them out."""
        return bool(self._held)

    def update(self, block_means: NDArray[np.float64]) -> Decision | None:
        """Take the block means of the next look, or of several, centred on the exact mean: shape (looks * k,).

        k is design.blocks_per_look. The verdict is that of the first look that has one; what lies beyond it, or
        beyond n_max, is dropped: the verdict does not depend on how many looks come at a time. So looks may wait to
        be judged together: they do until design.first_pass, before which nothing can PASS, and then until there are
        1/64 more of them, unless their plain sum hints at a FAIL.
        Raises NonFiniteBlock for NaN or infinity, ValueError for another shape.
        """
        if self.finished:
            return self.decision
        design, size = self.design, self._looks.blocks
        looks, rest = divmod(block_means.size, size)
        if block_means.ndim != 1 or rest or not looks:
            raise ValueError(
                f"block_means has the shape {block_means.shape}, not a multiple of ({size},): "
                f"one look is {design.look} draws in blocks of {design.block}"
            )
        looks = min(looks, (design.n_max - self.draws) // design.look)
        self._held.append(block_means[: looks * size].copy())
        self.draws += looks * design.look
        if self.draws >= self._due or self._hints_at_fail():
            self._judge_held()
            self._due = min(max(self._due, self.draws + self.draws // _SHARE_IN_VAIN), design.n_max)
        return self.decision

    @property
    def p_value(self) -> float:
        """min over the looks of 2 exp(-(|T0| - k growth)), at most 1: P(ever <= p | the claim is true) <= p."""
        self._judge_held()
        return min(1.0, self.design.claim.alpha * exp(-self._log_evidence)) if self._means else 1.0

    @property
    def block_means(self) -> NDArray[np.float64]:
        """Those that the state of the test rests on, in order."""
        self._judge_held()
        return np.concatenate([np.empty(0), *self._means])

    def resolved_bias(self) -> float | None:
        """The smallest bias that would have FAILed by now but for a probability of beta + alpha_pass, or None."""
        return self.design.resolved_bias(self.draws)

    def interval(self) -> tuple[float, float]:
        """{m : |sum psi(lambda (y - m))| < k growth + ln(2/alpha)}: E y lies in it at every look at once.

        P(E y is ever outside | Var y <= variance) <= alpha. Rounding of the sums apart, 0 is outside exactly when
        the present look FAILs. (-inf, inf) while the draws are too few. The ends are rounded outwards.
        """
        self._judge_held()
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

    def _hints_at_fail(self) -> bool:
        """Whether the plain sum of all block means is on its way to a FAIL, or is no number.

        It decides when looks are judged, not what their verdict is, so it need not be exact.
        """
        self._sum += sum(self._held[-1].tolist())
        blocks = self.draws // self.design.block
        return not abs(self.design.fail_tuning * self._sum) < self.design.fail_threshold(blocks) / 2

    def _judge_held(self) -> None:
        """Judge what has been held back, look by look; the draws end at the first look that has a verdict."""
        if not self._held:
            return
        held = self._held[0] if len(self._held) == 1 else np.concatenate(self._held)
        self._held.clear()
        size = self._looks.blocks
        step = max(1, _BLOCKS_AT_A_TIME // size) * size
        for start in range(0, held.size, step):
            before, means = self._blocks, held[start : start + step]
            self._judge(means)
            self._means.append(means[: self._blocks - before])
            if self.decision is not None:
                self.draws = self._blocks * self.design.block
                return

    def _judge(self, means: NDArray[np.float64]) -> None:
        """Add the block means of some looks to the sums, and stop at the first look that has a verdict."""
        size, fail_growth, pass_growth = self._looks.blocks, self.design.fail_growth, self.design.pass_growth
        fail_start, pass_start = self._starts
        blocks, (t_zero, centre, reach) = self._blocks, self._totals
        for added in self._looks.of_each(means):
            t_zero, centre, reach = t_zero + added[0], centre + added[1], reach + added[2]
            if isnan(t_zero):
                raise self._not_finite(means[blocks - self._blocks :], blocks)
            blocks += size
            excess = abs(t_zero) - (blocks * fail_growth + fail_start)
            self._log_evidence = max(self._log_evidence, excess)
            if excess >= 0:
                self.decision = "FAIL"
                break
            # min(-T+, T-), the sums written by their middle and by how far they are from it
            if reach - abs(centre) >= blocks * pass_growth + pass_start:
                self.decision = "PASS"
                break
        self._blocks, self._totals = blocks, (t_zero, centre, reach)

    def _not_finite(self, means: NDArray[np.float64], blocks: int) -> NonFiniteBlock:
        first = int(np.argmin(np.isfinite(means)))
        start = (blocks + first) * self.design.block
        return NonFiniteBlock(
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

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

__all__ = ["Decision", "NonFiniteDraw", "SequentialTest", "degenerate_decision", "sums_by_look"]

Decision = Literal["FAIL", "PASS"]

_BISECTIONS = 60  # halvings of a bracket a few deviations wide: beyond the last bit of any useful endpoint


class NonFiniteDraw(ValueError):
    """A block of draws has no finite mean. Cause: NaN or infinity among the draws. Cure: see the draws named."""


def sums_by_look(block_means: NDArray[np.float64], blocks_per_look: int, tuning: float) -> NDArray[np.float64]:
    """sum psi(tuning * y) over each look: shape (..., looks) for shape (..., looks * blocks_per_look)."""
    with np.errstate(over="ignore"):  # a product beyond the largest float is beyond the saturation of psi, too
        values = psi(tuning * block_means)
    sums: NDArray[np.float64] = np.add.reduce(values.reshape(*values.shape[:-1], -1, blocks_per_look), axis=-1)
    return sums


class SequentialTest:
    """The state of one test: give it the block means of the looks in order, and it says when it knows.

    It keeps the block means, for the interval: at most 32 n_max resolution**2 / variance numbers, or n_max / look.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.draws = 0
        self.decision: Decision | None = None
        self._means: list[NDArray[np.float64]] = []
        self._awaiting: list[NDArray[np.float64]] = []  # block means not yet in T+ and T-
        self._t_zero = self._t_plus = self._t_minus = 0.0
        self._log_evidence = -inf

    @property
    def finished(self) -> bool:
        """A verdict, or n_max draws without one."""
        return self.decision is not None or self.draws >= self.design.n_max

    def update(self, block_means: NDArray[np.float64]) -> Decision | None:
        """Take the block means of the next look, or of several, centred on the exact mean: shape (looks * k,).

        k is design.blocks_per_look. The verdict is that of the first look that has one; what lies beyond it, or
        beyond n_max, is dropped. So the verdict does not depend on how many looks come at a time, and as nothing
        PASSes before design.first_pass draws, it is cheapest to give so many at first.
        Raises NonFiniteDraw for NaN or infinity, ValueError for another shape.
        """
        if self.finished:
            return self.decision
        design = self.design
        size = design.blocks_per_look
        looks, rest = divmod(block_means.size, size)
        if block_means.ndim != 1 or rest or not looks:
            raise ValueError(
                f"block_means has the shape {block_means.shape}, not a multiple of ({size},): "
                f"one look is {design.look} draws in blocks of {design.block}"
            )
        looks = min(looks, (design.n_max - self.draws) // design.look)
        means = block_means[: looks * size].copy()
        self._refuse_non_finite(means)

        blocks = np.arange(1.0, looks + 1) * size + self.draws // design.block
        t_zero = _continued(self._t_zero, sums_by_look(means, size, design.fail_tuning))
        excess = np.abs(t_zero) - design.fail_threshold(blocks)
        fails = excess >= 0
        passes = self._passes(means, blocks)
        decided = fails | passes
        first = int(decided.argmax())
        if decided[first]:
            self.decision = "FAIL" if fails[first] else "PASS"
            looks = first + 1
        self._t_zero = float(t_zero[-1])
        self._log_evidence = max(self._log_evidence, float(np.maximum.reduce(excess[:looks])))
        self._means.append(means[: looks * size])
        self.draws += looks * design.look
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
                if sums_by_look(means - middle, blocks, tuning)[0] >= bound:
                    above = middle
                else:
                    below = middle
            return above, below

        return where_the_sum_falls_below(threshold)[0], where_the_sum_falls_below(-threshold)[1]

    def _passes(self, means: NDArray[np.float64], blocks: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each look of `means`, after so many blocks: T+ <= -B and T- >= B.

        Before design.first_pass nothing can PASS, and the sums wait.
        """
        design = self.design
        self._awaiting.append(means)
        if blocks[-1] * design.block < design.first_pass:
            return np.zeros(blocks.size, dtype=np.bool_)
        awaited = np.concatenate(self._awaiting)
        self._awaiting = []
        shifts = np.array([[-design.pass_shift], [design.pass_shift]])
        both = sums_by_look(awaited + shifts, design.blocks_per_look, design.pass_tuning)
        t_plus = _continued(self._t_plus, both[0])
        t_minus = _continued(self._t_minus, both[1])
        self._t_plus, self._t_minus = float(t_plus[-1]), float(t_minus[-1])
        # T+ <= -B and T- >= B, in one comparison.
        reached: NDArray[np.bool_] = np.minimum(-t_plus, t_minus)[-blocks.size :] >= design.pass_threshold(blocks)
        return reached

    def _refuse_non_finite(self, means: NDArray[np.float64]) -> None:
        finite = np.isfinite(means)
        if not finite.all():
            first = int(np.argmin(finite))
            start = self.draws + first * self.design.block
            raise NonFiniteDraw(
                f"the draws {start} to {start + self.design.block - 1} have the mean {means[first]}: "
                "the estimator must give finite numbers"
            )


def _continued(total: float, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """total + terms[0], total + terms[0] + terms[1], ...: one addition after the other, so batches make no difference.

    A million looks round a sum by 1e-10 of its largest value at most, against thresholds of 5 and more.
    """
    terms[0] += total
    return np.add.accumulate(terms)


def degenerate_decision(sum_of_squares: float, count: int, rounding: float) -> Decision:
    """PASS if sum (g - m)**2 <= count rounding**2, else FAIL: every draw must equal m, each to within `rounding`.

    Where V = 0. It never FAILs an estimator that keeps to `rounding`, and FAILs at the first draw further than
    sqrt(count) * rounding from m. For a variance whose kurtosis is 1, give the squares of (g - m)**2 - V.
    Raises NonFiniteDraw if the sum is not finite, ValueError if there is nothing to judge.
    """
    if count < 1 or not (isfinite(rounding) and rounding >= 0):
        raise ValueError(f"count={count}, rounding={rounding}: at least one draw and a rounding >= 0 are needed")
    if not isfinite(sum_of_squares):
        raise NonFiniteDraw(f"the sum of squares of {count} draws is {sum_of_squares}: a draw is not finite")
    # The sum itself is rounded, by a relative 2**-52 a term at most.
    return "PASS" if sum_of_squares <= count * rounding * rounding * (1 + count * 2.0**-52) else "FAIL"

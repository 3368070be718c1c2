"""A claim under test: what is watched among the draws, and the evidence so far.

    bias       y = g - m               Var y = V                     resolution in the units of the gradient
    variance   y = (g - m)^2 - V       Var y = (kappa - 1) V^2       resolution as a share of V

A claim without spread (V = 0, or kappa = 1) is judged by comparison: every draw must be what it has to be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from numeric.mixture import Mixture
from numeric.simulate import ChunkSums, Watch
from numeric.streams import CHUNK, LOOK
from numeric.tally import Tally, merge
from verify.cell import Cell
from verify.checks.context import Context
from verify.deciding.design import MeanClaim, design, variance_claim
from verify.deciding.sequential_test import Decision, SequentialTest, degenerate_decision

__all__ = ["Claim", "bias_claim", "squares_are_constant", "variance_claim_of"]

SHORTEST_LOOK = CHUNK // 2
"""Draws between two looks at a cell that takes more than a chunk; more looks would cost time and save no chunk."""

_GROWTH = 3  # between two looks, as long as nothing can PASS

_CHUNKS_AT_A_TIME = 64  # whose sums are added up together: adding is exact, in whatever order


@dataclass
class Claim:
    """One hypothesis; `test` is None where the claim has no spread, and `rounding` then bounds each deviation.

    `row` is the place of the cell in its case. `proposal` is the mixture that weighted draws come from, whose mean
    square is watched and tallied; None for plain draws of the term.
    """

    cell: Cell
    check: str
    row: int
    watch: Watch
    offset: float
    rounding: float
    test: SequentialTest | None
    tally: Tally
    proposal: Mixture | None = None
    decision: Decision | None = None
    _held: list[NDArray[np.float64]] = field(default_factory=list)
    _untold: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        return self.decision is not None if self.test is None else self.test.finished

    @property
    def most_draws(self) -> int:
        return LOOK if self.test is None else self.test.design.n_max

    @property
    def draws(self) -> int:
        """Draws on which the decision rests."""
        return self.tally.count if self.test is None else self.test.draws

    def take(self, chunk: ChunkSums, place: int) -> None:
        """The next chunk; `place` is the watch's. What comes after the decision is dropped."""
        if self.finished:
            return
        block_means = chunk.block_means[place]
        assert block_means is not None, "a claim that is not finished is active"
        row = self.watch.output
        self._untold.append((chunk.sums[row], chunk.squares[row]))
        if self.offset:
            block_means = block_means - self.offset
        if self.test is None:
            centred = block_means[0]
            self.decision = degenerate_decision(float(centred @ centred), centred.size, self.rounding)
        else:
            self._held.append(block_means)
            for look in looks_due(self._held, self.test):
                self.decision = self.test.update(look)
        if (len(self._untold) >= _CHUNKS_AT_A_TIME and not self._held) or self.finished:
            self._tell()

    def _tell(self) -> None:
        """Add to the tally what was taken since the last time, up to the decision.

        A small budget looks more often than the simulator does; its last look counts as a whole one here.
        """
        taken = 1 if self.test is None else -(-self.test.draws // LOOK) - self.tally.count // LOOK
        sums, squares = (np.concatenate(rows)[:taken].tolist() for rows in zip(*self._untold, strict=True))
        self._untold.clear()
        told = Tally.of(taken * LOOK, sums, squares, self.tally.centre)
        self.tally = merge([self.tally, told]) if self.tally.count else told


def looks_due(held: list[NDArray[np.float64]], test: SequentialTest) -> Sequence[NDArray[np.float64]]:
    """The looks to take at the block means of chunks in `held`, which is then empty; none while more are awaited.

    While nothing can PASS there is one look each time that the draws have tripled, which is soon enough to FAIL;
    then one every SHORTEST_LOOK draws, and one at n_max. Where the looks lie depends on the design alone, not on what
    is drawn.
    """
    plan = test.design
    drawn = test.draws + len(held) * CHUNK
    if drawn < _GROWTH * test.draws and drawn + SHORTEST_LOOK <= test.first_pass and drawn < plan.n_max:
        return ()
    means = held[0].reshape(-1) if len(held) == 1 else np.concatenate(held, axis=None)
    held.clear()
    if drawn >= plan.n_max or drawn - CHUNK + SHORTEST_LOOK <= test.first_pass:
        return (means[: (plan.n_max - test.draws) // plan.block],)
    return list(means.reshape(-1, SHORTEST_LOOK // plan.block))


def squares_are_constant(cell: Cell) -> bool:
    """Whether every draw has the same (g - m)^2: there is no variance, or the kurtosis is 1."""
    return not cell.has_variance or bool(cell.kurtosis.midpoint - 1 <= cell.kurtosis.radius)


def bias_claim(cell: Cell, row: int, context: Context) -> Claim:
    """E g = m, at the resolution of the settings, or at the finest that their budget of draws allows.

    Raises BudgetTooSmall, or ValueError for a resolution without a meaning.
    """
    exact, rounding = float(cell.gradient), cell.rounding
    if not cell.has_variance:
        watch = Watch(output=row, centre=exact, power=1, block=1)
        return Claim(cell, "bias", row, watch, 0.0, rounding + math.ulp(exact), None, Tally(0, centre=exact))
    plan = design(
        MeanClaim(
            variance=float(cell.variance),
            resolution=context.resolution_of(cell),
            alpha=context.alpha,
            alpha_pass=context.pass_error,
            beta=context.beta,
            rounding=rounding + math.ulp(exact),
        ),
        context.settings.max_draws,
    )
    return Claim(
        cell, "bias", row, Watch(row, exact, 1, plan.block), 0.0, rounding, SequentialTest(plan), Tally(0, centre=exact)
    )


def variance_claim_of(cell: Cell, row: int, context: Context) -> Claim:
    """Var g = V, at the variance resolution of the settings. Raises as bias_claim does."""
    exact, rounding = float(cell.gradient), cell.rounding
    variance = float(cell.variance)
    # (g - m)^2 moves by 2 |g - m| times the rounding of g, and |g - m| is a standard deviation on average.
    coarse = 2 * math.sqrt(variance) * (rounding + math.ulp(exact))
    if squares_are_constant(cell):
        watch = Watch(output=row, centre=exact, power=2, block=1)
        floor = (rounding + math.ulp(exact)) ** 2 + math.ulp(variance)
        return Claim(cell, "variance", row, watch, variance, coarse + floor, None, Tally(0, centre=exact))
    plan = design(
        variance_claim(
            variance,
            float(cell.kurtosis),
            context.settings.variance_resolution,
            context.alpha,
            context.beta,
            alpha_pass=context.pass_error,
            rounding=coarse,
        ),
        context.settings.max_draws,
    )
    watch = Watch(row, exact, 2, plan.block)
    return Claim(cell, "variance", row, watch, variance, coarse, SequentialTest(plan), Tally(0, centre=exact))

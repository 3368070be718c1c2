"""How often a rule says what: exactly for laws of two points, by replications for any law.

A replicated rate is held against its nominal level by the Chernoff bound P(count >= c) <= exp(-n KL(c/n, level)), so
a correct rule fails such a comparison with a probability below TEST_ERROR, whatever the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tests.calibration.laws import Law, TwoPoint
from tests.calibration.rules import Rule

__all__ = ["TEST_ERROR", "Outcome", "Replicated", "exact_outcome", "is_above", "replicate"]

Array = NDArray[np.float64]

TEST_ERROR = 1e-12  # of one comparison; a run makes some hundreds


@dataclass(frozen=True)
class Outcome:
    """P(FAIL) and P(PASS) by each number of blocks (index 0: no block), and the mean blocks to a verdict or the end."""

    fail: Array
    passed: Array
    mean_blocks: float


def exact_outcome(
    rule: Rule, law: TwoPoint, blocks: int, *, blocks_per_look: int = 1, offset: float = 0.0, scale: float = 1.0
) -> Outcome:
    """What the rule makes of block means offset + scale * law: no randomness, no approximation.

    After k blocks the sums depend on the number of jumps alone, so the walk has k + 1 states.
    """
    up, down = (
        np.array([float(statistic(np.array([offset + scale * value]))[0]) for statistic in rule.statistics])
        for value in (law.up, law.down)
    )
    alive = np.ones(1)
    fail, passed = np.zeros(blocks + 1), np.zeros(blocks + 1)
    mean_blocks = 0.0
    for k in range(1, blocks + 1):
        mean_blocks += float(alive.sum())
        stepped = np.zeros(k + 1)
        stepped[1:] = law.p * alive
        stepped[:-1] += (1 - law.p) * alive
        if k % blocks_per_look:
            fail[k], passed[k], alive = fail[k - 1], passed[k - 1], stepped
            continue
        jumps = np.arange(k + 1.0)
        sums = np.outer(up, jumps) + np.outer(down, k - jumps)
        fails = rule.fails(float(k), sums)
        passes = rule.passes(float(k), sums) & ~fails
        fail[k] = fail[k - 1] + stepped[fails].sum()
        passed[k] = passed[k - 1] + stepped[passes].sum()
        alive = np.where(fails | passes, 0.0, stepped)
    return Outcome(fail, passed, mean_blocks)


@dataclass(frozen=True)
class Replicated:
    """Of how many streams, how many ended in FAIL and in PASS, and the mean blocks to a verdict or the end."""

    streams: int
    fail: NDArray[np.bool_]
    passed: NDArray[np.bool_]
    mean_blocks: float


def replicate(
    rule: Rule,
    law: Law,
    streams: int,
    looks: int,
    rng: np.random.Generator,
    *,
    block: int = 1,
    blocks_per_look: int = 1,
    offset: float = 0.0,
    scale: float = 1.0,
) -> Replicated:
    """The rule on independent streams of y = offset + scale * law, in blocks of `block` draws."""
    totals = np.zeros((len(rule.statistics), streams))
    fail, passed = np.zeros(streams, dtype=np.bool_), np.zeros(streams, dtype=np.bool_)
    alive = np.arange(streams)
    seen = 0
    for look in range(1, looks + 1):
        draws = law.draw(rng, (alive.size, blocks_per_look, block))
        y = offset + scale * draws.mean(axis=-1)
        seen += y.size
        for row, statistic in zip(totals, rule.statistics, strict=True):
            row[alive] += statistic(y).sum(axis=-1)
        sums = totals[:, alive]
        blocks = float(look * blocks_per_look)
        fails = rule.fails(blocks, sums)
        passes = rule.passes(blocks, sums) & ~fails
        fail[alive[fails]] = True
        passed[alive[passes]] = True
        alive = alive[~(fails | passes)]
        if not alive.size:
            break
    return Replicated(streams, fail, passed, seen / streams)


def is_above(count: int, streams: int, level: float) -> bool:
    """Whether `count` of `streams` convicts the rate of being above `level`, at an error below TEST_ERROR."""
    share = count / streams
    if share <= level:
        return False
    divergence = share * log(share / level) + (0.0 if share == 1 else (1 - share) * log((1 - share) / (1 - level)))
    return streams * divergence > log(1 / TEST_ERROR)

"""The rule that SequentialTest follows, and rules that are wrong on purpose, all in one form.

A rule looks at sums of an influence of y, and says at every look which of its streams FAIL and which PASS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from verify.deciding.design import Design, design
from verify.deciding.influence import psi

__all__ = ["FALSE_FAIL", "FALSE_PASS", "Rule", "Statistic", "proven"]

Array = NDArray[np.float64]
Judge = Callable[[float, Array], NDArray[np.bool_]]


@dataclass(frozen=True)
class Statistic:
    """sum influence(tuning (y - shift))."""

    influence: Callable[[Array], Array]
    tuning: float
    shift: float = 0.0

    def __call__(self, y: Array) -> Array:
        return self.influence(self.tuning * (y - self.shift))


@dataclass(frozen=True)
class Rule:
    """`fails(blocks, sums)` and `passes(blocks, sums)`; the sums have one row for each statistic."""

    statistics: tuple[Statistic, ...]
    fails: Judge
    passes: Judge


def proven(plan: Design) -> Rule:
    """What SequentialTest does; a test holds one against the other."""
    return Rule(
        statistics=(
            Statistic(psi, plan.fail_tuning),
            Statistic(psi, plan.pass_tuning, plan.pass_shift),
            Statistic(psi, plan.pass_tuning, -plan.pass_shift),
        ),
        fails=lambda blocks, sums: np.abs(sums[0]) >= plan.fail_threshold(blocks),
        passes=lambda blocks, sums: np.minimum(-sums[1], sums[2]) >= plan.pass_threshold(blocks),
    )


def never(_blocks: float, sums: Array) -> NDArray[np.bool_]:
    return np.zeros(sums.shape[1:], dtype=np.bool_)


def _z_test_at_every_look(plan: Design) -> Rule:
    critical = -NormalDist().inv_cdf(plan.claim.alpha / 2)
    return replace(
        proven(plan),
        statistics=(Statistic(_itself, 1 / plan.block_deviation),),
        fails=lambda blocks, sums: np.abs(sums[0]) >= critical * np.sqrt(blocks),
        passes=never,
    )


def _z_test_at_the_end(plan: Design) -> Rule:
    critical = -NormalDist().inv_cdf(plan.claim.alpha / 2)
    last = plan.n_fail / plan.block
    return replace(
        proven(plan),
        statistics=(Statistic(_itself, 1 / plan.block_deviation),),
        fails=lambda blocks, sums: (np.abs(sums[0]) >= critical * np.sqrt(blocks)) & (blocks == last),
        passes=never,
    )


def _nothing_clipped(plan: Design) -> Rule:
    """psi(t) = t: one draw can weigh as much as it likes."""
    return replace(proven(plan), statistics=(Statistic(_itself, plan.fail_tuning),), passes=never)


def _cubic_not_clipped(plan: Design) -> Rule:
    """psi(t) = t - t**3/6 for every t."""
    return replace(proven(plan), statistics=(Statistic(_cubic, plan.fail_tuning),), passes=never)


def _no_variance_term(plan: Design) -> Rule:
    return replace(proven(plan), fails=lambda _blocks, sums: np.abs(sums[0]) >= log(2 / plan.claim.alpha), passes=never)


def _sides_share_nothing(plan: Design) -> Rule:
    """ln(1/alpha) on either side."""
    return replace(
        proven(plan),
        fails=lambda blocks, sums: np.abs(sums[0]) >= blocks * plan.fail_growth + log(1 / plan.claim.alpha),
        passes=never,
    )


def _pass_as_nothing_was_seen(plan: Design) -> Rule:
    """PASS at n_fail because there was no FAIL."""
    last = plan.n_fail / plan.block
    return replace(proven(plan), passes=lambda blocks, sums: np.broadcast_to(blocks == last, sums.shape[1:]))


def _pass_as_the_mean_is_close(plan: Design) -> Rule:
    """PASS at n_pass because the mean lies within the resolution."""
    last = plan.n_pass / plan.block
    return replace(
        proven(plan),
        statistics=(Statistic(_itself, 1.0),),
        fails=never,
        passes=lambda blocks, sums: (np.abs(sums[0]) < blocks * plan.resolution) & (blocks == last),
    )


def _pass_without_room_for_variance(plan: Design) -> Rule:
    """C = 1, judged where the variance is twice the claimed one."""
    return proven(design(replace(plan.claim, variance_ratio=1.0), look=plan.look))


def _itself(t: Array) -> Array:
    return t


def _cubic(t: Array) -> Array:
    return t - t**3 / 6


FALSE_FAIL: dict[str, Callable[[Design], Rule]] = {
    "z-test at every look": _z_test_at_every_look,
    "z-test at the end": _z_test_at_the_end,
    "nothing clipped": _nothing_clipped,
    "cubic not clipped": _cubic_not_clipped,
    "no variance term": _no_variance_term,
    "alpha not split between the sides": _sides_share_nothing,
}
FALSE_PASS: dict[str, Callable[[Design], Rule]] = {
    "PASS because nothing was seen": _pass_as_nothing_was_seen,
    "PASS because the mean is close": _pass_as_the_mean_is_close,
    "PASS without room for the variance": _pass_without_room_for_variance,
}

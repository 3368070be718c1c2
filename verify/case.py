"""A case: a cost under a law at given values, whose gradients and estimators share one noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from symbolic.law import Law
from verify.finding import Verdict
from verify.usage import UsageError

__all__ = ["Case", "Settings"]

SMALLEST_RESOLUTION = 1e-12
LARGEST_RESOLUTION = 10.0


@dataclass(frozen=True)
class Case:
    """A cost under a law at exact values; the law is named in a text, or is somebody's own.

    `wrt` and `estimators` choose the cells; empty means all of them: every parameter of the law, every estimator.
    `at` holds exact numbers as text: "1/3", "0.1". `about` says in a few words why the case is interesting.
    `expected` is the verdict that its findings must have together, and `place` where the case is written down; the
    messages about it begin with that.
    """

    cost: str | sp.Expr
    law: str | Law = "normal"
    at: Mapping[str, str] = field(default_factory=dict)
    wrt: tuple[str, ...] = ()
    estimators: tuple[str, ...] = ()
    about: str = ""
    expected: Verdict | None = None
    place: str = ""


@dataclass(frozen=True)
class Settings:
    """How a campaign is judged.

    `resolution`: the smallest bias that must not pass, in standard deviations of one draw; or `min_effect`, as a share
    of the gradient. `variance_resolution`: the same for the variance, as a share of it. `false_alarm_rate` and
    `miss_rate` hold for the whole report. `max_draws` bounds the draws of each cell.
    """

    seed: int = 0
    resolution: float = 0.01
    min_effect: float | None = None
    variance_resolution: float = 0.1
    false_alarm_rate: float = 1e-6
    miss_rate: float = 1e-6
    max_draws: int | None = None
    workers: int = 1

    def __post_init__(self) -> None:
        """Refuse a resolution that no number of draws meets, or that none is needed for. Raises UsageError."""
        if not SMALLEST_RESOLUTION <= self.resolution <= LARGEST_RESOLUTION:
            raise UsageError(
                f"resolution={self.resolution:g} must lie between {SMALLEST_RESOLUTION:g} and {LARGEST_RESOLUTION:g} "
                "standard deviations of a draw; the default is 0.01"
            )

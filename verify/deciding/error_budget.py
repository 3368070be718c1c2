"""One false-alarm rate and one miss rate for a whole report, shared out among its hypotheses.

P(any false FAIL) <= sum P(false FAIL of one) <= m (rate / m)                    whatever the dependence
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Budget", "holm"]


@dataclass(frozen=True)
class Budget:
    """The error rates of a report.

    `false_alarm_rate`: any FAIL, all estimators being correct. `miss_rate`: any hypothesis of such a report without
    PASS, and any bias of its resolution without FAIL. `pass_error`: a PASS at a bias of the resolution or more, for
    each hypothesis. Raises ValueError for a rate that is not between 0 and 1.
    """

    false_alarm_rate: float = 1e-6
    miss_rate: float = 1e-6
    pass_error: float = 1e-3

    def __post_init__(self) -> None:
        for name in ("false_alarm_rate", "miss_rate", "pass_error"):
            rate = getattr(self, name)
            if not 0 < rate < 1:
                raise ValueError(f"{name}={rate} is not an error rate: give a number between 0 and 1, both excluded")

    def split(self, hypotheses: int) -> tuple[float, float]:
        """(alpha, beta) of each of `hypotheses` hypotheses: both rates divided by their number (Bonferroni).

        Raises ValueError if there is no hypothesis.
        """
        if hypotheses < 1:
            raise ValueError(f"hypotheses={hypotheses}: there is nothing to share a budget among; give at least one")
        return self.false_alarm_rate / hypotheses, self.miss_rate / hypotheses


def holm(p_values: Sequence[float], false_alarm_rate: float) -> tuple[int, ...]:
    """The culprits: indices of the hypotheses rejected together, strongest evidence first.

    The k-th smallest of m p-values is rejected while all before it are and it is <= false_alarm_rate / (m - k + 1).
    P(any true hypothesis among them) <= false_alarm_rate whatever the dependence; it finds all that Bonferroni finds.
    Anytime p-values may be used. Raises ValueError for a p-value outside [0, 1].
    Source: Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6.
    """
    for index, p_value in enumerate(p_values):
        if not 0 <= p_value <= 1:
            raise ValueError(f"p_values[{index}]={p_value} is not a p-value: give numbers from 0 to 1")
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(order):
        if p_values[index] > false_alarm_rate / (len(order) - rank):
            return tuple(order[:rank])
    return tuple(order)

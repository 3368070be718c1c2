"""What every check of a report shares: the settings, and the error rates of one hypothesis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from verify.applicability import no_share
from verify.case import LARGEST_RESOLUTION, Settings
from verify.cell import Cell
from verify.usage import UsageError

__all__ = ["Context", "refuse_no_share"]


@dataclass(frozen=True)
class Context:
    """The settings with the report's budget split: `alpha` and `beta` hold for one hypothesis."""

    settings: Settings
    alpha: float
    beta: float
    pass_error: float

    def resolution_of(self, cell: Cell) -> float:
        """The bias, in units of the gradient, that the checks of this cell are built to find.

        Raises UsageError for a share of more than ten standard deviations. A share of a gradient of 0 is no resolution:
        `no_share` says so, and nothing may be judged by it.
        """
        deviation, share = math.sqrt(float(cell.variance)), self.settings.min_effect
        if share is None:
            return self.settings.resolution * deviation
        resolution = share * abs(float(cell.gradient))
        if cell.has_variance and resolution > LARGEST_RESOLUTION * deviation:
            raise UsageError(
                f"min_effect={share:g} is {resolution / deviation:.3g} standard deviations of a draw of "
                f"{cell.judged.name} for {cell.problem}; the most is {LARGEST_RESOLUTION:g}; give a smaller share"
            )
        return resolution


def refuse_no_share(cells: Sequence[Cell], settings: Settings) -> None:
    """Raise UsageError if every gradient is 0, of which the settings want a share."""
    reasons = [no_share(cell, settings.min_effect) for cell in cells]
    if reasons and all(reason is not None for reason in reasons):
        raise UsageError(reasons[0])

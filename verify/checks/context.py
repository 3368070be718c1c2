"""What every check of a report shares: the settings, and the error rates of one hypothesis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from verify.case import LARGEST_RESOLUTION, Settings
from verify.cell import Cell
from verify.usage import UsageError

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """The settings with the report's budget split: `alpha` and `beta` hold for one hypothesis."""

    settings: Settings
    alpha: float
    beta: float
    pass_error: float

    def resolution_of(self, cell: Cell) -> float:
        """The bias, in units of the gradient, that the checks of this cell are built to find.

        Raises UsageError for a share of a gradient that is 0, or for one of more than ten standard deviations.
        """
        deviation, share = math.sqrt(float(cell.variance)), self.settings.min_effect
        if share is None:
            return self.settings.resolution * deviation
        resolution = share * abs(float(cell.gradient))
        if resolution == 0:
            raise UsageError(
                f"min_effect={share:g} is a share of the gradient, but {cell.problem} is 0 here; "
                "use a resolution in standard deviations instead"
            )
        if cell.has_variance and resolution > LARGEST_RESOLUTION * deviation:
            raise UsageError(
                f"min_effect={share:g} is {resolution / deviation:.3g} standard deviations of a draw of "
                f"{cell.judged.name} for {cell.problem}; the most is {LARGEST_RESOLUTION:g}; give a smaller share"
            )
        return resolution

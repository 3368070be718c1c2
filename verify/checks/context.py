"""What every check of a report shares: the settings, and the error rates of one hypothesis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from verify.case import Settings
from verify.cell import Cell

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """The settings with the report's budget split: `alpha` and `beta` hold for one hypothesis."""

    settings: Settings
    alpha: float
    beta: float
    pass_error: float

    def resolution_of(self, cell: Cell) -> float:
        """The bias, in units of the gradient, that the checks of this cell are built to find."""
        if self.settings.min_effect is not None:
            return self.settings.min_effect * abs(float(cell.gradient))
        return self.settings.resolution * math.sqrt(float(cell.variance))

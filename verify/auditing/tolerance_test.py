"""A test by a tolerance, and the probability that it fails, whatever is wrong with the code under it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numeric.mean_law import MeanLaw

__all__ = ["ToleranceTest"]


@dataclass(frozen=True)
class ToleranceTest:
    """|mean - gradient| <= tolerance in each of `components` independent runs of the same cell.

    `law` is that of (mean - gradient)/standard_error for correct code; None where every draw is the gradient.
    """

    gradient: float
    tolerance: float
    standard_error: float
    components: int
    law: MeanLaw | None

    @property
    def is_exact(self) -> bool:
        return self.law is None or self.law.is_exact

    @property
    def method(self) -> str:
        return "exact: every draw is the gradient" if self.law is None else self.law.method

    @property
    def error(self) -> float:
        """How far a probability may be off: two tails in each component."""
        return 0.0 if self.law is None else min(1.0, 2 * self.components * self.law.error)

    @property
    def shift_unit(self) -> float:
        """A shift that is neither lost in the noise nor sure to be found."""
        return self.tolerance + self.standard_error

    @property
    def scale_unit(self) -> float:
        """The same as a share of the gradient, which is not 0."""
        return self.shift_unit / abs(self.gradient)

    def failing(self, *, scale: float = 0.0, shift: float = 0.0) -> float:
        """P(any component fails) if every draw is multiplied by 1 + scale, and `shift` is added."""
        off, factor = scale * self.gradient + shift, 1 + scale
        spread = abs(factor) * self.standard_error
        if self.law is None or spread == 0:
            # The last bits of a tolerance that is met exactly are not a failure.
            return 0.0 if abs(off) <= self.tolerance * (1 + 1e-12) else 1.0
        low, high = sorted(((-self.tolerance - off) / factor, (self.tolerance - off) / factor))
        return self.any_of(self.law.outside(low / self.standard_error, high / self.standard_error))

    def any_of(self, probability: float) -> float:
        """1 - (1 - p)^K: at least one of the components."""
        return 1.0 if probability >= 1 else -math.expm1(self.components * math.log1p(-probability))

    def scaled_found(self, size: float) -> float:
        """P(failing) for the harder to see of the factors 1 + size and 1 - size."""
        return min(self.failing(scale=size), self.failing(scale=-size))

    def shifted_found(self, size: float) -> float:
        """P(failing) for the harder to see of a shift up and a shift down."""
        return min(self.failing(shift=size), self.failing(shift=-size))

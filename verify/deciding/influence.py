"""psi(t) = t - t**3/6 for |t| <= sqrt(2), and +-2 sqrt(2)/3 beyond: the influence a single number has on a verdict.

    -log(1 - t + t**2/2)  <=  psi(t)  <=  log(1 + t + t**2/2)          for every t

The two bounds turn a known variance into a bound on E exp(psi), whatever the tails. psi is odd, never decreases, and
never changes faster than its argument. docs/statistics.md proves all of it.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST_PSI", "SATURATION", "psi"]

SATURATION = sqrt(2)
LARGEST_PSI = 2 * sqrt(2) / 3


def psi(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """psi(t), elementwise; NaN stays NaN.

    Source: Catoni, Giulini (2017), Dimension-free PAC-Bayesian bounds for matrices, vectors, and linear least
    squares regression, arXiv 1712.02747, section 2.
    """
    bounded = np.maximum(t, -SATURATION)
    np.minimum(bounded, SATURATION, out=bounded)
    result = bounded * bounded
    result *= -1.0 / 6.0
    result += 1.0
    result *= bounded
    return result

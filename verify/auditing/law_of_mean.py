"""The law of the mean of n draws of a cell, exact where it has a name, else by inversion of a characteristic function.

y = g - m           the bias check,  s^2 = V
y = (g - m)^2 - V   the variance check,  s^2 = (kappa - 1) V^2
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import sympy as sp

from numeric.inversion import inverted_law, spread_of
from numeric.mean_law import Floats, MeanLaw, normal_law, two_point_law
from symbolic.derivative import derivative
from symbolic.places.breakpoints import breakpoints
from verify.cell import Cell

__all__ = ["berry_esseen", "law_of_mean", "law_of_mean_square"]

_CONSTANT = 0.469  # Shevtsova (2013), On the absolute constants in the Berry-Esseen inequality


def berry_esseen(kurtosis: float, n: int) -> float:
    """.469 sqrt(kappa / n) >= |P(Z <= z) - Phi(z)| for every z, as E|g - m|^3 <= s^3 sqrt(kappa)."""
    return _CONSTANT * math.sqrt(kurtosis / n)


def law_of_mean(cell: Cell) -> Callable[[int], MeanLaw]:
    """n -> the law of sqrt(n) (mean - m)/s of an unbiased estimator with a finite variance above zero."""
    mean, deviation = float(cell.gradient), math.sqrt(float(cell.variance))
    kinks, slope = _kinks(cell), sp.expand(derivative(cell.term, cell.judged.noise.symbol))
    if not kinks and not slope.free_symbols and cell.judged.noise.sampler == "standard_normal":
        return lambda n: normal_law()
    if slope == 0 and len(values := _values_between(cell, kinks)) == 2:
        share = (mean - values[0]) / (values[1] - values[0])
        return lambda n: two_point_law(n, share)
    spread = spread_of(_draw(cell), cell.judged.noise, kinks, mean, deviation)
    if slope == 0:
        return lambda n: _without_steps(inverted_law(spread, n), float(cell.kurtosis), n)
    return lambda n: inverted_law(spread, n)


def law_of_mean_square(cell: Cell) -> Callable[[int], MeanLaw]:
    """n -> the law of sqrt(n) (mean of (g - m)^2 - V)/s, for a finite kurtosis above 1."""
    mean, variance = float(cell.gradient), float(cell.variance)
    draw = _draw(cell)
    deviation = math.sqrt(float(cell.kurtosis) - 1) * variance
    spread = spread_of(lambda points: (draw(points) - mean) ** 2, cell.judged.noise, _kinks(cell), variance, deviation)
    return lambda n: inverted_law(spread, n)


def _without_steps(law: MeanLaw, kurtosis: float, n: int) -> MeanLaw:
    """The mean of draws of a few values has steps, which the inversion smooths away, as the normal law does."""
    return replace(law, error=min(1.0, law.error + 2 * berry_esseen(kurtosis, n)))


def _draw(cell: Cell) -> Callable[[Floats], Floats]:
    def draw(points: Floats) -> Floats:
        out = np.empty((1, points.size))
        cell.kernel(points, out)
        found: Floats = out[0]
        return found

    return draw


def _kinks(cell: Cell) -> list[float]:
    return [float(point.ball.mid()) for point in breakpoints(cell.term, cell.judged.noise.symbol)]


def _values_between(cell: Cell, kinks: list[float]) -> list[float]:
    """The values of a term that is constant between its kinks, in rising order."""
    low, high = (float(end) for end in cell.judged.noise.support)
    corners = [max(low, kinks[0] - 2), *kinks, min(high, kinks[-1] + 2)] if kinks else [0.0, 1.0]
    middles = np.array([(a + b) / 2 for a, b in pairwise(corners)])
    return sorted(set(_draw(cell)(middles).tolist()))

"""Mean and variance of a compiled term by integration over the noise: no draws, and an error bound of its own.

    mean = c + int (g - c) q,      variance = int (g - c)^2 q - (mean - c)^2

The integrals run over the places where the integrand matters, found by a scan in logarithms: for g = exp(10 e) under a
normal noise that is around e = 20. There a composite Gauss-Legendre rule of 16 nodes is bisected panel by panel until
two refinements in a row agree; the disagreements are added up to the error. Oscillations that a panel does not
resolve make the refinements disagree, so they are bisected until they are resolved or the error is infinite.
A peak of less than 10^-4 units of the noise, on top of something larger, can be missed if no breakpoint marks it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import sympy as sp

from numeric.kernel import Kernel, compile_kernel
from symbolic.law import Noise

__all__ = ["QuadratureResult", "moments_by_quadrature"]

Floats: TypeAlias = npt.NDArray[np.float64]
_Function: TypeAlias = Callable[[Floats], Floats]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_LEGENDRE = np.polynomial.legendre.legvander(_NODES, 15) * (np.arange(16) + 0.5) * _WEIGHTS[:, None]
_AT_ENDS = _LEGENDRE @ np.column_stack(((-1.0) ** np.arange(16), np.ones(16)))  # values at the nodes -> at -1 and 1
_UNSEEN = (1 + _NODES[0]) / 2  # the share of a panel before its first node
_SCANNED = 2**14
_NO_DENSITY = -1400.0  # a density below exp of this counts as zero
_DEPTH = 60.0  # what is below exp of -this of the peak is left out
_WIDE = 0.1  # a scan is repeated on a smaller interval until what matters fills so much of it
_PANELS = 128
_MOST_PANELS = 2**16
_SMALL = 1e-13  # a disagreement below this share of the panel's integral of |integrand| is rounding
_NEGLIGIBLE = 1e-17  # or of the whole integral
_STALLED = 0.7
_TRUSTED = 1e-6  # disagreements that bisection no longer reduces are rounding only below this share of the whole
_ROUNDING = 1e-13


@dataclass(frozen=True)
class QuadratureResult:
    """|mean - true mean| <= mean_error, the same for the variance. A number whose error is infinite says nothing."""

    mean: float
    mean_error: float
    variance: float
    variance_error: float


def moments_by_quadrature(
    kernel: Callable[[Floats, Floats], None], noise: Noise, breakpoints: Sequence[float], centre: float
) -> QuadratureResult:
    """The moments of g(epsilon), epsilon ~ noise, for a kernel of one row: kernel(noise (n,), out (1, n)).

    `breakpoints` are the values of the noise at which g has kinks or jumps. `centre` is subtracted from g before it is
    integrated; near the mean it saves the variance from cancellation. An error is infinite where the term is not
    finite, where the integrand does not vanish towards an infinite end, or where too many panels would be needed.
    """
    log_density = _row(_log_density(noise))
    value = _row(kernel)

    def weighted(power: int) -> _Function:
        def integrand(points: Floats) -> Floats:
            return (value(points) - centre) ** power * np.exp(log_density(points))

        def scaled(points: Floats) -> Floats:  # the square may overflow where its product with the density does not
            return ((value(points) - centre) * np.exp(log_density(points) / 2)) ** 2

        return integrand if power == 1 else scaled

    def height(power: int) -> _Function:
        return lambda points: power * np.log(np.abs(value(points) - centre)) + log_density(points)

    with np.errstate(all="ignore"):
        ends = _ends(noise, log_density)
        first, first_error = _integral(weighted(1), height(1), ends, breakpoints)
        second, second_error = _integral(weighted(2), height(2), ends, breakpoints)
    mean = centre + first
    return QuadratureResult(
        mean=mean,
        mean_error=first_error + (math.ulp(mean) if first_error > 0.0 else 0.0),
        variance=max(0.0, second - first**2),
        variance_error=second_error + (2 * abs(first) + first_error) * first_error,
    )


@dataclass(frozen=True)
class _End:
    """An end of the interval; an infinite one is cut where the density vanishes."""

    place: float
    cut: bool


@lru_cache(maxsize=16)
def _log_density(noise: Noise) -> Kernel:
    return compile_kernel([sp.expand_log(sp.log(noise.density), force=True)], noise.symbol)


def _row(kernel: Callable[[Floats, Floats], None]) -> _Function:
    def function(points: Floats) -> Floats:
        out: Floats = np.empty((1, points.size))
        kernel(points.ravel(), out)
        return out.reshape(points.shape)

    return function


def _ends(noise: Noise, log_density: _Function) -> tuple[_End, _End]:
    low, high = (_end(float(end), log_density) for end in noise.support)
    return low, high


def _end(end: float, log_density: _Function) -> _End:
    if math.isfinite(end):
        return _End(end, cut=False)
    reach = math.copysign(1.0, end)
    while log_density(np.array([reach]))[0] > _NO_DENSITY:
        reach *= 2.0
    return _End(reach, cut=True)


def _integral(
    integrand: _Function, height: _Function, ends: tuple[_End, _End], breakpoints: Sequence[float]
) -> tuple[float, float]:
    """The integral and a bound of its error; `height` is log |integrand|."""
    where = _significant(height, ends)
    if where is None:
        return 0.0, math.inf
    low, high = where
    if low == high:
        return 0.0, 0.0
    corners = [*breakpoints, *(end.place for end in ends if not end.cut)]
    return _refined(integrand, _panels(low, high, breakpoints), corners)


def _significant(height: _Function, ends: tuple[_End, _End]) -> tuple[float, float] | None:
    """The interval outside of which |integrand| is below exp(-60) of its peak; None if there is none to be found."""
    low, high = (end.place for end in ends)
    while True:
        step = (high - low) / _SCANNED
        points = np.asarray(low + step * (np.arange(_SCANNED) + 0.5), dtype=np.float64)
        heights = height(points)
        known = heights[heights < np.inf]
        peak = float(known.max(initial=-np.inf))
        if peak == -np.inf:
            return (low, low) if known.size == _SCANNED else None
        (seen,) = np.nonzero((heights > peak - _DEPTH) & (heights < np.inf))
        around = heights[max(seen[0] - 1, 0) : seen[-1] + 2]
        at_a_cut = (low == ends[0].place and ends[0].cut and seen[0] == 0) or (
            high == ends[1].place and ends[1].cut and seen[-1] == _SCANNED - 1
        )
        if not (around < np.inf).all() or at_a_cut:
            return None
        left, right = max(low, float(points[seen[0]]) - step), min(high, float(points[seen[-1]]) + step)
        if right - left > _WIDE * (high - low):
            return left, right
        low, high = left, right


def _panels(low: float, high: float, breakpoints: Sequence[float]) -> Floats:
    """(n, 2) ends of panels between low and high, none across a breakpoint."""
    corners = [low, *sorted(point for point in set(breakpoints) if low < point < high), high]
    edges = [
        np.linspace(left, right, 2 + int(_PANELS * (right - left) / (high - low))) for left, right in pairwise(corners)
    ]
    return np.concatenate([np.column_stack((part[:-1], part[1:])) for part in edges])


def _refined(integrand: _Function, panels: Floats, corners: Sequence[float]) -> tuple[float, float]:
    """Bisect every panel until two refinements in a row agree; return the sum and what they disagree by."""
    coarse = _gauss(integrand, panels)
    whole = float(coarse.size.sum())
    before = np.full(len(panels), np.inf)
    total, error, previous, stalled = 0.0, _ROUNDING * whole, math.inf, 0
    kept: list[tuple[Floats, Floats]] = []
    while len(panels):
        middle = panels.mean(axis=1)
        halves = np.stack((np.column_stack((panels[:, 0], middle)), np.column_stack((middle, panels[:, 1]))), axis=1)
        fine = _gauss(integrand, halves.reshape(-1, 2))
        change = np.abs(coarse.sum - fine.sum.reshape(-1, 2).sum(axis=1))
        if not np.isfinite(change).all():
            return 0.0, math.inf
        allowed = np.maximum(_SMALL * fine.size.reshape(-1, 2).sum(axis=1), _NEGLIGIBLE * whole)
        done = (change <= allowed) & (before <= allowed)
        left = float(change[~done].sum())
        stalled = stalled + 1 if left > _STALLED * previous else 0
        previous = left
        exhausted = 2 * int((~done).sum()) > _MOST_PANELS
        if exhausted or (stalled >= 2 and left <= _TRUSTED * whole):
            error += 2 * left if left <= _TRUSTED * whole else math.inf
            done[:] = True
        error += float(np.maximum(change, np.minimum(before, allowed))[done].sum())
        twice = np.repeat(done, 2)
        total += float(fine.sum[twice].sum())
        kept.append((halves[done].reshape(-1, 2), fine.ends[twice]))
        panels, coarse, before = halves[~done].reshape(-1, 2), fine.only(~twice), np.repeat(change[~done], 2)
    intervals, ends = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    return total, error + _hidden_jumps(intervals, ends, corners)


def _hidden_jumps(panels: Floats, ends: Floats, corners: Sequence[float]) -> float:
    """What a jump could add that lies between a corner of a panel and the node next to it, where no refinement saw it.

    Then the two polynomials that meet at the corner do not meet in one value. Outside of all panels the integrand is 0;
    at `corners` it may jump.
    """
    order = np.argsort(panels[:, 0])
    places = np.append(panels[order, 0], panels[order[-1], 1])
    widths = np.diff(places)
    values = ends[order]
    jumps = np.abs(np.append(values[:, 0], 0.0) - np.append(0.0, values[:, 1]))
    jumps[np.isin(places, np.asarray(corners))] = 0.0
    unseen = np.maximum(np.append(widths, 0.0), np.append(0.0, widths)) * _UNSEEN
    return float(jumps @ unseen)


@dataclass(frozen=True)
class _Sums:
    """Of each panel: the sums of the integrand and of its absolute value, and its polynomial at both ends (n, 2)."""

    sum: Floats
    size: Floats
    ends: Floats

    def only(self, chosen: npt.NDArray[np.bool_]) -> _Sums:
        return _Sums(self.sum[chosen], self.size[chosen], self.ends[chosen])


def _gauss(integrand: _Function, panels: Floats) -> _Sums:
    half = (panels[:, 1] - panels[:, 0]) / 2
    values = integrand(panels.mean(axis=1)[:, None] + half[:, None] * _NODES)
    return _Sums(half * (values @ _WEIGHTS), half * (np.abs(values) @ _WEIGHTS), values @ _AT_ENDS)

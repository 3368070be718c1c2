"""The law of a mean of n independent draws, by inversion of its characteristic function: no draws, no large-n limit.

    Z = sqrt(n) (mean - m) / s,     phi_Z(t) = phi(t / (s sqrt(n)))**n,     phi(u) = E exp(i u (g - m))

    P(Z <= z) = 1/2 - (1/pi) int_0^oo Im(exp(-i t z) phi_Z(t)) dt / t

phi is an integral over the noise. Both integrals are composite Gauss-Legendre sums, taken twice, the second time with
half the panels' width; what the two disagree by is the error that is stated. It is an estimate, not a bound.
Source: Gil-Pelaez (1951), Note on the inversion theorem, Biometrika 38.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from numeric.kernel import compile_kernel
from numeric.mean_law import Floats, MeanLaw
from symbolic.law import Noise

__all__ = ["FARTHEST", "Spread", "inverted_law", "spread_of"]

Complexes: TypeAlias = NDArray[np.complex128]

FARTHEST = 32.0
"""Standard errors beyond which an inverted law is not resolved: a tail farther out is given as the one there."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NO_DENSITY = -85.0  # the noise is cut where its density falls below exp of this: 1e-37
_PANELS = 192  # of the noise, at the finer of two levels
_TURN = 5.0  # radians of exp(-i t z) in half a panel of t at the finer level: 16 nodes resolve them to the last bit
_HALVINGS = 11  # of the panels of t towards 0
_NO_MASS = 1e-22  # a node that any of the draws falls on with less is left out
_GONE = 1e-17  # phi_Z is cut where it stays below this
_LAST = 80.0  # the largest t, where phi_Z does not vanish sooner
_LAST_BLURRED = 85.0
_BLUR = 0.1  # units: exp(-(85/10)^2/2) = 2e-16
_SMALLEST_UNIT = 24  # halvings of the standard error
_AT_A_TIME = 2**16  # numbers in a matrix: they fit into a core's own cache
_ROUNDING = 1e-15  # of E sin, in standard errors of one draw
_ALL_BUT_ONE = -1 + 2.0**-53  # |phi|**2 - 1 where phi is 0
_LARGEST = 1e10  # standard deviations of the sum at which a draw is cut: what lies there has no mass


@dataclass(frozen=True)
class Spread:
    """One draw as nodes: value - mean in standard deviations (first row), mass (second row), at two levels."""

    coarse: Floats
    fine: Floats


def spread_of(
    value: Callable[[Floats], Floats], noise: Noise, kinks: Sequence[float], mean: float, deviation: float
) -> Spread:
    """The draw value(epsilon) on nodes of the noise; `kinks` are the places where it is not smooth."""
    coarse, fine = (_nodes(value, noise, kinks, mean, deviation, panels) for panels in (_PANELS // 2, _PANELS))
    return Spread(coarse, fine)


def inverted_law(spread: Spread, n: int) -> MeanLaw:
    """The law of the mean of n such draws.

    Under heavy tails the bulk of Z is much narrower than its standard error. It is then inverted in a unit of its own,
    and the tails in units 8, 64, ... times as large, up to 1. There Z is blurred by a normal of a tenth of a unit and
    looked at from 4 units on; what twice the variance of the blur changes is part of the error.
    """
    unit = _width_of_bulk(spread.coarse, n)
    levels = [_level(spread, n, unit, blurred=False)]
    while unit < 1:
        unit = min(8 * unit, 1.0)
        levels.append(_level(spread, n, unit, blurred=True))

    def at_most(z: Floats) -> Floats:
        found = levels[-1].at_most(np.clip(z / levels[-1].unit, -FARTHEST, FARTHEST))
        for level in reversed(levels[:-1]):
            near = np.abs(z) <= FARTHEST * level.unit
            found[near] = level.at_most(z[near] / level.unit)
        return found

    return MeanLaw(
        "characteristic function",
        max(level.error for level in levels),
        lambda z: np.clip(at_most(z), 0.0, 1.0),
        lambda z: np.clip(1 - at_most(z), 0.0, 1.0),
    )


@dataclass(frozen=True)
class _Level:
    """z -> P(Z <= unit z) for |z| <= FARTHEST, and its error."""

    unit: float
    at_most: Callable[[Floats], Floats]
    error: float


def _level(spread: Spread, n: int, unit: float, blurred: bool) -> _Level:
    coarse = _inversion(spread.coarse, n, unit, _TURN * 2, blurred)
    fine = _inversion(spread.fine, n, unit, _TURN, blurred)
    places = np.linspace(-FARTHEST, FARTHEST, 81)
    if blurred:
        places = places[np.abs(places) >= FARTHEST / 8]
    seen = fine.at_most(places)
    error = float(np.abs(seen - coarse.at_most(places)).max())
    if blurred:
        error += float(np.abs(seen - fine.more_blurred(places)).max())
    return _Level(unit, fine.at_most, error + fine.left + _ROUNDING * math.sqrt(n) / unit)


def _width_of_bulk(nodes: Floats, n: int) -> float:
    """1 where |phi_Z| has fallen to a half at t = 2, as that of a normal has; else a power of 2 below; 1 if never."""
    times = 2.0 ** np.arange(1, _SMALLEST_UNIT + 1)
    offsets = np.clip(nodes[0] / math.sqrt(n), -_LARGEST, _LARGEST)
    fallen = [abs(np.vecdot(nodes[1], _turned(np.array([t]), offsets))[0] + 1) ** n <= 0.5 for t in times]
    return 2.0 ** -fallen.index(True) if any(fallen) else 1.0


def _nodes(
    value: Callable[[Floats], Floats], noise: Noise, kinks: Sequence[float], mean: float, deviation: float, panels: int
) -> Floats:
    log_density = compile_kernel([sp.expand_log(sp.log(noise.density), force=True)], noise.symbol)

    def height(points: Floats) -> Floats:
        out = np.empty((1, points.size))
        log_density(points, out)
        found: Floats = out[0]
        return found

    low, high = (_reach(float(end), height) for end in noise.support)
    corners = [low, *sorted(kink for kink in set(kinks) if low < kink < high), high]
    edges = np.unique(
        np.concatenate(
            [np.linspace(a, b, 2 + math.ceil(panels * (b - a) / (high - low))) for a, b in pairwise(corners)]
        )
    )
    half = np.diff(edges)[:, None] / 2
    points = ((edges[1:] + edges[:-1])[:, None] / 2 + half * _NODES).ravel()
    with np.errstate(all="ignore"):
        mass = (half * _WEIGHTS).ravel() * np.exp(height(points))
        offsets = (value(points) - mean) / deviation
    offsets = np.nan_to_num(offsets, nan=0.0, posinf=np.inf, neginf=-np.inf)
    return np.stack((offsets, mass))


def _reach(end: float, height: Callable[[Floats], Floats]) -> float:
    """A finite end as it is; for an infinite one the place where the density vanishes, to 1/16."""
    if math.isfinite(end):
        return end
    direction = math.copysign(1.0, end)
    near, far = 0.0, 1.0
    while height(np.array([direction * far]))[0] > _NO_DENSITY:
        near, far = far, 2 * far
    while far - near > 1 / 16:
        middle = (near + far) / 2
        if height(np.array([direction * middle]))[0] > _NO_DENSITY:
            near = middle
        else:
            far = middle
    return direction * far


@dataclass(frozen=True)
class _Inversion:
    """Nodes t and terms of the sum for P(Z <= unit z), the same for Z blurred more, and what phi_Z is at the cut."""

    t: Floats
    terms: Complexes
    blurred_terms: Complexes
    left: float

    def at_most(self, z: Floats) -> Floats:
        return self._sum(z, self.terms)

    def more_blurred(self, z: Floats) -> Floats:
        return self._sum(z, self.blurred_terms)

    def _sum(self, z: Floats, terms: Complexes) -> Floats:
        return 0.5 - np.array([np.imag(np.exp(-1j * place * self.t) @ terms) for place in z.tolist()]) / math.pi


def _inversion(nodes: Floats, n: int, unit: float, turn: float, blurred: bool) -> _Inversion:
    width = turn / FARTHEST * 2
    transform = _Transform.of(nodes, n, unit, width)
    edges = width * 2.0 ** -np.arange(_HALVINGS, -1, -1)
    half = np.diff(edges, prepend=0.0)[:, None] / 2
    times, weights, values = [edges[:, None] - half * (1 - _NODES)], [half * _WEIGHTS], [transform.below_width()]
    left, last, end = 1.0, width, _LAST_BLURRED if blurred else _LAST
    while left > _GONE and last < end:
        # Blocks grow, so that a phi_Z that rises again after a zero is not cut there.
        starts = last + width * np.arange(max(4, math.ceil(last / (4 * width))), dtype=np.float64)
        places = starts[:, None] + width / 2 * (1 + _NODES)
        values.append(transform.in_panels(starts) * (np.exp(-((places * _BLUR) ** 2) / 2) if blurred else 1.0))
        times.append(places)
        weights.append(np.tile(width / 2 * _WEIGHTS, (starts.size, 1)))
        left = float(np.abs(values[-1]).max())
        last = float(starts[-1]) + width
    if blurred:
        values[0] = values[0] * np.exp(-((times[0] * _BLUR) ** 2) / 2)
    t = np.concatenate(times).ravel()
    terms = np.concatenate(weights).ravel() / t * np.concatenate(values).ravel()
    return _Inversion(t, terms, terms * np.exp(-((t * _BLUR) ** 2) / 2), left if left > _GONE else 0.0)


@dataclass(frozen=True)
class _Transform:
    """phi_Z from W(t) = exp(i t y) - 1, y a draw over unit sqrt(n): as phi = 1 + E W, a power n of 1e12 loses nothing.

    Within a panel that begins at a, W(a + b) = W(a) + W(b) + W(a) W(b): `inner` holds W(b) at the nodes, so that only
    W(a) is computed; the rest are dot products. Towards 0, W(2 t) = W(t) (2 + W(t)) gives one panel from another.
    """

    offsets: Floats
    mass: Floats
    width: float
    inner: Complexes
    n: int

    @classmethod
    def of(cls, nodes: Floats, n: int, unit: float, width: float) -> _Transform:
        offsets, mass = nodes[:, nodes[1] > _NO_MASS / n]
        offsets = np.clip(offsets / (unit * math.sqrt(n)), -_LARGEST, _LARGEST)
        return cls(offsets, mass, width, _turned(width / 2 * (1 + _NODES), offsets), n)

    def below_width(self) -> Complexes:
        """The panels between 0, d, 2 d, 4 d, ..., width."""
        last = self.width * 2.0**-_HALVINGS
        turned = _turned(last * (1.5 + _NODES / 2), self.offsets)
        rows = [np.vecdot(self.mass, _turned(last * (1 + _NODES) / 2, self.offsets))]
        for _ in range(_HALVINGS):
            rows.append(np.vecdot(self.mass, turned))
            turned *= 2 + turned
        return self._power(np.stack(rows))

    def in_panels(self, starts: Floats) -> Complexes:
        within, step = self.inner * self.mass, max(1, _AT_A_TIME // self.offsets.size)
        rows = []
        for start in range(0, starts.size, step):
            outer = _turned(starts[start : start + step], self.offsets)
            # Dot products rather than a product of matrices, which would start threads for so little.
            both = np.vecdot(np.conj(outer)[:, None], within)
            rows.append(np.vecdot(self.mass, outer)[:, None] + within.sum(axis=1) + both)
        return self._power(np.concatenate(rows))

    def _power(self, less_one: Complexes) -> Complexes:
        """(1 + W)^n."""
        real, imaginary = less_one.real, less_one.imag
        size = np.exp(self.n / 2 * np.log1p(np.maximum(2 * real + real**2 + imaginary**2, _ALL_BUT_ONE)))
        found: Complexes = size * np.exp(1j * self.n * np.arctan2(imaginary, 1 + real))
        return found


def _turned(times: Floats, offsets: Floats) -> Complexes:
    """exp(i t y) - 1 without cancellation: 2 i sin(t y/2) exp(i t y/2)."""
    halves = np.multiply.outer(times / 2, offsets)
    sines = np.sin(halves)
    found = np.empty(halves.shape, dtype=np.complex128)
    found.real, found.imag = -2 * sines * sines, 2 * sines * np.cos(halves)
    return found

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
from symbolic.law import Noise

__all__ = ["FARTHEST", "MeanLaw", "Spread", "inverted_law", "normal_law", "spread_of", "two_point_law"]

Floats: TypeAlias = NDArray[np.float64]
Complexes: TypeAlias = NDArray[np.complex128]

FARTHEST = 32.0
"""Standard errors beyond which an inverted law is not resolved: a tail farther out is given as the one there."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NO_DENSITY = -85.0  # the noise is cut where its density falls below exp of this: 1e-37
_PANELS = 128  # of the noise, at the finer of two levels
_TURN = 5.0  # radians of exp(-i t z) in half a panel of t at the finer level: 16 nodes resolve them to the last bit
_DYADIC = 2.0**-12  # panels of t are halved towards 0, down to here
_GONE = 1e-17  # phi_Z is cut where it stays below this
_MOST_PANELS = 2**8
_AT_A_TIME = 2**16  # numbers in a matrix: they fit into a core's own cache
_ROUNDING = 1e-15  # of E sin, in standard errors of one draw
_ALL_BUT_ONE = -1 + 2.0**-53  # |phi|**2 - 1 where phi is 0
_LARGEST = 1e10  # standard deviations of the sum at which a draw is cut: what lies there has no mass


@dataclass(frozen=True)
class MeanLaw:
    """`below(z)` = P(Z < z) and `above(z)` = P(Z > z), arrays to arrays, for Z = sqrt(n) (mean - m) / s.

    `error` is how far both may be off: 0 where `method` is exact.
    """

    method: str
    error: float
    below: Callable[[Floats], Floats]
    above: Callable[[Floats], Floats]

    @property
    def is_exact(self) -> bool:
        return self.error == 0

    def outside(self, low: float, high: float) -> float:
        """P(Z < low or Z > high)."""
        return float(min(1.0, self.below(np.array([low]))[0] + self.above(np.array([high]))[0]))


def normal_law() -> MeanLaw:
    """Every Z = N(0, 1): a draw that is a + b epsilon with normal noise."""
    from scipy.special import ndtr

    return MeanLaw("exact: normal", 0.0, lambda z: np.asarray(ndtr(z)), lambda z: np.asarray(ndtr(-z)))


def two_point_law(n: int, p: float) -> MeanLaw:
    """The mean of n draws of two values, the larger one with probability p: a binomial count C.

    Z < z means C < n p + z sqrt(n p (1 - p)); a count within 1e-9 of an end of an interval counts as inside.
    """
    from scipy.special import betainc

    scale = math.sqrt(n) * math.sqrt(p * (1 - p))

    def at_most(count: Floats, share: float) -> Floats:
        """P(Binomial(n, share) <= count)."""
        inside = np.clip(count, 0, n - 1)
        found = np.where(count >= n, 1.0, betainc(n - inside, inside + 1, 1 - share))
        return np.where(count < 0, 0.0, found)

    def below(z: Floats) -> Floats:
        return at_most(np.ceil(n * p + z * scale - 1e-9) - 1, p)

    def above(z: Floats) -> Floats:
        return at_most(n - 1 - np.floor(n * p + z * scale + 1e-9), 1 - p)

    return MeanLaw("exact: binomial", 0.0, below, above)


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
    """The law of the mean of n such draws."""
    coarse, _ = _inversion(spread.coarse, n, _TURN * 2)
    fine, left = _inversion(spread.fine, n, _TURN)
    places = np.linspace(-FARTHEST, FARTHEST, 81)
    error = float(np.abs(fine(places) - coarse(places)).max()) + left + _ROUNDING * math.sqrt(n)

    def lower(z: Floats) -> Floats:
        return np.clip(fine(np.clip(z, -FARTHEST, FARTHEST)), 0.0, 1.0)

    def upper(z: Floats) -> Floats:
        return np.clip(1 - fine(np.clip(z, -FARTHEST, FARTHEST)), 0.0, 1.0)

    return MeanLaw("characteristic function", error, lower, upper)


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


def _inversion(nodes: Floats, n: int, turn: float) -> tuple[Callable[[Floats], Floats], float]:
    """z -> P(Z <= z), and what phi_Z is where it was cut."""
    width = turn / FARTHEST * 2
    transform = _Transform.of(nodes, n, width)
    edges = width * 2.0 ** -np.arange(math.ceil(math.log2(width / _DYADIC)), -1, -1)
    half = np.diff(edges, prepend=0.0)[:, None] / 2
    places = edges[:, None] - half * (1 - _NODES)
    times, weights, values = [places], [half * _WEIGHTS], [transform.at(places)]
    left, last, panels = 1.0, width, 0
    while left > _GONE and panels < _MOST_PANELS:
        # Blocks grow, so that a phi_Z that rises again after a zero is not cut there.
        starts = last + width * np.arange(max(4, math.ceil(last / (4 * width))), dtype=np.float64)
        values.append(transform.in_panels(starts))
        times.append(starts[:, None] + width / 2 * (1 + _NODES))
        weights.append(np.tile(width / 2 * _WEIGHTS, (starts.size, 1)))
        left = float(np.abs(values[-1]).max())
        panels += starts.size
        last = float(starts[-1]) + width
    t = np.concatenate(times).ravel()
    terms = np.concatenate(weights).ravel() / t * np.concatenate(values).ravel()

    def at_most(z: Floats) -> Floats:
        sums = [np.imag(np.exp(-1j * place * t) @ terms) for place in z.tolist()]
        return 0.5 - np.array(sums) / math.pi

    return at_most, left if left > _GONE else 0.0


@dataclass(frozen=True)
class _Transform:
    """phi_Z from W(t) = exp(i t y) - 1, y a draw over sqrt(n): with phi - 1 = E W, a power n of 1e12 loses nothing.

    Within a panel that begins at a, W(a + b) = W(a) + W(b) + W(a) W(b): `inner` holds W(b) at the nodes, so that only
    W(a) is computed; the rest are dot products.
    """

    offsets: Floats
    mass: Floats
    inner: Complexes
    n: int

    @classmethod
    def of(cls, nodes: Floats, n: int, width: float) -> _Transform:
        offsets = np.clip(nodes[0] / math.sqrt(n), -_LARGEST, _LARGEST)
        return cls(offsets, nodes[1], _turned(width / 2 * (1 + _NODES), offsets), n)

    def at(self, places: Floats) -> Complexes:
        rows = [np.vecdot(self.mass, _turned(row, self.offsets)) for row in places]
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

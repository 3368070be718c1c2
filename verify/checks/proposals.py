"""Which mixture to draw from: the one whose weighted squares spread least, found by arithmetic on a grid.

    kappa_w = E_q[w h^2] / (E_q h)^2,   h = (g - c)^2,   w = q / sum_j p_j q_j

is least where the mixture looks like f = h q / E_q h. The shifts and scales that are tried are read off f, and parts
are added while they help. Nothing is proven here: what comes out is a choice, and any choice is valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor, log2
from typing import TypeAlias

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from numeric.kernel import Kernel, compile_kernel
from numeric.mixture import Mixture, Part, keeps_support
from symbolic.law import Noise

__all__ = ["mixture_for"]

Floats: TypeAlias = NDArray[np.float64]

_REACH = 64.0  # units of the noise
_POINTS = 2**16
_NODES = 1500
_UNITS = 16  # shares are multiples of 1/16
_PLAIN = 4  # of which the noise itself has at least so many: no weight exceeds 4
_MOST_PARTS = 3  # besides the plain one
_GAIN = 0.1  # a part that lowers kappa_w by less is not worth its time
_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)  # of the rest, tried for one more part
_LEVELS = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
_SCALES_OF_SPREAD = (0.125, 0.25, 0.5, 1.0, 1.5)
_SCALES_OF_NOISE = (0.5, 1.0, 1.5, 2.0, 3.0)
_PARTS_OF_SPREAD = 16  # shifts and scales are rounded to this share of the spread
_SMALLEST_SPREAD = 1 / 512
_LARGEST_LOG = 600.0
_PLAIN_PART = (Fraction(0), Fraction(1))


@dataclass(frozen=True)
class _Target:
    """Nodes of the noise, the mass of f at each (the sum is 1), and log(f/q) there."""

    nodes: Floats
    mass: Floats
    log_ratio: Floats

    def kappa(self, density: Floats) -> Floats:
        """kappa_w for densities (..., nodes) of mixtures relative to f."""
        with np.errstate(divide="ignore"):
            found: Floats = (self.mass / density).sum(axis=-1)
        return found

    def quantile(self, level: float) -> float:
        return float(np.interp(level, np.cumsum(self.mass), self.nodes))


def mixture_for(term: sp.Expr, centre: float, noise: Noise) -> Mixture | None:
    """A defensive mixture for the mean of (term - centre)^2 under the noise; None where none was found.

    `term` is an expression in the noise symbol alone. A peak that falls between points 1/512 apart is not seen.
    """
    if not keeps_support(noise, shifted=False):
        return None
    target = _target(term, centre, noise)
    if target is None:
        return None
    candidates = [_PLAIN_PART, *_candidates(target, keeps_support(noise, shifted=True))]
    densities = _densities(candidates, target, noise)
    chosen: list[int] = []
    shares: tuple[int, ...] = ()
    kappa = float(target.kappa(densities[0]))
    while len(chosen) < _MOST_PARTS:
        longer = [*chosen, _best_addition(target, densities, chosen, shares)]
        new_shares, new_kappa = _best_shares(target, densities[0], densities[longer])
        if not new_kappa < (1 - _GAIN) * kappa:
            break
        chosen, shares, kappa = longer, new_shares, new_kappa
    pairs = ((candidates[place], share) for place, share in zip(chosen, shares, strict=True))
    parts = [Part(Fraction(share, _UNITS), *shift_and_scale) for shift_and_scale, share in pairs if share]
    if not parts:
        return None
    left = 1 - sum((part.share for part in parts), Fraction(0))
    return Mixture(noise.sampler, (Part(left, *_PLAIN_PART), *parts))


def _target(term: sp.Expr, centre: float, noise: Noise) -> _Target | None:
    """f on cells of a fine grid, then on fewer ones that follow f, half of them for its tails."""
    kernel = compile_kernel([term], noise.symbol)
    low, high = (float(np.clip(float(end), -_REACH, _REACH)) for end in noise.support)
    edges = np.linspace(low, high, _POINTS + 1)
    for _ in range(2):
        seen = _shape(kernel, centre, noise, edges)
        if seen is None:
            return None
        log_shape, _ = seen
        widths = np.diff(edges)
        mass, tails = np.exp(log_shape) * widths, np.exp(log_shape / 4) * widths
        filled = np.cumsum(mass / mass.sum() + tails / tails.sum())
        edges = np.interp(np.linspace(0, filled[-1], _NODES + 1), [0.0, *filled], edges)
    seen = _shape(kernel, centre, noise, edges)
    if seen is None:
        return None
    log_shape, log_height = seen
    mass = np.exp(log_shape) * np.diff(edges)
    # f = h q / E_q h, and E_q h is the sum of the masses where log_shape is log(h q).
    return _Target(_middles(edges), mass / mass.sum(), log_height - np.log(mass.sum()))


def _shape(kernel: Kernel, centre: float, noise: Noise, edges: Floats) -> tuple[Floats, Floats] | None:
    """log(h q) and log h in the middle of each cell, both less the largest log(h q); None if nothing is finite."""
    nodes = _middles(edges)
    values = np.empty((1, nodes.size))
    with np.errstate(all="ignore"):
        kernel(nodes, values)
        log_height = 2 * np.log(np.abs(values[0] - centre))
    log_height[~np.isfinite(log_height)] = -np.inf
    log_shape = log_height + _log_density(noise, nodes)
    top = float(log_shape.max())
    return (log_shape - top, log_height - top) if np.isfinite(top) else None


def _middles(edges: Floats) -> Floats:
    middles: Floats = (edges[1:] + edges[:-1]) / 2
    return middles


def _log_density(noise: Noise, places: Floats) -> Floats:
    values = np.empty((1, places.size))
    compile_kernel([sp.expand_log(sp.log(noise.density), force=True)], noise.symbol)(places, values)
    found: Floats = values[0]
    return found


def _candidates(target: _Target, shifted: bool) -> Iterator[tuple[Fraction, Fraction]]:
    """(shift, scale) of every part that is tried."""
    spread = max((target.quantile(0.84) - target.quantile(0.16)) / 2, _SMALLEST_SPREAD)
    unit = Fraction(2) ** floor(log2(spread)) / _PARTS_OF_SPREAD
    places = {round(Fraction(target.quantile(level)) / unit) * unit for level in _LEVELS}
    scales = {round(Fraction(spread * size) / unit) * unit for size in _SCALES_OF_SPREAD}
    scales |= {Fraction(size) for size in _SCALES_OF_NOISE}
    shifts = {Fraction(0)}
    if shifted:
        shifts |= places
    else:
        scales |= {abs(place) for place in places} - {0}
    return (pair for pair in product(sorted(shifts), sorted(scales)) if pair != _PLAIN_PART)


def _densities(candidates: Sequence[tuple[Fraction, Fraction]], target: _Target, noise: Noise) -> Floats:
    """q((e - a)/b) / (b f(e)) of each candidate at each node: near 1 where a part looks like f."""
    shifts, scales = (np.array([[float(pair[k])] for pair in candidates]) for k in (0, 1))
    moved = _log_density(noise, ((target.nodes - shifts) / scales).ravel()).reshape(len(candidates), -1)
    with np.errstate(invalid="ignore"):
        logs = moved - np.log(scales) - (_log_density(noise, target.nodes) + target.log_ratio)
    logs[:, target.mass == 0] = 0.0
    densities: Floats = np.exp(np.clip(logs, -_LARGEST_LOG, _LARGEST_LOG))
    return densities


def _best_addition(target: _Target, densities: Floats, chosen: list[int], shares: tuple[int, ...]) -> int:
    """The candidate that lowers kappa_w most beside those chosen, at the best of a few shares."""
    others = np.array(shares, dtype=np.float64) @ densities[chosen] / sum(shares) if sum(shares) else densities[0]
    plain = _PLAIN / _UNITS
    mixed = (plain * densities[0] + (1 - plain) * ((1 - taken) * others + taken * densities) for taken in _SHARES)
    return int(np.min([target.kappa(density) for density in mixed], axis=0).argmin())


def _best_shares(target: _Target, plain: Floats, densities: Floats) -> tuple[tuple[int, ...], float]:
    """The best shares in units of 1/16, the plain part keeping what is left, by trying them all; and kappa_w there."""
    free = _UNITS - _PLAIN
    tried = np.array([units for units in product(range(free + 1), repeat=len(densities)) if sum(units) <= free])
    kappas = target.kappa(((_UNITS - tried.sum(axis=1, keepdims=True)) * plain + tried @ densities) / _UNITS)
    best = int(kappas.argmin())
    return tuple(int(units) for units in tried[best]), float(kappas[best])

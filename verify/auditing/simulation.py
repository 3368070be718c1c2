"""A tolerance played through: correct code, many fresh seeds, how often it fails."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numeric.estimation import case_text
from numeric.streams import CHUNK, case_hash, fill_noise, generator
from verify.auditing.tolerance_test import ToleranceTest
from verify.cell import Cell
from verify.usage import UsageError

__all__ = ["Simulation", "simulate_audit"]

_RISK = 1e-6  # that the interval misses the truth


@dataclass(frozen=True)
class Simulation:
    """`failures` of `runs` runs of correct code; their probability lies in `interval` but for a probability of 1e-6.

    `agrees`: the computed probability is in that interval.
    """

    runs: int
    failures: int
    interval: tuple[float, float]
    agrees: bool


def simulate_audit(cell: Cell, test: ToleranceTest, n: int, runs: int, seed: int) -> Simulation:
    """`runs` runs of n fresh draws for each component. Raises UsageError if the mean of a run is not finite."""
    # Draws that all have to be the gradient are it to within their rounding.
    allowed = test.tolerance if test.standard_error else test.tolerance + cell.rounding
    failures, means = 0, _means(cell, n, seed)
    for index in range(runs):
        off = [next(means) for _ in range(test.components)]
        if not all(math.isfinite(mean) for mean in off):
            raise UsageError(f"run {index} of the simulation has a mean that is not finite; choose other parameters")
        failures += any(abs(mean) > allowed for mean in off)
    low, high = _interval(failures, runs)
    return Simulation(runs, failures, (low, high), low <= test.failing() <= high)


def _means(cell: Cell, n: int, seed: int) -> Iterator[float]:
    """Means of n draws, less the gradient, one after the other from one stream of noise."""
    noise, case = cell.judged.noise, case_hash(f"{case_text(cell.problem, cell.values)}; audit")
    centre, rows, size = float(cell.gradient), max(1, CHUNK // n), min(n, CHUNK)
    points, draws = np.empty(rows * size), np.empty((1, rows * size))
    chunks = itertools.count()
    while True:
        sums, left = np.zeros(rows), n
        while left:
            part = min(left, size)
            stream = generator(seed, case, next(chunks))
            fill_noise(stream, noise.sampler, points[: rows * part])
            with np.errstate(all="ignore"):  # what overflows is refused by the caller
                cell.kernel(points[: rows * part], draws[:, : rows * part])
                sums += (draws[0, : rows * part].reshape(rows, part) - centre).sum(axis=1)
            left -= part
        yield from (sums / n).tolist()


def _interval(count: int, runs: int) -> tuple[float, float]:
    """Clopper and Pearson (1934): never narrower than it says."""
    from scipy.special import betaincinv

    low = 0.0 if count == 0 else float(betaincinv(count, runs - count + 1, _RISK / 2))
    high = 1.0 if count == runs else float(betaincinv(count + 1, runs - count, 1 - _RISK / 2))
    return low, high

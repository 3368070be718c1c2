"""Draws a second of the whole pipeline over the bare SFC64 fill, both measured in turns in one run.

A draw is one noise that gives both estimators of d/dmu E[f(x)], x ~ N(mu, sigma^2), with sums, sums of squares and
block means of each. Run by hand: `make bench`, or python tests/benchmarks/throughput.py. Not a test.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import sympy as sp
from tabulate import tabulate

from numeric.kernel import Kernel, compile_kernel
from numeric.simulate import Watch, simulate
from numeric.streams import CHUNK, fill_noise, generator

GOAL = 0.6
CHUNKS = 40
ROUNDS = 15
BLOCK = 512
MU = sp.Rational(1, 2)

x = sp.Symbol("x", real=True)
epsilon = sp.Symbol("epsilon", real=True)
COSTS = (x**2, x**4 - 3 * x**2 + x, sp.exp(x / 2), sp.cos(3 * x), sp.exp(-(x**2) / 2), x**3 * sp.exp(x / 2))
SIGMAS = (sp.Integer(1), sp.Rational(3, 2))


def kernel_of(cost: sp.Expr, sigma: sp.Expr) -> Kernel:
    """Rows: score function f(x) epsilon / sigma and pathwise f'(x), at x = mu + sigma epsilon."""
    path = {x: MU + sigma * epsilon}
    return compile_kernel([cost.subs(path) * epsilon / sigma, sp.diff(cost, x).subs(path)], epsilon)


def seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def draw(kernel: Kernel, workers: int) -> None:
    watches = [Watch(output=row, centre=0.123, power=1, block=BLOCK) for row in range(2)]
    for _ in simulate(kernel, "standard_normal", "bench", 0, watches, chunks=CHUNKS, workers=workers):
        pass


def fill(buffer: np.ndarray) -> None:
    stream = generator(0, 0, 0)
    for _ in range(CHUNKS * CHUNK // buffer.size):
        fill_noise(stream, "standard_normal", buffer)


def main() -> None:
    """Print one row a cost: the median over rounds of speed over that of the fill just before it."""
    buffer = np.empty(2**14)
    rows = []
    for sigma in SIGMAS:
        for cost in COSTS:
            kernel = kernel_of(cost, sigma)
            ratios: dict[int, list[float]] = {1: [], 2: []}
            speeds = []
            for _ in range(ROUNDS):
                for workers, found in ratios.items():
                    bare = seconds(lambda: fill(buffer))
                    found.append(bare / seconds(lambda: draw(kernel, workers)))  # noqa: B023 - called at once
                    speeds.append(CHUNKS * CHUNK / bare / 1e6)
            one, two = (statistics.median(found) for found in ratios.values())
            rows.append((str(cost), str(sigma), one, "yes" if one >= GOAL else "NO", two, statistics.median(speeds)))
    headers = ("cost", "sigma", "1 thread / fill", f">= {GOAL}", "2 threads / fill", "fill, million/s")
    print(tabulate(rows, headers=headers, floatfmt=".2f"))


if __name__ == "__main__":
    main()

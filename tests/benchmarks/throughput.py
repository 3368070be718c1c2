"""Draws a second of the whole pipeline over the bare SFC64 fill, both measured in turns in one run.

A draw is one noise that gives both estimators of d/dmu E[f(x)], x ~ N(mu, sigma^2), with sums, sums of squares and
block means of each. Run by hand, on a machine with nothing else to do: python -m tests.benchmarks.throughput
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import sympy as sp
from tabulate import tabulate

from numeric.kernel import Kernel, compile_kernel
from numeric.simulate import ChunkSums, Watch, simulate
from numeric.streams import CHUNK, fill_noise, generator

GOAL = 0.6
CHUNKS = 300
CHUNKS_OF_TWO = 60
BLOCK = 512
BUFFER = 2**14
MU = sp.Rational(1, 2)
SIGMAS = (sp.Integer(1), sp.Rational(3, 2))

x = sp.Symbol("x", real=True)
epsilon = sp.Symbol("epsilon", real=True)
COSTS = (x**2, x**4 - 3 * x**2 + x, sp.exp(x / 2), sp.cos(3 * x), sp.exp(-(x**2) / 2), x**3 * sp.exp(x / 2))


def kernel_of(cost: sp.Expr, sigma: sp.Expr) -> Kernel:
    """Rows: score function f(x) epsilon / sigma and pathwise f'(x), at x = mu + sigma epsilon."""
    path = {x: MU + sigma * epsilon}
    return compile_kernel([cost.xreplace(path) * epsilon / sigma, sp.diff(cost, x).xreplace(path)], epsilon)


def chunks_of(kernel: Kernel, chunks: int, workers: int) -> Iterator[ChunkSums]:
    watches = [Watch(output=row, centre=0.123, power=1, block=BLOCK) for row in range(2)]
    return simulate(kernel, "standard_normal", "bench", 0, watches, chunks=chunks, workers=workers)


def fill(stream: np.random.Generator, buffer: npt.NDArray[np.float64]) -> None:
    """A chunk of bare noise."""
    for _ in range(CHUNK // buffer.size):
        fill_noise(stream, "standard_normal", buffer)


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def one_thread(kernel: Kernel) -> tuple[float, float, float]:
    """CPU time of a chunk of fill over that of a chunk of draws: the median, and best over best; fill in million/s."""
    stream, buffer = generator(0, 0, 0), np.empty(BUFFER)
    chunks = chunks_of(kernel, CHUNKS, workers=1)
    fills, draws = [], []
    for _ in range(CHUNKS):
        fills.append(seconds(lambda: fill(stream, buffer), time.thread_time))
        draws.append(seconds(lambda: next(chunks), time.thread_time))
    ratio = statistics.median(bare / whole for bare, whole in zip(fills, draws, strict=True))
    return ratio, min(fills) / min(draws), CHUNK / min(fills) / 1e6


def two_threads(kernel: Kernel) -> float:
    """The same by the clock, for two threads over one thread of fill."""
    stream, buffer = generator(0, 0, 0), np.empty(BUFFER)
    bare = sum(seconds(lambda: fill(stream, buffer), time.perf_counter) for _ in range(CHUNKS_OF_TWO))
    return bare / seconds(lambda: list(chunks_of(kernel, CHUNKS_OF_TWO, workers=2)), time.perf_counter)


def main() -> None:
    """Print one row for each cost and sigma."""
    rows = []
    for sigma in SIGMAS:
        for cost in COSTS:
            kernel = kernel_of(cost, sigma)
            median, best, speed = one_thread(kernel)
            two = statistics.median(two_threads(kernel) for _ in range(5))
            rows.append((str(cost), str(sigma), median, best, "yes" if median >= GOAL else "NO", two, speed))
    headers = ("cost", "sigma", "draws / fill", "best / best", f">= {GOAL}", "2 threads / fill", "fill, million/s")
    print(tabulate(rows, headers=headers, floatfmt=".2f"))


if __name__ == "__main__":
    main()

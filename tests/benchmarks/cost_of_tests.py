"""What the sequential tests cost, as a share of the simulation that feeds them, over the whole catalogue.

Each case is drawn once as a report draws it, and its chunks are kept. Then, in turns, the same chunks are simulated
again, are simulated without block means, are handed to fresh tests, and to fresh claims, which add up the draws beside
the test. CPU time of one thread, the least of several turns. Run by hand, on a machine with nothing else to do:
python -m tests.benchmarks.cost_of_tests, and another resolution than 0.01 as an argument.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from numeric.estimation import case_text
from numeric.simulate import ChunkSums, Watch, simulate
from verify.case import Case, Settings
from verify.catalogue import CATALOGUE
from verify.cell import Cell, cells_of
from verify.checks.claims import Claim, bias_claim, looks_due, variance_claim_of
from verify.checks.context import Context
from verify.checks.draws import Draws
from verify.checks.mixture import MOST_DRAWS, plain_variance_draws
from verify.controls import CONTROLS
from verify.deciding.error_budget import Budget

GOAL = 0.03
TURNS = 7


@dataclass(frozen=True)
class Row:
    """Seconds of CPU time for one case."""

    cost: str
    chunks: int
    simulation: float
    without_means: float
    tests: float
    claims: float


def claims_of(cells: Sequence[Cell], context: Context) -> list[Claim]:
    """The claims that plain draws decide, as a report makes them."""
    claims = [bias_claim(cell, row, context) for row, cell in enumerate(cells)]
    plain = [(row, cell) for row, cell in enumerate(cells) if plain_variance_draws(cell, context) <= MOST_DRAWS]
    return claims + [variance_claim_of(cell, row, context) for row, cell in plain]


def drawn(cells: Sequence[Cell], claims: Sequence[Claim]) -> list[ChunkSums]:
    """The chunks that decide the claims."""
    chunks: list[ChunkSums] = []
    for chunk in source(cells, [claim.watch for claim in claims], lambda: open_places(claims), 10**6):
        chunks.append(chunk)
        for place, claim in enumerate(claims):
            claim.take(chunk, place)
        if not open_places(claims):
            break
    return chunks


def open_places(claims: Sequence[Claim]) -> list[int]:
    return [place for place, claim in enumerate(claims) if not claim.finished]


def source(
    cells: Sequence[Cell], watches: Sequence[Watch], active: Callable[[], Collection[int]], chunks: int
) -> Iterator[ChunkSums]:
    noise, text = cells[0].judged.noise, case_text(cells[0].problem, cells[0].values)
    draws = Draws(tuple(cell.term for cell in cells), noise.symbol, noise.sampler, text)
    return simulate(draws.kernel, draws.sampler, text, 0, watches, chunks=chunks, active=active)


def seconds(chunks: Iterator[ChunkSums]) -> float:
    """Of all chunks but the first, for which the kernel is compiled; as if it had cost what the others do."""
    next(chunks)
    start = time.thread_time()
    count = sum(1 for _ in chunks)
    return (time.thread_time() - start) * (count + 1) / count


def row_of(case: Case, context: Context) -> Row:
    """The times of one case."""
    cells = cells_of(case)
    claims = claims_of(cells, context)
    chunks = drawn(cells, claims)
    watches = [claim.watch for claim in claims]
    wanted = [[place for place, means in enumerate(chunk.block_means) if means is not None] for chunk in chunks]
    simulations, bare, tests, taken = [], [], [], []
    for _ in range(TURNS):
        simulations.append(seconds(source(cells, watches, partial(next, iter(wanted)), len(chunks))))
        bare.append(seconds(source(cells, watches, tuple, len(chunks))))
        tests.append(judged(claims_of(cells, context), chunks))
        fresh = claims_of(cells, context)
        start = time.thread_time()
        for chunk in chunks:
            for place, claim in enumerate(fresh):
                claim.take(chunk, place)
        taken.append(time.thread_time() - start)
    return Row(str(case.cost), len(chunks), min(simulations), min(bare), min(tests), min(taken))


def judged(claims: Sequence[Claim], chunks: Sequence[ChunkSums]) -> float:
    """Seconds of the sequential tests alone."""
    start = time.thread_time()
    held: list[list[NDArray[np.float64]]] = [[] for _ in claims]
    for chunk in chunks:
        for claim, means, waiting in zip(claims, chunk.block_means, held, strict=True):
            if claim.test is not None and means is not None and not claim.test.finished:
                waiting.append(means - claim.offset if claim.offset else means)
                for look in looks_due(waiting, claim.test):
                    claim.test.update(look)
    return time.thread_time() - start


def main() -> None:
    """Print one row for each case, and their sum."""
    budget = Budget()
    alpha, beta = budget.split(2 * sum(len(cells_of(case)) for case in CATALOGUE) + len(CONTROLS))
    settings = Settings(resolution=float(sys.argv[1])) if len(sys.argv) > 1 else Settings()
    context = Context(settings, alpha, beta, budget.pass_error)
    rows = [row_of(case, context) for case in CATALOGUE]
    rows.append(
        Row(
            "all",
            sum(row.chunks for row in rows),
            sum(row.simulation for row in rows),
            sum(row.without_means for row in rows),
            sum(row.tests for row in rows),
            sum(row.claims for row in rows),
        )
    )
    headers = (
        *("cost", "chunks", "simulation, ms", "of it block means, %"),
        *("tests, ms", "tests, %", f"<= {GOAL:.0%}", "tests and sums, %"),
    )
    table = [
        (
            row.cost,
            row.chunks,
            1e3 * row.simulation,
            100 * (1 - row.without_means / row.simulation),
            1e3 * row.tests,
            100 * row.tests / row.simulation,
            "yes" if row.tests <= GOAL * row.simulation else "NO",
            100 * row.claims / row.simulation,
        )
        for row in rows
    ]
    print(tabulate(table, headers=headers, floatfmt=".1f"))


if __name__ == "__main__":
    main()

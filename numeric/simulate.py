"""Draws of several terms on one noise, chunk by chunk, in order, by any number of workers.

Every number reported depends on (kernel, seed, case, index) alone. Workers only decide when it is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeAlias

from numeric.chunk import LOOKS, ChunkSums, Source, Watch, chunk_sums, source_of
from numeric.kernel import Kernel
from numeric.streams import CHUNK, LOOK, Sampler
from numeric.tally import Tally, merge

__all__ = ["LOOKS", "ChunkSums", "Watch", "run", "simulate"]

_Task: TypeAlias = tuple[Source, int, int, frozenset[int]]


def simulate(
    kernel: Kernel,
    sampler: Sampler,
    case_text: str,
    seed: int,
    watches: Sequence[Watch],
    *,
    chunks: int,
    workers: int = 1,
    executor: Executor | None = None,
    active: Callable[[], Collection[int]] | None = None,
) -> Generator[ChunkSums, None, None]:
    """The sums of chunks 0, 1, ..., chunks - 1, in this order; bit for bit the same for any number of workers.

    `executor` runs the chunks, at most 2 * workers ahead (by default a thread pool if workers > 1, else the caller).
    `active()` returns the places of the watches still wanted; it is asked when a chunk is handed out, so a chunk may
    carry block means that are wanted no longer, but never lacks one that is. Closing the generator stops the work.
    Raises NonFiniteDraw at the first chunk with a draw that is not finite, ValueError for a bad watch.
    """
    centres = _centres(watches, len(kernel.scales))
    source = source_of(kernel, sampler, case_text, seed, centres, watches)

    def task(index: int) -> _Task:
        wanted = range(len(watches)) if active is None else active()
        return source, index, CHUNK, frozenset(wanted)

    return _in_order(task, chunks, workers, executor)


def run(
    kernel: Kernel,
    sampler: Sampler,
    case_text: str,
    seed: int,
    n: int,
    centres: Sequence[float] | None = None,
    *,
    workers: int = 1,
    executor: Executor | None = None,
) -> tuple[Tally, ...]:
    """The tallies of the first n draws of the stream, one per term.

    Where the exact mean is not known, the mean of the first look stands in as the centre: sums of squares about 0 would
    cancel when the mean is large beside the standard deviation.
    Raises NonFiniteDraw for a draw that is not finite, ValueError if n < 1.
    """
    if n < 1:
        raise ValueError(f"n={n} draws: give at least 1")
    if centres is None:
        zeros = (0.0,) * len(kernel.scales)
        centres = tuple(tally.mean for tally in run(kernel, sampler, case_text, seed, min(n, LOOK), zeros))
    source = source_of(kernel, sampler, case_text, seed, centres, ())

    def task(index: int) -> _Task:
        return source, index, min(CHUNK, n - index * CHUNK), frozenset()

    totals = [Tally(0, centre=centre) for centre in centres]
    for sums in _in_order(task, -(-n // CHUNK), workers, executor):
        totals = [merge((total, sums.tally(output))) for output, total in enumerate(totals)]
    return tuple(totals)


def _centres(watches: Sequence[Watch], outputs: int) -> tuple[float, ...]:
    """The centre of each output; 0 for one that is not watched."""
    centres: dict[int, float] = {}
    for watch in watches:
        if not 0 <= watch.output < outputs:
            raise ValueError(f"output={watch.output} is not a row of this kernel: it has {outputs}")
        if centres.setdefault(watch.output, watch.centre) != watch.centre:
            raise ValueError(f"output={watch.output} has two centres, {centres[watch.output]} and {watch.centre}")
    return tuple(centres.get(output, 0.0) for output in range(outputs))


def _in_order(
    task: Callable[[int], _Task], chunks: int, workers: int, executor: Executor | None
) -> Generator[ChunkSums, None, None]:
    if workers < 1:
        raise ValueError(f"workers={workers}: give at least 1")
    if executor is None and workers == 1:
        for index in range(chunks):
            yield chunk_sums(*task(index))
        return
    pool = ThreadPoolExecutor(workers) if executor is None else executor
    pending: deque[Future[ChunkSums]] = deque()
    submitted = 0
    try:
        while submitted < chunks or pending:
            while submitted < chunks and len(pending) < 2 * workers:
                pending.append(pool.submit(chunk_sums, *task(submitted)))
                submitted += 1
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()
        if executor is None:
            pool.shutdown()

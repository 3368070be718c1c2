"""Chunks of draws: the same bits for any number of workers, and the sums of what was really drawn."""

from __future__ import annotations

import math
import pickle
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
import sympy as sp

import numeric.chunk
from numeric.errors import NonFiniteDraw
from numeric.kernel import compile_kernel
from numeric.simulate import LOOKS, ChunkSums, Watch, run, simulate
from numeric.streams import CHUNK, LOOK, case_hash, fill_noise, generator
from numeric.tally import merge
from tests.numeric.terms import EPSILON, HALF, Floats, X, four_terms

COST = X**3 * sp.exp(X / 2) + sp.cos(3 * X)
KERNEL = compile_kernel(four_terms(COST, HALF, sp.S.One), EPSILON)
CENTRES = (1.25, 0.5, 6.0, -3.0)
NORMAL = "standard_normal"
CASE = "a case"
WATCHES = [
    Watch(0, CENTRES[0], 1, 512),
    Watch(0, CENTRES[0], 2, 64),
    Watch(1, CENTRES[1], 1, 1),
    Watch(1, CENTRES[1], 2, 16),
    Watch(2, CENTRES[2], 1, LOOK),
    Watch(3, CENTRES[3], 2, 1024),
    Watch(3, CENTRES[3], 1, 64),
]


def bits(chunks: list[ChunkSums]) -> list[tuple[object, ...]]:
    """Everything that is reported; floats as bytes, so that equal means equal in every bit."""
    return [
        (
            *(chunk.index, chunk.count, chunk.noise_hash, chunk.centres),
            *(chunk.sums.tobytes(), chunk.squares.tobytes()),
            *(None if means is None else means.tobytes() for means in chunk.block_means),
        )
        for chunk in chunks
    ]


def drawn(workers: int = 1, executor: Executor | None = None, chunks: int = 3) -> list[ChunkSums]:
    return list(simulate(KERNEL, NORMAL, CASE, 5, WATCHES, chunks=chunks, workers=workers, executor=executor))


def the_draws(index: int, centres: tuple[float, ...] = CENTRES) -> Floats:
    """y = g - centre of one chunk, by the kernel alone."""
    noise, out = np.empty(CHUNK), np.empty((4, CHUNK))
    fill_noise(generator(5, case_hash(CASE), index), NORMAL, noise)
    KERNEL(noise, out)
    return np.asarray(out - np.array(centres)[:, None])


@pytest.mark.parametrize("workers", [2, 3])
def test_threads_change_no_bit(workers: int) -> None:
    assert bits(drawn(workers)) == bits(drawn())


def test_processes_change_no_bit() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert bits(drawn(2, pool, 2)) == bits(drawn(chunks=2))


def test_the_size_of_the_buffers_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = bits(drawn())
    for piece in (LOOK, CHUNK):
        monkeypatch.setattr(numeric.chunk, "_PIECE", piece)
        assert bits(drawn()) == usual


def test_a_stream_may_be_entered_at_any_chunk_by_the_number_of_its_chunk() -> None:
    assert bits(drawn(chunks=1)) == bits(drawn()[:1])


def test_seed_and_case_name_the_stream() -> None:
    def first(seed: int, case: str) -> tuple[object, ...]:
        (chunk,) = bits(list(simulate(KERNEL, NORMAL, case, seed, WATCHES, chunks=1)))
        return chunk

    assert len({first(0, "a"), first(1, "a"), first(0, "b")}) == 3
    assert first(0, "a") == first(0, "a")


def test_sums_are_those_of_the_draws() -> None:
    for chunk in drawn():
        y = the_draws(chunk.index).reshape(4, LOOKS, LOOK)
        for output in range(4):
            for look in range(LOOKS):
                some = y[output, look]
                scale = math.fsum(np.abs(some) + abs(CENTRES[output]))
                assert chunk.sums[output, look] == pytest.approx(math.fsum(some), abs=1e-13 * scale)
                assert chunk.squares[output, look] == pytest.approx(math.fsum(some**2), rel=1e-12)
        tally = chunk.tally(2, 3)
        assert tally.count == 3 * LOOK
        assert tally.sum == pytest.approx(math.fsum(y[2, :3].ravel()), abs=1e-9)
        assert tally.mean == pytest.approx(CENTRES[2] + y[2, :3].mean())


@pytest.mark.parametrize("place", range(len(WATCHES)))
def test_block_means_are_means_of_every_draw_once(place: int) -> None:
    """Block b of a look holds its draws number b, b + k, b + 2k, ..., with k blocks in a look."""
    watch = WATCHES[place]
    for chunk in drawn(chunks=1):
        y = the_draws(chunk.index)[watch.output].reshape(LOOKS, LOOK) ** watch.power
        blocks = LOOK // watch.block
        exact = np.array([[math.fsum(look[b::blocks]) / watch.block for b in range(blocks)] for look in y])
        found = chunk.block_means[place]
        assert found is not None
        assert found.shape == (LOOKS, blocks)
        assert found == pytest.approx(exact, rel=1e-10, abs=1e-12 * CENTRES[watch.output] ** 2)


def test_a_watch_that_is_done_can_be_dropped_and_the_others_do_not_change() -> None:
    everything = drawn()
    wanted: list[set[int]] = [{0, 1, 2, 3, 4, 5, 6}, {1, 4}, set()]
    calls = iter(wanted)
    some = list(simulate(KERNEL, NORMAL, CASE, 5, WATCHES, chunks=3, active=lambda: next(calls)))
    for chunk, whole, kept in zip(some, everything, wanted, strict=True):
        assert chunk.sums.tobytes() == whole.sums.tobytes()
        for place, means in enumerate(chunk.block_means):
            full = whole.block_means[place]
            assert (means is not None) == (place in kept)
            assert means is None or full is None or means.tobytes() == full.tobytes()


class Counting(Executor):
    """Runs nothing before its result is asked for, and counts what was handed out."""

    def __init__(self) -> None:
        self.submitted: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.submitted.append(future)
        if not self.submitted[:-1]:
            future.set_result(fn(*args, **kwargs))
        return future


def test_work_is_handed_out_a_little_ahead_and_called_off_at_the_end() -> None:
    executor = Counting()
    chunks = simulate(KERNEL, NORMAL, CASE, 5, WATCHES, chunks=10**6, workers=3, executor=executor)
    with closing(chunks):
        assert next(chunks).index == 0
    assert len(executor.submitted) == 6
    assert [future.cancelled() for future in executor.submitted] == [False] + [True] * 5


def test_an_executor_that_was_lent_is_left_running() -> None:
    with ThreadPoolExecutor(2) as pool:
        with closing(simulate(KERNEL, NORMAL, CASE, 5, WATCHES, chunks=50, workers=2, executor=pool)) as chunks:
            next(chunks)
        assert pool.submit(int).result() == 0


def test_the_hash_of_the_noise_is_in_the_first_chunk_only() -> None:
    hashes = [chunk.noise_hash for chunk in drawn()]
    assert hashes[0] is not None
    assert hashes[1:] == [None, None]


@pytest.mark.parametrize("n", [1, 2, LOOK, LOOK + 1, CHUNK - 1, CHUNK, CHUNK + 5, 2 * CHUNK + 3 * LOOK + 77])
def test_run_takes_exactly_n_draws(n: int) -> None:
    y = np.concatenate([the_draws(index) for index in range(-(-n // CHUNK))], axis=1)[:, :n]
    tallies = run(KERNEL, NORMAL, CASE, 5, n, CENTRES)
    for row, tally in zip(y, tallies, strict=True):
        assert tally.count == n
        assert tally.sum == pytest.approx(math.fsum(row), abs=1e-12 * math.fsum(np.abs(row) + 10))
        assert tally.sum_of_squares == pytest.approx(math.fsum(row**2), rel=1e-12)
    assert run(KERNEL, NORMAL, CASE, 5, n, CENTRES, workers=2) == tallies


def test_run_and_simulate_draw_the_same() -> None:
    chunks = drawn(chunks=2)
    tallies = run(KERNEL, NORMAL, CASE, 5, 2 * CHUNK, CENTRES)
    for output, tally in enumerate(tallies):
        other = merge(chunk.tally(output) for chunk in chunks)
        assert tally.mean == pytest.approx(other.mean, rel=1e-14)
        assert tally.variance == pytest.approx(other.variance, rel=1e-12)


def test_without_a_centre_the_variance_does_not_cancel() -> None:
    """g = 10^9 + epsilon: sums of squares about 0 have no digit of its variance 1; the mean of n is N(0, 1/n)."""
    n = CHUNK
    (tally,) = run(compile_kernel([10**9 + EPSILON], EPSILON), NORMAL, CASE, 3, n)
    (plain,) = run(compile_kernel([EPSILON], EPSILON), NORMAL, CASE, 3, n)
    assert tally.variance == pytest.approx(plain.variance, rel=1e-5)
    assert tally.mean - 10**9 == pytest.approx(plain.mean, abs=1e-6)


def test_the_sampler_is_a_standard_normal() -> None:
    """Fails by chance once in 10^10 seeds: both sums are near normal, and 6.5 standard deviations are allowed."""
    n = 4 * CHUNK
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    first, second = run(compile_kernel([EPSILON, EPSILON**2], EPSILON), NORMAL, CASE, seed, n, (0.0, 1.0))
    assert abs(first.sum) < 6.5 * math.sqrt(n), seed
    assert abs(second.sum) < 6.5 * math.sqrt(2 * n), seed


def test_a_term_without_spread_deviates_by_nothing() -> None:
    kernel = compile_kernel([sp.Rational(1, 3) + 0 * EPSILON, sp.exp(sp.Rational(1, 7))], EPSILON)
    watches = [Watch(0, 1 / 3, 1, 1), Watch(1, math.exp(1 / 7), 1, 1)]
    (chunk,) = simulate(kernel, NORMAL, CASE, 0, watches, chunks=1)
    assert not chunk.squares.any()
    assert all(means is not None and not means.any() for means in chunk.block_means)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_draw_that_is_not_finite_is_found_and_named(workers: int) -> None:
    kernel = compile_kernel([EPSILON, sp.log(EPSILON + 4)], EPSILON)
    noise = np.empty(CHUNK)
    index = 0
    while True:  # P(epsilon < -4) = 3.2e-5
        fill_noise(generator(11, case_hash(CASE), index), NORMAL, noise)
        if (noise <= -4).any():
            break
        index += 1
    place = int((noise <= -4).argmax())
    with pytest.raises(NonFiniteDraw) as caught:
        list(simulate(kernel, NORMAL, CASE, 11, [], chunks=index + 3, workers=workers))
    error = caught.value
    assert (error.output, error.index, error.noise) == (1, index * CHUNK + place, noise[place])
    assert f"draw {error.index} of term 1" in str(error)
    assert f"noise={noise[place].item()!r}" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_square_that_overflows_is_not_dropped_either() -> None:
    kernel = compile_kernel([10**160 * EPSILON], EPSILON)
    with pytest.raises(NonFiniteDraw, match="draw 0 of term 0"):
        run(kernel, NORMAL, CASE, 0, 10, (0.0,))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: Watch(0, 0.0, 3, 8), "power=3"),
        (lambda: Watch(0, 0.0, 1, 24), "block=24"),
        (lambda: Watch(0, 0.0, 1, 2 * LOOK), f"block={2 * LOOK}"),
        (lambda: simulate(KERNEL, NORMAL, CASE, 0, [Watch(4, 0.0, 1, 8)], chunks=1), "output=4"),
        (
            lambda: simulate(KERNEL, NORMAL, CASE, 0, [Watch(0, 0.0, 1, 8), Watch(0, 1.0, 1, 8)], chunks=1),
            "two centres",
        ),
        (lambda: next(simulate(KERNEL, NORMAL, CASE, 0, [], chunks=1, workers=0)), "workers=0"),
        (lambda: run(KERNEL, NORMAL, CASE, 0, 0), "n=0"),
    ],
)
def test_what_has_no_meaning_is_refused(act: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        act()


def test_memory_does_not_grow_with_the_draws() -> None:
    tracemalloc.start()
    try:
        for _ in simulate(KERNEL, NORMAL, CASE, 0, WATCHES, chunks=40, workers=2):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 32 * 2**20

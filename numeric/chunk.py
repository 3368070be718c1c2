"""One chunk of draws: sums per look, and block means for the sequential tests.

What is reported depends on (kernel, seed, case, index) alone, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from numeric.errors import NonFiniteDraw
from numeric.kernel import Kernel, Workspace
from numeric.streams import CHUNK, LOOK, Sampler, case_hash, fill_noise, generator, noise_hash
from numeric.tally import Tally

__all__ = ["LOOKS", "ChunkSums", "Source", "Watch", "chunk_sums", "source_of"]

Floats: TypeAlias = npt.NDArray[np.float64]

LOOKS = CHUNK // LOOK
"""Looks in a chunk."""

_PIECE = 2**15  # draws in the buffers at a time: they fit into a core's own cache; a multiple of LOOK
_STRIDE = 128  # partial sums kept of a look, from which means of blocks of _FOLD and more are made
_FOLD = LOOK // _STRIDE
_ONES = np.ones(LOOK)


@dataclass(frozen=True)
class Watch:
    """Block means of y (power 1) or y^2 (power 2), y = g - centre, over `block` draws of row `output`.

    `block` is a power of two, at most LOOK. Watches of one output have one centre.
    """

    output: int
    centre: float
    power: int
    block: int

    def __post_init__(self) -> None:
        if self.power not in (1, 2):
            raise ValueError(f"power={self.power} is not 1 or 2")
        if not 1 <= self.block <= LOOK or self.block & (self.block - 1):
            raise ValueError(f"block={self.block} is not a power of two from 1 to {LOOK}")


@dataclass(frozen=True)
class ChunkSums:
    """What is kept of chunk `index`, of `count` draws.

    `sums` and `squares` of y = g - centre have shape (outputs, LOOKS), block means of a watch (LOOKS, LOOK/block), or
    are None if it was no longer active. `noise_hash` is set for chunk 0.
    """

    index: int
    count: int
    noise_hash: str | None
    sums: Floats
    squares: Floats
    centres: tuple[float, ...]
    block_means: tuple[Floats | None, ...]

    def tally(self, output: int, looks: int = LOOKS) -> Tally:
        """The tally of the first `looks` looks of this chunk."""
        return Tally.of(
            min(self.count, looks * LOOK), self.sums[output, :looks], self.squares[output, :looks], self.centres[output]
        )


@dataclass
class _Buffers:
    """Buffers that threads borrow, so that a chunk allocates nothing large. A copy in another process starts empty."""

    kernel: Kernel
    free: list[tuple[Workspace, Floats]] = field(default_factory=list)

    def borrow(self) -> tuple[Workspace, Floats]:
        try:
            return self.free.pop()
        except IndexError:
            return self.kernel.workspace(_PIECE), np.empty((_PIECE // LOOK, LOOK))

    def __reduce__(self) -> tuple[Any, ...]:
        return _Buffers, (self.kernel,)


@dataclass(frozen=True)
class Source:
    """What every chunk needs to know. The kernel of the buffers computes rows (g - centre) / scale + shift."""

    buffers: _Buffers
    sampler: Sampler
    case: int
    seed: int
    scales: Floats  # (outputs, 1)
    shifts: Floats  # (outputs, 1)
    centres: tuple[float, ...]
    watches: tuple[Watch, ...]


def source_of(
    kernel: Kernel, sampler: Sampler, case_text: str, seed: int, centres: Sequence[float], watches: Sequence[Watch]
) -> Source:
    """Chunks of the stream (seed, case) through the kernel; `centres` holds one number per output."""
    case = case_hash(case_text)
    scales = np.array(kernel.scales)[:, None]
    shifts = np.array(centres)[:, None] / scales
    spread_out = _spread_out(kernel, generator(seed, case, 0), sampler, shifts)
    spread_out[[watch.output for watch in watches if watch.block < _FOLD]] = False
    shifts[~spread_out] = 0.0
    buffers = _Buffers(kernel.centred(np.where(spread_out, 0.0, centres).tolist()))
    return Source(buffers, sampler, case, seed, scales, shifts, tuple(centres), tuple(watches))


def _spread_out(kernel: Kernel, stream: np.random.Generator, sampler: Sampler, shifts: Floats) -> npt.NDArray[np.bool_]:
    """Whether the mean square about 0 is at most four times that about the centre, for each row, in the first look.

    Then the centre may be subtracted from sums instead of draws, which is cheaper and loses no more than two bits.
    """
    work = kernel.workspace(LOOK)
    fill_noise(stream, sampler, work.noise)
    work.run()
    with np.errstate(all="ignore"):
        about_zero = np.square(work.out).sum(axis=1)
        about_centre = np.square(work.out - shifts).sum(axis=1)
        return np.asarray(about_zero <= 4.0 * about_centre)


def chunk_sums(source: Source, index: int, count: int, active: frozenset[int]) -> ChunkSums:
    """The sums of the first `count` draws of chunk `index`, block means for the watches at the places `active`.

    Raises NonFiniteDraw for a draw that is not finite or has no finite square.
    """
    with np.errstate(all="ignore"):  # what overflows is found below
        partial, squares, means = _row_sums(source, index, count, sorted(active))
        sizes = LOOK if count == CHUNK else np.clip(count - LOOK * np.arange(LOOKS), 0, LOOK)
        sums = partial @ _ONES[:_STRIDE]
        squares = (squares + source.shifts * (source.shifts * sizes - 2 * sums)) * source.scales**2
        sums = (sums - source.shifts * sizes) * source.scales
    if not np.isfinite(squares).all():
        raise _first_not_finite(source, index)
    return ChunkSums(
        index=index,
        count=count,
        noise_hash=noise_hash(generator(source.seed, source.case, 0), source.sampler) if index == 0 else None,
        sums=sums,
        squares=squares,
        centres=source.centres,
        block_means=tuple(means.get(place) for place in range(len(source.watches))),
    )


def _row_sums(
    source: Source, index: int, count: int, active: Sequence[int]
) -> tuple[Floats, Floats, dict[int, Floats]]:
    """Partial sums (outputs, LOOKS, _STRIDE) and sums of squares of the rows, block means of the active watches."""
    stream = generator(source.seed, source.case, index)
    outputs = len(source.scales)
    partial = np.zeros((outputs, LOOKS, _STRIDE))
    squares = np.zeros((outputs, LOOKS))
    watches = {place: source.watches[place] for place in active}
    first = {place: np.zeros((LOOKS, LOOK // watch.block)) for place, watch in watches.items()}
    second = {place: np.zeros((LOOKS, LOOK // watch.block)) for place, watch in watches.items() if watch.power == 2}
    work, scratch = borrowed = source.buffers.borrow()
    rows = work.out.reshape(outputs, -1, LOOK)
    for start in range(0, count, _PIECE):
        size = min(_PIECE, count - start)
        fill_noise(stream, source.sampler, work.noise[:size])
        work.run()
        if size < _PIECE:
            work.out[:, size:] = 0.0
        looks = slice(start // LOOK, (start + _PIECE) // LOOK)
        _strided_sums(rows, partial[:, looks])
        np.vecdot(rows, rows, out=squares[:, looks])
        for place, watch in watches.items():
            if watch.power == 2:
                _strided_sums(np.square(rows[watch.output], out=scratch), second[place][looks])
            elif watch.block < _FOLD:
                _strided_sums(rows[watch.output], first[place][looks])
    source.buffers.free.append(borrowed)
    for place, watch in watches.items():
        if watch.block >= _FOLD:
            _strided_sums(partial[watch.output], first[place])
    means = {place: _block_means(watch, source, first[place], second.get(place)) for place, watch in watches.items()}
    return partial, squares, means


def _block_means(watch: Watch, source: Source, first: Floats, second: Floats | None) -> Floats:
    """Means of y = scale (row - shift), or of y^2, from sums of the row and of its square over blocks.

    The shift is 0 where small blocks are watched: there the sums of the row are not needed for those of the square.
    """
    shift, scale = float(source.shifts[watch.output, 0]), float(source.scales[watch.output, 0])
    if second is None:
        first *= scale / watch.block
        first -= scale * shift
        return first
    return (second - shift * (2 * first - shift * watch.block)) * (scale**2 / watch.block)


def _strided_sums(values: Floats, out: Floats) -> None:
    """out[..., b] = values[..., b] + values[..., b + k] + values[..., b + 2k] + ..., with k the last extent of `out`.

    Such blocks of independent draws are as good as blocks of neighbours, and adding rows is what a vector unit does
    best. They nest: the sums of larger blocks are made of those of smaller ones.
    """
    k = out.shape[-1]
    rows = values.reshape(*values.shape[:-1], values.shape[-1] // k, k)
    np.matmul(_ONES[: rows.shape[-2]], rows, out=out)


def _first_not_finite(source: Source, index: int) -> NonFiniteDraw:
    """The first draw of a chunk that is not finite, or has no finite square."""
    noise, draws = np.empty(CHUNK), np.empty((len(source.scales), CHUNK))
    fill_noise(generator(source.seed, source.case, index), source.sampler, noise)
    source.buffers.kernel(noise, draws)
    with np.errstate(all="ignore"):
        draws -= source.shifts * source.scales
        bad = ~np.isfinite(np.square(draws))
    place = int(bad.any(axis=0).argmax())
    output = int(bad[:, place].argmax())
    value = float(draws[output, place]) + source.centres[output]
    return NonFiniteDraw(output, index * CHUNK + place, float(noise[place]), value)

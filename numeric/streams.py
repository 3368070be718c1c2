"""One random stream per (seed, case, chunk): what a draw is depends on its place alone, not on who draws it.

Chunk j of case c is drawn from Generator(SFC64(SeedSequence(seed, spawn_key=(high(c), low(c), j)))). The words of a
spawn key are 32 bits wide: a wider integer would be cut into words and could collide with another key.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["CHUNK", "LARGEST_SEED", "LOOK", "Sampler", "case_hash", "fill_noise", "generator", "noise_hash"]

CHUNK = 2**16
"""Draws in a chunk. Part of the meaning of a seed."""

LOOK = 2**13
"""Draws between two looks at the evidence. Sums are kept for each look."""

LARGEST_SEED = 2**128 - 1

Sampler: TypeAlias = str | Callable[[np.random.Generator, npt.NDArray[np.float64]], None]
"""The name of the method of Generator that fills an array, or a call (generator, array) that does."""

_WORD = 2**32
_SAMPLERS = ("standard_normal", "standard_exponential")


def case_hash(text: str) -> int:
    """64 bits of a case's canonical text: law, cost and values; all estimators of a case share its noise."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def generator(seed: int, case: int, chunk: int) -> np.random.Generator:
    """The stream of one chunk. Raises ValueError for a chunk outside 0 <= chunk < 2^32."""
    if not 0 <= chunk < _WORD:
        raise ValueError(f"chunk={chunk} is outside one stream of 2**32 chunks: use another seed")
    sequence = np.random.SeedSequence(seed, spawn_key=(case // _WORD, case % _WORD, chunk))
    return np.random.Generator(np.random.SFC64(sequence))


def fill_noise(stream: np.random.Generator, sampler: Sampler, out: npt.NDArray[np.float64]) -> None:
    """Fill `out` with the next draws of a law's noise. Raises ValueError for an unknown sampler."""
    if not isinstance(sampler, str):
        sampler(stream, out)
        return
    if sampler not in _SAMPLERS:
        raise ValueError(f"sampler={sampler!r} is not one of {', '.join(_SAMPLERS)}")
    getattr(stream, sampler)(out=out)


def noise_hash(stream: np.random.Generator, sampler: Sampler) -> str:
    """A fingerprint of the first look of a chunk's noise: equal on machines that draw the same."""
    noise = np.empty(LOOK)
    fill_noise(stream, sampler, noise)
    return blake2b(noise.astype("<f8", copy=False).data, digest_size=8).hexdigest()

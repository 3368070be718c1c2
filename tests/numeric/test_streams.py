"""The stream rule: what a draw is depends on seed, case and place, and on nothing else."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from numeric.streams import CHUNK, LOOK, case_hash, fill_noise, generator, noise_hash


@pytest.mark.parametrize(
    ("text", "hexadecimal"),  # by `printf TEXT | b2sum -l 64`
    [("", "e4a6a0577479b2b4"), ("x**2; x ~ normal(mu, sigma); mu = 1/2, sigma = 1", "a32b430653a3228e")],
)
def test_a_case_is_hashed_by_blake2b(text: str, hexadecimal: str) -> None:
    assert case_hash(text) == int(hexadecimal, 16)


@pytest.mark.parametrize(
    ("seed", "case", "chunk", "first"),
    [
        (0, 0, 0, [11934575952404094770, 2510239622751959019]),
        (0, 0xE4A6A0577479B2B4, 3, [12880650453139517563, 16134728657253102988]),
        (2**70, 2**32, 1, [18120675950710872728, 10999751773730633148]),
    ],
)
def test_the_bits_of_a_stream_never_change(seed: int, case: int, chunk: int, first: list[int]) -> None:
    """NumPy keeps the bits of its bit generators; those of standard_normal it may change."""
    assert generator(seed, case, chunk).bit_generator.random_raw(2).tolist() == first


def test_streams_of_neighbouring_keys_differ() -> None:
    words = (0, 1, 2, 2**32 - 1)
    keys = [(seed, high * 2**32 + low, chunk) for seed in (0, 1) for high, low, chunk in product(words, repeat=3)]
    first = {generator(*key).bit_generator.random_raw() for key in keys}
    assert len(first) == len(keys)


@pytest.mark.parametrize("chunk", [-1, 2**32])
def test_a_chunk_outside_a_stream_is_refused(chunk: int) -> None:
    with pytest.raises(ValueError, match=f"chunk={chunk}"):
        generator(0, 0, chunk)


@pytest.mark.parametrize("sampler", ["standard_normal", "standard_exponential"])
def test_noise_may_be_drawn_in_parts(sampler: str) -> None:
    whole, parts = np.empty(CHUNK), np.empty(CHUNK)
    fill_noise(generator(1, 2, 3), sampler, whole)
    stream = generator(1, 2, 3)
    for start in range(0, CHUNK, LOOK):
        fill_noise(stream, sampler, parts[start : start + LOOK])
    assert whole.tobytes() == parts.tobytes()


def test_an_unknown_sampler_is_refused() -> None:
    with pytest.raises(ValueError, match="sampler='bytes'"):
        fill_noise(generator(0, 0, 0), "bytes", np.empty(1))


def test_a_sampler_may_be_a_call() -> None:
    out = np.zeros(4)
    fill_noise(generator(0, 0, 0), lambda stream, array: array.fill(stream.integers(1, 2)), out)
    assert out.tolist() == [1.0] * 4


def test_the_fingerprint_tells_noises_apart() -> None:
    same, other = (noise_hash(generator(0, 7, chunk), "standard_normal") for chunk in (0, 1))
    assert same == noise_hash(generator(0, 7, 0), "standard_normal") != other
    assert same != noise_hash(generator(0, 7, 0), "standard_exponential")

"""Draws that come back are found, and by chance no more often than was promised: counted over every possible draw."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest

from verify.checks.black_box import constant_by_chance
from verify.checks.repeats import PIECE, Repeats

LAWS = {
    "two numbers alike": (0.5, 0.5),
    "a common one and two rare ones": (0.9, 0.06, 0.04),
    "three": (0.4, 0.35, 0.25),
    "a number of more than half": (0.6, 0.4),
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
@pytest.mark.parametrize("alpha", [1 / 2, 1 / 4, 1 / 8])
def test_two_arrays_agree_by_chance_at_most_with_alpha(law: tuple[float, ...], alpha: float) -> None:
    total = found = 0.0
    for places in product(range(len(law)), repeat=7):
        twice = prod(law[place] for place in places) ** 2  # of two independent arrays that are this one
        repeats = Repeats(alpha, stretches=2)
        assert repeats.of(np.array(places, dtype=float), "first") is None
        total += twice
        found += twice * (repeats.of(np.array(places, dtype=float), "second") == "first")
    assert found <= min(alpha, total)
    assert found > 0


def test_what_comes_back_is_named() -> None:
    rng = np.random.default_rng(1)
    repeats = Repeats(1e-9, stretches=100)
    stretches = [rng.standard_normal(1000) for _ in range(5)]
    assert [repeats.of(values, f"stretch {index}") for index, values in enumerate(stretches)] == [None] * 5
    assert repeats.of(stretches[3], "stretch 5") == "stretch 3"
    assert not repeats.is_constant
    assert repeats.draws == 6000


@pytest.mark.parametrize(("stretches", "needed"), [(2, 30), (3, 32), (2**20, 69)])
def test_more_pairs_need_more_evidence(stretches: int, needed: int) -> None:
    """2^-needed, times the number of pairs, is at most 1e-9."""
    assert Repeats(1e-9, stretches).needed == needed


def test_rare_events_and_coins_raise_no_alarm() -> None:
    repeats = Repeats(1e-9, stretches=10**6)
    assert [repeats.of(np.zeros(1000), str(index)) for index in range(50)] == [None] * 50
    assert repeats.is_constant
    rare = np.zeros(PIECE)
    rare[7] = 1.0
    assert [repeats.of(rare, f"rare {index}") for index in range(50)] == [None] * 50
    assert not repeats.is_constant


@pytest.mark.parametrize("rare", [0.5, 0.1, 1e-2, 1e-4])
@pytest.mark.parametrize("alpha", [1e-2, 1e-9])
def test_draws_all_alike_are_accused_no_more_often_than_alpha(rare: float, alpha: float) -> None:
    """A law of two numbers that takes one of them with the probability `rare`: it is constant as often as any."""
    kurtosis = 1 / (rare * (1 - rare)) - 3
    chances = {draws: (1 - rare) ** (draws - 1) for draws in (2, 10, 10**3, 10**5, 10**7)}
    accused = [draws for draws in chances if constant_by_chance(draws, kurtosis) <= alpha]
    assert all(chances[draws] <= alpha for draws in accused)
    assert 10**7 in accused

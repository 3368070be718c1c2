"""Tallies against exact rational arithmetic, in any order of merging."""

from __future__ import annotations

import random
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.tally import Tally, merge

VALUES = st.lists(st.floats(-1e100, 1e100), min_size=2, max_size=30)


def tallies_of(values: list[float], centre: float = 0.0) -> list[Tally]:
    return [Tally.of(1, [value], [value * value], centre) for value in values]


@given(VALUES, st.randoms(use_true_random=False))
def test_a_merged_tally_is_exact_in_any_order_and_any_grouping(values: list[float], chance: random.Random) -> None:
    tallies = tallies_of(values)
    straight = merge(tallies)
    while len(tallies) > 1:
        chance.shuffle(tallies)
        tallies = [merge(tallies[:2]), *tallies[2:]]
    assert tallies[0] == straight
    assert sum(map(Fraction, straight.sums)) == sum(map(Fraction, values))
    assert straight.sum == float(sum(map(Fraction, values)))
    assert straight.sum_of_squares == float(sum(Fraction(value * value) for value in values))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), st.floats(-10, 10))
def test_mean_and_variance_are_those_of_the_statistics_module(values: list[float], centre: float) -> None:
    tally = merge(tallies_of([value - centre for value in values], centre))
    scale = 1 + max(map(abs, values)) + abs(centre)
    assert tally.count == len(values)
    assert tally.mean == pytest.approx(statistics.fmean(values), abs=1e-12 * scale)
    assert tally.variance == pytest.approx(statistics.variance(values), abs=1e-12 * scale**2)
    assert tally.standard_error == pytest.approx((tally.variance / len(values)) ** 0.5)


def test_a_sum_that_cancels_is_not_lost() -> None:
    assert merge(tallies_of([1e100, 1.0, -1e100])).sum == 1.0


def test_an_empty_tally_changes_nothing() -> None:
    tally = merge(tallies_of([0.1, 0.7]))
    assert merge([Tally(0), tally]) == tally


def test_tallies_with_two_centres_or_none_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match=r"these have \[0.0, 1.0\]"):
        merge([Tally(1, centre=0.0), Tally(1, centre=1.0)])
    with pytest.raises(ValueError, match="one centre"):
        merge([])


def test_no_draws_have_no_mean_and_one_has_no_variance() -> None:
    with pytest.raises(ZeroDivisionError):
        _ = Tally(0).mean
    with pytest.raises(ZeroDivisionError):
        _ = Tally.of(1, [1.0], [1.0], 0.0).variance

"""Bonferroni's shares, and Holm's list against the closed test that it abbreviates."""

from __future__ import annotations

from itertools import combinations
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.deciding.error_budget import Budget, holm


@given(st.floats(1e-12, 0.5), st.floats(1e-12, 0.5), st.integers(1, 10_000))
def test_the_shares_add_up_to_the_budget(false_alarm_rate: float, miss_rate: float, hypotheses: int) -> None:
    alpha, beta = Budget(false_alarm_rate, miss_rate).split(hypotheses)
    assert alpha * hypotheses == pytest.approx(false_alarm_rate)
    assert beta * hypotheses == pytest.approx(miss_rate)


def test_the_defaults_are_the_contract_s() -> None:
    assert Budget() == Budget(false_alarm_rate=1e-6, miss_rate=1e-6, pass_error=1e-3)
    assert Budget().split(400) == pytest.approx((2.5e-9, 2.5e-9))


@pytest.mark.parametrize("name", ["false_alarm_rate", "miss_rate", "pass_error"])
@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 2.0, nan])
def test_a_rate_is_between_0_and_1(name: str, rate: float) -> None:
    with pytest.raises(ValueError, match=f"^{name}={rate} "):
        Budget(**{name: rate})


@pytest.mark.parametrize("hypotheses", [0, -1])
def test_nothing_cannot_share_a_budget(hypotheses: int) -> None:
    with pytest.raises(ValueError, match=f"^hypotheses={hypotheses}:"):
        Budget().split(hypotheses)


def closed_test(p_values: list[float], level: float) -> set[int]:
    """Rejected: those for which every set of hypotheses that contains it has a p-value <= level / size."""
    everyone = range(len(p_values))
    groups = [set(group) for size in range(1, len(p_values) + 1) for group in combinations(everyone, size)]
    rejected = [group for group in groups if min(p_values[i] for i in group) <= level / len(group)]
    return {i for i in everyone if all(group in rejected for group in groups if i in group)}


@given(st.lists(st.sampled_from([0.0, 1e-9, 0.008, 0.0125, 0.017, 0.02, 0.03, 0.05, 0.2, 1.0]), max_size=6))
def test_holm_is_the_closed_test(p_values: list[float]) -> None:
    culprits = holm(p_values, 0.05)
    assert set(culprits) == closed_test(p_values, 0.05)
    assert len(set(culprits)) == len(culprits)
    assert [p_values[i] for i in culprits] == sorted(p_values[i] for i in culprits)


def test_holm_finds_more_than_bonferroni() -> None:
    """0.02 is above 0.05/3, and is rejected once the strongest is out."""
    assert holm([0.9, 0.02, 0.001], 0.05) == (2, 1)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, nan])
def test_a_p_value_is_between_0_and_1(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"^p_values\[1\]="):
        holm([0.5, wrong], 0.05)

"""SequentialTest by hand-made streams: when it speaks, what it drops and refuses, and its interval by brute force."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log, log1p, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from verify.deciding.design import MeanClaim, design
from verify.deciding.look_sums import LookSums
from verify.deciding.sequential_test import NonFiniteBlock, SequentialTest, degenerate_decision

CLAIM = MeanClaim(variance=4.0, resolution=0.2, alpha=1e-6, beta=1e-3)
PLAN = design(CLAIM, look=256)
Array = NDArray[np.float64]


def means(seed: int, looks: int, bias: float = 0.0) -> Array:
    rng = np.random.default_rng(seed)
    return bias + PLAN.block_deviation * rng.standard_normal(looks * PLAN.blocks_per_look)


def fed(block_means: Array) -> SequentialTest:
    test = SequentialTest(PLAN)
    with np.errstate(over="ignore"):
        for look in block_means.reshape(-1, PLAN.blocks_per_look):
            test.update(look)
    return test


def scalar_psi(t: float) -> float:
    if abs(t) > sqrt(2):
        return 2 * sqrt(2) / 3 if t > 0 else -2 * sqrt(2) / 3
    return t - t**3 / 6


@given(
    st.lists(st.floats(-1, 1), min_size=32, max_size=32),
    st.integers(-12, 12),
    st.sampled_from([0.01, 0.2, 0.9, 1.3, 5.0]),
)
@settings(max_examples=100)
def test_the_sums_of_powers_are_those_of_psi(values: list[float], size: int, resolution: float) -> None:
    """Clipped or not: the cubic of a look against psi of each of its numbers, one by one."""
    plan = design(replace(CLAIM, resolution=2 * resolution), look=16)
    n, scale = plan.blocks_per_look, 2.0**size * plan.block_deviation
    numbers = np.resize(np.array(values), 2 * n) * scale
    for look in numbers.reshape(2, n):
        found = LookSums.for_design(plan).of(look)
        zero, plus, minus = (
            sum(scalar_psi(tuning * (y - shift)) for y in look.tolist())
            for tuning, shift in (
                (plan.fail_tuning, 0.0),
                (plan.pass_tuning, plan.pass_shift),
                (plan.pass_tuning, -plan.pass_shift),
            )
        )
        assert found == pytest.approx((zero, (plus + minus) / 2, (minus - plus) / 2), rel=1e-12, abs=1e-12 * n)


def test_a_long_look_is_summed_as_a_short_one_is() -> None:
    """Beyond a few thousand numbers, another routine adds them."""
    numbers = np.random.default_rng(7).standard_normal(3 * 2**13) * PLAN.block_deviation
    sums = LookSums.for_design(PLAN)
    parts = np.array([sums.of(part) for part in numbers.reshape(3, -1)])
    assert sums.of(numbers) == pytest.approx(parts.sum(axis=0), rel=1e-12)


@pytest.mark.parametrize("size", [1e-170, 1e170, 1e300])
def test_tunings_whose_powers_are_no_floats_are_summed_by_psi(size: float) -> None:
    plan = design(replace(CLAIM, variance=4.0, resolution=0.2))
    far = replace(plan, fail_tuning=plan.fail_tuning / size, pass_tuning=plan.pass_tuning / size)
    far = replace(far, claim=replace(CLAIM, rounding=0.0), resolution=plan.resolution * size)
    numbers = np.linspace(-3.0, 2.0, 32) * plan.block_deviation
    with np.errstate(over="ignore"):
        found = LookSums.for_design(far).of(numbers * size)
    assert found == pytest.approx(LookSums.for_design(plan).of(numbers), rel=1e-9)


def test_zeros_pass_as_soon_as_anything_can() -> None:
    test = fed(np.zeros(PLAN.n_max // PLAN.block))
    assert test.decision == "PASS"
    assert PLAN.first_pass <= test.draws <= 1.02 * PLAN.first_pass + PLAN.look


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=64))
@settings(max_examples=50)
def test_nothing_passes_before_first_pass(values: list[float]) -> None:
    blocks = PLAN.first_pass // PLAN.look * PLAN.blocks_per_look
    with np.errstate(over="ignore"):
        assert fed(np.resize(np.array(values), blocks)).decision != "PASS"


def test_a_gross_bias_fails_within_its_first_looks() -> None:
    for value in (1e3, -1e3, 1e300):
        test = fed(np.full(PLAN.n_max // PLAN.block, value))
        assert test.decision == "FAIL"
        # A saturated block adds 0.943 less the growth to the evidence, and ln(2e6) is needed.
        blocks = log(2e6) / (2 * sqrt(2) / 3 - PLAN.fail_growth)
        assert test.draws == -(-blocks * PLAN.block // PLAN.look) * PLAN.look


def test_neither_verdict_by_n_max_is_none() -> None:
    """Between 0 and the resolution nothing is promised, and this bias is met with silence."""
    test = fed(np.full(PLAN.n_max // PLAN.block, PLAN.resolution / 2))
    assert test.decision is None
    assert test.finished
    assert test.draws == PLAN.n_max


def test_what_comes_after_the_end_is_dropped() -> None:
    test = fed(np.zeros(PLAN.n_max // PLAN.block))
    before = (test.decision, test.draws, test.p_value, test.interval())
    test.update(np.full(PLAN.blocks_per_look, 1e9))
    assert (test.decision, test.draws, test.p_value, test.interval()) == before


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_draw_that_is_no_number_is_named(wrong: float) -> None:
    stream = means(3, 4)
    stream[PLAN.blocks_per_look + 1] = wrong
    test = SequentialTest(PLAN)
    test.update(stream[: PLAN.blocks_per_look])
    first = PLAN.look + PLAN.block
    with pytest.raises(NonFiniteBlock, match=rf"^the draws {first} to {first + PLAN.block - 1} have the mean {wrong}"):
        test.update(stream[PLAN.blocks_per_look : 2 * PLAN.blocks_per_look])


def test_opposite_infinities_do_not_hide_each_other() -> None:
    stream = means(3, 1)
    stream[:2] = (np.inf, -np.inf)
    with pytest.raises(NonFiniteBlock, match="the draws 0 to "):
        SequentialTest(PLAN).update(stream)


@pytest.mark.parametrize("shape", [(0,), (PLAN.n_max // PLAN.block + 1,), (2, PLAN.blocks_per_look)])
def test_what_is_no_look_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^block_means has the shape"):
        SequentialTest(PLAN).update(np.zeros(shape))


@pytest.mark.parametrize("looks", [1, 2, 5, 30])
@pytest.mark.parametrize("bias", [0.0, -0.1, 3.0])
def test_the_interval_is_where_the_sum_is_small(looks: int, bias: float) -> None:
    """By brute force: outside the ends the sum is beyond its threshold, a hair inside it is not."""
    stream = means(4, looks, bias)
    test = SequentialTest(PLAN)
    for start in range(0, stream.size, PLAN.blocks_per_look):
        test.decision = None
        test.update(stream[start : start + PLAN.blocks_per_look])
    low, high = test.interval()
    t = PLAN.fail_tuning
    threshold = stream.size * log1p((t * PLAN.block_deviation) ** 2 / 2) + log(2 / CLAIM.alpha)

    def total(m: float) -> float:
        return sum(scalar_psi(t * (y - m)) for y in stream.tolist())

    if low == -inf:
        assert high == inf
        assert stream.size * 2 * sqrt(2) / 3 <= threshold
        return
    hair = (high - low) * 1e-9
    assert total(low) >= threshold - 1e-9
    assert total(low + hair) < threshold
    assert total(high) <= -threshold + 1e-9
    assert total(high - hair) > -threshold


@pytest.mark.parametrize("bias", [0.0, 0.15, 0.25, -0.5])
def test_zero_leaves_the_interval_with_a_fail(bias: float) -> None:
    test = SequentialTest(PLAN)
    for look in means(5, PLAN.n_max // PLAN.look, bias).reshape(-1, PLAN.blocks_per_look):
        test.update(look)
        low, high = test.interval()
        assert (low < 0 < high) == (test.decision != "FAIL")
        assert low < high


def test_the_p_value_is_the_smallest_alpha_that_had_failed() -> None:
    """A test at an alpha a hair above the p-value FAILs on the same stream, and one a hair below does not."""
    stream = means(6, PLAN.n_max // PLAN.look, 0.06)
    test = fed(stream)
    p_value = test.p_value
    assert CLAIM.alpha < p_value < 1

    def fails_at(alpha: float) -> bool:
        # The tunings are the design's own, whatever alpha.
        other = SequentialTest(replace(PLAN, claim=replace(CLAIM, alpha=alpha, alpha_pass=1e-300)))
        for look in stream[: test.draws // PLAN.block].reshape(-1, PLAN.blocks_per_look):
            other.update(look)
        return other.decision == "FAIL"

    assert fails_at(p_value * (1 + 1e-9))
    assert not fails_at(p_value * (1 - 1e-9))


def test_before_the_first_look_nothing_is_known() -> None:
    test = SequentialTest(PLAN)
    assert (test.decision, test.draws, test.p_value, test.resolved_bias()) == (None, 0, 1.0, None)
    assert test.interval() == (-inf, inf)
    assert not test.finished


def test_the_p_value_of_a_gross_bias_underflows_to_zero_without_a_word() -> None:
    test = SequentialTest(design(replace(CLAIM, alpha=1e-300), look=256))
    test.update(np.full(64 * test.design.blocks_per_look, 1e9))
    assert test.decision == "FAIL"
    assert 0 <= test.p_value <= exp(-600)


@pytest.mark.parametrize(
    ("deviations", "rounding", "decision"),
    [
        ([0.0, 0.0, 0.0], 0.0, "PASS"),
        ([1e-16, -1e-16, 0.0], 1e-16, "PASS"),
        ([1e-16, -1e-16, 1e-16], 1e-16, "PASS"),
        ([0.0, 0.0, 1e-300], 0.0, "PASS"),  # its square is zero: below the smallest float
        ([0.0, 0.0, 1e-9], 0.0, "FAIL"),
        ([0.0, 0.0, 3e-16], 1e-16, "FAIL"),
        ([1.1e-16, 1.1e-16, 1.1e-16], 1e-16, "FAIL"),
    ],
)
def test_a_degenerate_claim(deviations: list[float], rounding: float, decision: str) -> None:
    squares = float(np.dot(deviations, deviations))
    assert degenerate_decision(squares, len(deviations), rounding) == decision


@given(st.floats(1e-150, 1e150), st.integers(1, 5000))
def test_draws_at_the_very_edge_of_their_rounding_pass(rounding: float, count: int) -> None:
    squares = np.full(count, rounding) ** 2
    naive = 0.0
    for square in squares.tolist():
        naive += square
    assert degenerate_decision(naive, count, rounding) == "PASS"
    assert degenerate_decision(float(squares.sum()), count, rounding) == "PASS"


@pytest.mark.parametrize("sum_of_squares", [np.nan, np.inf])
def test_a_degenerate_claim_refuses_what_is_no_number(sum_of_squares: float) -> None:
    with pytest.raises(NonFiniteBlock, match="is not finite"):
        degenerate_decision(sum_of_squares, 3, 1e-16)


@pytest.mark.parametrize(("count", "rounding"), [(0, 0.0), (3, -1.0), (3, inf)])
def test_a_degenerate_claim_needs_draws_and_a_rounding(count: int, rounding: float) -> None:
    with pytest.raises(ValueError, match=f"^count={count}, rounding={rounding}"):
        degenerate_decision(0.0, count, rounding)

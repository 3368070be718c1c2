"""Sizes and tunings against 50-digit arithmetic, brute force, and the figures of the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan, sqrt

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.deciding.design import BudgetTooSmall, Design, MeanClaim, design, detectable_bias, variance_claim
from verify.deciding.power import detectable, draws_of_z_test, exponent, growth, resolved_gap, tuning

gaps = st.floats(1e-6, 10)
ratios = st.floats(1, 20)


def exact_exponent(t: mpmath.mpf, gap: float, null_ratio: float, ratio: float) -> mpmath.mpf:
    """-log of the two expectations' bounds multiplied, straight from the definition."""
    null = 1 + t**2 * null_ratio / 2
    return -mpmath.log(null * (1 - t * gap + t**2 * (ratio + mpmath.mpf(gap) ** 2) / 2))


@given(gaps, ratios, ratios)
def test_the_tuning_maximises_the_exponent(gap: float, null_ratio: float, ratio: float) -> None:
    with mpmath.workdps(50):
        start = mpmath.mpf(tuning(gap, null_ratio, ratio))
        best = mpmath.findroot(lambda t: mpmath.diff(lambda u: exact_exponent(u, gap, null_ratio, ratio), t), start)
        assert abs(best / start - 1) < 1e-12
        for factor in (0.5, 0.99, 1.01, 1.5):
            assert exact_exponent(best * factor, gap, null_ratio, ratio) < exact_exponent(best, gap, null_ratio, ratio)


@given(gaps, ratios, ratios)
def test_the_exponent_has_its_digits_and_is_above_zero(gap: float, null_ratio: float, ratio: float) -> None:
    t = tuning(gap, null_ratio, ratio)
    found = exponent(t, growth(t, null_ratio), gap, ratio)
    with mpmath.workdps(50):
        expected = exact_exponent(mpmath.mpf(t), gap, null_ratio, ratio)
    assert found > 0
    assert found == pytest.approx(float(expected), rel=1e-11)


@given(st.integers(1, 10_000), st.floats(1, 60), gaps, ratios)
def test_the_resolved_gap_is_the_smallest(numbers: int, evidence: float, tuned_to: float, ratio: float) -> None:
    t = tuning(tuned_to, 1.0, ratio)
    null = growth(t, 1.0)
    gap = resolved_gap(numbers, evidence, t, null, ratio)
    if gap is None:
        best = 1 / t  # where 1 - t b + t**2 (ratio + b**2)/2 is smallest
        assert numbers * exponent(t, null, best, ratio) <= evidence * (1 + 1e-9)
    else:
        assert numbers * exponent(t, null, gap, ratio) == pytest.approx(evidence, rel=1e-7)
        assert numbers * exponent(t, null, gap * (1 - 1e-3), ratio) < evidence


def claim(hypotheses: int, beta: float, resolution: float = 0.01, variance: float = 1.0) -> MeanClaim:
    return MeanClaim(variance, resolution * sqrt(variance), alpha=1e-6 / hypotheses, beta=beta)


@pytest.mark.parametrize(
    ("hypotheses", "beta", "contract"),
    [(1, 1e-3, 87), (400, 1e-3, 110), (1000, 1e-3, 113), (400, 1e-6 / 400, 164)],
)
def test_n_max_is_the_contract_s(hypotheses: int, beta: float, contract: float) -> None:
    """In units of V / resolution**2; blocks cost 1.3 % and whole looks up to 0.82 at this resolution."""
    n_max = design(claim(hypotheses, beta)).n_max * 1e-4
    assert contract - 0.5 <= n_max <= contract * 1.013 + 0.82


def test_the_z_test_needs_82() -> None:
    """The quantiles come from another source: 50-digit inverse error functions."""
    with mpmath.workdps(50):
        z = [mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * mpmath.mpf(tail)) for tail in ("1.25e-9", "1e-3")]
        expected = float(sum(z) ** 2)
    assert draws_of_z_test(1.0, 2.5e-9, 1e-3) == pytest.approx(expected, rel=1e-13)
    assert round(expected) == 82


@pytest.mark.parametrize("variance", [1e-300, 1e-12, 1.0, 1e12, 1e300])
def test_the_unit_of_the_draws_does_not_matter(variance: float) -> None:
    unit, scaled = design(claim(400, 1e-3)), design(claim(400, 1e-3, variance=variance))
    assert (scaled.block, scaled.n_fail, scaled.n_pass) == (unit.block, unit.n_fail, unit.n_pass)
    assert scaled.fail_tuning * sqrt(variance) == pytest.approx(unit.fail_tuning)


@given(st.floats(1e-11, 10), st.integers(0, 20))
def test_a_design_is_whole(resolution: float, exponent_of_look: int) -> None:
    look = 2**exponent_of_look
    plan = design(claim(1, 1e-6, resolution), look=look)
    assert plan.block & (plan.block - 1) == 0
    assert plan.blocks_per_look * plan.block == look
    assert plan.block == 1 or 1 / plan.block >= 16 * resolution**2
    assert plan.block == look or 1 / (2 * plan.block) < 16 * resolution**2
    assert plan.n_fail % look == plan.n_pass % look == plan.n_max % look == 0
    assert plan.n_max == max(plan.n_fail, plan.n_pass)
    assert plan.first_pass < plan.n_pass
    assert plan.resolved_bias(plan.n_fail) == pytest.approx(resolution, rel=1e-9)


@given(st.integers(41, 10**9))
def test_a_budget_is_met_before_the_run(max_draws: int) -> None:
    asked = claim(400, 1e-3, 1e-3)
    plan = design(asked, max_draws)
    assert plan.n_fail <= plan.n_max <= max_draws
    assert plan.resolution >= asked.resolution
    assert plan.claim == asked
    if plan.resolution > asked.resolution:
        assert plan.n_max >= max_draws * (1 - 1 / 32)
        finer = design(replace(asked, resolution=plan.resolution * 0.9), look=plan.look)
        assert finer.n_fail > max_draws - plan.look


def test_a_budget_that_is_large_enough_changes_nothing() -> None:
    free = design(claim(400, 1e-3))
    assert design(claim(400, 1e-3), free.n_max) == free


@pytest.mark.parametrize("rates", [(2.5e-9, 1e-3), (1e-300, 1e-300)])
def test_a_budget_too_small_names_one_that_is_not(rates: tuple[float, float]) -> None:
    asked = MeanClaim(1.0, 0.01, *rates)
    with pytest.raises(BudgetTooSmall, match=r"^max_draws=\d+ decides nothing") as refused:
        design(asked, 30)
    needed = int(str(refused.value).split("needs ")[1].split(" ")[0])
    assert design(asked, needed).n_max <= needed
    with pytest.raises(BudgetTooSmall):
        design(asked, needed - 1)
    for nothing in (1, 0, -5):
        with pytest.raises(BudgetTooSmall):
            design(asked, nothing)


def test_the_detectable_bias_is_the_smallest_that_fits() -> None:
    asked = claim(400, 1e-3, 1e-3)
    found = detectable_bias(asked, 10**6)
    assert found is not None
    assert design(replace(asked, resolution=found)).n_fail <= 10**6
    assert design(replace(asked, resolution=found * 0.98)).n_fail > 10**6
    assert detectable_bias(asked, 10**12) == asked.resolution
    assert detectable_bias(asked, 10) is None


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"variance": 0.0}, "variance=0.0"),
        ({"variance": -1.0}, "variance=-1.0"),
        ({"variance": inf}, "variance=inf"),
        ({"variance": nan}, "variance=nan"),
        ({"resolution": 0.0}, "resolution=0.0"),
        ({"resolution": -0.01}, "resolution=-0.01"),
        ({"resolution": 10.1}, "resolution=10.1"),
        ({"resolution": nan}, "resolution=nan"),
        ({"resolution": 1e-13}, "resolution=1e-13"),
        ({"alpha": 0.0}, "alpha=0.0"),
        ({"alpha": 1.0}, "alpha=1.0"),
        ({"alpha": nan}, "alpha=nan"),
        ({"beta": 1.5}, "beta=1.5"),
        ({"alpha_pass": -0.1}, "alpha_pass=-0.1"),
        ({"variance_ratio": 0.5}, "variance_ratio=0.5"),
        ({"miss_variance_ratio": inf}, "miss_variance_ratio=inf"),
        ({"rounding": 0.002}, "rounding=0.002"),
        ({"rounding": -1e-9}, "rounding=-1e-09"),
        ({"rounding": nan}, "rounding=nan"),
    ],
)
def test_a_claim_without_a_meaning_is_refused_by_name(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^{named} .*"):
        replace(claim(400, 1e-3), **wrong)


@pytest.mark.parametrize("look", [0, -1, 3, 8191])
def test_a_look_must_be_a_power_of_two(look: int) -> None:
    with pytest.raises(ValueError, match=f"^look={look} "):
        design(claim(1, 1e-3), look=look)


def variance_design(variance: float, kurtosis: float, share: float = 0.1) -> Design:
    return design(variance_claim(variance, kurtosis, share, alpha=2.5e-9, beta=1e-3))


def test_the_variance_of_the_score_function_of_exp_needs_a_trillion_draws() -> None:
    """exp(2x) at mu = 1/2, sigma = 1; the moments by 30-digit quadrature, not by the algebra."""
    with mpmath.workdps(30):

        def mean(f: Callable[[mpmath.mpf], mpmath.mpf]) -> mpmath.mpf:
            return mpmath.quad(lambda z: f(z) * mpmath.npdf(z), range(-20, 33))

        m = mean(lambda z: mpmath.exp(1 + 2 * z) * z)
        v = mean(lambda z: (mpmath.exp(1 + 2 * z) * z - m) ** 2)
        kurtosis = mean(lambda z: (mpmath.exp(1 + 2 * z) * z - m) ** 4) / v**2
    plan = variance_design(float(v), float(kurtosis))
    assert 1.5e12 < plan.n_fail < 1.8e12
    plain = design(replace(plan.claim, scale=inf))
    assert plain.n_fail == pytest.approx(1.5e12, rel=0.05)


@pytest.mark.parametrize("variance", [1e-8, 1.0, 1e8])
def test_a_variance_claim_has_the_variance_of_the_squares(variance: float) -> None:
    """Of a normal draw: E z**4 = 3, so (z**2 - 1) has the variance 2."""
    made = variance_claim(variance, 3.0, 0.1, alpha=1e-6, beta=1e-3)
    assert made.variance == pytest.approx(2 * variance**2)
    assert made.resolution == pytest.approx(0.1 * variance)
    assert made.same_shape(made.resolution) == pytest.approx(1.21)
    assert design(made).n_fail == variance_design_of_unit().n_fail


def variance_design_of_unit() -> Design:
    return design(variance_claim(1.0, 3.0, 0.1, alpha=1e-6, beta=1e-3))


def test_a_kurtosis_near_1_is_given_the_coarsest_resolution_allowed() -> None:
    plan = variance_design(2.0, 1 + 1e-8)
    assert plan.resolution == pytest.approx(10 * 1e-4 * 2.0)
    assert plan.n_fail == plan.look


@pytest.mark.parametrize(
    ("variance", "kurtosis", "share", "named"),
    [
        (0.0, 3.0, 0.1, "variance=0.0"),
        (1.0, 1.0, 0.1, "kurtosis=1.0"),
        (1.0, inf, 0.1, "kurtosis=inf"),
        (1.0, nan, 0.1, "kurtosis=nan"),
        (1.0, 3.0, 0.0, "share=0.0"),
        (1.0, 3.0, nan, "share=nan"),
    ],
)
def test_a_variance_claim_without_a_meaning_is_refused(
    variance: float, kurtosis: float, share: float, named: str
) -> None:
    with pytest.raises(ValueError, match=f"^{named} "):
        variance_claim(variance, kurtosis, share, alpha=1e-6, beta=1e-3)


def test_a_bias_is_told_in_three_units() -> None:
    found = detectable(0.5, 4.0, -10.0)
    assert (found.absolute, found.deviations, found.relative) == (0.5, 0.25, 0.05)
    assert detectable(0.5, 4.0, 0.0).relative is None

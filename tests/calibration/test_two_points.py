"""The error rates, computed exactly for laws of two points: what is proven holds, and each wrong rule breaks it.

A jump of probability 1e-4 is a tail as heavy as the score function of exp(2x) has; p = 1/2 has no tail at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from tests.calibration.laws import TwoPoint
from tests.calibration.replications import exact_outcome
from tests.calibration.rules import FALSE_FAIL, FALSE_PASS, Rule, Statistic, proven
from verify.checks.claims import SHORTEST_LOOK
from verify.deciding.design import LOOK, Design, MeanClaim, design, variance_claim

LAWS = tuple(TwoPoint(p) for p in (0.5, 0.1, 0.9, 0.01, 0.99, 1e-4, 1 - 1e-4))
RESOLUTION = 0.5
# The level at which replications can see, and the levels of a default report of 400 hypotheses.
VISIBLE = MeanClaim(1.0, RESOLUTION, alpha=0.01, beta=0.01, alpha_pass=0.01)
USUAL = MeanClaim(1.0, RESOLUTION, alpha=2.5e-9, beta=1e-3)
DESIGNS = {
    "visible": design(VISIBLE, look=1),
    "usual": design(USUAL, look=1),
    "rounded": design(replace(VISIBLE, rounding=0.04), look=1),
    "unequal": design(replace(VISIBLE, miss_variance_ratio=1.5), look=1),
    "small": design(USUAL, max_draws=100, look=1),
}

each_design = pytest.mark.parametrize("plan", DESIGNS.values(), ids=DESIGNS.keys())
each_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: f"p={law.p}")


def roundings(plan: Design) -> tuple[float, ...]:
    return (0.0,) if plan.claim.rounding == 0 else (plan.claim.rounding, -plan.claim.rounding)


@each_design
@each_law
def test_a_true_claim(plan: Design, law: TwoPoint) -> None:
    for rounding in roundings(plan):
        found = exact_outcome(proven(plan), law, 2 * plan.n_max, offset=rounding)
        assert found.fail[-1] <= plan.claim.alpha
        assert 1 - found.passed[plan.n_pass] <= plan.claim.beta + plan.claim.alpha


@each_design
@each_law
@pytest.mark.parametrize("share", [1.0, -1.5])
def test_a_bias_of_the_resolution_or_more(plan: Design, law: TwoPoint, share: float) -> None:
    """The laws come with their jumps up and down, so one sign of each bias is enough."""
    claim = plan.claim
    for rounding in roundings(plan):
        offset = share * plan.resolution + rounding
        for ratio in (1.0, claim.miss_variance_ratio, claim.variance_ratio):
            found = exact_outcome(proven(plan), law, plan.n_max, offset=offset, scale=sqrt(ratio))
            assert found.passed[-1] <= claim.alpha_pass
            if ratio <= claim.miss_variance_ratio:
                assert 1 - found.fail[plan.n_fail] <= claim.beta + claim.alpha_pass


@each_design
@each_law
def test_the_bias_said_to_be_resolved_is_found(plan: Design, law: TwoPoint) -> None:
    for draws in (plan.n_fail // 3, plan.n_fail, plan.n_max):
        resolved = plan.resolved_bias(draws)
        if resolved is None:
            continue
        offset = resolved - plan.claim.rounding
        found = exact_outcome(proven(plan), law, draws, offset=offset, scale=sqrt(plan.claim.miss_variance_ratio))
        assert 1 - found.fail[draws] <= plan.claim.beta + plan.claim.alpha_pass


# Budgets that make r coarse: .79, .92 and, at all rates 1 %, 1.1 where what depends on r is left as it was for .1.
COARSE = {
    "400": design(variance_claim(1.0, 3.0, 0.1, alpha=2.5e-9, beta=1e-3), max_draws=400, look=1),
    "250": design(variance_claim(1.0, 3.0, 0.1, alpha=2.5e-9, beta=1e-3), max_draws=250, look=1),
    "100": design(variance_claim(1.0, 3.0, 0.1, alpha=0.01, beta=0.01, alpha_pass=0.01), max_draws=100, look=1),
}


@pytest.mark.parametrize("plan", COARSE.values(), ids=COARSE.keys())
@pytest.mark.parametrize("p", [1 / 3, 0.1, 0.01])
@pytest.mark.parametrize("beyond", [1.0, 1.5])
def test_a_variance_that_is_off_by_the_resolution_in_use(plan: Design, p: float, beyond: float) -> None:
    """s of two points with E s = 1, s >= 0, is multiplied by 1 + rho, whatever r the budget has left."""
    rho, claim = beyond * plan.resolution, plan.claim
    assert plan.resolution > 4 * claim.resolution
    law = TwoPoint(p)
    assert 1 + law.down * sqrt(claim.variance) >= -1e-12
    found = exact_outcome(proven(plan), law, plan.n_max, offset=rho, scale=(1 + rho) * plan.block_deviation)
    assert found.passed[-1] <= claim.alpha_pass
    assert 1 - found.fail[plan.n_fail] <= claim.beta + claim.alpha_pass


# Small steps, so that little is lost where a sum oversteps its threshold; a wrong factor of 2 shows only then.
FINE = design(replace(VISIBLE, resolution=0.25), look=1)
WITH_AND_WITHOUT_TAIL = tuple(TwoPoint(p) for p in (0.5, 0.1, 1e-4))


@pytest.mark.parametrize("wrong", FALSE_FAIL.values(), ids=FALSE_FAIL.keys())
def test_a_wrong_rule_accuses_the_innocent(wrong: Callable[[Design], Rule]) -> None:
    rates = [exact_outcome(wrong(FINE), law, FINE.n_max).fail[-1] for law in WITH_AND_WITHOUT_TAIL]
    assert max(rates) > FINE.claim.alpha


@pytest.mark.parametrize("wrong", FALSE_PASS.values(), ids=FALSE_PASS.keys())
def test_a_wrong_rule_certifies_the_guilty(wrong: Callable[[Design], Rule]) -> None:
    scale = sqrt(FINE.claim.variance_ratio)
    rates = [
        exact_outcome(wrong(FINE), law, FINE.n_max, offset=FINE.resolution, scale=scale).passed[-1]
        for law in WITH_AND_WITHOUT_TAIL
    ]
    assert max(rates) > FINE.claim.alpha_pass


def test_a_z_test_errs_a_thousandfold_at_the_levels_of_a_report() -> None:
    """At 2.5e-9 the heavy tail costs the z-test, at its own fixed n, more than a factor of 1000."""
    plan = DESIGNS["usual"]
    found = exact_outcome(FALSE_FAIL["z-test at the end"](plan), TwoPoint(1e-4), plan.n_max)
    assert found.fail[-1] > 1000 * plan.claim.alpha


def test_rounding_that_is_not_allowed_for_accuses_the_innocent() -> None:
    """A tenth of the resolution at most is allowed for, and only when it is declared."""
    rounding = FINE.resolution / 10
    declared = design(replace(FINE.claim, rounding=rounding), look=1)
    law = TwoPoint(0.5)
    assert exact_outcome(proven(FINE), law, FINE.n_max, offset=rounding).fail[-1] > FINE.claim.alpha
    assert exact_outcome(proven(declared), law, declared.n_max, offset=rounding).fail[-1] <= FINE.claim.alpha


def test_a_report_needs_its_level_shared_out() -> None:
    """Twenty independent hypotheses: the level of one for each is too much, a twentieth of it is not."""
    level, hypotheses = 0.01, 20

    def false_alarms_of_a_report(alpha: float) -> float:
        plan = design(replace(VISIBLE, alpha=alpha), look=1)
        one = exact_outcome(proven(plan), TwoPoint(0.5), plan.n_max).fail[-1]
        return 1 - float((1 - one) ** hypotheses)

    assert false_alarms_of_a_report(level) > level
    assert false_alarms_of_a_report(level / hypotheses) <= level


@pytest.mark.parametrize("look", [LOOK, SHORTEST_LOOK])
def test_a_correct_estimator_takes_at_most_42_variances_over_the_squared_resolution(look: int) -> None:
    """With blocks of 512 and the looks of a function, and of a built-in estimator; a z-test takes 82."""
    plan = design(MeanClaim(1.0, 0.01, alpha=2.5e-9, beta=1e-3), look=look)
    found = exact_outcome(
        proven(plan),
        TwoPoint(0.5),
        plan.n_max // plan.block,
        blocks_per_look=plan.blocks_per_look,
        scale=plan.block_deviation,
    )
    mean_draws = found.mean_blocks * plan.block
    assert mean_draws * 0.01**2 <= 42
    assert plan.expected_draws() == pytest.approx(mean_draws, rel=0.05)


def test_the_walk_is_the_binomial_one() -> None:
    """At a fixed look the exact harness must give a binomial tail: the probability of 8 or more heads of 10."""
    heads_less_tails = Statistic(lambda t: t, 1.0)
    rule = Rule(
        statistics=(heads_less_tails,),
        fails=lambda blocks, sums: (blocks == 10) & (sums[0] >= 6),
        passes=lambda _blocks, sums: np.zeros(sums.shape[1:], dtype=np.bool_),
    )
    found = exact_outcome(rule, TwoPoint(0.5), 10)
    assert found.fail[-1] == pytest.approx((45 + 10 + 1) / 1024, rel=1e-12)
    assert found.mean_blocks == pytest.approx(10)

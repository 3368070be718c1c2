"""The error rates over replications, for the laws of real estimators; the long runs are marked `prove`.

No comparison here has a tolerance: a rate is convicted of being above its level only at an error below TEST_ERROR.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.calibration.laws import LAWS, OF_NOISE, Law, TwoPoint
from tests.calibration.replications import Replicated, is_above, replicate
from tests.calibration.rules import FALSE_FAIL, FALSE_PASS, Rule, proven
from verify.deciding.design import Design, MeanClaim, design
from verify.deciding.sequential_test import SequentialTest

LEVEL = 0.01
SINGLE = design(MeanClaim(1.0, 0.25, alpha=LEVEL, beta=LEVEL, alpha_pass=LEVEL), look=64)
IN_BLOCKS = design(MeanClaim(1.0, 0.125, alpha=LEVEL, beta=LEVEL, alpha_pass=LEVEL), look=256)

each_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)


def stream(rule: Rule, plan: Design, law: Law, streams: int, draws: int, offset: float, ratio: float) -> Replicated:
    return replicate(
        rule,
        law,
        streams,
        draws // plan.look,
        np.random.default_rng(20_240_229),
        block=plan.block,
        blocks_per_look=plan.blocks_per_look,
        offset=offset,
        scale=sqrt(ratio),
    )


def rates_above_their_level(plan: Design, law: Law, streams: int) -> list[str]:
    """Each promise of the claim that the replications convict."""
    rule, claim = proven(plan), plan.claim
    convicted = []

    def hold(promise: str, broken: NDArray[np.bool_], level: float) -> None:
        if is_above(int(broken.sum()), streams, level):
            convicted.append(f"{promise}: {broken.mean()}")

    true = stream(rule, plan, law, streams, plan.n_max, 0.0, 1.0)
    hold("false FAIL", true.fail, claim.alpha)
    true_to_pass = stream(rule, plan, law, streams, plan.n_pass, 0.0, 1.0)
    hold("no PASS of a true claim", ~true_to_pass.passed, claim.beta + claim.alpha)
    for sign in (1, -1):
        for ratio in (1.0, claim.variance_ratio):
            biased = stream(rule, plan, law, streams, plan.n_max, sign * plan.resolution, ratio)
            hold(f"false PASS at {sign} resolution, variance ratio {ratio}", biased.passed, claim.alpha_pass)
        biased_to_fail = stream(rule, plan, law, streams, plan.n_fail, sign * plan.resolution, 1.0)
        hold(f"no FAIL at {sign} resolution", ~biased_to_fail.fail, claim.beta + claim.alpha_pass)
    return convicted


@each_law
def test_every_promise(law: Law) -> None:
    assert rates_above_their_level(SINGLE, law, streams=3000) == []


@pytest.mark.prove
@each_law
@pytest.mark.parametrize("plan", [SINGLE, IN_BLOCKS], ids=["single draws", "blocks"])
def test_every_promise_over_many_replications(law: Law, plan: Design) -> None:
    assert rates_above_their_level(plan, law, streams=50_000) == []


HEAVY = next(law for law in LAWS if law.name == "two points, p = 1e-4")
NORMAL = next(law for law in LAWS if law.name == "pathwise of x**2")


@pytest.mark.parametrize(
    ("wrong", "law"),
    [
        ("z-test at every look", NORMAL),
        ("z-test at the end", HEAVY),
        ("nothing clipped", HEAVY),
        ("cubic not clipped", HEAVY),
        ("no variance term", NORMAL),
    ],
)
def test_the_replications_convict_a_false_alarm(wrong: str, law: Law) -> None:
    found = stream(FALSE_FAIL[wrong](SINGLE), SINGLE, law, 2000, SINGLE.n_max, 0.0, 1.0)
    assert is_above(int(found.fail.sum()), 2000, LEVEL)


@pytest.mark.parametrize("wrong", ["PASS because the mean is close", "PASS without room for the variance"])
def test_the_replications_convict_a_false_pass(wrong: str) -> None:
    found = stream(FALSE_PASS[wrong](SINGLE), SINGLE, NORMAL, 4000, SINGLE.n_max, SINGLE.resolution, 2.0)
    assert is_above(int(found.passed.sum()), 4000, LEVEL)


@pytest.mark.prove
@pytest.mark.parametrize(
    ("wrong", "blame", "p"),
    [("alpha not split between the sides", FALSE_FAIL, 0.5), ("PASS because nothing was seen", FALSE_PASS, 0.1)],
)
def test_many_replications_convict_a_factor_of_two(
    wrong: str, blame: dict[str, Callable[[Design], Rule]], p: float
) -> None:
    plan = design(SINGLE.claim, look=1)
    offset, ratio = (0.0, 1.0) if blame is FALSE_FAIL else (plan.resolution, 2.0)
    points = TwoPoint(p)
    law = Law("two points", lambda rng, shape: np.where(rng.random(shape) < p, points.up, points.down))
    found = stream(blame[wrong](plan), plan, law, 50_000, plan.n_max, offset, ratio)
    assert is_above(int((found.fail if blame is FALSE_FAIL else found.passed).sum()), 50_000, LEVEL)


@pytest.mark.prove
def test_ten_thousand_reports_of_twenty_correct_hypotheses() -> None:
    """False alarms of whole reports at 1 %, resolution 0.05; the share of reports that are all PASS as well."""
    reports, hypotheses = 10_000, 20
    claim = MeanClaim(1.0, 0.05, alpha=LEVEL / hypotheses, beta=LEVEL / hypotheses)
    plan = design(claim, look=1024)
    alarmed, all_pass = np.zeros(reports, dtype=np.bool_), np.ones(reports, dtype=np.bool_)
    for number in range(hypotheses):
        law = LAWS[number % len(LAWS)]
        rng = np.random.default_rng([20_240_229, number])
        for part in range(0, reports, 1000):
            found = replicate(
                proven(plan),
                law,
                1000,
                plan.n_max // plan.look,
                rng,
                block=plan.block,
                blocks_per_look=plan.blocks_per_look,
            )
            alarmed[part : part + 1000] |= found.fail
            all_pass[part : part + 1000] &= found.passed
    assert not is_above(int(alarmed.sum()), reports, LEVEL)
    assert not is_above(int((~all_pass).sum()), reports, 2 * LEVEL)


def replayed(block_means: NDArray[np.float64]) -> Law:
    """A law that gives the rows of `block_means`, one a look."""
    rows = iter(block_means)
    return Law("replayed", lambda _rng, shape: next(rows).reshape(shape))


@each_law
@pytest.mark.parametrize("bias", [0.0, 1.0, -2.0])
def test_the_rule_judged_here_is_the_one_in_use(law: Law, bias: float) -> None:
    rng = np.random.default_rng(1)
    for plan in (SINGLE, IN_BLOCKS):
        looks = plan.n_max // plan.look
        draws = law.draw(rng, (looks, plan.blocks_per_look, plan.block)).mean(axis=-1) + bias * plan.resolution
        found = replicate(proven(plan), replayed(draws), 1, looks, rng, blocks_per_look=plan.blocks_per_look)
        test = SequentialTest(plan)
        for look in draws:
            if test.finished:
                break
            test.update(look)
        assert test.decision == ("FAIL" if found.fail[0] else "PASS" if found.passed[0] else None)
        assert test.draws == found.mean_blocks * plan.block


@pytest.mark.parametrize("transform", OF_NOISE.values(), ids=OF_NOISE.keys())
def test_the_laws_have_mean_0_and_variance_1(transform: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> None:
    """The trapezoid rule on +-20 deviations: for analytic functions against exp(-z**2/2) its error is below 1e-12."""
    z = np.linspace(-20, 20, 8001)
    weights = np.exp(-(z**2) / 2) / sqrt(2 * np.pi) * (z[1] - z[0])
    y = transform(z)
    assert float(weights @ y) == pytest.approx(0, abs=1e-11)
    assert float(weights @ y**2) == pytest.approx(1, rel=1e-11)


@pytest.mark.parametrize("p", [0.5, 0.02, 1e-4])
def test_two_points_have_mean_0_and_variance_1(p: float) -> None:
    law = TwoPoint(p)
    assert p * law.up + (1 - p) * law.down == pytest.approx(0, abs=1e-15)
    assert p * law.up**2 + (1 - p) * law.down**2 == pytest.approx(1)


def test_the_comparison_convicts_neither_luck_nor_too_little() -> None:
    """Against an exact binomial tail: what is convicted has a probability below TEST_ERROR at the level itself."""
    from scipy.special import bdtrc

    for streams, level in ((1000, 0.01), (4000, 0.02), (50_000, 0.01)):
        first = next(count for count in range(int(streams * level), streams) if is_above(count, streams, level))
        assert bdtrc(first - 1, streams, level) <= 1e-12
        assert bdtrc(first - 1, streams, level) >= 1e-12 * exp(-8)
    assert not is_above(0, 100, 0.01)
    assert is_above(100, 100, 0.01)

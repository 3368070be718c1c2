"""The plan of a check: the same numbers as the check itself, and rates of a z-test that are true."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import mpmath
import numpy as np
import pytest

from symbolic.errors import SymbolicError
from verify.campaign import run_campaign
from verify.case import Case, Settings
from verify.cli import main
from verify.controls import CONTROLS
from verify.finding import Tier
from verify.formats.plan_page import plan_as_text
from verify.planning import Plan, Step, plan
from verify.shell.terminal import Look
from verify.usage import UsageError

SQUARE = Case("x**2", "normal", {"mu": "1", "sigma": "1"}, ("mu",))
HEAVY = Case("exp(2*x)", "normal", {"mu": "1/2", "sigma": "1"}, ("mu",), ("score_function",))
COARSE = Settings(resolution=0.2, variance_resolution=0.5)


def step_of(found: Plan, estimator: str, check: str) -> Step:
    return next(step for step in found.steps if (step.estimator, step.check) == (estimator, check))


@lru_cache
def coarse_plan() -> Plan:
    return plan(SQUARE, COARSE)


@lru_cache
def heavy_plan() -> Plan:
    return plan(HEAVY, Settings(min_effect=0.05))


def test_the_plan_is_that_of_the_check() -> None:
    """The controls are part of the budget, so they are run as well."""
    planned = coarse_plan()
    report = run_campaign([SQUARE], CONTROLS, COARSE, command="")
    drawn = [finding for finding in report.findings if finding.tier == Tier.MONTE_CARLO]
    assert len(planned.steps) == len(drawn) == 4
    assert planned.hypotheses == report.hypotheses
    for finding in drawn:
        step = step_of(planned, finding.estimator, finding.check)
        assert step.n_fail is not None
        assert step.n_pass is not None
        assert max(step.n_fail, step.n_pass) == finding.n_needed == step.n_max
        assert (step.resolution, planned.alpha, planned.beta) == (finding.resolution, finding.alpha, finding.beta)
        assert finding.n is not None
        assert finding.n <= finding.n_needed


def test_a_share_of_the_gradient_is_the_effect() -> None:
    found = plan(SQUARE, Settings(min_effect=0.05, variance_resolution=0.5))
    for estimator, variance in (("score_function", 30), ("pathwise", 4)):
        step = step_of(found, estimator, "bias")
        assert step.effect == pytest.approx(0.05)
        assert step.resolution == pytest.approx(0.05 * 2 / math.sqrt(variance))


def test_seconds_are_those_of_the_draws() -> None:
    for step in coarse_plan().steps:
        assert step.seconds is not None
        assert step.seconds_at_most is not None
        assert step.expected_draws is not None
        assert step.n_max is not None
        assert 0 < step.seconds <= step.seconds_at_most
        assert step.seconds_at_most / step.n_max == pytest.approx(step.seconds / step.expected_draws)
        assert step.seconds_at_most / step.n_max < 1e-5  # 100 ns a draw would be a very slow machine


def test_a_miss_rate_of_the_reader_s_own() -> None:
    strict, lax = coarse_plan(), plan(SQUARE, replace(COARSE, miss_rate=1e-2))
    assert lax.beta == pytest.approx(1e4 * strict.beta)
    for one, other in zip(strict.steps, lax.steps, strict=True):
        assert one.n_fail is not None
        assert other.n_fail is not None
        assert one.n_fail >= other.n_fail


# The z-test


def test_a_z_test_of_a_normal_mean_keeps_its_promise() -> None:
    found = coarse_plan()
    test = step_of(found, "pathwise", "bias").z_test
    assert test is not None
    assert test.error == 0
    assert test.false_alarm == pytest.approx(found.alpha, rel=1e-9)
    # Its n is rounded up: by a draw in a thousand.
    assert 0.8 * found.beta < test.miss <= found.beta * (1 + 1e-6)


def test_the_rates_of_a_variance_are_those_of_chi_square() -> None:
    """(g - m)^2 of 2 x is 4 e^2: n draws have a chi-square mean, and one of variance 1 + r is 1 + r times as large."""
    found = plan(replace(SQUARE, estimators=("pathwise",)), replace(COARSE, false_alarm_rate=1e-3))
    test = step_of(found, "pathwise", "variance").z_test
    assert test is not None
    n, z = test.draws, -NormalDist().inv_cdf(found.alpha / 2)
    low, high = (n + sign * z * math.sqrt(2 * n) for sign in (-1, 1))

    def between(scale: float) -> float:
        return float(mpmath.gammainc(n / 2, max(low, 0) / scale / 2, high / scale / 2, regularized=True))

    assert test.error < 1e-12
    assert test.false_alarm == pytest.approx(1 - between(1), rel=1e-6)
    assert test.miss == pytest.approx(max(between(1.5), between(0.5)), rel=1e-6)
    assert test.false_alarm > found.alpha


def test_heavy_tails_break_the_promise_of_a_z_test() -> None:
    """Against simulated z-tests at a level that can be counted; then at the usual one, by orders of magnitude."""
    lax = Settings(resolution=0.2, false_alarm_rate=0.1, miss_rate=0.5, variance_resolution=0.5)
    found = plan(HEAVY, lax)
    test = step_of(found, "score_function", "bias").z_test
    assert test is not None
    rng, runs = np.random.default_rng(), 20_000
    gradient, deviation = 2 * math.exp(3), math.sqrt(17 * math.exp(10) - 4 * math.exp(6))
    z = np.empty(runs)
    for start in range(0, runs, 1000):
        e = rng.standard_normal((1000, test.draws))
        z[start : start + 1000] = ((np.exp(1 + 2 * e) * e).mean(axis=1) - gradient) / deviation * math.sqrt(test.draws)
    critical = -NormalDist().inv_cdf(found.alpha / 2)
    off = 0.2 * math.sqrt(test.draws)
    misses = [float((np.abs(z + shift) <= critical).mean()) for shift in (off, -off)]
    within = math.sqrt(math.log(2 * 3 / 1e-9) / (2 * runs)) + test.error  # Hoeffding, three shares at 1e-9 together
    assert abs(float((np.abs(z) > critical).mean()) - test.false_alarm) <= within
    assert abs(max(misses) - test.miss) <= within

    usual = step_of(heavy_plan(), "score_function", "bias").z_test
    assert usual is not None
    assert usual.false_alarm > 100 * usual.promised_false_alarm
    assert usual.false_alarm > 100 * usual.error


# What has no plan


def test_a_variance_that_takes_too_many_plain_draws_is_weighted() -> None:
    step = step_of(heavy_plan(), "score_function", "variance")
    assert step.weighted
    assert step.n_max is not None
    assert step.n_max < 10**7
    assert step.z_test is not None
    assert step.z_test.draws > 10**11


def test_draws_that_are_all_the_same_take_one_look() -> None:
    found = plan(Case("x", "normal", {"mu": "1", "sigma": "1"}, ("mu",), ("pathwise",)), Settings())
    assert [step.n_max for step in found.steps] == [8192, 8192]
    assert all(step.z_test is None and step.note for step in found.steps)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case("Heaviside(x)", at={"mu": "0", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)), "jump"),
        (Case("exp(x**2/3)", at={"mu": "0", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)), "infinite variance"),
        (Case("x**2", at={"mu": "800.1", "sigma": "1e-12"}, wrt=("mu",), estimators=("pathwise",)), "rounds"),
    ],
)
def test_what_is_not_judged_by_draws_has_a_reason(case: Case, said: str) -> None:
    for step in plan(case, Settings()).steps:
        assert said in step.note
        assert (step.n_max, step.seconds, step.z_test) == (None, None, None)


# What is printed


def test_the_page_and_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "x**2", "--at", "mu=0.5,sigma=1", "--wrt", "mu", "--min-effect", "5%", "--miss-rate", "1e-3"]
    assert main([*words, "--format", "json"]) == 0
    values: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert values["schema"] == "mcgradcheck/plan/1"
    assert values["miss_rate"] == 1e-3
    assert len(values["steps"]) == 4
    keys = {"n_fail", "n_pass", "expected_draws", "seconds", "z_test"}
    assert all(keys <= set(step) for step in values["steps"])
    assert main([*words, "--color", "never"]) == 0
    text = capsys.readouterr().out
    assert "score_function" in text
    assert "5 %" in text
    assert max(map(len, text.splitlines())) <= 135


def test_the_page_without_unicode_and_with_notes() -> None:
    text = plan_as_text(
        plan(Case("Heaviside(x)", at={"mu": "0", "sigma": "1"}, wrt=("mu",)), COARSE), Look(False, False)
    )
    assert text.isascii()
    assert "[1]" in text


@pytest.mark.parametrize(
    ("case", "settings", "named"),
    [
        (SQUARE, Settings(max_draws=20), "max_draws=20"),
        (SQUARE, Settings(min_effect=0.01, max_draws=2), "max_draws=2"),
        (replace(SQUARE, at={"mu": "0", "sigma": "1"}), Settings(min_effect=0.01), "min_effect=0.01"),
        (Case("cos(x)", at={"mu": "1", "sigma": "1/100"}, wrt=("mu",)), Settings(min_effect=9.0), "min_effect=9"),
        (replace(SQUARE, at={"mu": "0"}), Settings(), "sigma"),
        (replace(SQUARE, estimators=("guess",)), Settings(), "guess"),
    ],
)
def test_what_cannot_be_planned_is_refused(case: Case, settings: Settings, named: str) -> None:
    with pytest.raises((UsageError, SymbolicError)) as refused:
        plan(case, settings)
    assert named in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("--resolution 0", "0"),
        ("--miss-rate 1", "1"),
        ("--min-effect -1%", "-1%"),
        ("--at mu=2", "mu"),
        ("--output plan.html", ".html"),
    ],
)
def test_the_command_line_refuses_in_two_lines(words: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "x**2", "--at", "mu=1,sigma=1", *words.split()]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert named in written.err
    assert len(written.err.splitlines()) <= 2


def test_what_a_check_would_not_begin_is_noted() -> None:
    case = Case("sin(x)**2", at={"mu": "1", "sigma": "2"}, wrt=("mu",), estimators=("pathwise",))
    bias, _ = plan(case, Settings(min_effect=0.01)).steps
    assert (bias.n_max or 0) > 10**12
    assert bias.note == "more than 10,000,000,000 draws are begun only with --max-draws"
    bias, _ = plan(case, Settings(min_effect=0.01, max_draws=10**6)).steps
    assert (bias.note, bias.n_max is not None and bias.n_max <= 10**6) == ("", True)

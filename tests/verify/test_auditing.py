"""The audit: held against hand computation, named laws and simulated runs of the test that is audited."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import verify
from verify.auditing.audit import Audit, audit
from verify.auditing.law_of_mean import law_of_mean
from verify.auditing.simulation import simulate_audit
from verify.auditing.tolerance_test import ToleranceTest
from verify.case import Case
from verify.catalogue import CATALOGUE
from verify.cell import cells_of
from verify.cli import main
from verify.formats.audit_page import audit_as_json, audit_as_text, how_often
from verify.shell.terminal import Look
from verify.usage import UsageError

PHI = NormalDist().cdf
RATES: dict[str, Any] = {"false_alarm_rate": 1e-6, "miss_rate": 1e-4}
FAMOUS = ("x", "score_function", {"mu": 10, "sigma": 1}, 100_000)
KEYS = (
    "tolerance_in_standard_errors",
    "false_failure_probability",
    "smallest_scale_error_90",
    "smallest_scale_error_999",
    "smallest_shift_90",
    "smallest_shift_999",
    "zero_gradient_passes",
    "flipped_sign_passes",
    "guarantee",
)


def test_the_famous_tolerance() -> None:
    """g = (10 + e) e has E g = 1, Var g = 100 + 3 - 1."""
    found = audit(*FAMOUS, rtol=0.05)
    assert found.exact_gradient == 1
    assert found.exact_variance == 102
    assert found.tolerance_in_standard_errors == pytest.approx(0.05 * math.sqrt(1e5 / 102), rel=1e-12)
    assert f"{found.tolerance_in_standard_errors:.2f}" == "1.57"
    assert f"{found.false_failure_probability:.3f}" == "0.117"
    low, high = found.false_failure_bounds
    assert low < found.false_failure_probability < high
    assert not found.zero_gradient_passes
    assert not found.flipped_sign_passes


def normal_failing(tolerance: float, mean: float, deviation: float) -> float:
    """P(|N(mean, deviation^2)| > tolerance)."""
    return PHI((-tolerance - mean) / deviation) + PHI((mean - tolerance) / deviation)


def test_a_normal_mean_by_hand() -> None:
    """2 x at mu = 1, sigma = 1: the mean is N(2, 4/n)."""
    found = audit("x**2", "pathwise", {"mu": 1, "sigma": 1}, 400, rtol=0.1)
    assert (found.guarantee, found.error) == ("proven", 0)
    assert found.false_failure_probability == pytest.approx(2 * PHI(-2), rel=1e-12)
    assert found.false_failure_bounds == (found.false_failure_probability,) * 2
    for shift, power in ((found.smallest_shift_90, 0.9), (found.smallest_shift_999, 0.999)):
        assert shift is not None
        assert normal_failing(0.2, shift, 0.1) == pytest.approx(power, abs=1e-9)
    for scale, power in ((found.smallest_scale_error_90, 0.9), (found.smallest_scale_error_999, 0.999)):
        assert scale is not None
        both = [normal_failing(0.2, 2 * s, 0.1 * (1 + s)) for s in (scale, -scale)]
        assert min(both) == pytest.approx(power, abs=1e-9)


@pytest.mark.parametrize(("cost", "at"), [("3", {"mu": 1, "sigma": 2}), ("x", {"mu": 0, "sigma": 2})])
def test_a_gradient_of_zero(cost: str, at: dict[str, int]) -> None:
    """The score function of a constant is 3 e / sigma; a scale means nothing, and zero is the truth."""
    wrt = "mu" if cost == "3" else "sigma"
    found = audit(cost, "score_function", at, 100, atol=0.3, wrt=wrt)
    assert found.exact_gradient == 0
    assert found.smallest_scale_error_90 is found.smallest_scale_error_999 is None
    assert found.zero_gradient_passes
    if cost == "3":
        assert found.guarantee == "proven"
        assert found.false_failure_probability == pytest.approx(2 * PHI(-2), rel=1e-12)
    assert audit(cost, "score_function", at, 100, rtol=0.3, wrt=wrt).false_failure_probability == 1


def test_a_binomial_mean_by_hand() -> None:
    """The pathwise term of Max(x - 1, 0) is 0 or 1. At mu = 1, 1000 draws pass with 475 to 525 ones."""
    found = audit("Max(x - 1, 0)", "pathwise", {"mu": 1, "sigma": 2}, 1000, rtol=0.05)
    inside = sum(math.comb(1000, k) for k in range(475, 526))
    assert found.guarantee == "proven"
    assert found.false_failure_probability == pytest.approx(float(1 - Fraction(inside, 2**1000)), rel=1e-9)


def test_draws_that_are_all_the_gradient() -> None:
    found = audit("x", "pathwise", {"mu": 3, "sigma": 1}, 100, rtol=0.05)
    assert found.guarantee == "proven"
    assert found.false_failure_probability == found.standard_error == 0
    assert found.tolerance_in_standard_errors == math.inf
    assert found.smallest_scale_error_90 == pytest.approx(0.05)
    assert found.smallest_shift_999 == pytest.approx(0.05)
    assert found.n_needed is None


@pytest.mark.parametrize(
    ("rtol", "zero", "flipped"), [(0.9, False, False), (1.1, True, False), (1.9, True, False), (2.1, True, True)]
)
def test_zero_passes_from_a_tolerance_of_1_on_and_the_wrong_sign_from_2(rtol: float, zero: bool, flipped: bool) -> None:
    found = audit("x**2", "pathwise", {"mu": 1, "sigma": 1}, 10**6, rtol=rtol)
    assert (found.zero_gradient_passes, found.flipped_sign_passes) == (zero, flipped)


def test_components_all_have_to_pass() -> None:
    one = audit("x**2", "score_function", {"mu": 1, "sigma": 1}, 10_000, rtol=0.1)
    many = audit("x**2", "score_function", {"mu": 1, "sigma": 1}, 10_000, rtol=0.1, components=7)
    assert many.false_failure_probability == pytest.approx(1 - (1 - one.false_failure_probability) ** 7, rel=1e-9)
    for alone, together in zip(one.bugs, many.bugs, strict=True):
        assert together.survives == pytest.approx(alone.survives**7, abs=1e-9)


@pytest.mark.parametrize(("cost", "estimator"), [("x**2", "pathwise"), ("x**2", "score_function")])
def test_the_n_and_the_tolerance_that_rates_ask_for(cost: str, estimator: str) -> None:
    at = {"mu": 1, "sigma": 1}
    first = audit(cost, estimator, at, 1000, rtol=0.05, **RATES)
    assert first.n_needed is not None
    assert first.tolerance_needed is not None
    enough = audit(cost, estimator, at, first.n_needed, rtol=0.05, **RATES)
    assert enough.false_failure_probability <= 1e-6
    assert max(bug.survives for bug in enough.bugs if bug.name == "10 % too large") <= 1e-4
    assert audit(cost, estimator, at, int(0.99 * first.n_needed), rtol=0.05, **RATES).false_failure_probability > 1e-6
    wide = audit(cost, estimator, at, 1000, atol=first.tolerance_needed, **RATES)
    assert wide.false_failure_probability == pytest.approx(1e-6, rel=1e-3)


SIMULATED: dict[str, tuple[str, str, dict[str, float], int, float]] = {
    "skew": ("x", "score_function", {"mu": 10, "sigma": 1}, 50, 2.0),
    "heavy": ("exp(2*x)", "score_function", {"mu": 0.5, "sigma": 1}, 200, 0.4),
    "an atom": ("Max(x, 0)", "score_function", {"mu": 0, "sigma": 1}, 30, 0.4),
}


def own_draws(name: str, rng: np.random.Generator, shape: tuple[int, int]) -> Any:
    e = rng.standard_normal(shape)
    return {"skew": (10 + e) * e, "heavy": np.exp(1 + 2 * e) * e, "an atom": np.maximum(e, 0) * e}[name]


@pytest.mark.parametrize("name", SIMULATED)
def test_correct_code_and_a_scale_bug_against_runs_of_our_own(name: str) -> None:
    cost, estimator, at, n, rtol = SIMULATED[name]
    found = audit(cost, estimator, at, n, rtol=rtol)
    rng, runs = np.random.default_rng(), 20_000
    means = np.concatenate([own_draws(name, rng, (1000, n)).mean(axis=1) for _ in range(runs // 1000)])
    within = math.sqrt(math.log(4 / 1e-9) / (2 * runs)) + found.error  # Hoeffding, both shares at 1e-9 together
    fails = ~np.isclose(means, found.exact_gradient, rtol=rtol, atol=0).reshape(-1)
    assert abs(fails.mean() - found.false_failure_probability) <= within
    doubled = ~np.isclose(2 * means, found.exact_gradient, rtol=rtol, atol=0)
    survives = next(bug.survives for bug in found.bugs if bug.name == "twice as large")
    assert abs((1 - doubled.mean()) - survives) <= within


@pytest.mark.parametrize(("n", "components"), [(100, 1), (100, 3), (70_000, 1)])
def test_the_simulation_agrees(n: int, components: int) -> None:
    seed = int(np.random.default_rng().integers(2**60))
    at, runs = {"mu": 1, "sigma": 1}, 2000 if n == 100 else 50
    found = audit(
        "x**2", "score_function", at, n, atol=4 / math.sqrt(n), components=components, simulate=runs, seed=seed
    )
    assert found.simulation is not None
    assert found.simulation.runs == runs
    assert found.simulation.agrees


def test_the_simulation_sees_a_wrong_law() -> None:
    """A standard error that is a third too small: 8 % of false failures are claimed where there are 24 %."""
    (cell,) = cells_of(Case("x**2", "normal", {"mu": "1", "sigma": "1"}, ("mu",), ("pathwise",)))
    right = ToleranceTest(2.0, 0.24, 0.2, 1, law_of_mean(cell)(100))
    assert simulate_audit(cell, right, 100, 3000, seed=1).agrees
    assert not simulate_audit(cell, replace(right, standard_error=0.137), 100, 3000, seed=1).agrees


def test_the_same_seed_gives_the_same_runs() -> None:
    first, second = (audit(*FAMOUS[:3], 1000, rtol=0.3, simulate=200, seed=7).simulation for _ in range(2))
    assert first == second


@pytest.mark.prove
@pytest.mark.parametrize("case", CATALOGUE, ids=lambda case: str(case.cost))
def test_the_simulation_agrees_on_the_whole_catalogue(case: Case) -> None:
    """At a tolerance of one standard error of 300 draws; an interval misses the truth once in a million."""
    seed = int(np.random.default_rng().integers(2**60))
    for cell in cells_of(case):
        atol = math.sqrt(float(cell.variance) / 300) or 0.1
        asked = (str(case.cost), cell.judged.name, dict(case.at), 300)
        wrt = str(cell.problem.wrt)
        found = audit(*asked, atol=atol, wrt=wrt, law=case.law, simulate=20_000, seed=seed)
        assert found.simulation is not None
        assert found.simulation.agrees, f"{cell.judged.name}, d/d{wrt}, seed={seed}"


# What is printed


def test_the_json_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    words = "audit x --estimator score_function --wrt mu --at mu=10,sigma=1 -n 1e5 --rtol 5% --format json"
    assert main(words.split()) == 0
    values = json.loads(capsys.readouterr().out)
    assert set(KEYS) <= set(values)
    assert values["schema"] == "mcgradcheck/audit/1"
    assert values["n"] == 100_000
    assert values["false_failure_probability"] == audit(*FAMOUS, rtol=0.05).false_failure_probability


def test_what_does_not_exist_is_null() -> None:
    constant = audit("x", "pathwise", {"mu": 3, "sigma": 1}, 100, rtol=0.05)
    assert json.loads(audit_as_json(constant, "", ""))["tolerance_in_standard_errors"] is None


def test_the_page_says_it_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    words = "audit x --estimator score_function --wrt mu --at mu=10,sigma=1 -n 100000 --rtol 0.05 --color never"
    assert main(words.split()) == 0
    text = capsys.readouterr().out
    assert "1 run in 8.5 of CORRECT code fails under a fresh seed (11.7 %)." in text
    assert "The tolerance is 1.57 standard errors." in text
    assert len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("look", [Look(False, True), Look(True, True), Look(False, False)])
def test_the_page_keeps_to_the_terminal(look: Look) -> None:
    text = audit_as_text(audit(*FAMOUS, rtol=0.05, components=3, simulate=2), look)
    assert ("\x1b" in text) == look.colour
    assert text.isascii() or look.unicode


@pytest.mark.parametrize(
    ("probability", "floor", "text"),
    [
        (1.0, 0.0, "every run"),
        (0.917, 0.0, "91.7 % of runs"),
        (0.117, 0.0, "1 run in 8.5"),
        (1e-6, 0.0, "1 run in a million"),
        (5.7e-7, 0.0, "1 run in 1.8 million"),
        (1 / 12_345, 0.0, "1 run in 12,000"),
        (2e-13, 1e-12, "fewer than 1 run in 1 trillion"),
        (0.0, 0.0, "no run"),
    ],
)
def test_probabilities_in_words(probability: float, floor: float, text: str) -> None:
    assert how_often(probability, floor) == text


def test_it_is_there_for_python() -> None:
    assert verify.audit is audit
    assert verify.Audit is Audit


# Bad input

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no draws": ({"n": 0}, "n=0"),
    "one draw": ({"n": 1}, "n=1"),
    "half a draw": ({"n": 2.5}, "n=2.5"),
    "true": ({"n": True}, "n=True"),
    "too many": ({"n": 10**16}, "n=1"),
    "a negative rtol": ({"rtol": -0.1}, "rtol=-0.1"),
    "NaN": ({"rtol": math.nan}, "rtol=nan"),
    "an infinite atol": ({"atol": math.inf}, "atol=inf"),
    "no tolerance": ({"rtol": 0.0}, "rtol=0 and atol=0"),
    "no component": ({"components": 0}, "components=0"),
    "fewer runs than none": ({"simulate": -1}, "simulate=-1"),
    "a rate of 1": ({"false_alarm_rate": 1.0}, "false_alarm_rate=1.0"),
    "a rate of 0": ({"miss_rate": 0.0}, "miss_rate=0.0"),
    "a blind estimator": ({"cost": "Heaviside(x)", "estimator": "pathwise"}, "jump"),
    "an infinite variance": ({"cost": "exp(x**2/3)"}, "infinite variance"),
    "an unknown estimator": ({"estimator": "guess"}, "guess"),
    "an unknown wrt": ({"wrt": "theta"}, "wrt=theta"),
    "sigma = 0": ({"at": {"mu": 1, "sigma": 0}}, "sigma=0"),
    "a value of NaN": ({"at": {"mu": math.nan, "sigma": 1}}, "mu=nan"),
    "rounding": (
        {"cost": "x + 1e9*x**2", "estimator": "pathwise", "at": {"mu": 1e9, "sigma": 1e-9}, "n": 10**12},
        "n=1",
    ),
}


@pytest.mark.parametrize(("changes", "named"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_audited_is_refused(changes: dict[str, Any], named: str) -> None:
    asked: dict[str, Any] = {
        "cost": "x",
        "estimator": "score_function",
        "at": {"mu": 1, "sigma": 1},
        "n": 100,
        "rtol": 0.1,
    }
    with pytest.raises(ValueError, match="=") as refused:
        audit(**(asked | changes))
    assert named in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("-n 0 --rtol 0.05", "n=0"),
        ("-n 1.5 --rtol 0.05", "1.5"),
        ("-n many --rtol 0.05", "many"),
        ("-n 100", "rtol=0"),
        ("-n 100 --rtol tight", "tight"),
        ("-n 100 --rtol 0.1 --components 0", "components=0"),
        ("--rtol 0.1", "-n"),
        ("-n 100 --rtol 0.1 --output audit.pdf", ".pdf"),
    ],
)
def test_the_command_line_refuses_in_two_lines(words: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "x", "--estimator", "score_function", "--at", "mu=1,sigma=1", *words.split()]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert named in written.err
    assert len(written.err.splitlines()) <= 2


def test_a_refusal_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="n=1 "):
        audit("x", "score_function", {"mu": 1, "sigma": 1}, 1, rtol=0.1)


def test_a_share_may_be_a_text_as_on_the_command_line() -> None:
    at = {"mu": 10, "sigma": 1}
    assert audit("x", "score_function", at, 1000, rtol="5%") == audit("x", "score_function", at, 1000, rtol=0.05)

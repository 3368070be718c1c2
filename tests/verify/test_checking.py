"""verify.check on functions: right ones pass, whatever is known of their variance, wrong ones fail where they should.

Every verdict here may be wrong by chance once in a million runs, under any seed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import sympy as sp
from numpy.typing import NDArray

import verify
from numeric.errors import EstimatorError
from symbolic.errors import BadParameter, SymbolicError
from verify.finding import Finding, Verdict
from verify.formats.json_report import as_json
from verify.formats.table import TABLE
from verify.shell.terminal import Look
from verify.usage import UsageError

AT = {"mu": 1, "sigma": 2}
COST = "x**2"
ROOT = Path(__file__).resolve().parents[2]

Params = dict[str, float]
Draws = NDArray[np.float64]
Function = Callable[[Params, int, np.random.Generator], Any]


def pathwise(params: Params, n: int, rng: np.random.Generator) -> Draws:
    return 2 * (params["mu"] + params["sigma"] * rng.standard_normal(n))


def score_function(params: Params, n: int, rng: np.random.Generator) -> Draws:
    noise = rng.standard_normal(n)
    return (params["mu"] + params["sigma"] * noise) ** 2 * noise / params["sigma"]


def antithetic(params: Params, n: int, rng: np.random.Generator) -> Draws:
    """One draw is the mean of a pair, so that draws are independent."""
    noise = rng.standard_normal(n)
    first, second = (
        (params["mu"] + params["sigma"] * sign * noise) ** 2 * sign * noise / params["sigma"] for sign in (1, -1)
    )
    return (first + second) / 2


def found(report: verify.Report) -> dict[str, Finding]:
    return {finding.check: finding for finding in report.findings}


RIGHT: dict[str, tuple[Function, dict[str, Any], str]] = {
    "pathwise, as claimed": (pathwise, {"claims": "pathwise"}, "proven"),
    "score function, as claimed": (score_function, {"claims": "score_function"}, "proven"),
    "score function, declared": (score_function, {"variance": "75"}, "proven"),
    "score function, pilot": (score_function, {}, "asymptotic"),
    "antithetic pairs, pilot": (antithetic, {}, "asymptotic"),
    "antithetic pairs, declared": (antithetic, {"variance": 75}, "proven"),
    "a tenth of the gradient": (pathwise, {"claims": "pathwise", "min_effect": 0.1}, "proven"),
    "the same as text": (pathwise, {"claims": "pathwise", "min_effect": "10%"}, "proven"),
    "another generator than rng": (
        lambda params, n, rng: pathwise(params, n, np.random.default_rng()),
        {"claims": "pathwise"},
        "proven",
    ),
    "float32": (lambda params, n, rng: pathwise(params, n, rng).astype(np.float32), {"claims": "pathwise"}, "proven"),
    "the gradient itself": (lambda params, n, rng: np.full(n, 2.0), {"variance": 0}, "proven"),
    "few draws": (pathwise, {"claims": "pathwise", "max_draws": 20_000}, "proven"),
}


@pytest.mark.parametrize(("function", "options", "guarantee"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_function_passes(function: Function, options: dict[str, Any], guarantee: str) -> None:
    report = verify.check(function, COST, at=AT, **options)
    report.raise_for_failure()
    assert report.verdict == "PASS"
    findings = found(report)
    assert set(findings) == {"bias", "draws"} | ({"variance"} if "claims" in options else set())
    assert findings["bias"].guarantee == guarantee
    assert findings["bias"].exact == 2
    assert findings["bias"].exact_expression == "2*mu"
    assert len(report.controls) == 3
    assert {control.verdict for control in report.controls} == {Verdict.FAIL}


def with_a_bad_draw(bad: float) -> Function:
    def function(params: Params, n: int, rng: np.random.Generator) -> Draws:
        draws = pathwise(params, n, rng)
        draws[[70, 900]] = bad
        return draws

    return function


def late(index: int) -> Function:
    """NaN in the draws that are judged, not in those of the probe."""

    def function(params: Params, n: int, rng: np.random.Generator) -> Draws:
        draws = pathwise(params, n, rng)
        if n > index:
            draws[index] = np.nan
        return draws

    return function


def keeps_its_noise() -> Function:
    """From the sixth call on, the noise of the fourth again."""
    calls: list[Draws] = []

    def function(params: Params, n: int, rng: np.random.Generator) -> Draws:
        calls.append(pathwise(params, n, rng))
        return calls[-1] if len(calls) < 6 else calls[3]

    return function


CLAIM = {"claims": "pathwise"}
WRONG: dict[str, tuple[Function, dict[str, Any], str, str]] = {
    "the sign": (lambda p, n, rng: -pathwise(p, n, rng), CLAIM, "bias", "standard errors off"),
    "the sign, pilot": (lambda p, n, rng: -pathwise(p, n, rng), {}, "bias", "pilot of 65,536"),
    "a factor 2": (lambda p, n, rng: 2 * pathwise(p, n, rng), {"variance": 64}, "bias", "at most 64"),
    "two resolutions off": (lambda p, n, rng: pathwise(p, n, rng) + 0.08, CLAIM, "bias", "estimate"),
    "1 % of the gradient": (lambda p, n, rng: 1.01 * pathwise(p, n, rng), {**CLAIM, "min_effect": 0.005}, "bias", ""),
    "one draw for all": (lambda p, n, rng: np.full(n, pathwise(p, 1, rng)[0]), {"variance": 16}, "bias", "estimate"),
    "the scale of the noise": (
        lambda p, n, rng: 2 * (p["mu"] + 1.2 * p["sigma"] * rng.standard_normal(n)),
        CLAIM,
        "variance",
        "measured variance",
    ),
    "another estimator than claimed": (score_function, CLAIM, "variance", "measured variance"),
    "a seed of its own": (
        lambda p, n, rng: pathwise(p, n, np.random.default_rng(3)),
        {},
        "draws",
        "do not depend on rng",
    ),
    "noise kept and used again": (keeps_its_noise(), CLAIM, "draws", "draw 131072 on repeat those from draw 0 on"),
    "the halves of a call alike": (
        lambda p, n, rng: np.tile(pathwise(p, n // 2, rng), 2),
        CLAIM,
        "draws",
        "draw 32768 on repeat those from draw 0 on",
    ),
    "zeros": (lambda p, n, rng: np.zeros(n), {}, "bias", "pilot draws are 0.0"),
    "zeros for pathwise": (lambda p, n, rng: np.zeros(n), CLAIM, "draws", "is 0.0, but their variance has to be 16"),
    "the gradient for pathwise": (lambda p, n, rng: np.full(n, 2.0), CLAIM, "variance", "measured variance 0"),
    "almost the gradient, declared": (lambda p, n, rng: np.full(n, 2.0 + 1e-9), {"variance": 0}, "bias", "has to be 2"),
    "NaN": (with_a_bad_draw(np.nan), CLAIM, "draws", "draw 70 of the probe is nan"),
    "infinity": (with_a_bad_draw(-np.inf), {}, "draws", "draw 70 of the probe is -inf"),
    "a square that overflows": (with_a_bad_draw(1e200), {}, "draws", "draw 70 of the probe is 1e+200"),
    "NaN in the pilot": (late(60_000), {}, "draws", "draw 60000 of the pilot is nan"),
    "NaN late": (late(60_000), CLAIM, "draws", "draw 60000 is nan"),
}


@pytest.mark.parametrize(("function", "options", "check", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_function_fails_where_it_should(
    function: Function, options: dict[str, Any], check: str, words: str
) -> None:
    report = verify.check(function, COST, at=AT, **options)
    assert report.verdict == "FAIL"
    finding = found(report)[check]
    assert finding.verdict == Verdict.FAIL
    assert words in finding.message
    with pytest.raises(verify.VerificationError) as caught:
        report.raise_for_failure()
    assert isinstance(caught.value, AssertionError)
    assert finding.message in str(caught.value)


def test_a_wrong_scale_is_no_bias() -> None:
    report = verify.check(WRONG["the scale of the noise"][0], COST, at=AT, claims="pathwise")
    assert {check: str(finding.verdict) for check, finding in found(report).items()} == {
        "bias": "PASS",
        "draws": "PASS",
        "variance": "FAIL",
    }


def test_nothing_is_said_about_the_mean_of_what_are_no_draws() -> None:
    report = verify.check(WRONG["a seed of its own"][0], COST, at=AT, claims="pathwise")
    assert {check: str(finding.verdict) for check, finding in found(report).items()} == {
        "bias": "NOT_APPLICABLE",
        "draws": "FAIL",
        "variance": "NOT_APPLICABLE",
    }


def test_a_constant_that_nobody_declared_is_not_passed() -> None:
    report = verify.check(lambda p, n, rng: np.full(n, 2.0), COST, at=AT)
    assert report.verdict == "INCONCLUSIVE"
    assert "variance=0" in found(report)["draws"].message


def test_a_function_that_goes_its_own_way_is_told_so() -> None:
    report = verify.check(RIGHT["another generator than rng"][0], COST, at=AT, claims="pathwise")
    assert "the same seed does not give them again" in found(report)["draws"].message


def test_the_same_seed_gives_the_same_report() -> None:
    first, again, other = (verify.check(pathwise, COST, at=AT, variance=16, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert found(first)["bias"].estimate != found(other)["bias"].estimate
    assert "seed=5" in found(first)["bias"].reproduce


def test_a_budget_makes_the_resolution_coarser() -> None:
    calls: list[int] = []

    def counted(params: Params, n: int, rng: np.random.Generator) -> Draws:
        calls.append(n)
        return pathwise(params, n, rng)

    finding = found(verify.check(counted, COST, at=AT, variance=16, max_draws=2000))["bias"]
    assert finding.n is not None
    assert finding.n <= 2000
    assert max(calls) <= 2000
    assert finding.resolution is not None
    assert 0.1 < finding.resolution < 1


def test_a_name_is_judged_as_on_the_command_line() -> None:
    report = verify.check("pathwise", COST, at=AT)
    report.raise_for_failure()
    assert {(finding.check, str(finding.tier)) for finding in report.findings} == {
        ("bias", "identity"),
        ("bias", "quadrature"),
        ("variance", "quadrature"),
        ("bias", "monte_carlo"),
        ("variance", "monte_carlo"),
    }


@pytest.mark.parametrize("max_draws", [100, 20_000])
@pytest.mark.parametrize("options", [{"resolution": 0.01}, {"resolution": 1e-6}, {"min_effect": 1e-4}])
def test_a_budget_hides_no_control(max_draws: int, options: dict[str, Any]) -> None:
    report = verify.check(pathwise, COST, at=AT, max_draws=max_draws, **options)
    assert report.silent_controls == ()
    assert report.verdict == "PASS"


def test_a_budget_hides_no_control_beside_a_name() -> None:
    report = verify.check("pathwise", COST, at=AT, max_draws=200)
    assert len(report.controls) == 5
    report.raise_for_failure()


def test_costs_laws_and_parameters_of_every_kind() -> None:
    x, a = sp.symbols("x a")

    def right(params: Params, n: int, rng: np.random.Generator) -> Draws:
        scale = np.exp(params["rho"])
        noise = rng.standard_normal(n)
        moved = scale * noise
        return np.asarray(params["a"] * np.cos(params["a"] * moved) * moved)

    report = verify.check(
        right, sp.sin(a * x), at={"a": "1/2", "rho": 0}, wrt="rho", law="normal(0, exp(rho))", claims="pathwise"
    )
    report.raise_for_failure()
    assert found(report)["bias"].exact == 0


def test_a_jump_that_the_claimed_estimator_does_not_see_is_not_applicable() -> None:
    report = verify.check(lambda p, n, rng: np.zeros(n), "Heaviside(x)", at=AT, claims="pathwise")
    assert report.verdict == "NOT_APPLICABLE"
    with pytest.raises(verify.VerificationError, match="nothing was judged"):
        report.raise_for_failure()


def test_a_variance_that_draws_cannot_judge_says_what_it_takes() -> None:
    def right(params: Params, n: int, rng: np.random.Generator) -> Draws:
        noise = rng.standard_normal(n)
        return np.exp(2 * (params["mu"] + params["sigma"] * noise)) * noise / params["sigma"]

    at = {"mu": 0.5, "sigma": 1}
    report = verify.check(right, "exp(2*x)", at=at, claims="score_function")
    assert report.verdict == "INCONCLUSIVE"
    variance = found(report)["variance"]
    assert variance.n == 0
    assert variance.n_needed is not None
    assert variance.n_needed > 10**12
    assert "variance=" in variance.message
    exact = float(verify.check("score_function", "exp(2*x)", at=at).findings[0].exact_variance or 0)
    verify.check(right, "exp(2*x)", at=at, variance=exact).raise_for_failure()


def test_float32_that_cannot_carry_the_verdict_gives_none() -> None:
    at = {"mu": 10**6, "sigma": 1}
    function = lambda p, n, rng: pathwise(p, n, rng).astype(np.float32)  # noqa: E731 - it is one expression
    assert verify.check(function, COST, at=at, claims="pathwise").verdict == "NOT_APPLICABLE"
    assert verify.check(pathwise, COST, at=at, claims="pathwise").verdict == "PASS"


def test_parameters_that_float64_cannot_hold_do_not_accuse_the_function() -> None:
    """At mu = 800.1 the nearest float is off by 4e-14, more than a draw spreads."""
    report = verify.check(pathwise, COST, at={"mu": "800.1", "sigma": "1e-12"}, claims="pathwise")
    assert report.verdict == "NOT_APPLICABLE"
    assert "rounding" in report.findings[0].message


def test_a_gradient_that_moves_with_the_last_bit_of_a_parameter_accuses_nobody() -> None:
    """At k = 1e14 the float next to mu = 0.1 turns the phase by 5e-4, and a draw spreads by a tenth of the gradient."""

    def right(params: Params, n: int, rng: np.random.Generator) -> Draws:
        x = params["mu"] + params["sigma"] * rng.standard_normal(n)
        return np.asarray(params["k"] * np.cos(params["k"] * x))

    at = {"mu": "0.1", "sigma": "1e-15", "k": 10**14}
    report = verify.check(right, "sin(k*x)", at=at, claims="pathwise")
    assert report.verdict == "NOT_APPLICABLE"
    assert "rounding" in report.findings[0].message


def test_the_variance_of_a_pilot_is_raised_by_six_standard_errors() -> None:
    """By 6 sqrt(45.95/65536) = 16 % here, give or take what the pilot makes of the kurtosis, 46.95."""
    message = found(verify.check(score_function, COST, at=AT))["bias"].message
    estimated, taken = (
        float(number)
        for number in re.findall(
            r"variance is ([\d.]+) on a pilot of 65,536 draws, and taken for at most ([\d.]+)", message
        )[0]
    )
    assert 0.8 * 74.25 < estimated < 1.2 * 74.25
    assert 1.1 < taken / estimated < 1.25


def test_an_error_of_the_function_is_chained() -> None:
    def broken(params: Params, n: int, rng: np.random.Generator) -> float:
        return params["tau"]

    with pytest.raises(EstimatorError, match="broken raised KeyError") as caught:
        verify.check(broken, COST, at=AT)
    assert isinstance(caught.value.__cause__, KeyError)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "resolution 0": ({"resolution": 0}, "resolution=0"),
    "resolution < 0": ({"resolution": -0.1}, "resolution=-0.1"),
    "resolution > 10": ({"resolution": 11}, "resolution=11"),
    "resolution nan": ({"resolution": float("nan")}, "resolution=nan"),
    "min_effect 0": ({"min_effect": 0}, "min_effect=0"),
    "min_effect text": ({"min_effect": "1 in 100"}, "min_effect='1 in 100'"),
    "false_alarm_rate 0": ({"false_alarm_rate": 0}, "false_alarm_rate=0"),
    "false_alarm_rate 1": ({"false_alarm_rate": 1.0}, "false_alarm_rate=1.0"),
    "miss_rate": ({"miss_rate": 2}, "miss_rate=2"),
    "max_draws 0": ({"max_draws": 0}, "max_draws=0"),
    "max_draws 1": ({"max_draws": 1}, "max_draws=1"),
    "max_draws 10": ({"max_draws": 10}, "max_draws=10 decides nothing"),
    "max_draws 10, declared": ({"max_draws": 10, "variance": 1}, "max_draws=10 decides nothing"),
    "max_draws half": ({"max_draws": 1000.5}, "max_draws=1000.5"),
    "seed": ({"seed": -1}, "seed=-1"),
    "variance < 0": ({"variance": -1}, "variance=-1"),
    "variance nan": ({"variance": float("nan")}, "nan"),
    "claims and variance": ({"claims": "pathwise", "variance": 16}, "claims=pathwise"),
    "claims of nothing": ({"claims": "guess"}, "guess"),
    "a share of 0": ({"at": {"mu": 0, "sigma": 1}, "min_effect": 0.01}, "min_effect=0.01"),
    "no value": ({"at": {"mu": 0}}, "sigma"),
    "an unknown wrt": ({"wrt": "tau"}, "wrt=tau"),
}


@pytest.mark.parametrize(("options", "named"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_before_the_function_is_called(options: dict[str, Any], named: str) -> None:
    def never(params: Params, n: int, rng: np.random.Generator) -> Draws:
        raise AssertionError("called")

    with pytest.raises((UsageError, SymbolicError)) as caught:
        verify.check(never, COST, **{"at": AT, **options})
    assert named in str(caught.value)


def test_what_is_no_estimator_is_refused() -> None:
    with pytest.raises(UsageError, match="estimator=3"):
        verify.check(3, COST, at=AT)  # type: ignore[arg-type]  # the wrong type is the point
    with pytest.raises(BadParameter, match="guess"):
        verify.check("guess", COST, at=AT)
    with pytest.raises(UsageError, match="claims"):
        verify.check("pathwise", COST, at=AT, claims="pathwise")


def test_the_report_can_be_written_in_every_form() -> None:
    report = verify.check(WRONG["the sign"][0], COST, at=AT, claims="pathwise")
    schema = json.loads((ROOT / "verify/formats/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(as_json(report), schema)
    assert TABLE.case is not None
    look = Look(colour=False, unicode=True)
    assert "129" in TABLE.case(report.findings, look) + TABLE.rest(report, look)


@pytest.mark.prove
def test_false_alarms_stay_within_their_rate() -> None:
    """1000 reports at 5 %: more than 87 of them with a FAIL would come once in a million times."""
    failed = sum(
        verify.check(
            score_function, COST, at=AT, resolution=0.5, false_alarm_rate=0.05, seed=seed, claims=claims
        ).verdict
        == "FAIL"
        for seed, claims in enumerate(("score_function", None) * 500)  # no seed twice: the reports are independent
    )
    assert failed <= 87

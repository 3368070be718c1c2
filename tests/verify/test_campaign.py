"""Whole campaigns: right estimators pass every tier, wrong ones fail in each, and what cannot be judged says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from symbolic.errors import BadParameter, Divergent, Undefined
from verify.campaign import run_campaign
from verify.case import Case, Settings
from verify.catalogue import CATALOGUE
from verify.cell import Cell, cells_of
from verify.checks import CHECKS
from verify.checks.context import Context
from verify.controls import CONTROLS, control_cell
from verify.finding import Finding, Tier, Verdict
from verify.report import Report, VerificationError
from verify.usage import UsageError

SETTINGS = Settings()
CONTEXT = Context(SETTINGS, alpha=1e-8, beta=1e-8, pass_error=1e-3)
UNIT = {"mu": "1", "sigma": "1/2"}


def judged(case: Case, settings: Settings = SETTINGS) -> Report:
    return run_campaign([case], (), settings, command="test")


def findings_of(cell: Cell) -> dict[tuple[str, str], Finding]:
    return {(found.check, found.tier.value): found for check in CHECKS for found in check([cell], CONTEXT)}


def spoiled(cell: Cell, term: sp.Expr) -> Cell:
    return replace(cell, judged=replace(cell.judged, name="wrong", term=term))


def test_a_right_estimator_passes_every_tier() -> None:
    report = judged(Case("x**2", at=UNIT))
    assert report.verdict == Verdict.PASS
    assert len(report.findings) == 4 * 5
    assert report.counts == {"PASS": 20, "FAIL": 0, "INCONCLUSIVE": 0, "NOT_APPLICABLE": 0}


SIGMA, EPSILON = sp.Symbol("sigma", positive=True), sp.Symbol("epsilon", real=True)

FAULTS = {
    "missing 1/sigma": lambda term: term * SIGMA,
    "sign": lambda term: -term,
    "factor of 2": lambda term: 2 * term,
    "a constant": lambda term: term + sp.Rational(1, 4),
    "noise used twice as a sign": lambda term: term * sp.sign(EPSILON),
}


@pytest.mark.parametrize("estimator", ["score_function", "pathwise"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_biased_term_fails_in_every_tier(estimator: str, fault: str) -> None:
    (cell,) = cells_of(Case("x**2", at=UNIT, wrt=("mu",), estimators=(estimator,)))
    found = findings_of(spoiled(cell, FAULTS[fault](cell.judged.term)))
    assert found["bias", "identity"].verdict == Verdict.FAIL
    assert found["bias", "quadrature"].verdict == Verdict.FAIL
    assert found["bias", "monte_carlo"].verdict == Verdict.FAIL


def test_a_wrong_variance_fails_where_the_mean_is_right() -> None:
    (cell,) = cells_of(Case("x**2", at=UNIT, wrt=("mu",), estimators=("score_function",)))
    # E[epsilon] = 0: the same mean, another variance (a baseline that nobody declared).
    found = findings_of(spoiled(cell, cell.judged.term - EPSILON / SIGMA))
    assert found["bias", "identity"].verdict == Verdict.PASS
    assert found["bias", "monte_carlo"].verdict == Verdict.PASS
    assert found["variance", "quadrature"].verdict == Verdict.FAIL
    assert found["variance", "monte_carlo"].verdict == Verdict.FAIL


def test_draws_that_must_be_constant_are_compared() -> None:
    (cell,) = cells_of(Case("3*x", at=UNIT, wrt=("mu",), estimators=("pathwise",)))
    right = findings_of(cell)
    assert {found.verdict for found in right.values()} == {Verdict.PASS}
    assert "every draw" in right["bias", "monte_carlo"].message
    wrong = findings_of(spoiled(cell, sp.Integer(3) + EPSILON / 10**6))
    assert wrong["bias", "monte_carlo"].verdict == Verdict.FAIL


def test_an_unseen_jump_is_not_applicable_with_its_exact_bias() -> None:
    report = judged(Case("Heaviside(x - k)", at={"mu": "0", "sigma": "1", "k": "1"}, wrt=("mu",)))
    pathwise = [found for found in report.findings if found.estimator == "pathwise"]
    assert {found.verdict for found in pathwise} == {Verdict.NOT_APPLICABLE}
    # -p(1) = -exp(-1/2)/sqrt(2 pi) under N(0, 1).
    assert all("-0.241971" in found.message for found in pathwise)
    score = [found for found in report.findings if found.estimator == "score_function"]
    assert {found.verdict for found in score} == {Verdict.PASS}


def test_a_jump_that_moves_is_unseen_by_both_estimators() -> None:
    report = judged(Case("Heaviside(x - k)*x", at={"mu": "0", "sigma": "1", "k": "1"}, wrt=("k",)))
    assert report.verdict == Verdict.NOT_APPLICABLE
    with pytest.raises(VerificationError, match="nothing was judged"):
        report.raise_for_failure()


def test_an_infinite_variance_is_not_applicable_and_says_from_where_on() -> None:
    at = {"mu": "0", "sigma": "1", "a": "0.3"}
    report = judged(Case("exp(a*x**2)", at=at, wrt=("mu",), estimators=("score_function",)))
    by_draws = [found for found in report.findings if found.tier == Tier.MONTE_CARLO]
    assert {found.verdict for found in by_draws} == {Verdict.NOT_APPLICABLE}
    assert all("infinite variance" in found.message and "4*a*sigma**2" in found.message for found in by_draws)
    assert all(found.exact_variance is None for found in by_draws)
    assert report.verdict == Verdict.PASS  # the identity is proven whatever the variance


def test_where_float64_is_too_coarse_there_is_no_verdict_from_draws() -> None:
    report = judged(Case("x**2", at={"mu": "800.1", "sigma": "1e-12"}, wrt=("mu",), estimators=("pathwise",)))
    by_draws = [found for found in report.findings if found.tier == Tier.MONTE_CARLO]
    assert {found.verdict for found in by_draws} == {Verdict.NOT_APPLICABLE}
    assert all("float64" in found.message for found in by_draws)


def test_a_budget_raises_the_resolution_before_the_run() -> None:
    case = Case("x**2", at=UNIT, wrt=("mu",), estimators=("pathwise",))
    (bias,) = [
        f for f in judged(case, Settings(max_draws=20_000)).findings if (f.check, f.tier) == ("bias", "monte_carlo")
    ]
    assert (bias.resolution or 0) > 0.01
    assert 0 < (bias.n or 0) <= 20_000


def test_a_share_of_a_gradient_that_is_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="share of the gradient"):
        judged(Case("x**2", at={"mu": "0", "sigma": "1"}, wrt=("mu",)), Settings(min_effect=0.01))


def test_a_share_of_one_gradient_that_is_zero_leaves_the_others_judged() -> None:
    report = judged(Case("x", at=UNIT, estimators=("pathwise",)), Settings(min_effect=0.1))
    verdicts = {(found.wrt, found.check, found.tier.value): found.verdict for found in report.findings}
    assert verdicts["mu", "bias", "monte_carlo"] == verdicts["sigma", "bias", "identity"] == Verdict.PASS
    (reason,) = {found.message for found in report.findings if found.verdict == Verdict.NOT_APPLICABLE}
    assert "d/dsigma E[x], x ~ normal(mu, sigma) is 0 here" in reason


def test_what_takes_too_many_draws_is_said_before_the_first() -> None:
    """1 % of the gradient of sin(x)**2 here is 1e-5 standard deviations; a budget has it drawn for all the same."""
    case = Case("sin(x)**2", at={"mu": "1", "sigma": "2"}, wrt=("mu",), estimators=("score_function",))
    drawn = [found for found in judged(case, Settings(min_effect=0.01)).findings if found.tier == "monte_carlo"]
    assert [(found.verdict, found.n) for found in drawn] == [(Verdict.INCONCLUSIVE, 0)] * 2
    for found in drawn:
        assert found.n_needed is not None
        assert found.n_needed > 10**12
        assert f"{found.n_needed:,} draws" in found.message
    (bias, _) = (
        found
        for found in judged(case, Settings(min_effect=0.01, max_draws=10**6)).findings
        if found.tier == "monte_carlo"
    )
    assert (bias.verdict, bias.n is not None and 0 < bias.n <= 10**6) == (Verdict.PASS, True)


@pytest.mark.parametrize(
    ("case", "error"),
    [
        (Case("log(x)", at=UNIT), Undefined),
        (Case("x**2", at={"mu": "0"}), BadParameter),
        (Case("x**2", at={"mu": "0", "sigma": "-1"}), BadParameter),
        (Case("x**2", at=UNIT, wrt=("mu", "mu")), BadParameter),
        (Case("x**2", at=UNIT, estimators=("reinforce",)), BadParameter),
        (Case("x**2", at=UNIT, law="cauchy(mu, sigma)"), ValueError),
        (Case("exp(x**2)", at={"mu": "0", "sigma": "1"}), Divergent),
    ],
    ids=lambda value: str(value.cost) if isinstance(value, Case) else "",
)
def test_bad_cases_are_refused(case: Case, error: type[Exception]) -> None:
    with pytest.raises(error):
        judged(case)


def test_workers_change_no_bit() -> None:
    case = Case("x**3*exp(x/2)", at=UNIT)
    one, three = judged(case, Settings(workers=1)), judged(case, Settings(workers=3))
    assert one.findings == three.findings


def test_another_seed_draws_anew() -> None:
    case = Case("x**2", at=UNIT, wrt=("mu",), estimators=("pathwise",))
    first, second = (judged(case, Settings(seed=seed)).findings[-1].estimate for seed in (1, 2))
    assert first != second


@pytest.mark.parametrize("resolution", [0.01, 0.2])
def test_every_control_fails(resolution: float) -> None:
    report = run_campaign((), CONTROLS, Settings(resolution=resolution), command="test")
    assert len(report.controls) == len(CONTROLS)
    assert not report.silent_controls


def test_the_planted_errors_are_exact_and_large_enough() -> None:
    for control in CONTROLS:
        cell = control_cell(control, lambda right: sp.Rational(2, 100) * sp.sqrt(sp.nsimplify(str(right.variance))))
        found = findings_of(cell)
        seen = found[control.check, "quadrature"]
        assert seen.verdict == Verdict.FAIL
        planted = (seen.estimate or 0) - (seen.exact or 0)
        variance = seen.exact_variance or 0
        if control.check == "bias":
            assert abs(planted) >= 2 * 0.01 * variance**0.5 * (1 - 1e-9)
        else:
            assert abs((seen.measured_variance or 0) / variance - 1) >= 2 * SETTINGS.variance_resolution


def test_the_catalogue_has_what_it_promises() -> None:
    costs = [(str(case.cost), case.law) for case in CATALOGUE]
    assert len(costs) == len(set(costs)) >= 12
    abouts = " ".join(case.about for case in CATALOGUE)
    for family in ("polynomial", "exponential", "trigonometric", "Gaussian", "product"):
        assert family in abouts
    with_parameter = [case for case in CATALOGUE if set(case.at) - {"mu", "sigma"}]
    assert 0 < len(with_parameter) < len(CATALOGUE)
    assert any("pathwise loses" in case.about for case in CATALOGUE)
    for case in CATALOGUE:
        if "pathwise loses" in case.about:
            score, path = (cell.variance for cell in cells_of(case) if str(cell.problem.wrt) == "mu")
            assert float(score) < float(path)

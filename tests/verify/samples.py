"""Findings and reports made by hand, with the numbers of real costs."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt
from typing import Any

from verify.finding import Finding, Tier, Verdict
from verify.report import Report

__all__ = ["REPEAT", "a_case", "a_finding", "a_report", "long_case", "troubled_case"]

REPEAT = "python -m verify check 'x**2' --at mu=1/2,sigma=1 --wrt mu --estimator score_function --seed 0"


def a_finding(**changes: Any) -> Finding:
    """Bias by draws of the score function of x**2."""
    finding = Finding(
        cost="x**2",
        law="normal(mu, sigma)",
        wrt="mu",
        at={"mu": "1/2", "sigma": "1"},
        estimator="score_function",
        check="bias",
        tier=Tier.MONTE_CARLO,
        verdict=Verdict.PASS,
        guarantee="proven",
        message="no bias of 0.01 standard deviations or more",
        reproduce=REPEAT,
        exact=1.0,
        exact_expression="2*mu",
        exact_method="exponential_polynomial",
        estimate=1.001234,
        standard_error=0.00264,
        exact_variance=17.5625,
        exact_variance_expression="(mu**4 + 14*mu**2*sigma**2 + 15*sigma**4)/sigma**2",
        measured_variance=17.571,
        n=1_105_920,
        n_needed=1_105_920,
        resolution=0.01,
        detectable_bias=0.0419,
        detectable_bias_relative=0.0419,
        alpha=2.5e-9,
        beta=2.5e-9,
    )
    return replace(finding, **changes)


def cell(like: Finding, **changes: Any) -> tuple[Finding, ...]:
    """The five findings of one estimator of one derivative."""
    seen = replace(like, **changes)
    proof = replace(
        seen,
        tier=Tier.IDENTITY,
        estimate=None,
        standard_error=None,
        measured_variance=None,
        n=None,
        resolution=None,
        detectable_bias=None,
        detectable_bias_relative=None,
        alpha=None,
        beta=None,
    )
    integral = replace(proof, tier=Tier.QUADRATURE, estimate=seen.exact)
    return (
        proof,
        integral,
        replace(integral, check="variance", estimate=None, measured_variance=seen.exact_variance),
        seen,
        replace(seen, check="variance", resolution=0.1, detectable_bias=1.75, detectable_bias_relative=0.1),
    )


def a_case() -> tuple[Finding, ...]:
    """x**2: both derivatives, both estimators, all well; at mu = 1/2 pathwise wins."""
    like = a_finding()
    small = {
        "exact_variance": 4.0,
        "measured_variance": 4.0012,
        "standard_error": 0.00152,
        "estimate": 0.99871,
        "detectable_bias": 0.02,
        "detectable_bias_relative": 0.02,
        "estimator": "pathwise",
    }
    sigma = {"wrt": "sigma", "exact": 2.0, "exact_expression": "2*sigma"}
    return (
        *cell(like),
        *cell(like, **small),
        *cell(
            like,
            **sigma,
            exact_variance=75.5625,
            measured_variance=75.63,
            standard_error=0.00827,
            estimate=2.01234,
            detectable_bias=0.0869,
            detectable_bias_relative=0.0435,
        ),
        *cell(
            like,
            **(
                small
                | sigma
                | {"exact_variance": 9.0, "measured_variance": 9.01, "standard_error": 0.00231, "estimate": 2.00152}
            ),
        ),
    )


def long_case() -> tuple[Finding, ...]:
    """A closed form too long for a line, large numbers, and a derivative for which pathwise loses."""
    form = (
        "("
        + " + ".join(f"{7 * k}*a**{k}*mu**{k}*sigma**{2 * k}" for k in range(1, 12))
        + ")*exp(a*(a*sigma**2/2 + mu))"
    )
    scale = 1e9 * exp(0.5)
    like = a_finding(
        cost="exp(-10*x**2)*(x**2*exp(a*x) - 3*cos(3*x))",
        law="normal(mu, exp(rho))",
        at={"mu": "1/2", "rho": "0", "a": "3/10"},
        exact=scale,
        exact_expression=form,
        estimate=scale * 1.0001,
        standard_error=scale / 1e3,
        exact_variance=scale**2,
        measured_variance=1.01 * scale**2,
        detectable_bias=scale / 100,
        detectable_bias_relative=0.01,
    )
    half = scale / sqrt(0.33)
    return (*cell(like), *cell(like, estimator="pathwise", exact_variance=half**2, measured_variance=half**2))


def troubled_case() -> tuple[Finding, ...]:
    """A step: pathwise fails, the variance of one estimator is not decided, of another it is infinite."""
    like = a_finding(
        cost="Heaviside(x)",
        exact=0.3520653,
        exact_expression="sqrt(2)*exp(-mu**2/(2*sigma**2))/(2*sqrt(pi)*sigma)",
        exact_variance=0.5677,
        measured_variance=0.5671,
        estimate=0.35211,
        standard_error=0.00072,
        detectable_bias=0.00753,
        detectable_bias_relative=0.0214,
    )
    score = list(cell(like))
    score[4] = replace(
        score[4],
        verdict=Verdict.INCONCLUSIVE,
        n_needed=1_500_000_000_000,
        message="a share of 10 % of the variance needs 1.5e12 draws; 1.1e6 were drawn",
    )
    blind = "the cost jumps at x = 0; the pathwise term does not see a jump; its mean is off by -0.352065"
    none: dict[str, Any] = {
        "verdict": Verdict.NOT_APPLICABLE,
        "estimate": None,
        "standard_error": None,
        "measured_variance": None,
        "n": None,
        "detectable_bias": None,
        "detectable_bias_relative": None,
    }
    path = [replace(f, **none, message=blind) for f in cell(like, estimator="pathwise", exact_variance=None)]
    wrong = [*cell(like, wrt="sigma", exact=-0.1760327, estimate=-0.18321, exact_expression="-sqrt(2)*mu/2")]
    wrong[3] = replace(
        wrong[3],
        verdict=Verdict.FAIL,
        message="the mean is off by -0.0072 +- 0.0007: -0.18321 where -0.1760327 is exact, 9.9 standard errors",
    )
    return (*score, *path, *wrong)


def a_report(*findings: Finding, controls: tuple[Finding, ...] | None = None) -> Report:
    """A report of these findings with one control that FAILs."""
    control = a_finding(
        estimator="score_function without 1/sigma**2",
        at={"mu": "3", "sigma": "3"},
        verdict=Verdict.FAIL,
        exact=6.0,
        estimate=54.1,
        standard_error=0.9,
        n=8192,
        message="the mean is off by 48.1: planted 48",
    )
    return Report(
        findings=findings,
        controls=(control,) if controls is None else controls,
        version="0.1.0",
        command="python -m verify",
        seed=0,
        environment={"python": "3.11.7", "numpy": "2.4.0", "platform": "linux-x86_64"},
        false_alarm_rate=1e-6,
        miss_rate=1e-6,
        pass_error=1e-3,
        hypotheses=8,
    )

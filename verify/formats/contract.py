"""What the verdicts of a report are worth, in words: the controls, the statistical contract."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from verify.finding import Finding, Tier, Verdict
from verify.formats.numbers import MISSING, draws, percent, significant, with_error
from verify.formats.words import is_weighted
from verify.report import Report

__all__ = [
    "CONTRACT_TITLE",
    "ControlText",
    "control_text",
    "controls_title",
    "meanings",
]

CONTRACT_TITLE = "What the words mean"


def controls_title(report: Report) -> str:
    """What the controls are, and how many of them were found."""
    seen, all_of_them = len(report.controls) - len(report.silent_controls), len(report.controls)
    return f"Controls: estimators that are wrong on purpose; each must FAIL, and {seen} of {all_of_them} do"


@dataclass(frozen=True)
class ControlText:
    """One control, as texts. Exact and seen are variances for a control of the variance, else gradients."""

    estimator: str
    cost: str
    wrt: str
    check: str
    exact: str
    seen: str
    off_by: str
    draws: str
    verdict: Verdict


def control_text(control: Finding) -> ControlText:
    """The texts of one control."""
    about_variance = control.check == "variance"
    exact, seen = (
        (control.exact_variance, significant(control.measured_variance))
        if about_variance
        else (control.exact, with_error(control.estimate, control.standard_error))
    )
    return ControlText(
        estimator=control.estimator,
        cost=control.cost,
        wrt=control.wrt,
        check=control.check,
        exact=significant(exact),
        seen=seen,
        off_by=_off_by(control),
        draws=draws(control.n),
        verdict=control.verdict,
    )


def _off_by(control: Finding) -> str:
    """In standard deviations of a draw; for a variance, as a share of it."""
    if control.exact is None or control.estimate is None or not control.exact_variance:
        return MISSING
    if control.check == "variance":
        measured = control.measured_variance
        return MISSING if measured is None else f"{100 * (measured / control.exact_variance - 1):+.0f} %"
    return f"{(control.estimate - control.exact) / math.sqrt(control.exact_variance):+.2g} sd"


def meanings(report: Report) -> dict[str, str]:
    """What each word certifies, at which rates; a label and a paragraph each."""
    texts = {
        "PASS": f"certifies that {_certified(report)}; it is wrong with probability at most {report.pass_error:g} "
        f"for each of the {report.hypotheses} verdicts by draws",
        "FAIL": f"convicts: if every estimator is right, any FAIL at all appears with probability at most "
        f"{report.false_alarm_rate:g}",
        "INCONCLUSIVE": "neither: the draws did not decide, and the card says how many would",
        "NOT APPLICABLE": "cannot be judged; the note says why, and it counts for nothing",
        "smallest bias": "that this run would have found, missing any with probability at most "
        f"{report.miss_rate:g}: in standard deviations of one draw, and as a share of the gradient",
        "bias, var.": "looked at by i identity (a proof), q quadrature (an integral), d draws: ✓ PASS, ✗ FAIL, "
        "? INCONCLUSIVE, – NOT APPLICABLE, · not made",
        "w": "measured by weighted draws of a mixture, as plain ones would take too many: this checks the term as a "
        "function of the noise, not the sampler",
        "rates": _guarantee(report),
    }
    if not any(is_weighted(finding) for finding in report.findings):
        del texts["w"]
    return texts


def _certified(report: Report) -> str:
    """What a PASS by draws excludes; for each check only if there was one."""
    bias = _resolutions(report, "bias", lambda size: f"{size:.3g}")
    variance = _resolutions(report, "variance", percent)
    claims = [f"the bias is below {bias} standard deviations of a draw"] if bias else []
    claims += [f"the variance is within {variance} of the exact one"] if variance else []
    return ", or that ".join(claims) or "its claim holds"


def _resolutions(report: Report, check: str, written: Callable[[float], str]) -> str:
    """One, or the least and the largest; empty if nothing was judged by draws."""
    sizes = sorted(
        finding.resolution
        for finding in report.findings
        if (finding.check, finding.tier) == (check, Tier.MONTE_CARLO) and finding.resolution is not None
    )
    return " to ".join(dict.fromkeys(written(size) for size in (*sizes[:1], *sizes[-1:])))


def _guarantee(report: Report) -> str:
    drawn = [finding for finding in report.findings if finding.tier == Tier.MONTE_CARLO]
    asymptotic = [finding for finding in drawn if finding.guarantee != "proven"]
    proven = "proven for every number of draws"
    if asymptotic:
        proven += (
            f"; but asymptotic for {len(asymptotic)} of {len(drawn)} findings by draws, whose variance is not known"
        )
    return f"{proven}. Seed {report.seed}: the same command gives the same numbers"

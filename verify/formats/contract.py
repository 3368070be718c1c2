"""What the verdicts of a report are worth, in words: the counts, the controls, the statistical contract."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from verify.finding import Finding, Tier, Verdict
from verify.formats.numbers import MISSING, draws, percent, significant, with_error
from verify.formats.words import is_weighted, values
from verify.report import Report

__all__ = [
    "CONTRACT_TITLE",
    "ControlText",
    "broken",
    "control_text",
    "controls_title",
    "counts",
    "culprits",
    "expectation_texts",
    "meanings",
    "p_value_text",
]

CONTRACT_TITLE = "What the words mean"


def counts(report: Report) -> str:
    """45 findings: 40 PASS, 1 FAIL, ..."""
    counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
    return f"{len(report.findings)} findings: {counted}"


def broken(report: Report) -> str:
    """What follows the verdict of a report that proves nothing, or that is not the one expected; else empty."""
    silent, unmet = len(report.silent_controls), len(report.unmet)
    if silent:
        return f"; but {silent} of {len(report.controls)} controls did not FAIL, so it proves nothing"
    if unmet:
        return f"; but {unmet} of {len(report.expectations)} problems do not have the verdict that was expected"
    return ""


def culprits(report: Report) -> list[str]:
    """A line for each finding that is rejected beside others, by Holm's procedure; none where there is one at most.

    One that did not FAIL by itself is worth a line also when it is alone: what was found elsewhere made room for it.
    """
    rejected = [report.findings[place] for place in report.culprits]
    if len(rejected) < 2 and all(finding.verdict == Verdict.FAIL for finding in rejected):
        return []
    rate = f"{report.false_alarm_rate:g}"
    lines = [
        f"Rejected together (Holm), strongest evidence first; if any of them is right, a chance of at most {rate}:"
    ]
    for finding in rejected:
        own = "" if finding.verdict == Verdict.FAIL else f"   by itself {finding.verdict}"
        place = ", ".join(part for part in (finding.cost, values(finding)) if part)
        lines.append(
            f"    {finding.estimator} of d/d{finding.wrt}, {finding.check}   {place}   {p_value_text(finding)}{own}"
        )
    return lines


def p_value_text(finding: Finding) -> str:
    """p = 3.2e-09, or p < 1e-300; empty where nothing was tested by draws."""
    if finding.p_value is None:
        return ""
    return "p < 1e-300" if finding.p_value < 1e-300 else f"p = {finding.p_value:.2g}"


def expectation_texts(report: Report) -> list[str]:
    """A line for each problem that has another verdict than the one expected of it."""
    return [f"{one.problem}: expected {one.expected}, found {one.found}" for one in report.unmet]


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

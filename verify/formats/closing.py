"""What follows the tables: the verdict and the counts, the controls, and what the verdicts are worth."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable

from verify.finding import Finding, Tier
from verify.formats.grid import Column, grid
from verify.formats.numbers import MISSING, draws, percent, significant, with_error
from verify.formats.words import in_ascii, is_weighted, word
from verify.report import Report
from verify.terminal import Look

__all__ = ["closing"]

WIDTH = 130
CONTROL_COLUMNS = (
    Column("wrong on purpose"),
    Column("cost"),
    Column("d/d"),
    Column("check"),
    Column("exact", "right"),
    Column("seen", "right"),
    Column("off by", "right"),
    Column("draws", "right"),
    Column("verdict"),
)


def closing(report: Report, look: Look) -> str:
    """The end of the report."""
    parts = [_counts(report), _controls(report, look), _contract(report), f"Verdict: {_verdict(report, look)}"]
    return in_ascii("\n\n".join(part for part in parts if part), look) + "\n"


def _counts(report: Report) -> str:
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
    return f"{len(report.findings)} findings: {counts}"


def _verdict(report: Report, look: Look) -> str:
    silent = len(report.silent_controls)
    broken = f"; but {silent} of {len(report.controls)} controls did not FAIL, so it proves nothing" if silent else ""
    return word(report.verdict, look) + broken


def _controls(report: Report, look: Look) -> str:
    if not report.controls:
        return ""
    rows = [_control(control, look) for control in report.controls]
    seen = len(report.controls) - len(report.silent_controls)
    title = f"Controls: estimators that are wrong on purpose; each must FAIL, and {seen} of {len(rows)} do"
    return f"{title}\n{grid(CONTROL_COLUMNS, rows, look)}"


def _control(control: Finding, look: Look) -> list[str]:
    """Exact and seen are variances for a control of the variance, else gradients."""
    about_variance = control.check == "variance"
    exact, seen = (
        (control.exact_variance, significant(control.measured_variance))
        if about_variance
        else (control.exact, with_error(control.estimate, control.standard_error))
    )
    return [
        control.estimator,
        control.cost,
        control.wrt,
        control.check,
        significant(exact),
        seen,
        _off_by(control),
        draws(control.n),
        word(control.verdict, look),
    ]


def _off_by(control: Finding) -> str:
    """In standard deviations of a draw; for a variance, as a share of it."""
    if control.exact is None or control.estimate is None or not control.exact_variance:
        return MISSING
    if control.check == "variance":
        measured = control.measured_variance
        return MISSING if measured is None else f"{100 * (measured / control.exact_variance - 1):+.0f} %"
    return f"{(control.estimate - control.exact) / math.sqrt(control.exact_variance):+.2g} sd"


def _contract(report: Report) -> str:
    """What each word certifies, at which rates; a label and a paragraph each."""
    meanings = {
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
        del meanings["w"]
    indent = " " * 16
    lines = [
        textwrap.fill(f"{label:<{len(indent)}}{meaning}", WIDTH, subsequent_indent=indent, break_on_hyphens=False)
        for label, meaning in meanings.items()
    ]
    return "\n".join(["What the words mean", *lines])


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

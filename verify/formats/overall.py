"""What the findings of a report say together: the verdict and its reserve, what is rejected, what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from verify.finding import Verdict
from verify.formats.words import p_value_text, values
from verify.report import Expectation, Report

__all__ = ["Told", "counts", "expected_and_found", "overall", "qualifier", "verdict_in_full", "verdicts_expected"]


@dataclass(frozen=True)
class Told:
    """A sentence, and a line for each thing that it is about."""

    title: str
    lines: tuple[str, ...]


def counts(report: Report) -> str:
    """45 findings: 40 PASS, 1 FAIL, ..."""
    counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
    return f"{len(report.findings)} findings: {counted}"


def verdict_in_full(report: Report) -> str:
    """The verdict of the findings, and what follows it."""
    return report.verdict.replace("_", " ") + qualifier(report)


def qualifier(report: Report) -> str:
    """What follows the verdict of a report that proves nothing, or of which one was expected; else empty."""
    silent, unmet, expected = len(report.silent_controls), len(report.unmet), len(report.expectations)
    if silent:
        return f"; but {silent} of {len(report.controls)} controls did not FAIL, so it proves nothing"
    if unmet:
        return f"; but {unmet} of {expected} problems do not have the verdict that was expected"
    return f"; {_met(report)}" if expected else ""


def overall(report: Report) -> list[Told]:
    """What there is to be told of the findings together, the same in every form; often nothing."""
    return [told for told in (_rejected_together(report), verdicts_expected(report)) if told is not None]


def verdicts_expected(report: Report) -> Told | None:
    """How many problems have the verdict that was expected of them, and those that have not; None without any."""
    if not report.expectations:
        return None
    return Told(_met(report), tuple(f"{one.problem}: {expected_and_found(one)}" for one in report.unmet))


def expected_and_found(one: Expectation) -> str:
    """expected FAIL, found PASS"""
    return f"expected {one.expected}, found {one.found}"


def _met(report: Report) -> str:
    met, expected = len(report.expectations) - len(report.unmet), len(report.expectations)
    return f"{met} of {expected} problems have the verdict that was expected"


def _rejected_together(report: Report) -> Told | None:
    """The findings that are rejected beside others, by Holm's procedure; None where there is one at most.

    One that did not FAIL by itself is worth a line also when it is alone: what was found elsewhere made room for it.
    """
    rejected = [report.findings[place] for place in report.culprits]
    if len(rejected) < 2 and all(finding.verdict == Verdict.FAIL for finding in rejected):
        return None
    lines = []
    for finding in rejected:
        own = "" if finding.verdict == Verdict.FAIL else f"   by itself {finding.verdict}"
        place = ", ".join(part for part in (finding.cost, values(finding)) if part)
        lines.append(
            f"{finding.estimator} of d/d{finding.wrt}, {finding.check}   {place}   {p_value_text(finding)}{own}"
        )
    return Told(
        "Rejected together (Holm), strongest evidence first; if any of them is right, a chance of at most "
        f"{report.false_alarm_rate:g}",
        tuple(lines),
    )

"""Verdicts that were expected: met, any of them is good news, and unmet, any of them is a failure."""

from __future__ import annotations

from collections.abc import Sequence

from verify.case import Case
from verify.finding import Finding, Verdict, worst
from verify.report import Expectation

__all__ = ["expectation_lines", "expectations", "with_expectations"]

Findings = Sequence[Finding]


def expectations(cases: Sequence[Case], found: Sequence[Findings]) -> tuple[Expectation, ...]:
    """Those of the cases that have one, found[k] the findings of cases[k]."""
    return tuple(
        Expectation(case.place or str(case.cost), case.expected, verdict)
        for case, verdict in _verdicts(cases, found)
        if case.expected is not None
    )


def with_expectations(cases: Sequence[Case], found: Sequence[Findings]) -> Verdict:
    """The verdict of the cases together.

    A case that has the verdict expected of it counts as PASS, with another one as FAIL; the others count as they are.
    """
    return worst(_counted(case, verdict) for case, verdict in _verdicts(cases, found))


def expectation_lines(told: Sequence[Expectation]) -> list[str]:
    """A line for each that is not met, then how many are; none without any."""
    lines = [f"{one.problem}: expected {one.expected}, found {one.found}" for one in told if not one.met]
    if told:
        lines.append(f"{len(told) - len(lines)} of {len(told)} problems have the verdict that was expected")
    return lines


def _verdicts(cases: Sequence[Case], found: Sequence[Findings]) -> list[tuple[Case, Verdict]]:
    return [(case, worst(finding.verdict for finding in findings)) for case, findings in zip(cases, found, strict=True)]


def _counted(case: Case, verdict: Verdict) -> Verdict:
    if case.expected is None:
        return verdict
    return Verdict.PASS if verdict == case.expected else Verdict.FAIL

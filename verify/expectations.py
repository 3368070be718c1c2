"""Verdicts that were expected: met, any of them is good news, and unmet, any of them is a failure."""

from __future__ import annotations

from collections.abc import Sequence

from verify.case import Case
from verify.finding import Finding, Verdict, worst

__all__ = ["expectation_lines", "with_expectations"]

Findings = Sequence[Finding]


def with_expectations(cases: Sequence[Case], found: Sequence[Findings]) -> Verdict:
    """The verdict of the cases together, found[k] the findings of cases[k].

    A case that has the verdict expected of it counts as PASS, with another one as FAIL; the others count as they are.
    """
    return worst(_counted(case, verdict) for case, verdict in _verdicts(cases, found))


def expectation_lines(cases: Sequence[Case], found: Sequence[Findings]) -> list[str]:
    """A line for each case that has another verdict than expected, then how many have theirs; none without any."""
    expecting = [(case, verdict) for case, verdict in _verdicts(cases, found) if case.expected is not None]
    unmet = [(case, verdict) for case, verdict in expecting if verdict != case.expected]
    lines = [f"{case.place or case.cost}: expected {case.expected}, found {verdict}" for case, verdict in unmet]
    if expecting:
        lines.append(f"{len(expecting) - len(unmet)} of {len(expecting)} problems have the verdict that was expected")
    return lines


def _verdicts(cases: Sequence[Case], found: Sequence[Findings]) -> list[tuple[Case, Verdict]]:
    return [(case, worst(finding.verdict for finding in findings)) for case, findings in zip(cases, found, strict=True)]


def _counted(case: Case, verdict: Verdict) -> Verdict:
    if case.expected is None:
        return verdict
    return Verdict.PASS if verdict == case.expected else Verdict.FAIL

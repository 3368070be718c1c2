"""Verdicts that were expected: met, any of them is good news, and unmet, any of them is a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verify.case import Case
from verify.finding import Finding, worst
from verify.report import Expectation

__all__ = ["expectations"]


def expectations(cases: Sequence[Case], found: Sequence[Sequence[Finding]]) -> tuple[Expectation, ...]:
    """Those of the cases that have one, found[k] the findings of cases[k], in the order of the report."""
    return tuple(_expectations(cases, found))


def _expectations(cases: Sequence[Case], found: Sequence[Sequence[Finding]]) -> Iterator[Expectation]:
    before = 0
    for case, findings in zip(cases, found, strict=True):
        places = range(before, before + len(findings))
        before = places.stop
        if case.expected is not None:
            verdict = worst(finding.verdict for finding in findings)
            yield Expectation(case.place or str(case.cost), case.expected, verdict, places)

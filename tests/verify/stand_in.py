"""A stand-in for the campaign: the tests of the command line are about the words around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from tests.verify.samples import a_case, a_report
from verify.case import Case, Settings
from verify.finding import Finding
from verify.report import Report

__all__ = ["StandIn", "errors"]

OnCase = Callable[[tuple[Finding, ...]], None]


@dataclass
class StandIn:
    """Takes the place of verify.campaign: notes what it was asked for, and finds what it was told to find."""

    findings: Sequence[Finding] = field(default_factory=a_case)
    controls: tuple[Finding, ...] | None = None
    error: BaseException | None = None
    error_after: BaseException | None = None
    cases: Sequence[Case] = ()
    settings: Settings | None = None
    command: str = ""
    calls: int = 0

    def run_campaign(
        self, cases: Sequence[Case], controls: object, settings: Settings, *, command: str, on_case: OnCase
    ) -> Report:
        self.cases, self.settings, self.command = cases, settings, command
        self.calls += 1
        if self.error is not None:
            raise self.error
        if self.findings:
            on_case(tuple(self.findings))
        if self.error_after is not None:
            raise self.error_after
        return a_report(*self.findings, controls=self.controls)


def errors(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on stderr; stdout must be empty."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()

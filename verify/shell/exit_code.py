"""What the command line says to the shell."""

from __future__ import annotations

from enum import IntEnum

from verify.finding import Verdict
from verify.report import Report

__all__ = ["ExitCode", "exit_code"]


class ExitCode(IntEnum):
    """0 is the only good news. 130 and 141 are what a shell expects after Ctrl-C and after `| head`."""

    NO_FAILURE = 0
    A_CHECK_FAILED = 1
    USAGE = 2
    BROKEN = 3
    INCONCLUSIVE = 4
    NOTHING_CHECKED = 5
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def exit_code(report: Report, *, strict: bool) -> ExitCode:
    """The code of the outcome: of the verdict, unless some of it was expected.

    BROKEN if a control did not FAIL, whatever the findings say: such a report proves nothing.
    """
    if report.silent_controls:
        return ExitCode.BROKEN
    match report.outcome:
        case Verdict.FAIL:
            return ExitCode.A_CHECK_FAILED
        case Verdict.INCONCLUSIVE:
            return ExitCode.INCONCLUSIVE if strict else ExitCode.NO_FAILURE
        case Verdict.NOT_APPLICABLE:
            return ExitCode.NOTHING_CHECKED
        case Verdict.PASS:
            return ExitCode.NO_FAILURE

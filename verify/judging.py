"""From cases to a printed report: run the campaign, write each case as it is done, say the exit code."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from verify.finding import Finding, Verdict
from verify.formats import FORMATS, Format
from verify.formats.overall import verdicts_expected
from verify.report import Report
from verify.reproducible import made_on, stamped, without_its_place
from verify.shell.arguments import settings_from, shown
from verify.shell.banner import banner
from verify.shell.exit_code import ExitCode, exit_code
from verify.shell.output import destination
from verify.shell.terminal import look_of
from verify.usage import NothingChecked, UsageError

if TYPE_CHECKING:
    from verify.case import Case

__all__ = ["judge"]


def judge(cases: Sequence[Case], arguments: Namespace) -> ExitCode:
    """Judge the cases that the filter leaves, and the controls; the report goes to stdout or to the output file.

    Raises UsageError before anything is computed if the request cannot be carried out, NothingChecked if no case is
    left, SymbolicError if a case has no exact answer.
    """
    path: str | None = getattr(arguments, "output", None)
    form = _format(getattr(arguments, "format", None), path)
    settings = settings_from(arguments)
    reproducible = getattr(arguments, "reproducible", False)
    date = made_on(reproducible=reproducible)
    chosen = _filtered(cases, getattr(arguments, "substring", None))
    with destination(path, document=form.case is None) as stream:
        from tqdm import tqdm

        from verify.campaign import run_campaign
        from verify.controls import CONTROLS
        from verify.deciding.design import BudgetTooSmall

        look = look_of(stream, getattr(arguments, "color", "auto"))
        announced = False
        found: list[tuple[Finding, ...]] = []

        def on_case(findings: tuple[Finding, ...]) -> None:
            # The banner waits for the first case: bad input is told in its own two lines and nothing else.
            nonlocal announced
            found.append(findings)
            with tqdm.external_write_mode():
                if not announced:
                    print(banner(settings.seed), file=sys.stderr, flush=True)
                    announced = True
                if form.case is not None:
                    stream.write(form.case(findings, look))
                    stream.flush()

        try:
            report = run_campaign(chosen, CONTROLS, settings, command=arguments.command_line, on_case=on_case)
        except BudgetTooSmall as error:
            raise UsageError(str(error)) from None
        report = stamped(without_its_place(report) if reproducible else report, date)
        if any(case.expected is not None for case in chosen):
            from verify.regression.expectations import expectations

            report = replace(report, expectations=expectations(chosen, found))
        stream.write(form.rest(report, look))
    code = exit_code(report, strict=getattr(arguments, "strict", False))
    for line in _closing_words(report, code, path):
        print(line, file=sys.stderr)
    return code


def _format(name: str | None, path: str | None) -> Format:
    """The form that was named, else the one of the file's suffix, else the first."""
    if name is not None:
        return next(form for form in FORMATS if form.name == name)
    suffix = PurePath(path or "").suffix
    if not suffix:
        return FORMATS[0]
    for form in FORMATS:
        if suffix.lower() in form.suffixes:
            return form
    known = ", ".join(suffix for form in FORMATS for suffix in form.suffixes)
    raise UsageError(
        f"--output {shown(path or '')}: no format has the suffix {shown(suffix)}; use {known}, or add --format"
    )


def _filtered(cases: Sequence[Case], substring: str | None) -> list[Case]:
    wanted = (substring or "").strip().casefold()
    chosen = [case for case in cases if wanted in f"{case.cost}\n{case.law}\n{case.about}".casefold()]
    if not chosen:
        raise NothingChecked(
            f"nothing was checked: -k {shown(wanted)} is in no cost, law or description of {len(cases)} problems\n"
            "See: python -m verify list problems"
        )
    return chosen


def _closing_words(report: Report, code: ExitCode, path: str | None) -> list[str]:
    """What the exit code means, where the report does not say it; and where the report is, if it is not on stdout."""
    lines = []
    if (told := verdicts_expected(report)) is not None:
        lines = [f"mcgradcheck: {line}" for line in (*told.lines, told.title)]
    if path is not None:
        lines.append(f"mcgradcheck: {report.verdict}; the report is in {shown(path, 150)}")
    if code == ExitCode.BROKEN:
        names = ", ".join(shown(control.estimator) for control in report.silent_controls)
        lines.append(
            f"mcgradcheck: error: wrong on purpose, but not found: {names}\n"
            "The report proves nothing. Please report this, with the report as JSON."
        )
    if code == ExitCode.NOTHING_CHECKED:
        lines.append(
            f"mcgradcheck: nothing was checked: all {len(report.findings)} findings are {Verdict.NOT_APPLICABLE}"
        )
    if code == ExitCode.INCONCLUSIVE:
        lines.append("mcgradcheck: inconclusive, and --strict was given; the report says how many draws would decide")
    return lines

"""The report as text for a terminal: a table for each case, then the counts, the controls and the contract."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from verify.finding import Finding
from verify.formats.closing import closing
from verify.formats.form import Format
from verify.formats.grid import Column, grid
from verify.formats.rows import Line, case_text, cases
from verify.formats.words import case_title, in_ascii, mark, word
from verify.report import Report
from verify.shell.terminal import Look

__all__ = ["TABLE", "as_text"]

WIDTH = 130
COLUMNS = (
    Column("d/d", width=5),
    Column("exact\ngradient", "right", 10),
    Column("estimator", width=14),
    Column("estimate ±\nstandard error", "right", 18),
    Column("exact\nvariance", "right", 9),
    Column("measured\nvariance", "right", 9),
    Column("score /\npathwise", "right"),
    Column("draws", "right", 6),
    Column("smallest bias\nsd, share", "right", 15),
    Column("bias\ni q d"),
    Column("var.\nq d"),
    Column("verdict"),
)


def _case(findings: Sequence[Finding], look: Look) -> str:
    case = case_text(findings)
    title = textwrap.fill(case_title(findings[0]), WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    forms = [_cut(f"d/d{wrt} E[f(x)] = {form}") for wrt, form in case.forms.items()]
    parts = [title, *forms, "", grid(COLUMNS, [_cells(line, look) for line in case.lines], look)]
    return in_ascii("\n".join([*parts, *case.notes.lines(WIDTH)]), look) + "\n\n"


def _cut(line: str) -> str:
    """The line, cut where the table ends."""
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 2]} …"


def _cells(line: Line, look: Look) -> list[str]:
    return [
        line.wrt if line.opens else "",
        line.exact if line.opens else "",
        line.estimator,
        line.estimate,
        line.exact_variance,
        line.measured_variance,
        line.ratio,
        line.draws,
        line.smallest_bias,
        " ".join(mark(verdict) for verdict in line.bias),
        " ".join(mark(verdict) for verdict in line.variance),
        " ".join([word(line.verdict, look), *(f"[{number}]" for number in line.notes)]),
    ]


TABLE = Format(
    name="table",
    about="a table for each cost, for a terminal",
    suffixes=(".txt",),
    rest=closing,
    case=_case,
)


def as_text(report: Report) -> str:
    """The whole report, without colours."""
    look = Look()
    return "".join(_case(findings, look) for findings in cases(report.findings)) + closing(report, look)

"""What follows the tables: the verdict and the counts, the controls, and what the verdicts are worth."""

from __future__ import annotations

import textwrap

from verify.finding import Finding
from verify.formats.contract import CONTRACT_TITLE, control_text, controls_title, meanings
from verify.formats.grid import Column, grid
from verify.formats.overall import Told, counts, overall, qualifier
from verify.formats.words import in_ascii, word
from verify.report import Report
from verify.shell.terminal import Look

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
    verdict = f"Verdict: {word(report.verdict, look)}{qualifier(report)}"
    parts = [counts(report), *map(_told, overall(report)), _controls(report, look), _contract(report), verdict]
    return in_ascii("\n\n".join(part for part in parts if part), look) + "\n"


def _told(told: Told) -> str:
    return "\n".join([f"{told.title}{':' if told.lines else ''}", *(f"    {line}" for line in told.lines)])


def _controls(report: Report, look: Look) -> str:
    if not report.controls:
        return ""
    rows = [_control(control, look) for control in report.controls]
    return f"{controls_title(report)}\n{grid(CONTROL_COLUMNS, rows, look)}"


def _control(control: Finding, look: Look) -> list[str]:
    text = control_text(control)
    numbers = [text.exact, text.seen, text.off_by, text.draws]
    return [text.estimator, text.cost, text.wrt, text.check, *numbers, word(text.verdict, look)]


def _contract(report: Report) -> str:
    indent = " " * 16
    lines = [
        textwrap.fill(f"{label:<{len(indent)}}{meaning}", WIDTH, subsequent_indent=indent, break_on_hyphens=False)
        for label, meaning in meanings(report).items()
    ]
    return "\n".join([CONTRACT_TITLE, *lines])

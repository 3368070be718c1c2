"""The report as Markdown with GitHub's tables, for a pull request or a wiki."""

from __future__ import annotations

from collections.abc import Sequence

from verify.finding import Finding
from verify.formats.cards import Card
from verify.formats.columns import CASE_COLUMNS, CONTROL_COLUMNS, Header, case_cells, control_cells
from verify.formats.contract import CONTRACT_TITLE, control_text, controls_title, meanings
from verify.formats.escaping import for_markdown, markdown_code
from verify.formats.form import Format
from verify.formats.overall import Told, counts, overall, verdict_in_full
from verify.formats.rows import case_text, cases
from verify.formats.words import values
from verify.report import Report

__all__ = ["MARKDOWN", "markdown_page"]


def markdown_page(report: Report) -> str:
    """The whole page."""
    versions = ", ".join(f"{name} {version}" for name, version in report.environment.items())
    head = [
        f"# mcgradcheck: {for_markdown(verdict_in_full(report))}",
        for_markdown(counts(report)),
        (
            f"Version {for_markdown(report.version)}, seed {report.seed}, {for_markdown(versions)}. "
            f"Command: {markdown_code(report.command)}"
        ),
    ]
    contract = [f"* **{for_markdown(label)}** {for_markdown(text)}" for label, text in meanings(report).items()]
    parts = [
        *head,
        *(_told(told) for told in overall(report)),
        *(part for case in cases(report.findings) for part in _case(case)),
        *_controls(report),
        f"## {CONTRACT_TITLE}",
        "\n".join(contract),
    ]
    return "\n\n".join(parts) + "\n"


def _told(told: Told) -> str:
    if not told.lines:
        return for_markdown(f"{told.title}.")
    return "\n".join([for_markdown(f"{told.title}:"), "", *(f"* {for_markdown(line)}" for line in told.lines)])


def _case(findings: Sequence[Finding]) -> list[str]:
    case, first = case_text(findings), findings[0]
    at = values(first)
    place = [f"x ~ {markdown_code(first.law)}", *([markdown_code(at)] if at else [])]
    forms = [f"* d/d{for_markdown(wrt)} E\\[f(x)\\] = {markdown_code(form)}" for wrt, form in case.forms.items()]
    notes = [_note(number, note) for number, note in case.notes.numbered()]
    return [
        f"## {markdown_code(first.cost)}",
        ", ".join(place),
        "\n".join(forms),
        _table(CASE_COLUMNS, [case_cells(line) for line in case.lines]),
        *notes,
    ]


def _note(number: int, note: Card | str) -> str:
    if isinstance(note, str):
        return f"\\[{number}\\] {for_markdown(note)}"
    rows = [f"* {label}: {for_markdown(text)}" for label, text in note.rows]
    head = f"\\[{number}\\] **{note.verdict}**: {for_markdown(note.title)}"
    return "\n".join([head, "", *rows, f"* repeat: {markdown_code(note.command)}"])


def _controls(report: Report) -> list[str]:
    if not report.controls:
        return []
    rows = [control_cells(control_text(control)) for control in report.controls]
    return ["## Controls", for_markdown(controls_title(report)), _table(CONTROL_COLUMNS, rows)]


def _table(headers: Sequence[Header], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---:" if header.numbers else "---" for header in headers]
    lines = [[for_markdown(header.text) for header in headers], rule]
    lines += [[for_markdown(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


MARKDOWN = Format(
    name="markdown",
    about="GitHub's Markdown, for a pull request or a wiki",
    suffixes=(".md",),
    rest=lambda report, _look: markdown_page(report),
)

"""The report as a LaTeX document of its own, with nothing but longtable, geometry and the font encoding."""

from __future__ import annotations

from collections.abc import Sequence

from verify.finding import Finding
from verify.formats.cards import Card
from verify.formats.columns import CASE_COLUMNS, CONTROL_COLUMNS, Header, case_cells, control_cells
from verify.formats.contract import CONTRACT_TITLE, control_text, controls_title, meanings
from verify.formats.escaping import for_latex, latex_code
from verify.formats.form import Format
from verify.formats.overall import Told, counts, overall, verdict_in_full
from verify.formats.rows import case_text, cases
from verify.formats.words import values
from verify.report import Report

__all__ = ["LATEX", "latex_body"]

_PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage[landscape,margin=15mm]{geometry}
\usepackage{longtable}
\setlength{\parindent}{0pt}
\setlength{\parskip}{1ex}
\setlength{\tabcolsep}{3pt}
\setlength{\LTleft}{0pt}
\raggedright
\begin{document}"""


def latex_body(report: Report) -> str:
    """What stands between the beginning and the end of a document."""
    versions = ", ".join(f"{name} {version}" for name, version in report.environment.items())
    contract = [rf"\item[{{{for_latex(label)}}}] {for_latex(text)}" for label, text in meanings(report).items()]
    parts = [
        r"\small",
        rf"\section*{{mcgradcheck: {for_latex(verdict_in_full(report))}}}",
        for_latex(counts(report)),
        (
            f"Version {for_latex(report.version)}, seed {report.seed}, {for_latex(versions)}. "
            f"Command: {latex_code(report.command)}"
        ),
        *(_told(told) for told in overall(report)),
        *(part for case in cases(report.findings) for part in _case(case)),
        *_controls(report),
        rf"\section*{{{CONTRACT_TITLE}}}",
        "\n".join([r"\begin{description}", *contract, r"\end{description}"]),
    ]
    return "\n\n".join(parts)


def _told(told: Told) -> str:
    if not told.lines:
        return for_latex(f"{told.title}.")
    lines = [rf"\item {for_latex(line)}" for line in told.lines]
    return "\n".join([for_latex(f"{told.title}:"), r"\begin{itemize}", *lines, r"\end{itemize}"])


def _case(findings: Sequence[Finding]) -> list[str]:
    case, first = case_text(findings), findings[0]
    at = values(first)
    place = [rf"$x \sim{{}}$ {latex_code(first.law)}", *([latex_code(at)] if at else [])]
    forms = [rf"\item d/d{for_latex(wrt)} E[f(x)] = {latex_code(form)}" for wrt, form in case.forms.items()]
    return [
        rf"\section*{{f(x) = {latex_code(first.cost)}}}",
        ", ".join(place),
        "\n".join([r"\begin{itemize}", *forms, r"\end{itemize}"]),
        _table(CASE_COLUMNS, [case_cells(line) for line in case.lines]),
        *(_note(number, note) for number, note in case.notes.numbered()),
    ]


def _note(number: int, note: Card | str) -> str:
    if isinstance(note, str):
        return f"{{[{number}]}} {for_latex(note)}"
    rows = [rf"\item {label}: {for_latex(text)}" for label, text in note.rows]
    head = rf"{{[{number}]}} \textbf{{{note.verdict}}}: {for_latex(note.title)}"
    return "\n".join([head, r"\begin{itemize}", *rows, rf"\item repeat: {latex_code(note.command)}", r"\end{itemize}"])


def _controls(report: Report) -> list[str]:
    if not report.controls:
        return []
    rows = [control_cells(control_text(control)) for control in report.controls]
    return [r"\section*{Controls}", for_latex(controls_title(report)), _table(CONTROL_COLUMNS, rows)]


def _table(headers: Sequence[Header], rows: Sequence[Sequence[str]]) -> str:
    """Cells in braces: one that begins with a bracket would be taken for the argument of the line break before it."""
    sides = "".join("r" if header.numbers else "l" for header in headers)
    lines = [[rf"\shortstack{{{_stacked(header.text)}}}" for header in headers]]
    lines += [[f"{{{for_latex(cell)}}}" for cell in row] for row in rows]
    above, *below = [rf"{' & '.join(line)} \\" for line in lines]
    return "\n".join(
        [rf"\begin{{longtable}}{{{sides}}}", r"\hline", above, r"\hline\endhead", *below, r"\hline", r"\end{longtable}"]
    )


def _stacked(text: str) -> str:
    """The header on two lines, broken near its middle."""
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    if not spaces:
        return for_latex(text)
    middle = min(spaces, key=lambda place: abs(2 * place - len(text)))
    return rf"{for_latex(text[:middle])}\\{for_latex(text[middle + 1 :])}"


LATEX = Format(
    name="latex",
    about="a LaTeX document of its own",
    suffixes=(".tex",),
    rest=lambda report, _look: "\n".join([_PREAMBLE, latex_body(report), r"\end{document}", ""]),
)

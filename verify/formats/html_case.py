"""A case on the page: its closed forms, its table, what did not pass, its derivations and the picture of its draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symbolic.typesetting.pages.html import html_lines
from verify.finding import Finding
from verify.formats.columns import CASE_COLUMNS, case_cells
from verify.formats.derivations import Shown
from verify.formats.escaping import for_html
from verify.formats.html_parts import code, definitions, figure, marks, note, table, verdict
from verify.formats.picture import Plot
from verify.formats.rows import BIAS, VARIANCE, CaseText, Line
from verify.formats.words import case_title, values

__all__ = ["Part", "case_section"]

# The verdict stands beside the names: a narrow screen shows these first.
_FIRST = ("d/d", "estimator", "verdict")
_COLUMNS = (
    *(header for name in _FIRST for header in CASE_COLUMNS if header.text == name),
    *(header for header in CASE_COLUMNS if header.text not in _FIRST),
)


@dataclass(frozen=True)
class Part:
    """A case and where it stands on the page."""

    anchor: str
    findings: Sequence[Finding]
    text: CaseText

    @property
    def first(self) -> Finding:
        return self.findings[0]


def case_section(part: Part, derived: Sequence[Shown], plot: Plot | None) -> str:
    """The whole section of the case."""
    forms = [(f"d/d{for_html(wrt)} E[f(x)] =", code(form)) for wrt, form in part.text.forms.items()]
    place = ", ".join([f"x ~ {code(part.first.law)}", *([code(values(part.first))] if part.first.at else [])])
    rows = [_row(part, line) for line in part.text.lines]
    return "\n".join(
        [
            f'<section class="case" aria-labelledby="{part.anchor}">',
            f'<h3 id="{part.anchor}">f(x) = {code(part.first.cost)} {verdict(part.text.verdict)}</h3>',
            f"<p>{place}</p>",
            definitions(forms, "forms"),
            table(for_html(case_title(part.first)), _COLUMNS, rows, ("d/d", "estimator")),
            *(note(f"{part.anchor}-note-{number}", number, said) for number, said in part.text.notes.numbered()),
            *(_derivation(shown) for shown in derived),
            *([figure(plot, level=4)] if plot is not None else []),
            "</section>",
        ]
    )


def _row(part: Part, line: Line) -> dict[str, str]:
    """The cells by header; the marks and the verdict are more than their texts."""
    texts = zip((header.text for header in CASE_COLUMNS), case_cells(line), strict=True)
    links = [f'<a href="#{part.anchor}-note-{number}">[{number}]</a>' for number in line.notes]
    return {name: for_html(text) for name, text in texts} | {
        "verdict": " ".join([verdict(line.verdict), *links]),
        "bias: i q d": marks(line.bias, [f"bias by {_how(tier)}" for _, tier in BIAS]),
        "var.: q d": marks(line.variance, [f"variance by {_how(tier)}" for _, tier in VARIANCE]),
    }


def _how(tier: str) -> str:
    return "draws" if tier == "monte_carlo" else tier


def _derivation(shown: Shown) -> str:
    """The main lines, folded: a reader opens them with a click or a key, without a script."""
    if shown.derivation is None:
        return f"<p>No derivation of d/d{for_html(shown.wrt)} E[f(x)]: {for_html(shown.reason)}</p>"
    main, lines = len(shown.derivation.short), len(shown.derivation.steps)
    title = f"Derivation of d/d{for_html(shown.wrt)} E[f(x)], each line checked: {main} of {lines}"
    return "\n".join(
        [
            f'<details class="derivation">\n<summary>{title}</summary>',
            html_lines(shown.derivation, short=True, level=4),
            f"<p>All {lines} lines: {code(shown.command)}</p>\n</details>",
        ]
    )

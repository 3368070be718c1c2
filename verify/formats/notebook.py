"""What a notebook shows of a report: the verdict in words, the tables, the cards, and what the controls showed.

The whole page, with its own colours, glossary and pictures, is the format "html". This part takes its looks from the
notebook, and its style reaches no further than itself.
"""

from __future__ import annotations

from symbolic.typesetting.pages.notebook import NO_TEX
from verify.formats.cards import Card
from verify.formats.columns import CASE_COLUMNS, case_cells
from verify.formats.contract import controls_title
from verify.formats.escaping import for_html
from verify.formats.html_parts import code, definitions, listed, table
from verify.formats.overall import counts, overall, verdict_in_full
from verify.formats.rows import CaseText, case_text, cases
from verify.formats.words import case_title
from verify.report import Report

__all__ = ["notebook_html"]

_STYLE = """\
@scope { .scroll { overflow-x: auto; } th, td { text-align: left; white-space: nowrap; }
  th.number, td.number { text-align: right; } code { white-space: pre-wrap; overflow-wrap: anywhere; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }"""


def notebook_html(report: Report) -> str:
    """One element. Every text is escaped, and a notebook does not look for TeX in it."""
    verdict = for_html(verdict_in_full(report))
    parts = [f"<h3>{verdict}</h3>", f"<p>{for_html(counts(report))}</p>"]
    parts += [listed(told.title, told.lines) for told in overall(report)]
    for findings in cases(report.findings):
        text = case_text(findings)
        title = for_html(case_title(findings[0]))
        names = [header.text for header in CASE_COLUMNS]
        rows = [dict(zip(names, map(for_html, case_cells(line)), strict=True)) for line in text.lines]
        parts += [f"<h4>{title}</h4>", table(title, CASE_COLUMNS, rows, ("d/d", "estimator")), *_notes(text)]
    if report.controls:
        parts.append(f"<p>{for_html(controls_title(report))}.</p>")
    return "\n".join([f'<div class="{NO_TEX}">', f"<style>{_STYLE}</style>", *parts, "</div>"])


def _notes(text: CaseText) -> list[str]:
    return [
        _card(number, said) if isinstance(said, Card) else f"<p>[{number}] {for_html(said)}</p>"
        for number, said in text.notes.numbered()
    ]


def _card(number: int, card: Card) -> str:
    rows = [(for_html(label), for_html(said)) for label, said in card.rows]
    title = for_html(f"[{number}] {card.verdict.replace('_', ' ')}: {card.title}")
    return f"<p><strong>{title}</strong></p>\n{definitions([*rows, ('repeat', code(card.command))])}"

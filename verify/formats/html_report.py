"""The report as one HTML page that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from verify.finding import Verdict
from verify.formats.cards import Card
from verify.formats.columns import CONTROL_COLUMNS, Header, control_cells
from verify.formats.contract import CONTRACT_TITLE, control_text, controls_title, meanings
from verify.formats.escaping import for_html
from verify.formats.form import Format
from verify.formats.glossary import GLOSSARY
from verify.formats.html_parts import code, definitions, figure, kind, listed, section, table, verdict
from verify.formats.html_style import STYLE
from verify.formats.json_report import as_json
from verify.formats.overall import counts, overall, verdict_in_full
from verify.formats.picture import plots_are_possible
from verify.formats.plots import plots
from verify.formats.rows import case_text, cases
from verify.formats.words import values
from verify.report import Report
from verify.shell.terminal import Look

if TYPE_CHECKING:
    from verify.formats.derivations import Shown
    from verify.formats.html_case import Part

__all__ = ["HTML", "html_page"]

_MOST_PICTURES = 20  # of cases; what did not pass comes first. The page is to be small enough to be mailed

# Forbids what the page does not do; the empty icon keeps a browser from asking for one.
_HEAD = """\
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">"""


def _rest(report: Report, _look: Look) -> str:
    # It brings SymPy, for which a list of the formats must not wait.
    from verify.formats.derivations import derivations

    return html_page(report, derivations(cases(report.findings)))


def html_page(report: Report, derived: Mapping[int, Sequence[Shown]]) -> str:
    """The page with the derivations of each case, by its place."""
    from verify.formats.draws_plot import draws_plot
    from verify.formats.html_case import Part, case_section

    parts = [Part(f"case-{n}", case, case_text(case)) for n, case in enumerate(cases(report.findings), 1)]
    by_interest = sorted(parts, key=lambda part: part.text.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE))
    pictures = {part.anchor: draws_plot(part.findings, f"{part.anchor}-draws") for part in by_interest[:_MOST_PICTURES]}
    sections = [
        case_section(part, derived.get(place, ()), pictures.get(part.anchor)) for place, part in enumerate(parts)
    ]
    title = f"{verdict_in_full(report)}: mcgradcheck {report.version}"
    page = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        f"<head>\n{_HEAD}\n<title>{for_html(title)}</title>\n<style>\n{STYLE}</style>\n</head>",
        '<body>\n<a class="skip" href="#overview">Skip to the problems</a>',
        _banner(report),
        "<main>",
        _outcome(report),
        _overall(report),
        _wrong(parts),
        section("contract", CONTRACT_TITLE, _contract(report)),
        _overview(parts),
        _pictures(report),
        section("problems", "Problem by problem", *sections) if parts else "",
        _controls(report),
        section("glossary", "Glossary", definitions([(for_html(term), for_html(GLOSSARY[term])) for term in GLOSSARY])),
        _embedded(report),
        "</main>\n</body>\n</html>",
    ]
    return "\n".join(part for part in page if part) + "\n"


def _banner(report: Report) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in report.environment.items())
    facts = [
        ("version", for_html(report.version)),
        ("seed", str(report.seed)),
        ("command", code(report.command)),
        ("made with", for_html(versions)),
    ]
    return f"<header>\n<h1>mcgradcheck: Monte Carlo gradients, judged</h1>\n{definitions(facts, 'facts')}\n</header>"


def _outcome(report: Report) -> str:
    colour = "fail" if report.silent_controls else kind(report.outcome)
    word = for_html(verdict_in_full(report))
    return f'<div class="outcome {colour}" id="outcome"><strong>{word}</strong><p>{for_html(counts(report))}</p></div>'


def _overall(report: Report) -> str:
    found = overall(report)
    if not found:
        return ""
    return section("overall", "All findings together", *(listed(told.title, told.lines) for told in found))


def _wrong(parts: Sequence[Part]) -> str:
    """The way to every card."""
    wrong = [
        f'<li>{verdict(said.verdict)} <a href="#{part.anchor}-note-{number}">{for_html(said.title)}</a>, '
        f"f(x) = {code(part.first.cost)}</li>"
        for part in parts
        for number, said in part.text.notes.numbered()
        if isinstance(said, Card)
    ]
    return section("wrong", "What did not pass", "\n".join(['<ul class="wrong">', *wrong, "</ul>"])) if wrong else ""


def _contract(report: Report) -> str:
    return definitions([(for_html(label), for_html(text)) for label, text in meanings(report).items()])


def _overview(parts: Sequence[Part]) -> str:
    """Every problem with its verdict."""
    if not parts:
        return section("overview", "Problems", "<p>No problem was judged.</p>")
    headers = (Header("verdict"), Header("cost"), Header("law"), Header("at"))
    rows = [
        {
            "cost": f'<a href="#{part.anchor}">{code(part.first.cost)}</a>',
            "law": code(part.first.law),
            "at": code(values(part.first)),
            "verdict": verdict(part.text.verdict),
        }
        for part in parts
    ]
    return section("overview", "Problems", table("the problems and their verdicts", headers, rows, ("cost",)))


def _pictures(report: Report) -> str:
    if not plots_are_possible():
        said = f"matplotlib draws them, and is not installed: {code('pip install mcgradcheck[plot]')} brings it."
        return section("pictures", "Pictures", f"<p>There are none here: {said}</p>")
    shown = [figure(plot, level=3) for plot in plots(report)]
    return section("pictures", "Pictures", *shown) if shown else ""


def _controls(report: Report) -> str:
    if not report.controls:
        return ""
    names = [header.text for header in CONTROL_COLUMNS]
    texts = [control_text(control) for control in report.controls]
    rows = [
        dict(zip(names, map(for_html, control_cells(text)), strict=True))
        | {"verdict": verdict(text.verdict), "cost": code(text.cost)}
        for text in texts
    ]
    title = for_html(controls_title(report))
    return section(
        "controls", "Controls", f"<p>{title}</p>", table(title, CONTROL_COLUMNS, rows, ("wrong on purpose",))
    )


def _embedded(report: Report) -> str:
    """The whole report as JSON. No sign in it can end the element that holds it, or begin a comment."""
    text = json.dumps(as_json(report), separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    said = "<p>This page holds the whole report as JSON, in its element <code>script#report</code>.</p>"
    data = f'<script type="application/json" id="report">\n{text}\n</script>'
    return section("data", "The numbers", said, data)


HTML = Format(
    name="html",
    about="one page that needs no network and no script, for a browser or to be mailed",
    suffixes=(".html", ".htm"),
    rest=_rest,
)

"""The parts of a page: verdicts, tables, lists. Arguments called text are plain text, the others are HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verify.finding import Verdict
from verify.formats.cards import Card
from verify.formats.columns import Header
from verify.formats.escaping import for_html
from verify.formats.picture import Plot
from verify.formats.words import mark

__all__ = ["code", "definitions", "figure", "kind", "listed", "marks", "note", "section", "table", "verdict"]


def kind(of: Verdict) -> str:
    """The class that colours it."""
    return of.lower().replace("_", "-")


def verdict(of: Verdict) -> str:
    """The word, coloured."""
    return f'<span class="verdict {kind(of)}">{of.replace("_", " ")}</span>'


def code(text: str) -> str:
    """Something to be copied."""
    return f"<code>{for_html(text)}</code>"


def marks(verdicts: Sequence[Verdict | None], texts: Sequence[str]) -> str:
    """A sign for each check, with words for who cannot see it or points at it; `texts` name the checks."""
    return " ".join(_mark(of, text) for of, text in zip(verdicts, texts, strict=True))


def _mark(of: Verdict | None, text: str) -> str:
    words = for_html(f"{text}: {'not made' if of is None else of.replace('_', ' ')}")
    colour = "" if of is None else f" {kind(of)}"
    return (
        f'<span class="mark{colour}" title="{words}"><span aria-hidden="true">{mark(of)}</span>'
        f'<span class="hidden">{words}</span></span>'
    )


def definitions(rows: Sequence[tuple[str, str]], name: str = "") -> str:
    """Terms and what is said of them; both are HTML."""
    lines = [f"<dt>{term}</dt><dd>{said}</dd>" for term, said in rows]
    return "\n".join([f'<dl class="{name}">' if name else "<dl>", *lines, "</dl>"])


def listed(title: str, lines: Sequence[str]) -> str:
    """A sentence and what belongs to it, all of them text."""
    if not lines:
        return f"<p>{for_html(title)}.</p>"
    return "\n".join([f"<p>{for_html(title)}:</p>", "<ul>", *(f"<li>{for_html(line)}</li>" for line in lines), "</ul>"])


def section(anchor: str, title: str, *parts: str) -> str:
    """A part of the page with its heading."""
    head = [f'<section aria-labelledby="{anchor}">', f'<h2 id="{anchor}">{title}</h2>']
    return "\n".join([*head, *(part for part in parts if part), "</section>"])


def table(caption: str, headers: Sequence[Header], rows: Sequence[Mapping[str, str]], heads: Sequence[str]) -> str:
    """The rows, by header; the cells under `heads` name their row. Where it is too wide it scrolls, by keyboard too.

    Who sees the page has the caption in the heading above; who hears it hears the caption.
    """
    numbers = {header.text for header in headers if header.numbers}
    above = "".join(
        f'<th scope="col"{_class(header.text in numbers)}>{for_html(header.text)}</th>' for header in headers
    )
    lines = []
    for row in rows:
        cells = [
            f'<th scope="row">{row[header.text]}</th>'
            if header.text in heads
            else f"<td{_class(header.text in numbers)}>{row[header.text]}</td>"
            for header in headers
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(
        [
            f'<div class="scroll" role="region" tabindex="0" aria-label="Table: {caption}">',
            f'<table>\n<caption class="hidden">{caption}</caption>',
            f"<thead><tr>{above}</tr></thead>\n<tbody>",
            *lines,
            "</tbody>\n</table>\n</div>",
        ]
    )


def _class(number: bool) -> str:
    return ' class="number"' if number else ""


def figure(plot: Plot, level: int) -> str:
    """A picture under a heading, with what it shows in words. On a narrow screen it scrolls, by keyboard too."""
    title = for_html(plot.title)
    return "\n".join(
        [
            f'<figure>\n<h{level} id="{plot.name}-title">{title}</h{level}>',
            f'<div class="picture" role="region" tabindex="0" aria-label="Picture: {title}">{plot.svg}</div>',
            f'<figcaption id="{plot.name}-said">{for_html(plot.said)}</figcaption>\n</figure>',
        ]
    )


def note(anchor: str, number: int, said: Card | str) -> str:
    """A card for what did not pass, a paragraph for what was not judged."""
    if isinstance(said, str):
        return f'<div class="card" id="{anchor}"><p>[{number}] {for_html(said)}</p></div>'
    rows = [(for_html(label), for_html(text)) for label, text in said.rows]
    title = f"[{number}] {verdict(said.verdict)} {for_html(said.title)}"
    return "\n".join(
        [
            f'<article class="card is-{kind(said.verdict)}" id="{anchor}" aria-labelledby="{anchor}-title">',
            f'<h4 id="{anchor}-title">{title}</h4>',
            definitions([*rows, ("repeat", code(said.command))]),
            "</article>",
        ]
    )

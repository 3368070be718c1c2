"""A derivation in HTML with MathML: a page of its own, or a part of another page or of a notebook.

A page needs no network and no script, is light or dark as the reader has it, and can be printed.
"""

from __future__ import annotations

from html import escape

from symbolic.deriving.derivation import Derivation, Step
from symbolic.typesetting.mathml import as_mathml
from symbolic.typesetting.mathml_width import parts_of_sum, width_in_em
from symbolic.typesetting.pages.outline import at_numbers, closing, topics

__all__ = ["LINE_STYLE", "html_lines", "html_page"]

LINE_STYLE = """\
.line { margin: 1rem 0; padding-left: 1rem; border-left: 0.2rem solid #888; break-inside: avoid; }
.formula { overflow-x: auto; overflow-y: hidden; padding: 0.4rem 0; white-space: nowrap; }
.why { margin: 0.2rem 0; font-size: 0.9rem; overflow-wrap: anywhere; }
.checked { font-weight: 600; }
math { font-size: 1.1rem; }
@media print {
  .formula { overflow: visible; white-space: normal; }
  .formula math { font-size: min(1.1rem, calc(92vw / var(--em))); }
}
"""
_STYLE = f"""
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.4rem; overflow-wrap: anywhere; }}
li, p {{ overflow-wrap: anywhere; }}
[tabindex]:focus-visible {{ outline: 3px solid Highlight; outline-offset: 2px; }}
{LINE_STYLE}"""


def html_page(derivation: Derivation, short: bool) -> str:
    """The whole page, ending with a line break. Every text is escaped."""
    title = escape(derivation.title)
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',  # else a browser asks for one
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>",
            html_lines(derivation, short, anchor="line"),
            "</main>\n</body>\n</html>\n",
        ]
    )


def html_lines(derivation: Derivation, short: bool, *, level: int = 2, anchor: str = "") -> str:
    """All but the title, under headings of this level. Lines can be linked to as `anchor`-NUMBER, if there is one."""
    parts = [_list(derivation.given)]
    for topic, steps in topics(derivation, short):
        parts += [_heading(topic, level), *(_step(step, anchor) for step in steps)]
    if derivation.stops:
        parts.append(_heading("Where it stops", level))
        parts.append(_list(tuple(f"{stop.topic}: {stop.why}" for stop in derivation.stops)))
    if derivation.numbers:
        parts += [_heading("At numbers", level), _list(at_numbers(derivation))]
    parts += [_heading("Conclusion", level), _list((*derivation.conclusion, closing(derivation)))]
    return "\n".join(parts)


def _heading(text: str, level: int) -> str:
    return f"<h{level}>{escape(text)}</h{level}>"


def _step(step: Step, anchor: str) -> str:
    left = "" if step.continues else f"{_formula(step, as_mathml(step.before))}\n"
    needs = f" Needs: {step.needs}." if step.needs else ""
    place = f' id="{escape(anchor)}-{step.number}"' if anchor else ""
    return (
        f'<div class="line"{place}>\n'
        f"{left}{_formula(step, f'<mo>=</mo>{as_mathml(step.after)}')}\n"
        f'<p class="why">({step.number}) <em>{escape(step.rule)}</em> '
        f'<span class="checked">[{escape(step.checked)}]</span>: {escape(f"{step.why}.{needs}")}</p>\n</div>'
    )


def _formula(step: Step, mathml: str) -> str:
    # A formula too wide for the page scrolls, and what scrolls must be reachable by keyboard. Paper does not scroll:
    # there a sum goes on in the next line, and a part that is too wide for a line is set smaller, by its width in em.
    label = f'tabindex="0" role="group" aria-label="Formula of line {step.number}"'
    parts = parts_of_sum(mathml)
    widest = max(map(width_in_em, parts))
    set_apart = " ".join(f'<math displaystyle="true"><mrow>{part}</mrow></math>' for part in parts)
    return f'<div class="formula" style="--em: {widest:.0f}" {label}>{set_apart}</div>'


def _list(sentences: tuple[str, ...]) -> str:
    items = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>\n{items}\n</ul>"

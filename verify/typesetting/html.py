"""A derivation as one HTML file with MathML: no network, no script, light and dark, printable."""

from __future__ import annotations

from html import escape

from symbolic.deriving.derivation import Derivation, Step
from symbolic.typesetting.mathml import as_mathml
from verify.typesetting.outline import at_numbers, closing, topics

__all__ = ["html_page"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
li, p { overflow-wrap: anywhere; }
.line { margin: 1rem 0; padding-left: 1rem; border-left: 0.2rem solid #888; break-inside: avoid; }
.formula { overflow-x: auto; overflow-y: hidden; padding: 0.4rem 0; }
@media print { .formula { overflow: visible; } }
.why { margin: 0.2rem 0; font-size: 0.9rem; }
.checked { font-weight: 600; }
math { font-size: 1.1rem; }
"""


def html_page(derivation: Derivation, short: bool) -> str:
    """The whole page, ending with a line break. Every text is escaped."""
    title = escape(derivation.title)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>",
        _list(derivation.given),
    ]
    for topic, steps in topics(derivation, short):
        parts += ["<section>", f"<h2>{escape(topic)}</h2>", *(_step(step) for step in steps), "</section>"]
    if derivation.stops:
        parts += ["<h2>Where it stops</h2>", _list(tuple(f"{stop.topic}: {stop.why}" for stop in derivation.stops))]
    if derivation.numbers:
        parts += ["<h2>At numbers</h2>", _list(at_numbers(derivation))]
    parts += ["<h2>Conclusion</h2>", _list((*derivation.conclusion, closing(derivation)))]
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def _step(step: Step) -> str:
    left = "" if step.continues else f"{_formula(step, as_mathml(step.before))}\n"
    needs = f" Needs: {step.needs}." if step.needs else ""
    return (
        f'<div class="line" id="line-{step.number}">\n'
        f"{left}{_formula(step, f'<mo>=</mo>{as_mathml(step.after)}')}\n"
        f'<p class="why">({step.number}) <em>{escape(step.rule)}</em> '
        f'<span class="checked">[{escape(step.checked)}]</span>: {escape(f"{step.why}.{needs}")}</p>\n</div>'
    )


def _formula(step: Step, mathml: str) -> str:
    # A formula too wide for the page scrolls, and what scrolls must be reachable by keyboard.
    label = f'tabindex="0" role="group" aria-label="Formula of line {step.number}"'
    return f'<div class="formula" {label}><math display="block"><mrow>{mathml}</mrow></math></div>'


def _list(sentences: tuple[str, ...]) -> str:
    items = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>\n{items}\n</ul>"

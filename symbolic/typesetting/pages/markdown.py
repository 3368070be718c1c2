"""A derivation as Markdown with formulas between double dollar signs, as GitHub, Jupyter and Pandoc read them."""

from __future__ import annotations

from symbolic.deriving.derivation import Derivation, Step
from symbolic.typesetting.latex import as_latex
from symbolic.typesetting.pages.outline import at_numbers, closing, topics

__all__ = ["markdown_page", "markdown_text"]

_MEANS_SOMETHING = r"\`*_{}[]()#+-.!|<>$~&"


def markdown_page(derivation: Derivation, short: bool) -> str:
    """The whole page, ending with a line break."""
    parts = [f"# {markdown_text(derivation.title)}", _list(derivation.given)]
    for topic, steps in topics(derivation, short):
        parts += [f"## {markdown_text(topic)}", *(_step(step) for step in steps)]
    if derivation.stops:
        parts += ["## Where it stops", _list(tuple(f"{stop.topic}: {stop.why}" for stop in derivation.stops))]
    if derivation.numbers:
        parts += ["## At numbers", _list(at_numbers(derivation))]
    parts += ["## Conclusion", _list((*derivation.conclusion, closing(derivation)))]
    return "\n\n".join(parts) + "\n"


def _step(step: Step) -> str:
    left = "" if step.continues else as_latex(step.before)
    needs = f" Needs: {step.needs}." if step.needs else ""
    return (
        f"$$\n{left} = {as_latex(step.after)} \\tag{{{step.number}}}\n$$\n\n"
        f"*{markdown_text(step.rule)}* \\[{step.checked}\\]: {markdown_text(f'{step.why}.{needs}')}"
    )


def _list(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {markdown_text(sentence)}" for sentence in sentences)


def markdown_text(text: str) -> str:
    """Text in which no sign means anything to Markdown or HTML."""
    return "".join(f"\\{sign}" if sign in _MEANS_SOMETHING else sign for sign in text)

"""A derivation as plain ASCII text."""

from __future__ import annotations

from textwrap import wrap

from symbolic.deriving.derivation import Derivation, Step
from symbolic.typesetting.pages.outline import at_numbers, closing, topics
from symbolic.typesetting.text import as_text

__all__ = ["text_page"]

WIDTH = 100
INDENT = "      "


def text_page(derivation: Derivation, short: bool) -> str:
    """The whole page, ending with a line break."""
    lines = [derivation.title, "=" * len(derivation.title), ""]
    for sentence in derivation.given:
        lines += _wrapped(sentence, "  ")
    for topic, steps in topics(derivation, short):
        lines += ["", topic, "-" * len(topic)]
        for step in steps:
            lines += _step(step)
    if derivation.stops:
        lines += ["", "Where it stops", "--------------"]
        for stop in derivation.stops:
            lines += _wrapped(f"{stop.topic}: {stop.why}", "  ")
    if derivation.numbers:
        lines += ["", "At numbers", "----------"]
        lines += [f"  {sentence}" for sentence in at_numbers(derivation)]
    lines += ["", "Conclusion", "----------"]
    for sentence in (*derivation.conclusion, closing(derivation)):
        lines += _wrapped(sentence, "  ")
    return "\n".join(lines) + "\n"


def _step(step: Step) -> list[str]:
    number = f"({step.number})".ljust(len(INDENT))
    after = f"= {as_text(step.after)}"
    equation = [number + after] if step.continues else [number + as_text(step.before), f"{INDENT}{after}"]
    needs = f" Needs: {step.needs}." if step.needs else ""
    return [*equation, *_wrapped(f"{step.rule} [{step.checked}]: {step.why}.{needs}", INDENT + "    ")]


def _wrapped(sentence: str, indent: str) -> list[str]:
    return wrap(
        sentence, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )

r"""What a notebook shows of a derivation: its main lines.

Notebooks look for TeX between dollars in whatever they show; the HTML says that there is none, and the LaTeX is one
formula, $$\begin{aligned} ... \end{aligned}$$.
"""

from __future__ import annotations

from html import escape

from symbolic.deriving.derivation import Derivation, Step
from symbolic.typesetting.latex import as_latex
from symbolic.typesetting.pages.html import LINE_STYLE, html_lines
from symbolic.typesetting.pages.latex import latex_text
from symbolic.typesetting.pages.markdown import markdown_page

__all__ = ["NO_TEX", "notebook_html", "notebook_latex", "notebook_markdown"]

NO_TEX = "mcgradcheck tex2jax_ignore mathjax_ignore"
"""The class of an element in which a notebook does not look for TeX."""


def notebook_html(derivation: Derivation) -> str:
    """An element with a style of its own, which reaches no further than the element."""
    title = escape(derivation.title)
    style = f"<style>@scope {{\n{LINE_STYLE}}}</style>"
    lines = html_lines(derivation, short=True, level=4)
    return f'<div class="{NO_TEX}">\n{style}\n<h3>{title}</h3>\n{lines}\n</div>'


def notebook_latex(derivation: Derivation) -> str:
    r"""The main lines as one formula, each with its rule; \dots for a derivation without lines."""
    lines = [line for step in derivation.short for line in _step(step)] or [r"\dots"]
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}\n$$"


def notebook_markdown(derivation: Derivation) -> str:
    """The short page."""
    return markdown_page(derivation, short=True)


def _step(step: Step) -> list[str]:
    after = rf"&= {as_latex(step.after)} && \text{{{_rule(step)}}}"
    return [after] if step.continues else [f"& {as_latex(step.before)}", after]


def _rule(step: Step) -> str:
    # A hyphen in braces is for TeX, which joins two of them; a notebook would show the braces.
    return latex_text(step.rule).replace("{-}", "-")

r"""What a notebook shows of an exact answer: $\displaystyle 2 \mu$, and under which condition it holds."""

from __future__ import annotations

from html import escape

import sympy as sp

from symbolic.confirmation import HOW_CONFIRMED
from symbolic.errors import SymbolicError
from symbolic.exact import Exact
from symbolic.methods import sympy_integral
from symbolic.typesetting.latex import as_latex
from symbolic.typesetting.mathml import as_mathml
from symbolic.typesetting.pages.latex import latex_text
from symbolic.typesetting.pages.markdown import markdown_text
from symbolic.typesetting.pages.notebook import NO_TEX

__all__ = ["answer_html", "answer_latex", "answer_markdown"]


def answer_html(answer: Exact) -> str:
    """The closed form in MathML, or why there is none."""
    form = _form(answer)
    if isinstance(form, str):
        return f'<p class="{NO_TEX}">{escape(form)}</p>'
    expression, condition = form
    parts = [as_mathml(expression)]
    if condition is not None:
        parts.append(f'<mspace width="1em"/><mtext>if</mtext><mspace width="0.5em"/>{as_mathml(condition)}')
    math = f'<math displaystyle="true"><mrow>{"".join(parts)}</mrow></math>'
    return f'<div class="{NO_TEX}">{math}{escape(_how_far_trusted(answer))}</div>'


def answer_latex(answer: Exact) -> str:
    """The closed form between dollars, or why there is none."""
    form = _form(answer)
    if isinstance(form, str):
        return rf"$\text{{{latex_text(form)}}}$"
    expression, condition = form
    where = "" if condition is None else rf" \quad \text{{if }} {as_latex(condition)}"
    trust = _how_far_trusted(answer)
    return rf"$\displaystyle {as_latex(expression)}{where}$" + (latex_text(trust) if trust else "")


def answer_markdown(answer: Exact) -> str:
    """As in LaTeX; but the reason stands as text."""
    form = _form(answer)
    return markdown_text(form) if isinstance(form, str) else answer_latex(answer)


def _how_far_trusted(answer: Exact) -> str:
    """What is to be known of a form that is SymPy's; "" for one of our own."""
    return f" ({HOW_CONFIRMED})" if answer.method == sympy_integral.NAME else ""


def _form(answer: Exact) -> tuple[sp.Expr, sp.Basic | None] | str:
    """The closed form and its condition, if there is one; else a sentence. A notebook shows no traceback for it."""
    try:
        expression, conditions = answer.expression, answer.conditions
    except SymbolicError as reason:
        return str(reason)
    if expression is None:
        return "no closed form; .at(...) encloses the value at numbers"
    return expression, None if conditions == sp.true else conditions

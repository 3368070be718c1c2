"""A derivation as a LaTeX document that needs amsmath, amssymb and graphicx only."""

from __future__ import annotations

import re

import sympy as sp

from symbolic.deriving.derivation import Derivation, Step
from symbolic.deriving.unevaluated import Mean
from symbolic.problem import Problem
from symbolic.typesetting.latex import as_latex
from symbolic.typesetting.pages.outline import at_numbers, closing, topics
from symbolic.typesetting.sentences import parts_of_sentence

__all__ = ["latex_page", "latex_text"]

_HEAD = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage{graphicx}
\usepackage[margin=2.5cm]{geometry}
\newcommand{\fit}[1]{\resizebox{\ifdim\width>0.85\linewidth 0.85\linewidth\else\width\fi}{!}{$\displaystyle #1$}}
\allowdisplaybreaks
\emergencystretch=3em
\begin{document}
"""
_LONG = 200  # letters of LaTeX that may be wider than a line
_LONGEST = 4000  # beyond it TeX has no dimension for the width, and cannot fit it; it is written as code, in lines
_INLINE = 100  # letters of LaTeX that fit into a sentence, as a line cannot end in a fraction
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "-": "{-}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def latex_page(derivation: Derivation, short: bool) -> str:
    """The whole document, ending with a line break."""
    problem = derivation.problem
    parts = [_HEAD, rf"\section*{{{_title(derivation)}}}", "", _list(derivation.given, problem)]
    for topic, steps in topics(derivation, short):
        parts += ["", rf"\subsection*{{{latex_text(topic)}}}", *(_step(step, problem) for step in steps)]
    if derivation.stops:
        parts += ["", r"\subsection*{Where it stops}"]
        parts.append(_list(tuple(f"{stop.topic}: {stop.why}" for stop in derivation.stops), problem))
    if derivation.numbers:
        parts += ["", r"\subsection*{At numbers}", _list(at_numbers(derivation), problem)]
    parts += ["", r"\subsection*{Conclusion}", _list((*derivation.conclusion, closing(derivation)), problem)]
    return "\n".join([*parts, "", r"\end{document}", ""])


def _title(derivation: Derivation) -> str:
    problem = derivation.problem
    if problem is None:
        return latex_text(derivation.title)
    mean = Mean(problem.cost, problem.law.variable, *sorted(problem.law.symbols, key=str))
    arguments = ", ".join(as_latex(argument) for argument in problem.law.arguments)
    law = rf"{as_latex(problem.law.variable)} \sim \mathrm{{{latex_text(problem.law.name)}}}\left({arguments}\right)"
    return rf"\({as_latex(sp.Derivative(mean, problem.wrt))}, \quad {law}\)"


def _step(step: Step, problem: Problem | None) -> str:
    left = "" if step.continues else f"{_formula(step.before)} \\\\\n"
    first = "" if step.continues else "& "
    needs = f" Needs: {step.needs}." if step.needs else ""
    return (
        f"\\begin{{align*}}\n{first}{left}& = {_formula(step.after)} \\tag{{{step.number}}}\n\\end{{align*}}\n"
        rf"\emph{{{latex_text(step.rule)}}} [{latex_text(step.checked)}]: {_sentence(f'{step.why}.{needs}', problem)}"
        "\n"
    )


def _formula(expression: sp.Expr) -> str:
    written = as_latex(expression)
    if len(written) > _LONGEST:
        code = re.sub(r"(?<=[*+(,])(?!\*)", r"\\allowbreak{}", latex_text(str(expression)))
        return rf"\parbox{{0.85\linewidth}}{{\raggedright\tiny\ttfamily {code}}}"
    return written if len(written) <= _LONG else rf"\fit{{{written}}}"


def _sentence(text: str, problem: Problem | None) -> str:
    """The sentence, its formulas as formulas; a wide one stands in a line of its own."""
    written = ""
    for words, expression in parts_of_sentence(text, problem):
        if expression is None:
            written += latex_text(words)
            continue
        formula = as_latex(expression)
        written += rf"\({formula}\)" if len(formula) <= _INLINE else rf"\[\fit{{{formula}}}\]"
    return written


def _list(sentences: tuple[str, ...], problem: Problem | None) -> str:
    items = "\n".join(rf"\item {_sentence(sentence, problem)}" for sentence in sentences)
    return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"


def latex_text(text: str) -> str:
    """Text in which no sign means anything to TeX."""
    return "".join(_ESCAPES.get(sign, sign) for sign in text)

"""The shortest of a few equivalent forms of an answer."""

from __future__ import annotations

import sympy as sp

__all__ = ["readable"]


def readable(expression: sp.Expr) -> sp.Expr:
    """`expression`, expanded, with common factors taken out, or factored: whichever has the fewest operations."""
    expanded = sp.expand(expression, deep=False)
    forms = [expression, expanded, sp.factor_terms(expanded)]
    # Factoring a long polynomial costs seconds and seldom shortens it.
    if len(sp.Add.make_args(expanded)) <= 12:
        forms.append(sp.factor(expanded))
        forms.append(_by_exponential(expanded))
    return min(forms, key=lambda form: (sp.count_ops(form), len(str(form))))


def _by_exponential(expanded: sp.Expr) -> sp.Expr:
    """sum of polynomial * exponential, each polynomial factored."""
    factors: dict[sp.Expr, list[sp.Expr]] = {}
    for term in sp.Add.make_args(expanded):
        rest, exponential = term.as_independent(sp.exp, as_Add=False)
        factors.setdefault(exponential, []).append(rest)
    return sp.Add(*(sp.factor(sp.Add(*rests)) * exponential for exponential, rests in factors.items()))

"""Conditions on parameters, at numbers."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["is_met"]


def is_met(condition: Boolean, values: Mapping[sp.Symbol, sp.Rational]) -> bool | None:
    """Whether the condition holds at the values; None where SymPy cannot tell. log(a) < lam does not hold at a = -1."""
    try:
        here = condition.xreplace(dict(values))
    except TypeError:  # SymPy's word for: one side is no real number here
        return False
    return bool(here) if here in (sp.true, sp.false) else None

"""What a method of integration answers: an expression, where it holds, and which method gave it."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["Integral"]


@dataclass(frozen=True)
class Integral:
    """The closed form of an integral; `conditions` say for which parameters the integral exists.

    `form_holds` says for which parameters this form is the right one, such as lo < hi in clip(x, lo, hi); elsewhere
    the integral may exist all the same.
    """

    expression: sp.Expr
    conditions: Boolean
    method: str
    form_holds: Boolean = sp.true

"""What a method of integration answers: an expression, where it holds, and which method gave it."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["Integral"]


@dataclass(frozen=True)
class Integral:
    """The closed form of an integral; `conditions` say for which parameters the integral exists."""

    expression: sp.Expr
    conditions: Boolean
    method: str

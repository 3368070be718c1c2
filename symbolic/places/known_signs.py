"""Signs of expressions whose symbols have no value yet: what is known, and what is taken for granted and said so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["KnownSigns", "without_positive_factors"]


@dataclass(frozen=True)
class KnownSigns:
    """Expressions taken to be > 0; `condition` says so to whoever uses an answer that rests on them."""

    positive: tuple[sp.Expr, ...] = ()

    def given(self, *expressions: sp.Expr) -> KnownSigns:
        """With these taken to be > 0 as well, unless their sign is known."""
        unknown: list[sp.Expr] = []
        for expression in expressions:
            if KnownSigns((*self.positive, *unknown)).sign(expression) is None:
                unknown.append(without_positive_factors(expression))
        return KnownSigns((*self.positive, *unknown))

    def sign(self, expression: sp.Expr) -> int | None:
        """-1, 0 or 1, or None if it depends on the values of the symbols."""
        forms: list[Callable[[], sp.Expr]] = [lambda: expression, partial(sp.expand, expression)]
        forms += [partial(sp.cancel, expression / other) for other in (sp.S.One, *self.positive)]
        for form in forms:
            sign = _plain_sign(form())
            if sign is not None:
                return sign
        # Slow, and seldom needed: roots, and exponentials of logarithms.
        return _plain_sign(sp.simplify(expression)) if expression.has(sp.Pow, sp.exp) else None

    @property
    def condition(self) -> Boolean:
        return sp.And(*(sp.Gt(expression, 0) for expression in self.positive))


def _plain_sign(expression: sp.Expr) -> int | None:
    if expression.is_positive:
        return 1
    if expression.is_negative:
        return -1
    return 0 if expression.is_zero else None


def without_positive_factors(expression: sp.Expr) -> sp.Expr:
    """A shorter expression of the same sign: (k - mu)/sigma is as positive as k - mu."""
    factors = sp.Mul.make_args(sp.factor_terms(sp.together(expression)))
    return sp.Mul(*(factor for factor in factors if not factor.is_positive))

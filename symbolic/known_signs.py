"""Signs of expressions whose symbols have no value yet: what is known, and what is taken for granted and said so."""

from __future__ import annotations

from dataclasses import dataclass

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
        plain = _plain_sign(sp.expand(expression))
        if plain is not None:
            return plain
        plain = _plain_sign(sp.simplify(expression))
        if plain is not None:
            return plain
        for other in self.positive:
            ratio = _plain_sign(sp.simplify(expression / other))
            if ratio is not None:
                return ratio
        return None

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

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
    """Expressions taken to be > 0; `condition` says so to whoever uses an answer that rests on them.

    `implied` are > 0 where those are: sums of them.
    """

    positive: tuple[sp.Expr, ...] = ()
    implied: tuple[sp.Expr, ...] = ()

    def given(self, *expressions: sp.Expr) -> KnownSigns:
        """With these taken to be > 0 as well, unless their sign is known."""
        unknown: list[sp.Expr] = []
        for expression in expressions:
            if KnownSigns((*self.positive, *unknown), self.implied).sign(expression) is None:
                unknown.append(without_positive_factors(expression))
        return KnownSigns((*self.positive, *unknown), self.implied)

    def implying(self, *expressions: sp.Expr) -> KnownSigns:
        """With these, which are > 0 where the condition holds."""
        return KnownSigns(self.positive, (*self.implied, *expressions))

    def sign(self, expression: sp.Expr, at_once: bool = False) -> int | None:
        """-1, 0 or 1, or None if it depends on the values of the symbols; or with `at_once`, if it takes long."""
        expression = _compared_without_roots(expression).xreplace(self._positive_symbols)
        others = [other.xreplace(self._positive_symbols) for other in (sp.S.One, *self.positive, *self.implied)]
        forms: list[Callable[[], sp.Expr]] = [lambda: expression, partial(sp.expand, expression)]
        forms += [partial(sp.cancel, expression / other) for other in others]
        for form in forms:
            sign = _plain_sign(form())
            if sign is not None:
                return sign
        if at_once or not _is_irrational(expression):
            return None  # a ratio is cancelled by now
        return _plain_sign(sp.simplify(expression))  # roots, and exponentials of logarithms

    @property
    def _positive_symbols(self) -> dict[sp.Symbol, sp.Symbol]:
        """A symbol that is itself among them, as one that SymPy takes for positive."""
        return {symbol: sp.Symbol(symbol.name, positive=True) for symbol in self.positive if symbol.is_Symbol}

    @property
    def condition(self) -> Boolean:
        return sp.And(*(sp.Gt(expression, 0) for expression in self.positive))


def _is_irrational(expression: sp.Expr) -> bool:
    return expression.has(sp.exp) or any(not power.exp.is_Integer for power in expression.atoms(sp.Pow))


def _plain_sign(expression: sp.Expr) -> int | None:
    if expression.is_positive:
        return 1
    if expression.is_negative:
        return -1
    return 0 if expression.is_zero else None


def _compared_without_roots(expression: sp.Expr) -> sp.Expr:
    """A shorter expression of the same sign, if it is p sqrt(u) - q sqrt(v) with p, q > 0: p^2 u - q^2 v."""
    if not any(node.exp == sp.S.Half and node.base.free_symbols for node in expression.atoms(sp.Pow)):
        return expression
    plain = without_positive_factors(sp.expand(expression))
    if not (isinstance(plain, sp.Add) and len(plain.args) == 2):
        return expression
    sizes = []
    for term in plain.args:
        factor, root = term.as_coeff_Mul()
        if root.is_Pow and root.exp == sp.S.Half:
            sizes.append(sp.sign(factor) * factor**2 * root.base)
        elif root is sp.S.One:
            sizes.append(sp.sign(factor) * factor**2)
        else:
            return expression
    one, other = (term.as_coeff_Mul()[0] for term in plain.args)
    return sp.Add(*sizes) if one * other < 0 else expression


def without_positive_factors(expression: sp.Expr) -> sp.Expr:
    """A shorter expression of the same sign: (k - mu)/sigma is as positive as k - mu."""
    factors = sp.Mul.make_args(sp.factor_terms(sp.together(expression)))
    return sp.Mul(*(factor for factor in factors if not factor.is_positive))

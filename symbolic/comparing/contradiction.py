"""Can several formulas all be positive? Fourier and Motzkin: add multiples of them until their symbols cancel.

A positive combination of positive formulas is positive; if it is a number that is not, the formulas exclude each other.
Every monomial counts as a symbol of its own, so what is found holds for formulas that are not linear as well.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

__all__ = ["exclude_each_other"]

_MOST = 60  # inequalities at a time: there is no need to be complete

_Linear = dict[sp.Expr, sp.Rational]


def exclude_each_other(positive: Iterable[sp.Expr]) -> bool:
    """True if it is proven that not all of the formulas are > 0 at once."""
    rows = [_row(formula) for formula in positive]
    monomials = sorted({monomial for row in rows for monomial in row} - {sp.S.One}, key=sp.default_sort_key)
    rows += [{monomial: sp.S.One} for monomial in monomials if monomial.is_positive]
    for monomial in monomials:
        above = [row for row in rows if row.get(monomial, 0) > 0]
        below = [row for row in rows if row.get(monomial, 0) < 0]
        rows = [row for row in rows if not row.get(monomial, 0)]
        rows += [_without(monomial, high, low) for high in above for low in below]
        if len(rows) > _MOST:
            return False
    return any(row.get(sp.S.One, sp.S.Zero) <= 0 for row in rows)


def _row(formula: sp.Expr) -> _Linear:
    row: _Linear = {}
    for summand in sp.Add.make_args(sp.expand(formula)):
        coefficient, monomial = summand.as_coeff_Mul()
        row[monomial] = row.get(monomial, sp.S.Zero) + coefficient
    return row


def _without(monomial: sp.Expr, high: _Linear, low: _Linear) -> _Linear:
    first, second = -low[monomial], high[monomial]
    keys = (high.keys() | low.keys()) - {monomial}
    return {key: first * high.get(key, sp.S.Zero) + second * low.get(key, sp.S.Zero) for key in keys}

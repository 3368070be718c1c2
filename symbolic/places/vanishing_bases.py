"""Where a power may have a pole: the bases that may be 0 below a negative exponent."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from symbolic.enclosing.ranges import range_of
from symbolic.enclosing.sign_proof import proven_sign

__all__ = ["vanishing_bases"]


def vanishing_bases(expression: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    """The bases of powers that may be negative, as far as they are not proven to stay away from 0."""
    for power in expression.atoms(sp.Pow):
        if power.exp.is_nonnegative or not power.base.has(variable) or range_of(power.base).excludes_zero:
            continue
        if power.base.free_symbols != {variable} or proven_sign(power.base, variable, (-sp.oo, sp.oo)) is None:
            yield power.base

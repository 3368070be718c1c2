"""Proof that an integrand stretched towards a singular end, p + w exp(-t) for t -> oo, does not fall off.

At s = exp(-t/2), the root of the distance, most integrands are analytic up to s = 0. If a ball around all their values
on 0 <= s <= r excludes 0, the integral over t does not exist: it is that of 1/distance, or more.
"""

from __future__ import annotations

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import evaluate
from symbolic.errors import NotCertified

__all__ = ["stays_away_from_zero"]

_BITS = 256
_RADII = (8, 16, 32, 64)  # r = 2^-radius


def stays_away_from_zero(formula: sp.Expr, t: sp.Symbol) -> bool:
    """Whether |formula| is proven to have a positive lower bound for all t beyond some place."""
    s = sp.Dummy("s", positive=True)
    # Negative powers of s have to cancel before they are evaluated, while the other factors stay as they are.
    hidden: dict[sp.Expr, sp.Expr] = {}
    near = sp.expand(_polynomial(formula.xreplace({t: -2 * sp.log(s)}), s, hidden))
    near = near.xreplace({stand_in: node for node, stand_in in hidden.items()})
    with ctx.workprec(_BITS):
        for radius in _RADII:
            try:
                value = evaluate(near, {s: acb(arb(0).union(arb(2) ** -radius))})
            except NotCertified:
                return False
            if value.is_finite() and not value.contains(0):
                return True
    return False


def _polynomial(u: sp.Expr, s: sp.Symbol, hidden: dict[sp.Expr, sp.Expr]) -> sp.Expr:
    """u as sums and products of powers of s and stand-ins for all else."""
    base, exponent = u.as_base_exp()
    if not u.has(s) or base == s:
        return u
    if isinstance(u, sp.Add | sp.Mul):
        return u.func(*(_polynomial(part, s, hidden) for part in u.args))
    if isinstance(u, sp.Pow) and exponent.is_Integer and exponent > 0:
        return _polynomial(base, s, hidden) ** exponent
    return hidden.setdefault(u, sp.Dummy())

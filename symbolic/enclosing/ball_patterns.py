"""Sums that lose their digits far out, or wind around a branch cut there, if they are taken term by term."""

from __future__ import annotations

import sympy as sp
from flint import fmpq

__all__ = ["complement_in_sum", "erf_complement", "exponential_sum"]


def erf_complement(node: sp.Basic) -> tuple[sp.Rational, int, sp.erf] | None:
    """(c, s, erf(v)) if the node is c - s c erf(v) = c erfc(s v), which would cancel far out, with rational c."""
    if not isinstance(node, sp.Add) or len(node.args) != 2:
        return None
    c, rest = node.as_coeff_Add()
    k, function = rest.as_coeff_Mul()
    if not isinstance(function, sp.erf) or not c.is_Rational or c == 0 or abs(c) != abs(k):
        return None
    return c, -1 if c == k else 1, function


def complement_in_sum(node: sp.Basic) -> tuple[sp.Rational, int, sp.erf, tuple[sp.Expr, ...]] | None:
    """(c, s, erf(v), the other terms) if a sum holds c - s c erf(v) = c erfc(s v) among them, with rational c."""
    if not isinstance(node, sp.Add) or not node.args[0].is_Rational:
        return None
    c, *terms = node.args
    for place, term in enumerate(terms):
        k, function = term.as_coeff_Mul()
        if isinstance(function, sp.erf) and abs(k) == abs(c):
            return c, -1 if c == k else 1, function, (*terms[:place], *terms[place + 1 :])
    return None


def exponential_sum(node: sp.Basic) -> tuple[fmpq, fmpq, sp.Expr] | None:
    """(c, k, v) if the node is log(c + k exp(v)) or a rational power of c + k exp(v), with rational c, k > 0."""
    if isinstance(node, sp.log):
        total = node.args[0]
    elif isinstance(node, sp.Pow) and node.exp.is_Rational:
        total = node.base
    else:
        return None
    if not isinstance(total, sp.Add) or len(total.args) != 2:
        return None
    c, rest = total.as_coeff_Add()
    k, exponential = rest.as_coeff_Mul()
    if not (isinstance(exponential, sp.exp) and c.is_Rational and k.is_Rational and c > 0 and k > 0):
        return None
    return fmpq(int(c.p), int(c.q)), fmpq(int(k.p), int(k.q)), exponential.exp

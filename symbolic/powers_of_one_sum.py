"""The variable in which an integrand is short: x rather than epsilon in (mu + sigma epsilon)^8, x - k in (x - k)^8."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

__all__ = ["in_powers_of_one_sum"]

WORTH_ANOTHER_VARIABLE = 2  # the power of the sum


def in_powers_of_one_sum(factor: sp.Expr, density: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """y = c + s x, s > 0, and both with y in the place of x: where y has the highest power, it is not multiplied out.

    int f(x)^n p(x) dx = int f((y - c)/s)^n p((y - c)/s) dy/s
    """
    best, highest = variable, WORTH_ANOTHER_VARIABLE - 1
    for base, power in _powers(factor):
        if power > highest and base.has(variable):
            best, highest = base, power
    slope = sp.diff(best, variable)
    if best == variable or slope.has(variable) or not slope.is_positive or _holds_exponentials(best):
        return variable, factor, density
    source = (variable - best.xreplace({variable: sp.S.Zero})) / slope
    return best, factor.xreplace({best: variable, variable: source}), density.xreplace({variable: source}) / slope


def _holds_exponentials(base: sp.Expr) -> bool:
    """Whether it is more than an algebraic expression: the variance of y is to be a fraction of letters."""
    return base.has(sp.Function, sp.E) or any(not power.exp.is_Rational for power in base.atoms(sp.Pow))


def _powers(node: sp.Expr) -> Iterator[tuple[sp.Expr, int]]:
    """Every base and its power outside of functions."""
    if isinstance(node, sp.Add | sp.Mul):
        for argument in node.args:
            yield from _powers(argument)
    elif isinstance(node, sp.Pow) and node.exp.is_Integer:
        yield node.base, int(node.exp)

"""The derivative that a program computes: almost everywhere, blind to jumps."""

from __future__ import annotations

import sympy as sp

__all__ = ["derivative"]

_MAY_BE_FLAT = (sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside, sp.Piecewise)


def derivative(expression: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
    """d/d symbol almost everywhere: a kink takes one of its sides, and a jump contributes nothing.

    This is what an estimator sees of a cost. The mass that sits at a jump is not lost: `jumps` finds it.
    """
    # d|u| = sign(u) du and d sign(u) = 0 for every real u; SymPy wants to see first that u is real, and cannot for
    # Bessel functions and for logarithms.
    signed = _with_signs(expression)
    steps = {node: sp.Dummy(real=True) for node in signed.atoms(sp.sign, sp.Heaviside)}
    derived = sp.diff(signed.xreplace(steps), symbol)
    derived = derived.xreplace({constant: node for node, constant in steps.items()})
    derived = derived.replace(lambda node: isinstance(node, sp.DiracDelta), lambda node: sp.S.Zero)
    bases = {_with_signs(power.base) for power in expression.atoms(sp.Pow) if _may_be_flat(power)}
    # d u^p = p u^(p-1) du where u > 0; where u is 0 on an interval, so is u^p, and its derivative.
    return derived.replace(
        lambda node: isinstance(node, sp.Pow) and node.exp.is_negative and node.base in bases,
        lambda power: sp.Piecewise((power, sp.Gt(power.base, 0)), (sp.S.Zero, True)),
    )


def _with_signs(expression: sp.Expr) -> sp.Expr:
    return expression.replace(sp.Abs, lambda argument: argument * sp.sign(argument))


def _may_be_flat(power: sp.Pow) -> bool:
    """Whether it is a root of something that may be 0 on an interval, as Max(x, 0) is."""
    if power.exp.is_integer or power.base.is_positive:
        return False
    inner = power.base.args[0] if isinstance(power.base, sp.Abs) else power.base
    return bool(inner.has(*_MAY_BE_FLAT))

"""The derivative that a program computes: almost everywhere, blind to jumps."""

from __future__ import annotations

import sympy as sp

__all__ = ["derivative"]


def derivative(expression: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
    """d/d symbol almost everywhere: a kink takes one of its sides, and a jump contributes nothing.

    This is what an estimator sees of a cost. The mass that sits at a jump is not lost: `jumps` finds it.
    """
    # d|u| = sign(u) du and d sign(u) = 0 for every real u; SymPy wants to see first that u is real, and cannot for
    # Bessel functions and for logarithms.
    signed = expression.replace(sp.Abs, lambda argument: argument * sp.sign(argument))
    steps = {node: sp.Dummy(real=True) for node in signed.atoms(sp.sign, sp.Heaviside)}
    derived = sp.diff(signed.xreplace(steps), symbol)
    derived = derived.xreplace({constant: node for node, constant in steps.items()})
    return derived.replace(lambda node: isinstance(node, sp.DiracDelta), lambda node: sp.S.Zero)

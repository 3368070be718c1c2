"""Wrong lines made from right ones: a sign, an operand, a factor, a parameter."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

__all__ = ["corruptions"]


def corruptions(side: sp.Expr) -> Iterator[sp.Expr]:
    """Expressions that differ from `side` in one place; not all of them differ in value."""
    yield -side
    yield 2 * side
    yield side + 1
    yield from _with_one_leaf_changed(side)


def _with_one_leaf_changed(node: sp.Expr) -> Iterator[sp.Expr]:
    """Each number one larger, each positive symbol doubled, each function of one argument turned into another."""
    if node.is_Rational:
        yield node + 1
        return
    if isinstance(node, sp.Symbol):
        if node.is_positive:
            yield 2 * node
        return
    swaps = {sp.sin: sp.cos, sp.cos: sp.sin, sp.exp: sp.sin}
    if node.func in swaps:
        yield swaps[node.func](node.args[0])
    for place, argument in enumerate(node.args):
        # What stands after the first argument of an integral, a mean or a derivative are its bound names.
        if place > 0 and not (node.is_Add or node.is_Mul or node.is_Pow):
            break
        for changed in _with_one_leaf_changed(argument):
            yield node.func(*node.args[:place], changed, *node.args[place + 1 :])

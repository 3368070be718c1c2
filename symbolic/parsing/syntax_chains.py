"""Chains of operators in a syntax tree, as lists: Python nests a + b - c to the left, two operands at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["factors_of", "spine"]


def spine(
    node: ast.expr, operators: tuple[type[ast.operator], ...]
) -> list[tuple[type[ast.operator] | None, ast.expr]]:
    """The operands of a chain a + b - c, each with the operator before it. A loop, as a chain may be long."""
    operands: list[tuple[type[ast.operator] | None, ast.expr]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, operators):
        operands.append((type(node.op), node.right))
        node = node.left
    operands.append((None, node))
    return operands[::-1]


def factors_of(
    node: ast.expr, divides: bool = False, below: bool = False
) -> Iterator[tuple[bool, bool, ast.expr | None]]:
    """(whether it divides, whether it is in a denominator, factor) of nested products, quotients and signs.

    In a/(b/c) all of b/c is a denominator, though c multiplies. None is the factor -1. SymPy multiplies a sum out as
    soon as it meets a number alone, so -(x + 1)*y and 1/(2*(x + 1)) are read as one product of three.
    """
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.USub):
            yield False, False, None
        yield from factors_of(node.operand, divides, below)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        for operator, operand in spine(node, (ast.Mult, ast.Div)):
            by = operator is ast.Div
            yield from factors_of(operand, divides != by, below or by)
    else:
        yield divides, below, node

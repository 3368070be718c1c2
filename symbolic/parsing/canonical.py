"""A SymPy expression of the user's own, written anew in our symbols and under the same rules as a text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import sympy as sp
from sympy.logic.boolalg import Boolean

from symbolic.errors import BadParameter, ParseError
from symbolic.law import Law
from symbolic.parsing.construction import Construction
from symbolic.parsing.functions import BY_NAME, BY_SYMPY, CONSTANTS, PIECEWISE, TAKEN
from symbolic.parsing.guards import Parsed
from symbolic.parsing.names import Refused, Vocabulary, shortened, vocabulary
from symbolic.parsing.size_bounds import MAX_LEVELS
from symbolic.parsing.source_text import MAX_NODES
from symbolic.parsing.values import MAX_BITS, rational_from_float

__all__ = ["canonical"]

_COMPARISONS: tuple[type[Boolean], ...] = (sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Eq, sp.Ne)


def canonical(expression: sp.Expr, law: Law) -> Parsed:
    """`expression` with our symbols in the place of those of the same name, exact, and the guards of its operations.

    A float becomes the shortest decimal that stands for it. What SymPy had simplified away before is not seen here:
    x/x arrives as 1. Raises ParseError for what no text of a cost could say: other functions, integrals, derivatives,
    matrices, complex or infinite numbers, more than 2,000 nodes.
    """
    if not isinstance(expression, sp.Expr):
        raise ParseError(
            f"a cost cannot be a {type(expression).__name__}: it is a scalar; "
            f"give a SymPy expression such as x**2, or a text to parse_cost"
        )
    _bound_tree(expression)
    construction = Construction(BY_SYMPY)
    try:
        rebuilt = _rebuilt(expression, construction, vocabulary(law, TAKEN))
    except (Refused, BadParameter) as refused:
        raise ParseError(f"cost {shortened(expression)}: {refused}") from None
    return Parsed(rebuilt, construction.guards)


def _bound_tree(expression: sp.Expr) -> None:
    """Refuse what is too large to be walked or printed."""
    waiting, nodes = [(expression, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_LEVELS:
            raise ParseError(
                f"the cost has more than {MAX_NODES} nodes or {MAX_LEVELS} levels; use a smaller expression"
            )
        if node.is_Rational and max(abs(node.p), node.q).bit_length() > MAX_BITS:
            raise ParseError(f"the cost holds a number of more than {MAX_BITS} bits; use a shorter one")
        waiting += [(argument, depth + 1) for argument in node.args]


def _rebuilt(node: sp.Basic, construction: Construction, names: Vocabulary) -> sp.Expr:
    def again(part: sp.Basic) -> sp.Expr:
        return _rebuilt(part, construction, names)

    match node:
        case sp.Symbol():
            if type(node) is not sp.Symbol:
                raise Refused(f"{shortened(node)} is a {type(node).__name__}; use a plain Symbol")
            return names.symbol(node.name)
        case sp.Float():
            return rational_from_float(node)
        case sp.Rational():
            return construction.checked(node)
        case sp.Add():
            return construction.sum([again(term) for term in node.args])
        case sp.Mul():
            return construction.product([again(factor) for factor in node.args])
        case sp.Pow():
            return construction.power(*(again(part) for part in node.args))
        case sp.Piecewise():
            branches = [
                (partial(again, value), partial(_condition, on, construction, again)) for value, on in node.args
            ]
            return construction.piecewise(branches)
        case sp.Heaviside():
            return BY_SYMPY[sp.Heaviside].build(construction, again(node.args[0]))
    if node in CONSTANTS.values():
        return node
    if node.func in BY_SYMPY:
        return BY_SYMPY[node.func].build(construction, *(again(argument) for argument in node.args))
    if node.is_Atom and node.is_number and not node.is_real:
        raise Refused(f"{shortened(node)} is not a real and finite number; costs are real")
    raise Refused(
        f"{shortened(node)} ({type(node).__name__}) is not in the grammar of costs; "
        f"the functions are {', '.join([*BY_NAME, PIECEWISE])}"
    )


def _condition(node: Boolean, construction: Construction, again: Callable[[sp.Basic], sp.Expr]) -> Boolean:
    if node in (sp.true, sp.false):
        return node
    if isinstance(node, _COMPARISONS):
        return construction.comparison(node.func, *(again(side) for side in node.args))
    if isinstance(node, sp.And | sp.Or):
        return construction.connective(node.func, [_condition(part, construction, again) for part in node.args])
    if isinstance(node, sp.Not):
        return _condition(sp.to_nnf(node, simplify=False), construction, again)
    raise Refused(f"the condition {shortened(node)} is not made of comparisons, And, Or and Not; use those")

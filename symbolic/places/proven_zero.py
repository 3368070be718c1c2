"""Whether a value is zero, by proof: that SymPy leaves sinh(log(1 + sqrt(2))) - 1 as it is proves nothing.

A number is not zero where a ball around it says so. An expression in symbols is not zero, special values of them aside,
if it is analytic on a connected set of values and a ball excludes 0 at one of them (the identity theorem): where its
roots, logarithms and inverse functions live on half-spaces or everywhere, that set is convex, and poles do not part it,
because it goes around them among the complex numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.places.simplified import is_rational_function

__all__ = ["is_zero", "is_zero_everywhere", "sample_values"]

_SIGNS = ((1, 1), (-1, -1), (1, -1), (-1, 1))  # of the symbols, in turn
_SIZES = (sp.Rational(7, 11), sp.Rational(27, 11), sp.Rational(3, 31), sp.Rational(311, 7))
_MEROMORPHIC = (
    sp.exp, sp.sin, sp.cos, sp.tan, sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.erf, sp.erfc, sp.erfi,
)  # fmt: skip


def is_zero(expression: sp.Expr) -> bool | None:
    """True and False are proven, False with special values of the symbols aside; None: not known.

    What is infinite is not zero.
    """
    if expression == 0:
        return True
    if expression.is_infinite:
        return False
    if isinstance(expression, sp.Mul):
        factors = [is_zero(factor) for factor in expression.args]
        return True if True in factors else (None if None in factors else False)
    if isinstance(expression, sp.Abs | sp.sign) or (expression.is_Pow and expression.exp.is_positive):
        return is_zero(expression.args[0])
    if not expression.free_symbols:  # SymPy takes sin(sinh(log(1 + sqrt(2))) - 1) for nonzero
        return False if _excludes_zero(expression, {}) else None
    if expression.is_nonzero:
        return False
    if is_rational_function(expression):
        return bool(sp.cancel(expression) == 0)
    needed = _where_analytic(expression)
    if needed is None:
        return None
    for values in sample_values(expression.free_symbols):
        if all(_is_positive(u, values) for u in needed) and _excludes_zero(expression, values):
            return False
    return None


def is_zero_everywhere(expression: sp.Expr) -> bool | None:
    """True: zero for all values of its symbols; False: a ball excludes 0 for some of them; None: not known."""
    if expression == 0:
        return True
    if is_zero(expression) is False:
        return False
    if any(_excludes_zero(expression, values) for values in sample_values(expression.free_symbols)):
        return False
    return None


def sample_values(symbols: Iterable[sp.Symbol]) -> Iterator[dict[sp.Symbol, sp.Rational]]:
    """Distinct numbers for the symbols, small and large, with each sign that they may have."""
    ordered = sorted(symbols, key=str)
    for size in _SIZES if ordered else _SIZES[:1]:
        for even, odd in _SIGNS if ordered else _SIGNS[:1]:
            yield {
                symbol: (size + sp.Rational(10 * index, 11))
                * (1 if symbol.is_positive else (odd if index % 2 else even))
                for index, symbol in enumerate(ordered)
            }


def _where_analytic(expression: sp.Expr) -> list[sp.Expr] | None:
    """Affine expressions: where all are > 0, a convex set, the expression is meromorphic. None: not known to be."""
    needed: list[sp.Expr] = []
    for node in sp.preorder_traversal(expression):
        if not node.free_symbols or node.is_Symbol or node.is_Add or node.is_Mul or isinstance(node, _MEROMORPHIC):
            continue
        if node.is_Pow and node.exp.is_Integer:
            continue
        if not all(_is_free_of_poles(argument) for argument in node.args):
            return None
        if isinstance(node, sp.atan):
            continue
        if isinstance(node, sp.erfinv):
            bounds = [1 - node.args[0], 1 + node.args[0]]
        elif isinstance(node, sp.log) or node.is_Pow:
            bounds = [node.args[0]]
        else:
            return None
        for bound in bounds:
            if bound.is_positive:
                continue
            if not bound.is_polynomial(*bound.free_symbols) or sp.Poly(bound, *bound.free_symbols).total_degree() > 1:
                return None
            needed.append(bound)
    return needed


def _is_free_of_poles(expression: sp.Expr) -> bool:
    return not expression.has(sp.tan, sp.tanh, sp.sech) and all(
        power.exp.is_nonnegative or power.base.is_positive or not power.free_symbols
        for power in expression.atoms(sp.Pow)
    )


def _is_positive(expression: sp.Expr, values: dict[sp.Symbol, sp.Rational]) -> bool:
    try:
        return bool(real_ball(expression, values) > 0)
    except NotCertified:
        return False


def _excludes_zero(expression: sp.Expr, values: dict[sp.Symbol, sp.Rational]) -> bool:
    """A ball says so; one that is not real or not finite says nothing."""
    try:
        return not real_ball(expression, values).contains(0)
    except (NotCertified, ValueError):  # SymPy's Heaviside and comparisons take no complex number
        return False

"""Differentiation with one rule broken: what becomes of f' where a rule is not known."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from symbolic.derivative import derivative

__all__ = ["without_chain_rule", "without_power_rule", "without_product_rule"]


def without_chain_rule(formula: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """h(u)' = h'(u) for h(u)' = h'(u) u'."""
    yield _broken(formula, symbol)


def without_product_rule(formula: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """(u v)' = u' v', u' v or u v', for (u v)' = u' v + u v'."""
    for summands, rest in _products(formula, symbol):
        slopes = [derivative(factor, symbol) for factor in summands]
        others = derivative(rest, symbol)
        yield sp.Mul(*slopes) + others
        for place, slope in enumerate(slopes):
            yield sp.Mul(slope, *summands[:place], *summands[place + 1 :]) + others


def without_power_rule(formula: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """(u^n)' = u^(n-1) u', or n u^n u', for n u^(n-1) u'."""
    for lost, kept in ((1, 0), (0, 1)):
        yield sp.Add(*(_power(summand, symbol, lost, kept) for summand in sp.Add.make_args(sp.expand(formula))))


def _broken(node: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
    if not node.has(symbol):
        return sp.S.Zero
    if node == symbol:
        return sp.S.One
    if node.is_Add:
        return sp.Add(*(_broken(summand, symbol) for summand in node.args))
    if node.is_Mul:
        parts = node.args
        return sp.Add(
            *(sp.Mul(_broken(part, symbol), *parts[:place], *parts[place + 1 :]) for place, part in enumerate(parts))
        )
    if node.is_Pow and not node.exp.has(symbol):
        return node.exp * node.base ** (node.exp - 1)
    if isinstance(node, sp.exp | sp.log | sp.sin | sp.cos | sp.tan | sp.sinh | sp.cosh | sp.tanh | sp.erf | sp.atan):
        return node.fdiff(1)
    return derivative(node, symbol)


def _products(formula: sp.Expr, symbol: sp.Symbol) -> Iterator[tuple[list[sp.Expr], sp.Expr]]:
    """(factors, rest of the sum): each summand that is a product of two or more factors that hold the symbol."""
    for summand in sp.Add.make_args(formula):
        moving = [factor for factor in sp.Mul.make_args(summand) if factor.has(symbol)]
        if len(moving) >= 2:
            fixed = [factor for factor in sp.Mul.make_args(summand) if not factor.has(symbol)]
            yield [sp.Mul(moving[0], *fixed), *moving[1:]], formula - summand


def _power(summand: sp.Expr, symbol: sp.Symbol, lost: int, kept: int) -> sp.Expr:
    fixed, moving = summand.as_independent(symbol, as_Add=False)
    if moving.is_Pow and moving.base == symbol and not moving.exp.has(symbol):
        exponent = moving.exp
        return fixed * (sp.S.One if lost else exponent) * symbol ** (exponent if kept else exponent - 1)
    return derivative(summand, symbol)

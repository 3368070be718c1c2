"""The shortest of a few equivalent forms of an answer.

The answer is read as a polynomial in letters for each product of exp, cos, sin, so that all cancels that can. It is
then written in several ways: with common factors in front, grouped by exponential or by function, factored, in powers
of mu - k, with exp(A) +- exp(-A) as cosh and sinh, and with or without the squares that stand in it multiplied out.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

import sympy as sp

from symbolic.readable.expansion import expanded
from symbolic.readable.forms import Product, shortest
from symbolic.readable.groups import folded, groups
from symbolic.readable.laurent import TooLong
from symbolic.readable.polynomial import Script
from symbolic.readable.reading import FUNCTIONS, parse
from symbolic.readable.terms import Alphabet
from symbolic.readable.writing import WORTH_FACTORING, written

__all__ = ["LONG", "readable", "shorter"]

LONG = 1000  # operations: what becomes longer is only multiplied out, unless it was short before


def readable(expression: sp.Expr) -> sp.Expr:
    """`expression` written with few operations; exponents stay sums, as in exp(a mu + a^2 sigma^2 / 2).

    The value is the same wherever `expression` has one; all symbols are real. Equal input gives equal output.
    """
    if expression.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
        return expression
    try:
        plain = shorter(expression, _form(expression, keep_powers=False))
    except TooLong:
        return expression
    logarithms = sorted((node for node in expression.atoms(sp.log) if node.args[0].is_Symbol), key=str)
    return min(plain, _with_exponentials(expression, logarithms), key=sp.count_ops) if logarithms else plain


def _with_exponentials(expression: sp.Expr, logarithms: list[sp.Expr]) -> sp.Expr:
    """The form with exp(L) for K wherever log(K) stands, which is L: so that K exp(A) and exp(A + L) meet.

    The same where log(K) is real, and elsewhere the expression has no value.
    """
    names = {node: sp.Symbol(f"log({node.args[0]})", real=True) for node in logarithms}
    written = readable(expression.xreplace({**names, **{node.args[0]: sp.exp(name) for node, name in names.items()}}))
    return written.xreplace({name: node for node, name in names.items()})


def shorter(expression: sp.Expr, answer: Product) -> sp.Expr:
    """`answer`, which is the expression multiplied out and written anew, or what is shorter with its powers kept."""
    if answer.operations > LONG and not _is_small(expression, answer.operations):
        return answer.expression
    if any(_is_power(factor) for term in sp.Add.make_args(expression) for factor in sp.Mul.make_args(term)):
        with suppress(TooLong):
            answer = shortest([answer, _form(expression, keep_powers=True)])
    if sp.count_ops(expression) < answer.operations:
        as_given = expression.xreplace({node: _plain(node) for node in expression.atoms(sp.exp, *FUNCTIONS)})
        return min(answer.expression, as_given, key=sp.count_ops)
    return answer.expression


def _is_small(expression: sp.Expr, limit: int) -> bool:
    """Whether there are fewer nodes than `limit`, told without counting the others."""
    return sum(1 for _ in islice(sp.preorder_traversal(expression), limit)) < limit


def _form(expression: sp.Expr, keep_powers: bool) -> Product:
    alphabet = Alphabet()
    element = expanded(parse(expression, alphabet, readable, keep_powers), alphabet)
    script = Script.of(alphabet)
    return written([group for wave, laurent in folded(element) for group in groups(wave, laurent, script)], script)


def _plain(function: sp.Expr) -> sp.Expr:
    """The function with its argument multiplied out, unless that makes it much longer."""
    written = _form(function, keep_powers=False)
    return function if sp.count_ops(function) + WORTH_FACTORING <= written.operations else written.expression


def _is_power(factor: sp.Expr) -> bool:
    """(...)^n that may stay as it is, with n = 2 or more."""
    if not (factor.is_Pow and factor.exp.is_Integer and factor.exp > 1):
        return False
    return bool(factor.base.is_Add) or isinstance(factor.base, FUNCTIONS)

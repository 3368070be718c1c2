"""Does a cost have a value wherever the law has mass? Three-valued: yes, no, or not known before there are numbers."""

from __future__ import annotations

from itertools import pairwise

import sympy as sp

from symbolic.errors import NotCertified, NotInClass, Undefined
from symbolic.guards import Guard, holds
from symbolic.law import Law
from symbolic.symbolic_pieces import symbolic_pieces

__all__ = ["is_defined"]

_ELSEWHERE = sp.Integer(2)
"""Stands for "the guard does not matter here", among the signs -1, 0 and 1."""

_ADVICE = {
    "log": "log(1 + x**2)",
    "power": "sqrt(1 + x**2)",
    "reciprocal": "1/(1 + x**2)",
    "tan": "atan(x)",
}


def is_defined(guard: Guard, law: Law) -> bool | None:
    """True if the guard holds almost everywhere on the support of the law, None if that is not known.

    Raises Undefined, with the reason, if it fails on a set that has mass (or, for a reciprocal, at a pole, around
    which no expectation exists).
    """
    argument = guard.argument
    if not argument.has(law.variable):
        known = holds(guard.kind, argument)
        if known is False:
            raise Undefined(f"{_named(guard)} has no value; write a cost without it")
        return known
    on_support = sp.Dummy("x", positive=True) if law.support[0] == 0 else law.variable
    if holds(guard.kind, argument.xreplace({law.variable: on_support})):
        return True
    if guard.kind == "tan":
        return _tangent(guard, law)
    try:
        return _by_pieces(guard, law)
    except (NotCertified, NotInClass):
        return True if _lower_bound(argument, law.variable).is_positive else None


def _by_pieces(guard: Guard, law: Law) -> bool:
    """The sign of the argument on each piece of the support where the guard matters."""
    variable = law.variable
    watched = sp.Piecewise((sp.sign(guard.argument), guard.where), (_ELSEWHERE, True))
    cut = symbolic_pieces(watched, variable, law.support)
    if cut.condition != sp.true:
        raise NotInClass(f"whether {_named(guard)} is defined depends on the values")
    for piece in cut.pieces:
        if piece.formula == -1 and guard.kind in ("log", "power"):
            raise _undefined(guard, law, f"it is undefined for {_range(variable, piece.left, piece.right)}")
    if guard.kind == "reciprocal":
        for before, after in pairwise(cut.pieces):
            beside = (before.formula, after.formula)
            if beside != (_ELSEWHERE, _ELSEWHERE) and sp.simplify(guard.argument.subs(variable, after.left)) == 0:
                raise _undefined(guard, law, f"it has a pole at {variable} = {after.left}")
    return True


def _tangent(guard: Guard, law: Law) -> bool | None:
    argument = guard.argument.as_poly(law.variable)
    if argument is not None and argument.degree() >= 1 and sp.oo in (law.support[1], -law.support[0]):
        raise _undefined(guard, law, f"it has a pole wherever cos({guard.argument}) = 0")
    return None


def _lower_bound(expression: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """A number below the expression for every real x, or -oo: sums and multiples of bounded functions and squares."""
    if not expression.has(variable):
        return expression
    if isinstance(expression, sp.Add):
        return sp.Add(*(_lower_bound(term, variable) for term in expression.args))
    if isinstance(expression, sp.sin | sp.cos | sp.tanh | sp.erf):
        return sp.S.NegativeOne
    if expression.is_nonnegative:
        return sp.S.Zero
    if isinstance(expression, sp.Mul):
        factor, rest = expression.as_independent(variable, as_Add=False)
        if isinstance(rest, sp.sin | sp.cos | sp.tanh | sp.erf):
            return -sp.Abs(factor)
        if factor.is_positive:
            return factor * _lower_bound(rest, variable)
    return -sp.oo


def _undefined(guard: Guard, law: Law, reason: str) -> Undefined:
    return Undefined(
        f"{_named(guard)} has no expectation under {law}: {reason}, where the law has mass. "
        f"Use {_ADVICE[guard.kind]}, say, or a law whose support avoids it."
    )


def _named(guard: Guard) -> str:
    if guard.kind == "power":
        return f"a root of {guard.argument}"
    if guard.kind == "reciprocal":
        return f"1/({guard.argument})" if guard.argument.is_Add else f"1/{guard.argument}"
    return f"{guard.kind}({guard.argument})"


def _range(variable: sp.Symbol, left: sp.Expr, right: sp.Expr) -> str:
    if left == -sp.oo:
        return f"{variable} < {right}" if right != sp.oo else f"every {variable}"
    return f"{variable} > {left}" if right == sp.oo else f"{left} < {variable} < {right}"

"""Does a cost have a value wherever the law has mass? Three-valued: yes, no, or not known before there are numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import sympy as sp

from symbolic.enclosing.beside_poles import grows_like_a_pole, is_integrable_beside
from symbolic.enclosing.ranges import Range, range_of
from symbolic.enclosing.removable import vanishes_at
from symbolic.enclosing.sign_proof import proven_sign, signs_seen
from symbolic.errors import NotCertified, NotInClass, Undefined
from symbolic.law import Law
from symbolic.parsing.guards import Guard, GuardKind, holds
from symbolic.places.pieces import pieces
from symbolic.places.simplified import simplified
from symbolic.places.symbolic_pieces import symbolic_pieces

__all__ = ["is_defined"]

_ELSEWHERE = sp.Integer(2)
"""Stands for "the guard does not matter here", among the signs -1, 0 and 1."""

_PIECEWISE = (sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside, sp.Piecewise)

_ADVICE = {
    "log": "log(1 + x**2)",
    "power": "sqrt(1 + x**2)",
    "reciprocal": "1/(1 + x**2)",
    "tan": "atan(x)",
}


def is_defined(guard: Guard, law: Law, cost: sp.Expr | None = None) -> bool | None:
    """True if the guard holds almost everywhere on the support of the law, None if that is not known.

    Raises Undefined, with the reason, if it fails on a set that has mass, or, for a reciprocal, at a pole around which
    no expectation exists: that of the reciprocal itself, or of the `cost` if there is one (sin(x)/x has one).
    """
    if guard.exponent is not None and guard.exponent.has(law.variable):
        guard = replace(guard, exponent=None)  # it takes every kind of value
    argument = guard.argument
    if guard.is_needed is False:
        return True
    if not argument.has(law.variable):
        known = holds(guard.kind, argument)
        if known is False and guard.is_needed is None:
            return None
        if known is False:
            raise Undefined(f"{_named(guard)} has no value; write a cost without it")
        return known
    on_support = argument.xreplace({law.variable: sp.Dummy("x", positive=True)}) if law.support[0] == 0 else argument
    if holds(guard.kind, on_support) or _is_proven_by_range(guard.kind, range_of(on_support), argument):
        return True
    if guard.is_needed is None:
        return None
    if guard.kind == "tan":
        return _tangent(guard, law)
    try:
        return _by_pieces(guard, law, cost)
    except (NotCertified, NotInClass):
        return _at_numbers(guard, law, cost)


def _is_proven_by_range(kind: GuardKind, values: Range, argument: sp.Expr) -> bool:
    match kind:
        case "log":  # a value of 0 does no harm at single points, but on an interval it does
            return values.is_positive or (values.is_nonnegative and not argument.has(*_PIECEWISE))
        case "power":
            return values.is_nonnegative
        case "reciprocal":
            return values.excludes_zero
        case "tan":
            return any(values.is_inside((n - sp.S.Half) * sp.pi, (n + sp.S.Half) * sp.pi) for n in (-1, 0, 1))


def _by_pieces(guard: Guard, law: Law, cost: sp.Expr | None) -> bool:
    """The sign of the argument on each piece of the support where the guard matters."""
    variable = law.variable
    watched = sp.Piecewise((sp.sign(guard.argument), guard.where), (_ELSEWHERE, True))
    cut = symbolic_pieces(watched, variable, law.support)
    if cut.condition != sp.true:
        raise NotInClass(f"whether {_named(guard)} is defined depends on the values")
    for piece in cut.pieces:
        if piece.formula == -1 and guard.kind in ("log", "power"):
            raise _undefined(guard, law, f"it is undefined for {_range(variable, piece.left, piece.right)}")
        if piece.formula == 0 and guard.kind in ("log", "reciprocal"):
            raise _undefined(guard, law, f"it is infinite for {_range(variable, piece.left, piece.right)}")
    if guard.kind == "reciprocal":
        for before, after in pairwise(cut.pieces):
            beside = (before.formula, after.formula)
            if beside == (_ELSEWHERE, _ELSEWHERE) or simplified(guard.argument.subs(variable, after.left)) != 0:
                continue
            support = (law.written_out(law.support[0]), law.written_out(law.support[1]))
            if cost is None or is_integrable_beside(cost, variable, after.left, support) is False:
                raise _undefined(guard, law, f"it has a pole at {variable} = {after.left}")
    return True


def _tangent(guard: Guard, law: Law) -> bool | None:
    argument = guard.argument.as_poly(law.variable)
    unbounded = sp.oo in (law.support[1], -law.support[0])
    if guard.where == sp.true and unbounded and argument is not None and argument.degree() >= 1:
        raise _undefined(guard, law, f"it has a pole wherever cos({guard.argument}) = 0")
    return _at_numbers(guard, law, None)


def _at_numbers(guard: Guard, law: Law, cost: sp.Expr | None) -> bool | None:
    """Told by balls over all of the support where the guard matters, refuted by values at single places."""
    variable = law.variable
    if (guard.argument.free_symbols | guard.where.free_symbols) - {variable}:
        return None
    watched = sp.cos(guard.argument) if guard.kind == "tan" else guard.argument
    try:
        reached = pieces(sp.Piecewise((sp.S.One, guard.where), (sp.S.Zero, True)), variable, law.support)
        domains = [(piece.left, piece.right) for piece in reached if piece.formula == 1]
    except NotCertified:
        return None
    good = (1,) if guard.kind in ("log", "power") else (1, -1)
    if all(proven_sign(watched, variable, domain) in good for domain in domains):
        return True
    for domain in domains:
        places = {sign: place for place, sign in signs_seen(watched, variable, domain)}
        if -1 in places and guard.kind in ("log", "power"):
            raise _undefined(guard, law, f"it is undefined around {variable} = {places[-1]}")
        if len(places) == 2 and guard.kind in ("reciprocal", "tan") and not watched.has(*_PIECEWISE):
            left, right = sorted(places.values())
            if cost is not None and not grows_like_a_pole(cost, watched, variable, left, right):
                return None
            raise _undefined(guard, law, f"it has a pole between {variable} = {left} and {variable} = {right}")
    if guard.kind == "reciprocal" and guard.where == sp.true:
        _refuse_touched_zero(guard, law, cost)
    return None


def _refuse_touched_zero(guard: Guard, law: Law, cost: sp.Expr | None) -> None:
    """Refuse a pole at a zero where the argument does not change its sign, which no sign shows: 1/(1 - cos(x))."""
    low, high = law.support
    for place in _touched_zeros(guard.argument, law.variable):
        if not (low < place < high and vanishes_at(guard.argument, law.variable, place)):
            continue
        if cost is None or is_integrable_beside(cost, law.variable, place, law.support) is False:
            raise _undefined(guard, law, f"it has a pole at {law.variable} = {place}")


def _touched_zeros(argument: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    """Places that may be such zeros: 0, and where a sine or cosine of something affine is 1 or -1."""
    yield sp.S.Zero
    for wave in sorted(argument.atoms(sp.sin, sp.cos), key=sp.default_sort_key):
        slope, offset = wave.args[0].coeff(variable, 1), wave.args[0].coeff(variable, 0)
        if slope != 0 and sp.expand(slope * variable + offset - wave.args[0]) == 0 and not slope.has(variable):
            quarter_turns = range(-4, 5)
            yield from (sp.cancel((turns * sp.pi / 2 - offset) / slope) for turns in quarter_turns)


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

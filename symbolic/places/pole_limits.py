"""The limit of an expression as its variable goes to a pole inside of it: atan(1/x) as x -> 0+ is pi/2.

Worked out from the inside to the outside, where the limits of the parts say that of the whole; a quotient of two
things that vanish by their derivatives or, at numbers, by their orders.
"""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from symbolic.balls import real_ball
from symbolic.enclosing.divergence import order_of
from symbolic.enclosing.removable import removable_at, vanishes_at
from symbolic.errors import NotCertified
from symbolic.places.breakpoints import KINKED
from symbolic.places.proven_zero import is_zero
from symbolic.places.sign_beside import sign_beside

__all__ = ["has_pole_at", "limit_beside"]

_CONTINUOUS = (
    sp.atan, sp.tanh, sp.erf, sp.erfc, sp.erfi, sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.sech, sp.besselj, sp.Abs,
    sp.Max, sp.Min,
)  # fmt: skip
_WITHOUT_LIMIT = (sp.nan, sp.AccumBounds)


def has_pole_at(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    """Whether a base of a negative power vanishes at the place, inside the expression, or is not proven not to."""
    return any(
        power.exp.is_negative and power.base.has(variable) and _may_vanish(power.base, variable, place)
        for power in expression.atoms(sp.Pow)
    )


def _may_vanish(base: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    return is_zero(base.xreplace({variable: place})) is not False or vanishes_at(base, variable, place)


def limit_beside(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr, direction: int) -> sp.Expr:
    """lim expression(place + direction s), s -> 0+; oo or -oo if it grows beyond bounds, zoo with a sign not known.

    Raises NotCertified if there is no limit, or none is found.
    """
    s = sp.Dummy("s", positive=True)
    try:
        limit = _limit(sp.expand_mul(expression.xreplace({variable: place + direction * s})), s)
    except NotCertified as reason:
        raise _unknown(expression, variable, place) from reason
    if limit.has(*_WITHOUT_LIMIT) or (limit.has(sp.zoo) and limit is not sp.zoo):
        raise _unknown(expression, variable, place)
    return limit


def _limit(u: sp.Expr, s: sp.Symbol) -> sp.Expr:
    if not u.has(s):
        return u
    if u == s:
        return sp.S.Zero
    if isinstance(u, sp.Add):
        return _known(sp.Add(*(_limit(term, s) for term in u.args)), u, s)
    if isinstance(u, sp.Mul):
        return _known(sp.Mul(*(_limit(factor, s) for factor in u.args)), u, s)
    if isinstance(u, sp.Pow) and u.exp.is_Rational:
        return _known(_power(u, s), u, s)
    if isinstance(u, _CONTINUOUS):
        limits = [_limit(argument, s) for argument in u.args]
        if any(limit.has(sp.oo, sp.zoo, sp.AccumBounds) and limit not in (sp.oo, -sp.oo) for limit in limits):
            raise _unknown(u, s, sp.S.Zero)  # k*oo, whose sign is that of a symbol
        return u.func(*limits)
    if isinstance(u, sp.log):
        inner = _limit(u.args[0], s)
        return -sp.oo if _vanishes(u.args[0], inner, s) else _known(sp.log(inner), u, s)
    if isinstance(u, sp.sign | sp.Heaviside):
        return u.func(_away_from_zero(u.args[0], s), *u.args[1:])
    if isinstance(u, sp.Piecewise):
        for value, condition in u.args:
            holds = condition.replace(
                lambda node: isinstance(node, Relational),
                lambda node: node.func(_away_from_zero(node.lhs - node.rhs, s), 0),
            )
            if holds == sp.true:
                return _limit(value, s)
            if holds != sp.false:
                raise _unknown(u, s, sp.S.Zero)
    return _known(sp.nan, u, s)


def _power(u: sp.Pow, s: sp.Symbol) -> sp.Expr:
    base = _limit(u.base, s)
    if u.exp.is_positive or not _vanishes(u.base, base, s):
        return base**u.exp
    if u.base.is_positive or (u.exp.q == 1 and u.exp.p % 2 == 0):
        return sp.oo
    if u.exp.q != 1:
        return sp.zoo
    if u.base.is_negative:
        return -sp.oo
    try:
        return sp.oo * _signs_around(u.base, s)[1]
    except NotCertified:
        return sp.zoo  # its sign is not known


def _vanishes(u: sp.Expr, limit: sp.Expr, s: sp.Symbol) -> bool:
    """Whether u goes to 0. Raises NotCertified if that is not known."""
    known = is_zero(limit)
    if known is None and not u.has(*KINKED) and u.free_symbols == {s}:
        before, after = _signs_around(u, s)
        known = True if before * after == -1 else None  # u is continuous, as its limit is that of its parts
    if known is None:
        raise _unknown(u, s, sp.S.Zero)
    return known


def _signs_around(u: sp.Expr, s: sp.Symbol) -> tuple[int, int]:
    """The signs of u just before and just after s = 0."""
    t = sp.Dummy("t", real=True)
    return sign_beside(u.xreplace({s: t}), t, sp.S.Zero, -1), sign_beside(u.xreplace({s: t}), t, sp.S.Zero, 1)


def _away_from_zero(u: sp.Expr, s: sp.Symbol) -> sp.Expr:
    """The limit, of which it is known that it is not 0."""
    limit = _limit(u, s)
    if limit.is_nonzero or limit.is_infinite or (not limit.free_symbols and not real_ball(limit, {}).contains(0)):
        return limit
    raise _unknown(u, s, sp.S.Zero)


def _known(limit: sp.Expr, u: sp.Expr, s: sp.Symbol) -> sp.Expr:
    """The limit as it is; where the parts do not say it (0*oo), from derivatives or the order."""
    if not limit.has(sp.nan, sp.zoo):
        return limit
    gap = removable_at(u, s, sp.S.Zero)
    if gap is not None:
        value = (gap.numerator / gap.denominator).xreplace({s: sp.S.Zero})
        if not value.has(*_WITHOUT_LIMIT, sp.zoo):
            return value
    if u.free_symbols == {s}:
        t = sp.Dummy("t", positive=True)
        order = order_of(sp.expand(u.xreplace({s: 1 / t})), t)
        if order is not None and order.vanishes:
            return sp.S.Zero
        if order is not None and order.is_growing:
            return order.sign * sp.oo
    if limit is sp.zoo:
        return limit
    raise _unknown(u, s, sp.S.Zero)


def _unknown(u: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> NotCertified:
    return NotCertified(f"the limit of {u} beside {variable} = {place} is not known")

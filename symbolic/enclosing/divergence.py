"""Proof that an integral over a half line does not exist: its integrand grows, or does not fall fast enough.

The order of an expression as t -> oo, if one is found: it lies between two positive multiples of

    sign * exp(c_1 t^d_1 + c_2 t^d_2 + ...) * t^power * log(t)^logs,        d_1 > d_2 > ... > 0,

or of sign * exp(exp-large), which beats all of these. Coefficients are exact numbers. No order is claimed for a sum
whose greatest terms could cancel, nor for anything that oscillates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import sympy as sp

from symbolic.balls import real_ball, shortened
from symbolic.enclosing.envelope_special import difference_of_exponential
from symbolic.errors import Divergent, NotCertified

__all__ = ["Order", "is_bounded_as", "order_of", "refuse_divergent"]

_TENDS_TO_ONE = (sp.tanh, sp.erf, sp.atan)
_VANISHES_LIKE_ITS_ARGUMENT = (*_TENDS_TO_ONE, sp.sin, sp.sinh, sp.erfi)


@dataclass(frozen=True)
class Order:
    """sign * exp(sum of coefficient t^degree) * t^power * log(t)^logs up to a bounded positive factor.

    `exponent` holds (degree, coefficient), highest degree first. `beyond` is 1 for exp(exp-large), -1 for its inverse.
    """

    sign: int
    exponent: tuple[tuple[sp.Rational, sp.Expr], ...] = ()
    power: sp.Rational = sp.S.Zero
    logs: sp.Rational = sp.S.Zero
    beyond: int = 0

    def __mul__(self, other: Order) -> Order | None:
        if self.beyond * other.beyond < 0:
            return None
        exponent = _added(self.exponent, other.exponent)
        beyond = self.beyond or other.beyond
        return Order(self.sign * other.sign, exponent, self.power + other.power, self.logs + other.logs, beyond)

    def __pow__(self, p: sp.Rational) -> Order | None:
        if self.sign < 0 and p.q != 1:
            return None
        sign = self.sign if p.q == 1 and p.p % 2 else 1
        exponent = tuple((degree, c * p) for degree, c in self.exponent)
        return Order(sign, exponent, self.power * p, self.logs * p, self.beyond * (1 if p > 0 else -1))

    def compared(self, other: Order) -> int:
        """1 if this one grows faster, -1 if more slowly, 0 if neither."""
        if self.beyond != other.beyond:
            return 1 if self.beyond > other.beyond else -1
        quotient = _added(self.exponent, tuple((degree, -c) for degree, c in other.exponent))
        if quotient:
            return _sign(quotient[0][1])
        key, other_key = (self.power, self.logs), (other.power, other.logs)
        return int(bool(key > other_key)) - int(bool(key < other_key))

    @property
    def is_growing(self) -> bool:
        """Tends to infinity faster than every power of a logarithm."""
        if self.beyond:
            return self.beyond > 0
        return _sign(self.exponent[0][1]) > 0 if self.exponent else self.power > 0

    @property
    def vanishes(self) -> bool:
        """Tends to zero."""
        if self.beyond or self.exponent:
            return not self.is_growing
        return bool(self.power < 0 or (self.power == 0 and self.logs < 0))

    @property
    def is_bounded(self) -> bool:
        if self.beyond or self.exponent or self.power:
            return not self.is_growing
        return bool(self.logs <= 0)

    @property
    def is_integrable(self) -> bool:
        """int^oo of it is finite."""
        if self.beyond or self.exponent:
            return not self.is_growing
        return bool(self.power < -1 or (self.power == -1 and self.logs < -1))

    def __str__(self) -> str:
        if self.beyond:
            return "an exponential of an exponential"
        t = sp.Symbol("t")
        exponent = sp.Add(*(c * t**degree for degree, c in self.exponent))
        return str(sp.exp(exponent) * t**self.power * sp.log(t) ** self.logs)


def refuse_divergent(integrand: sp.Expr, variable: sp.Symbol, direction: int) -> None:
    """Raise Divergent if the integral of the integrand over variable = direction * t, t -> oo, provably diverges."""
    t = sp.Dummy("t", positive=True)
    order = order_of(sp.expand(integrand.xreplace({variable: direction * t})), t)
    if order is not None and not order.is_integrable:
        side = "oo" if direction > 0 else "-oo"
        raise Divergent(
            f"the integral over {variable} does not exist: times the density, the integrand behaves like {order}, "
            f"t = |{variable}|, as {variable} -> {side}. Use smaller parameters or a cost that grows more slowly"
        )


def order_of(u: sp.Expr, t: sp.Symbol) -> Order | None:
    """The order of u as t -> oo at numeric parameters, or None if none is proven."""
    if not u.has(t):
        sign = _sign(u)
        return Order(sign) if sign else None
    if u == t:
        return Order(1, power=sp.S.One)
    if u.is_polynomial(t):
        polynomial = sp.Poly(u, t)
        sign = _sign(polynomial.LC())
        return Order(sign, power=sp.Integer(polynomial.degree())) if sign else None
    if isinstance(u, sp.Mul):
        orders = [order_of(factor, t) for factor in u.args]
        return reduce(lambda left, right: left * right if left and right else None, orders)
    if isinstance(u, sp.Pow) and u.exp.is_Rational:
        base = order_of(u.base, t)
        return base**u.exp if base else None
    if (difference := difference_of_exponential(u)) and (inner := order_of(difference[1], t)) and inner.vanishes:
        size = order_of(-difference[0], t)
        return inner * size if size else None
    if isinstance(u, sp.Add):
        return _order_of_sum(u, t)
    if isinstance(u, sp.exp):
        return _order_of_exponential(u.exp, t)
    if isinstance(u, _VANISHES_LIKE_ITS_ARGUMENT):
        inner = order_of(u.args[0], t)
        if inner and inner.vanishes:
            return inner
        if isinstance(u, _TENDS_TO_ONE):
            return Order(inner.sign) if inner and inner.is_growing else None
    if isinstance(u, sp.cos | sp.cosh) and (inner := order_of(u.args[0], t)) and inner.vanishes:
        return Order(1)
    if isinstance(u, sp.besselj) and u.args[0].is_Integer and u.args[0] >= 0:
        inner = order_of(u.args[1], t)
        return inner ** u.args[0] if inner and inner.vanishes else None
    if isinstance(u, sp.sinh | sp.cosh):
        return order_of(sp.expand(u.rewrite(sp.exp)), t)
    if isinstance(u, sp.Abs):
        inner = order_of(u.args[0], t)
        return Order(1, inner.exponent, inner.power, inner.logs, inner.beyond) if inner else None
    if isinstance(u, sp.log):
        return _order_of_logarithm(u.args[0], t)
    return None


def _order_of_sum(u: sp.Add, t: sp.Symbol) -> Order | None:
    """That of the fastest term, if all as fast have its sign; a bounded term of no order loses to a growing one."""
    orders: list[Order] = []
    bounded_rest = False
    for term in u.args:
        order = order_of(term, t)
        if order is None and not is_bounded_as(term, t):
            return None
        if order is None:
            bounded_rest = True
        else:
            orders.append(order)
    if not orders:
        return None
    best = orders[0]
    for order in orders[1:]:
        best = order if order.compared(best) > 0 else best
    if any(order.compared(best) == 0 and order.sign != best.sign for order in orders):
        return None
    return None if bounded_rest and not best.is_growing else best


def _order_of_exponential(exponent: sp.Expr, t: sp.Symbol) -> Order | None:
    """exp of (powers of t with exact coefficients + something bounded), or of something that outgrows every power."""
    parts: list[tuple[sp.Rational, sp.Expr]] = []
    exponent = sp.expand(exponent)
    for term in sp.Add.make_args(exponent):
        factor, rest = term.as_independent(t, as_Add=False)
        base, degree = rest.as_base_exp()
        if base == t and degree.is_Rational and degree > 0:
            parts.append((degree, factor))
        elif not is_bounded_as(term, t):
            whole = order_of(exponent, t)
            if whole and (whole.beyond or whole.exponent) and whole.is_growing:
                return Order(1, beyond=whole.sign)
            return None
    return Order(1, _added(tuple(parts), ()))


def _order_of_logarithm(argument: sp.Expr, t: sp.Symbol) -> Order | None:
    """log(1 + w) vanishes like w; else what is inside decides."""
    beside_one = order_of(sp.expand(argument - 1), t) if argument != 1 else None
    if beside_one is not None and beside_one.vanishes:
        return beside_one
    inner = order_of(argument, t)
    if inner is None or inner.sign < 0 or inner.beyond:
        return None
    if inner.exponent:
        degree, coefficient = inner.exponent[0]
        return Order(_sign(coefficient), power=degree)
    return Order(1 if inner.power > 0 else -1, logs=sp.S.One) if inner.power else None


def is_bounded_as(u: sp.Expr, t: sp.Symbol) -> bool:
    """Whether u is seen to stay bounded as t -> oo."""
    if not u.has(t) or isinstance(u, sp.sin | sp.cos | sp.tanh | sp.erf | sp.erfc | sp.atan | sp.sign | sp.Heaviside):
        return True
    if isinstance(u, sp.Mul | sp.Add):
        return all(is_bounded_as(part, t) for part in u.args)
    order = order_of(u, t)
    return order is not None and order.is_bounded


def _added(
    left: tuple[tuple[sp.Rational, sp.Expr], ...], right: tuple[tuple[sp.Rational, sp.Expr], ...]
) -> tuple[tuple[sp.Rational, sp.Expr], ...]:
    """The sum of two exponents, highest degree first, without the terms that cancel."""
    total: dict[sp.Rational, sp.Expr] = {}
    for degree, coefficient in (*left, *right):
        total[degree] = total.get(degree, sp.S.Zero) + coefficient
    return tuple((degree, total[degree]) for degree in sorted(total, reverse=True) if _sign(total[degree]))


def _sign(number: sp.Expr) -> int:
    """The sign of an exact number. Raises NotCertified if it is too close to zero to tell."""
    if number.is_Rational:
        return int(sp.sign(number))
    if sp.expand(number) == 0:
        return 0
    ball = real_ball(number, {})
    if ball.contains(0):
        raise NotCertified(f"whether {shortened(number)} is zero is not known")
    return 1 if ball > 0 else -1

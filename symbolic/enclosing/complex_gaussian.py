"""int over the line of waves of a quadratic phase, cos(x**2) say, times polynomials and Gaussians: closed, at numbers.

With cos(u) = (exp(i u) + exp(-i u))/2 the integrand is a sum of c x^n exp(a x^2 + b x + d) with complex a, b, d, and
for Re a < 0, v = -1/(2 a) and m = b v

    int x^n exp(a x^2 + b x + d) dx = sqrt(2 pi v) exp(d + b m/2) M_n,   M_n = m M_(n-1) + (n - 1) v M_(n-2),  M_0 = 1

by continuation from real a: both sides are analytic in the half plane, where the principal root is the positive one.
No oscillation is ever looked at, so that sigma = 10^12 costs what sigma = 1 does.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import evaluate

__all__ = ["gaussian_waves"]

_MOST_WAVES = 2000
_MOST_POWER = 64
_MOST_BITS = 1 << 14
_GUARD_BITS = 64
_SPARE_DIGITS = 20
_I = acb(0, 1)


@dataclass(frozen=True)
class _Wave:
    """c x^n exp(a x^2 + b x + d)."""

    c: acb
    n: int
    a: acb
    b: acb
    d: acb

    def __mul__(self, other: _Wave) -> _Wave:
        return _Wave(self.c * other.c, self.n + other.n, self.a + other.a, self.b + other.b, self.d + other.d)

    @property
    def integral(self) -> acb:
        """Over the line; not finite unless Re a < 0 is certain."""
        if not self.a.real < 0:
            return acb(arb.nan(), arb.nan())
        v = -1 / (2 * self.a)
        m = self.b * v
        before, moment = acb(0), acb(1)
        for degree in range(1, self.n + 1):
            before, moment = moment, m * moment + (degree - 1) * v * before
        return self.c * (2 * acb.pi() * v).sqrt() * (self.d + self.b * m / 2).exp() * moment


def gaussian_waves(integrand: sp.Expr, variable: sp.Symbol, digits: int) -> arb | None:
    """The integral over the line, with a relative radius of at most 10^-digits; None for another kind of integrand.

    A value that cannot be told from 0 has an absolute radius of 10^-(digits + 20) of the greatest part.
    """
    if not any(_degree(node.args[0], variable) == 2 for node in integrand.atoms(sp.sin, sp.cos)):
        return None
    bits = 4 * digits + _GUARD_BITS
    while bits <= _MOST_BITS:
        with ctx.workprec(bits):
            waves = _waves(integrand, variable)
            if waves is None:
                return None
            parts = [wave.integral for wave in waves]
            total = sum(parts, acb(0))
            if total.is_finite() and total.imag.contains(0):
                ball = total.real
                greatest = max((part.abs_upper() for part in parts), default=arb(0))
                if ball.rad() <= arb(10) ** -digits * ball.abs_lower():
                    return ball
                if ball.contains(0) and ball.rad() <= arb(10) ** -(digits + _SPARE_DIGITS) * greatest:
                    return ball
        bits *= 2
    return None


def _waves(u: sp.Expr, variable: sp.Symbol) -> list[_Wave] | None:
    """The summands of u, or None if it is not of the kind or has too many."""
    zero = acb(0)
    if not u.has(variable):
        return [_Wave(evaluate(u, {}), 0, zero, zero, zero)]
    if u == variable:
        return [_Wave(acb(1), 1, zero, zero, zero)]
    if isinstance(u, sp.Add):
        total: list[_Wave] = []
        for term in u.args:
            waves = _waves(term, variable)
            if waves is None or len(total) + len(waves) > _MOST_WAVES:
                return None
            total += waves
        return total
    if isinstance(u, sp.Mul):
        return _product(list(u.args), variable)
    if isinstance(u, sp.Pow) and u.exp.is_Integer and 0 < u.exp <= _MOST_POWER:
        return _product([u.base] * int(u.exp), variable)
    if isinstance(u, sp.exp | sp.sin | sp.cos) and _degree(u.args[0], variable) is not None:
        coefficients = [evaluate(c, {}) for c in reversed(sp.Poly(u.args[0], variable).all_coeffs())]
        d, b, a = (*coefficients, zero, zero)[:3]
        if isinstance(u, sp.exp):
            return [_Wave(acb(1), 0, a, b, d)]
        half = acb(arb(1) / 2)
        forth, back = (half, half) if isinstance(u, sp.cos) else (half / _I, -half / _I)
        return [_Wave(forth, 0, _I * a, _I * b, _I * d), _Wave(back, 0, -_I * a, -_I * b, -_I * d)]
    return None


def _product(factors: list[sp.Expr], variable: sp.Symbol) -> list[_Wave] | None:
    zero = acb(0)
    total = [_Wave(acb(1), 0, zero, zero, zero)]
    for factor in factors:
        waves = _waves(factor, variable)
        if waves is None or len(total) * len(waves) > _MOST_WAVES:
            return None
        total = [left * right for left in total for right in waves]
    return total


def _degree(argument: sp.Expr, variable: sp.Symbol) -> int | None:
    """0 to 2 for a polynomial of that degree, else None."""
    if not argument.is_polynomial(variable):
        return None
    degree = int(sp.Poly(argument, variable).degree())
    return degree if degree <= 2 else None

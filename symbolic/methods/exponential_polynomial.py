"""The integral over the whole line of sums of c x^n exp(a x^2 + b x + d), a real and negative, b and d complex.

With v = -1/(2a) and m = b v, completing the square gives

    int x^n exp(a x^2 + b x + d) dx = sqrt(2 pi v) exp(d + b^2 v / 2) M_n(m, v)
    M_0 = 1,  M_1 = m,  M_{n+1} = m M_n + n v M_{n-1}          (raw moments of N(m, v), by Stein's lemma)

The integral exists exactly if a < 0. The density is part of the integrand, so nothing here knows a law.
"""

from __future__ import annotations

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.errors import Divergent, NotInClass
from symbolic.exponential_sum import Exponent, generators, in_ring, read
from symbolic.integral import Integral

__all__ = ["NAME", "integrate"]

NAME = "exponential_polynomial"


def integrate(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> Integral:
    """The integral of `integrand` over the whole line, real and folded: no I is left.

    Raises NotInClass if the integrand or the support is outside the class, Divergent if the integral cannot exist.
    """
    if support != (-sp.oo, sp.oo):
        raise NotInClass(f"the support {support} is not the whole line")
    terms = read(integrand, variable)
    pieces: list[sp.Expr] = []
    conditions: list[sp.Basic] = []
    remaining = dict(terms.coefficients)
    while remaining:
        exponent, by_power = remaining.popitem()
        a, b, d = exponent.a, exponent.b, exponent.d
        if a.has(sp.I):
            raise NotInClass(f"exp(({a})*{variable}**2) has a complex rate")
        rate_top, rate_bottom = sp.fraction(sp.cancel(-2 * a))
        conditions.append(_positive(rate_top, rate_bottom, integrand))
        v = rate_bottom / rate_top
        m = sp.cancel(b * v)
        polynomial = _with_moments(by_power, terms.ring, m, v)
        scale = sp.sqrt(2 * sp.pi) * sp.sqrt(rate_bottom) / sp.sqrt(rate_top)
        height = _tidy(d + b**2 * v / 2)
        if exponent.is_real:
            pieces.append(scale * sp.exp(height) * _as_expression(polynomial))
        else:
            _drop_conjugate(remaining, exponent, by_power)
            pieces.append(_twice_real_part(scale, height, polynomial))
    return Integral(sp.Add(*pieces), sp.And(*conditions), NAME)


def _positive(top: sp.Expr, bottom: sp.Expr, integrand: sp.Expr) -> sp.Basic:
    """The condition top / bottom > 0, written with the denominator cleared where its sign is known."""
    condition = sp.Gt(top if bottom.is_positive else top / bottom, 0)
    if condition == sp.false:
        raise Divergent(f"the integral of {integrand} diverges: it needs {top / bottom} > 0")
    return condition


def _tidy(exponent: sp.Expr) -> sp.Expr:
    """The exponent with a cancelled fraction for its real and for its imaginary part."""
    real, imaginary = _real_and_imaginary(exponent)
    return sp.cancel(real) + sp.I * sp.cancel(imaginary)


def _real_and_imaginary(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Both parts of a polynomial in I whose symbols are real: expanded, each term holds I once or not at all."""
    parts = {False: sp.S.Zero, True: sp.S.Zero}
    for term in sp.Add.make_args(sp.expand(expression)):
        parts[term.has(sp.I)] += term
    return parts[False], sp.expand(-sp.I * parts[True])


def _with_moments(by_power: dict[int, PolyElement], ring: PolyRing, m: sp.Expr, v: sp.Expr) -> PolyElement:
    """sum_n coefficient_n M_n(m, v), in the ring extended by the letters of m and v."""
    letters = {*ring.symbols, *generators(m), *generators(v)}
    wide = PolyRing(sorted(letters, key=sp.default_sort_key), sp.QQ)
    mean, variance = in_ring(m, wide), in_ring(v, wide)
    moment, previous = wide.one, wide.zero
    total = wide.zero
    for n in range(max(by_power) + 1):
        if n in by_power:
            total += by_power[n].set_ring(wide) * moment
        moment, previous = mean * moment + n * variance * previous, moment
    return total


def _as_expression(polynomial: PolyElement) -> sp.Expr:
    """The polynomial as an expression, its common monomial taken out so that it can cancel with other factors."""
    if not polynomial:
        return sp.S.Zero
    common = tuple(min(powers) for powers in zip(*polynomial.monoms(), strict=True)) if polynomial.ring.ngens else ()
    if not any(common):
        return polynomial.as_expr()
    monomial = polynomial.ring.from_dict({common: sp.QQ.one})
    rest = polynomial.ring.from_dict(
        {tuple(p - c for p, c in zip(powers, common, strict=True)): value for powers, value in polynomial.terms()}
    )
    return monomial.as_expr() * rest.as_expr()


def _twice_real_part(scale: sp.Expr, height: sp.Expr, polynomial: PolyElement) -> sp.Expr:
    """2 Re[exp(h + i w) (R + i S)] = 2 exp(h) (R cos w - S sin w), times the scale."""
    growth, angle = _real_and_imaginary(height)
    real, imaginary = _split_by_i(polynomial)
    turned = sp.cos(angle) * (scale * _as_expression(real)) - sp.sin(angle) * (scale * _as_expression(imaginary))
    return 2 * sp.exp(growth) * turned


def _split_by_i(polynomial: PolyElement) -> tuple[PolyElement, PolyElement]:
    """R and S of R + i S, by the power of the letter I in each monomial."""
    ring = polynomial.ring
    if sp.I not in ring.symbols:
        return polynomial, ring.zero
    place = ring.symbols.index(sp.I)
    parts: list[dict[tuple[int, ...], sp.Rational]] = [{}, {}]
    for monomial, coefficient in polynomial.terms():
        power = monomial[place]
        part = parts[power % 2]
        key = (*monomial[:place], 0, *monomial[place + 1 :])
        part[key] = part.get(key, sp.QQ.zero) + (-1) ** (power // 2) * coefficient
    return ring.from_dict(parts[0]), ring.from_dict(parts[1])


def _drop_conjugate(
    remaining: dict[Exponent, dict[int, PolyElement]], exponent: Exponent, by_power: dict[int, PolyElement]
) -> None:
    """Take the conjugate term out of `remaining`. Raises NotInClass if it is missing: the integrand is not real."""
    partner = remaining.pop(exponent.conjugate(), {})
    for n in by_power.keys() | partner.keys():
        ours, theirs = by_power.get(n), partner.get(n)
        if ours is None or theirs is None:
            raise NotInClass("a complex exponential stands without its conjugate: the integrand is not real")
        ours_parts, their_parts = _split_by_i(ours), _split_by_i(theirs)
        if ours_parts[0] != their_parts[0] or ours_parts[1] != -their_parts[1]:
            raise NotInClass("a complex exponential stands without its conjugate: the integrand is not real")

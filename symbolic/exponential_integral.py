"""The integral over any interval of sums of c x^n exp(a x^2 + b x + d), a real, b and d complex.

For a < 0, with v = -1/(2a), m = b v, E(x) = exp(a x^2 + b x + d) and Phi the normal distribution function,

    int_l^h x^n E(x) dx = sqrt(2 pi v) exp(d + b^2 v/2) M_n (Phi((h-m)/sqrt v) - Phi((l-m)/sqrt v)) + [Q_n(x) E(x)]_l^h
    M_0 = 1,  M_1 = m,   M_n = m M_{n-1} + (n-1) v M_{n-2}
    Q_0 = 0,  Q_1 = -v,  Q_n = m Q_{n-1} + (n-1) v Q_{n-2} - v x^{n-1}          (by parts, x = m - v d/dx log E)

For a > 0 and finite ends the same holds with v < 0: with w = -v, Phi((h-m)/sqrt v) - Phi((l-m)/sqrt v) is
(erfi((h-m)/sqrt(2w)) - erfi((l-m)/sqrt(2w)))/2, and sqrt(2 pi w) stands before it.
For a = 0, b != 0:  [E(x) sum_k (-1)^k n!/(n-k)! x^{n-k} / b^{k+1}]_l^h, and for a = b = 0 the powers of x.
At an infinite end the brackets vanish, where the integral exists (`existence`). The density is part of the integrand,
so nothing here knows a law.
"""

from __future__ import annotations

import sympy as sp
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.errors import NotInClass
from symbolic.existence import exists, real_and_imaginary, sign_condition
from symbolic.exponential_sum import Exponent, ExponentialSum, generators, in_ring
from symbolic.integral import Integral

__all__ = ["as_expression", "integrate_sum", "tidy", "wider"]

NAME = "exponential_integral"


def integrate_sum(terms: ExponentialSum, variable: sp.Symbol, left: sp.Expr, right: sp.Expr) -> Integral:
    """The integral from left to right; real, if the integrand is. Its form for a = 0 holds where b does not vanish.

    Raises NotInClass for an exponent outside the formulas above, Divergent if the integral provably does not exist.
    """
    pieces: list[sp.Expr] = []
    conditions: list[sp.Basic] = []
    form_holds: list[sp.Basic] = []
    remaining = dict(terms.coefficients)
    while remaining:
        exponent, by_power = remaining.popitem()
        if not any(by_power.values()):
            continue
        if not exponent.is_real:
            _drop_conjugate(remaining, exponent, by_power)
        if exponent.a.has(sp.I):
            raise NotInClass(f"exp(({exponent.a})*{variable}**2) has a complex rate")
        condition, form_condition = exists(terms, exponent, variable, left, right)
        conditions.append(condition)
        form_holds.append(form_condition)
        if exponent.a != 0:
            sign, sign_holds = _sign_of_rate(exponent, variable, left, right)
            form_holds.append(sign_holds)
            pieces += _gaussian(exponent, by_power, terms.ring, sign, left, right)
        else:
            if exponent.b != 0 and not (left.is_infinite or right.is_infinite):
                form_holds.append(sp.Or(*(sp.Ne(part, 0) for part in real_and_imaginary(exponent.b))))
            pieces += _exponential(exponent, by_power, terms.ring, left, right)
    return Integral(sp.Add(*pieces), sp.And(*conditions), NAME, sp.And(*form_holds))


def _sign_of_rate(exponent: Exponent, variable: sp.Symbol, left: sp.Expr, right: sp.Expr) -> tuple[sp.Integer, Boolean]:
    """The sign of v for which the form is written, and where v has it. Raises NotInClass if that is nowhere."""
    if left.is_infinite and right.is_infinite:
        return sp.S.One, sp.true  # elsewhere there is no integral
    falls = sign_condition(exponent, 1)
    if falls != sp.false:
        return sp.S.One, falls
    grows = sign_condition(exponent, -1)
    if left.is_infinite or right.is_infinite or grows == sp.false:
        raise NotInClass(f"whether exp(({exponent.a})*{variable}**2) grows depends on the values")
    return sp.S.NegativeOne, grows


def _gaussian(
    exponent: Exponent,
    by_power: dict[int, PolyElement],
    ring: PolyRing,
    sign_of_v: sp.Integer,
    left: sp.Expr,
    right: sp.Expr,
) -> list[sp.Expr]:
    top, bottom = sp.fraction(sp.cancel(-2 * exponent.a))
    v, root = bottom / top, sp.sqrt(bottom) / sp.sqrt(sign_of_v * top)
    m = tidy(exponent.b * v)
    height = tidy(exponent.d + exponent.b**2 * v / 2)
    inside = _recursion(by_power, ring, m, v, None)
    scale = sp.sqrt(2 * sp.pi) * root
    # Phi(h) - Phi(l) = share, from the error functions of both ends: 1 on the whole line.
    share = _half_erf(right, m, root, sign_of_v) - _half_erf(left, m, root, sign_of_v)
    pieces = []
    if exponent.is_real:
        pieces.append(scale * share * sp.exp(height) * as_expression(inside))
    elif not share.has(sp.I):
        pieces.append(_twice_real_part(scale * share, height, inside))
    else:
        # An error function of a complex argument has no real and imaginary part in closed form; the sum is real.
        half = scale * share * sp.exp(height) * as_expression(inside)
        pieces.append(half + half.xreplace({sp.I: -sp.I}))
    for end, sign in ((right, 1), (left, -1)):
        if not end.is_infinite:
            boundary = _recursion(by_power, ring, m, v, end)
            pieces.append(_real(sp.Integer(sign), _exponent_at(exponent, end), boundary, exponent.is_real))
    return pieces


def _half_erf(end: sp.Expr, m: sp.Expr, root: sp.Expr, sign_of_v: sp.Integer) -> sp.Expr:
    """Phi((end - m)/sqrt v) - 1/2; for v < 0 times -i."""
    if end.is_infinite:
        return sp.Rational(1 if end == sp.oo else -1, 2)
    function = sp.erf if sign_of_v > 0 else sp.erfi
    return function(sp.cancel((end - m) / root) / sp.sqrt(2)) / 2


def _exponential(
    exponent: Exponent, by_power: dict[int, PolyElement], ring: PolyRing, left: sp.Expr, right: sp.Expr
) -> list[sp.Expr]:
    pieces = []
    for end, sign in ((right, 1), (left, -1)):
        if exponent.b == 0:
            boundary = _antiderivative_of_powers(by_power, ring, end)
        elif end.is_infinite:
            continue
        else:
            boundary = _antiderivative(by_power, ring, exponent.b, end)
        pieces.append(_real(sp.Integer(sign), _exponent_at(exponent, end), boundary, exponent.is_real))
    return pieces


def _exponent_at(exponent: Exponent, end: sp.Expr) -> sp.Expr:
    return tidy(exponent.a * end**2 + exponent.b * end + exponent.d)


def _real(sign: sp.Integer, height: sp.Expr, polynomial: PolyElement, is_real: bool) -> sp.Expr:
    if is_real:
        return sign * sp.exp(height) * as_expression(polynomial)
    return _twice_real_part(sign, height, polynomial)


def _recursion(
    by_power: dict[int, PolyElement], ring: PolyRing, m: sp.Expr, v: sp.Expr, end: sp.Expr | None
) -> PolyElement:
    """sum_n coefficient_n M_n, or with an end sum_n coefficient_n Q_n(end); in the ring extended by their letters."""
    wide = wider(ring, m, v, *([] if end is None else [end]))
    mean, variance = in_ring(m, wide), in_ring(v, wide)
    place = None if end is None else in_ring(end, wide)
    current, previous = (wide.one if place is None else wide.zero), wide.zero
    power = wide.one  # end^(n-1)
    total = wide.zero
    for n in range(max(by_power) + 1):
        if n in by_power:
            total += by_power[n].set_ring(wide) * current
        following = mean * current + n * variance * previous
        if place is not None:
            following -= variance * power
            power *= place
        current, previous = following, current
    return total


def _antiderivative(by_power: dict[int, PolyElement], ring: PolyRing, b: sp.Expr, end: sp.Expr) -> PolyElement:
    """sum_n coefficient_n A_n with A_0 = 1/b, A_n = (x^n - n A_{n-1})/b."""
    growth, turn = real_and_imaginary(b)
    inverse = 1 / growth if turn == 0 else (growth - sp.I * turn) / (growth**2 + turn**2)
    wide = wider(ring, inverse, end)
    factor, place = in_ring(inverse, wide), in_ring(end, wide)
    current, power, total = factor, wide.one, wide.zero
    for n in range(max(by_power) + 1):
        if n > 0:
            power *= place
            current = (power - n * current) * factor
        if n in by_power:
            total += by_power[n].set_ring(wide) * current
    return total


def _antiderivative_of_powers(by_power: dict[int, PolyElement], ring: PolyRing, end: sp.Expr) -> PolyElement:
    """sum_n coefficient_n end^(n+1)/(n+1)."""
    wide = wider(ring, end)
    place = in_ring(end, wide)
    total = wide.zero
    for n, coefficient in by_power.items():
        total += coefficient.set_ring(wide) * place ** (n + 1) * sp.QQ(1, n + 1)
    return total


def wider(ring: PolyRing, *expressions: sp.Expr) -> PolyRing:
    """The ring with the letters of the expressions added."""
    letters = set(ring.symbols).union(*(generators(expression) for expression in expressions))
    return PolyRing(sorted(letters, key=sp.default_sort_key), sp.QQ)


def tidy(exponent: sp.Expr) -> sp.Expr:
    """The exponent with a cancelled fraction for its real and for its imaginary part."""
    real, imaginary = (part if _has_no_denominator(part) else sp.cancel(part) for part in real_and_imaginary(exponent))
    return real + sp.I * imaginary


def _has_no_denominator(expanded: sp.Expr) -> bool:
    return all(power.exp.is_positive for power in expanded.atoms(sp.Pow))


def as_expression(polynomial: PolyElement) -> sp.Expr:
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
    growth, angle = real_and_imaginary(height)
    real, imaginary = _split_by_i(polynomial)
    turned = sp.cos(angle) * (scale * as_expression(real)) - sp.sin(angle) * (scale * as_expression(imaginary))
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

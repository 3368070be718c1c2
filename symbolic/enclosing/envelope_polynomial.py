"""Bounds of a polynomial P(t) on t >= start >= 0, its coefficients enclosed."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import arb

from symbolic.balls import exact_rational
from symbolic.enclosing.envelope_terms import Quadratic, Term

__all__ = ["quadratic_above", "term_above", "term_below"]

_SHARES = (1, 3, 9, 27, 81)  # fractions 2^-share of the leading coefficient that are tried for a lower bound


def term_above(coefficients: Sequence[arb]) -> tuple[Term, ...]:
    """|P(t)| <= (sum of |c_k|) (1 + t)^deg. Coefficients from degree 0 upwards."""
    total = sum((c.abs_upper() for c in coefficients), arb(0)).upper()
    return () if total.is_zero() else (Term(total.log(), arb(len(coefficients) - 1), arb(0), arb(0)),)


def quadratic_above(coefficients: Sequence[arb], steepness: int = 1) -> Quadratic | None:
    """A quadratic above P, or None if P outgrows every one.

    A falling leading term of degree > 2 outdoes -steepness t^2, and so the quadratic falls like that at least. All
    positive terms c t^k that are left are each held down by an equal share s of the leading one:
    c t^k - s t^n <= c m^k (1 - k/n), its maximum, at m = (k c / (n s))^(1/(n - k)).
    """
    padded = [*coefficients, arb(0), arb(0), arb(0)]
    low = Quadratic(*padded[:3])
    top = len(coefficients) - 1
    if top <= 2:
        return low
    if not coefficients[top] < 0:
        return None
    high = {degree: c for degree, c in enumerate(coefficients[:top]) if degree > 2 and not c <= 0}
    if not low.a <= -steepness:
        high[2] = low.a + steepness
        low = Quadratic(low.c, low.b, arb(-steepness))
    if not high:
        return low
    share = -coefficients[top] / len(high)
    lift = arb(0)
    for degree, c in high.items():
        size = c.abs_upper()
        place = (size * degree / (share * top)) ** (arb(1) / (top - degree))
        lift += size * place**degree * (1 - arb(degree) / top)
    lifted = low + Quadratic(lift, arb(0), arb(0))
    return lifted if lifted.is_finite else None


def term_below(polynomial: sp.Poly, coefficients: Sequence[arb], start: sp.Rational) -> tuple[int, Term] | None:
    """(sign, term) with sign P(t) >= term > 0 for t >= start, or None if none was found.

    Proof: sign P(t) - c (1 + t)^deg has no root from `start` on (Sturm) and is positive at `start`. Coefficients that
    are not rational are replaced by rationals below them, which on t >= 0 only lowers the polynomial.
    """
    (t,) = polynomial.gens
    for sign in (1, -1):
        if not sign * coefficients[-1] > 0:
            continue
        lowered = sp.Poly(
            [sign * c for c in reversed(_rationals_below(polynomial, coefficients, sign))], t, domain="QQ"
        )
        leading = lowered.LC()
        if leading <= 0:
            return None
        for share in _SHARES:
            c = leading / 2**share
            rest = lowered - sp.Poly(c * (1 + t) ** polynomial.degree(), t, domain="QQ")
            if rest.eval(start) > 0 and rest.count_roots(start, None) == 0:
                log_c = (arb(int(c.p)) / int(c.q)).log()
                return sign, Term(log_c, arb(polynomial.degree()), arb(0), arb(0))
    return None


def _rationals_below(polynomial: sp.Poly, coefficients: Sequence[arb], sign: int) -> list[sp.Rational]:
    """Rationals r_k with sign r_k <= sign c_k."""
    exact = list(reversed(polynomial.all_coeffs()))
    return [
        value if value.is_Rational else sign * exact_rational((sign * ball).lower())
        for value, ball in zip(exact, coefficients, strict=True)
    ]

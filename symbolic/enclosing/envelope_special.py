"""Bounds on a half line that take more than one step: exponentials, logarithms, normal tails, sums with a leader.

`Line` is what they ask back: the bounds of the parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import sympy as sp
from flint import arb

from symbolic.enclosing.ball_patterns import erf_complement, exponential_sum
from symbolic.enclosing.envelope_terms import Quadratic, Term, constant_term, polynomial_terms, product, single
from symbolic.errors import NotCertified

__all__ = [
    "HALF",
    "above_from_terms",
    "above_logarithm",
    "ball_of",
    "complement_of",
    "difference_of_exponential",
    "exponential",
    "joined",
    "leading_part",
    "least_size",
    "lower_of_erfc",
    "lower_of_logarithm",
    "lower_of_sum",
    "root_above",
    "upper_of_erfc",
    "upper_of_erfi",
    "upper_of_error_functions",
    "upper_of_logarithm",
    "upper_of_vanishing",
]


HALF = Term.constant(arb(1) / 2)


class Line(Protocol):
    """The questions that a half line answers, as envelope_rules writes them down."""

    @property
    def start(self) -> sp.Rational: ...

    def upper(self, u: sp.Expr) -> tuple[Term, ...]: ...

    def lower(self, u: sp.Expr) -> Term | None: ...

    def above(self, u: sp.Expr, s: int) -> Quadratic | None: ...

    def sign(self, u: sp.Expr) -> int | None: ...

    def parts(self, u: sp.Add) -> list[sp.Expr]: ...


def ball_of(number: sp.Rational) -> arb:
    return arb(int(number.p)) / int(number.q)


def exponential(line: Line, exponent: sp.Expr, s: int) -> Term:
    """A term above exp(s exponent)."""
    bound = line.above(exponent, s)
    if bound is None:
        raise NotCertified(f"exp({s * exponent}) is not proven to stay under a Gaussian")
    return bound.exponential


def above_logarithm(line: Line, u: sp.log, s: int) -> Quadratic | None:
    """A quadratic above s log v, from a bound of v; log(c + k exp(v)) <= log(c + k) + max(v, 0)."""
    (v,) = u.args
    if line.sign(v) != 1:
        return None
    if s == -1:
        below = line.lower(v)
        return below.log_below.scaled(arb(-1)) if below else None
    if found := exponential_sum(u):
        c, k, exponent = found
        bound = line.above(exponent, 1)
        zero = Quadratic(arb(0), arb(0), arb(0))
        return bound.joined(zero) + Quadratic(arb(c + k).log(), arb(0), arb(0)) if bound else None
    term = single(line.upper(v))
    return term.log_above if term else None


def upper_of_logarithm(line: Line, u: sp.log) -> tuple[Term, ...]:
    """|log v| <= |quadratic above it| + |quadratic below it|."""
    above, below = line.above(u, 1), line.above(u, -1)
    if (above is None or below is None) and (found := exponential_sum(u)):
        # log c <= log(c + k exp(v)) <= log(c + k) + max(v, 0)
        c, k, v = found
        return *constant_term(abs(arb(c).log()) + abs(arb(c + k).log())), *line.upper(v)
    if above is None or below is None:
        raise NotCertified(f"log({u.args[0]}) is not proven to have a positive argument in the tail of the law")
    return polynomial_terms(above) if line.sign(u) == 1 else (*polynomial_terms(above), *polynomial_terms(below))


def lower_of_logarithm(line: Line, v: sp.Expr) -> Term | None:
    """log v >= its value at the least v > 1, or log v >= (v - 1)/v for v >= 1."""
    least = least_size(line, v)
    if least is not None and least > 1:
        return Term.constant(least.log())
    if line.sign(v - 1) != 1:
        return None
    try:
        over, bound = line.lower(v - 1), single(line.upper(v))
    except NotCertified:
        return None
    return over * bound.inverse if over and bound else None


def lower_of_sum(line: Line, u: sp.Add) -> Term | None:
    parts = line.parts(u)
    lowers = [line.lower(part) for part in parts]
    best = max((term for term in lowers if term is not None), key=lambda term: term.rank, default=None)
    signs = {line.sign(part) for part in parts}
    if best is not None and len(signs) == 1 and None not in signs:
        return best
    for s in (1, -1):
        bound = line.above(u, -s)
        if bound is not None and bound.distance_below_zero is not None:
            return bound.distance_below_zero
    leader = leading_part(line, u)
    return leader[1] * HALF if leader else _lower_of_difference(line, u)


def difference_of_exponential(u: sp.Expr) -> tuple[sp.Rational, sp.Expr] | None:
    """(c, w) if u = c - c exp(w) with rational c, which vanishes with w."""
    if not isinstance(u, sp.Add) or len(u.args) != 2:
        return None
    c, rest = u.as_coeff_Add()
    k, exponential = rest.as_coeff_Mul()
    return (c, exponential.exp) if isinstance(exponential, sp.exp) and c + k == 0 else None


def _lower_of_difference(line: Line, u: sp.Add) -> Term | None:
    """|1 - exp(w)| >= w for w >= 0, and >= v/(1 + v) for v = -w >= 0."""
    found = difference_of_exponential(u)
    if found is None or (side := line.sign(found[1])) is None:
        return None
    c, w = found
    least = line.lower(w)
    if least is None:
        return None
    least = Term.constant(ball_of(abs(c))) * least
    if side == 1:
        return least
    above = single(line.upper(1 - w))
    return least * above.inverse if above else None


def leading_part(line: Line, u: sp.Add) -> tuple[sp.Expr, Term] | None:
    """A part of a sum with its lower bound, if all others together are at most half of it from the start on."""
    parts = line.parts(u)
    lowers = [(part, term) for part in parts if (term := line.lower(part)) is not None]
    if not lowers:
        return None
    leader, least = max(lowers, key=lambda found: found[1].rank)
    start = ball_of(line.start)
    try:
        rest = [term * least.inverse for part in parts if part != leader for term in line.upper(part)]
    except NotCertified:
        return None
    share = sum((term.at(start) for term in rest), arb(0))
    return (leader, least) if all(term.is_falling(start) for term in rest) and share <= arb(1) / 2 else None


def least_size(line: Line, u: sp.Expr) -> arb | None:
    """A number below |u| on the whole half line, if its lower bound does not fall."""
    term = line.lower(u)
    return term.at(ball_of(line.start)) if term is not None and term.inverse.is_falling(arb(0)) else None


def upper_of_erfc(line: Line, v: sp.Expr) -> tuple[Term, ...]:
    """erfc(v) <= exp(-v^2) for v >= 0, and <= 2 everywhere."""
    if line.sign(v) != 1:
        return constant_term(arb(2))
    return (exponential(line, v**2, -1),)


def upper_of_error_functions(line: Line, u: sp.Add) -> tuple[Term, ...] | None:
    """A sum with erf(v) = s - s erfc(s v), s the sign of v, and erfc(-v) = 2 - erfc(v): far out the numbers cancel.

    None if there is no error function of a known sign.
    """
    tails: tuple[Term, ...] = ()
    rest: list[sp.Expr] = []
    for part in u.args:
        k, function = part.as_coeff_Mul()
        side = line.sign(function.args[0]) if isinstance(function, sp.erf | sp.erfc) and k.is_Rational else None
        if side is None:
            rest.append(part)
            continue
        rest.append(k * (side if isinstance(function, sp.erf) else 1 - side))
        tails += product(line.upper(k), upper_of_erfc(line, side * function.args[0]))
    return tails + line.upper(sp.Add(*rest)) if tails else None


def lower_of_erfc(line: Line, v: sp.Expr) -> Term | None:
    """erfc(V) >= exp(-V^2)/(sqrt(pi) (1 + V)) for V >= 0 (DLMF 7.8.2), at V = c + b t >= v."""
    bound = line.above(v, 1)
    if bound is None or not bound.a <= 0:
        return None
    c, b = bound.c.max(arb(0)), bound.b.max(arb(0))
    log_c = -(c**2) - (arb.pi().sqrt() * (1 + c.max(b))).log()
    return Term(log_c, arb(-1), -2 * b * c, -(b**2))


def upper_of_erfi(line: Line, v: sp.Expr) -> tuple[Term, ...]:
    """|erfi(v)| <= 2/sqrt(pi) |v| exp(v^2)."""
    return product(line.upper(v), (exponential(line, v**2, 1) * Term.constant(2 / arb.pi().sqrt()),))


def upper_of_vanishing(line: Line, u: sp.Expr) -> tuple[Term, ...] | None:
    """|sin v|, |tanh v|, |atan v|, |J_1(v)| <= |v| and |erf v| <= 2/sqrt(pi) |v|, where v falls like an exponential.

    Else |J_n(v)| <= 1 on the real line for integer n, and |J_r(v)| <= 1 on v >= 0 for r >= 0 (DLMF 10.14.1).
    """
    if isinstance(u, sp.sin | sp.tanh | sp.atan | sp.erf) or (isinstance(u, sp.besselj) and u.args[0] == 1):
        try:
            bound = single(line.upper(u.args[-1]))
        except NotCertified:
            bound = None
        if bound is not None and bound.b < 0 and bound.a <= 0:
            return (bound * Term.constant(2 / arb.pi().sqrt()),)
    if isinstance(u, sp.besselj):
        order, argument = u.args
        if order.is_Integer or (order.is_Rational and order >= 0 and line.sign(argument) == 1):
            return constant_term(arb(1))
    return None


def complement_of(u: sp.Expr) -> tuple[sp.Rational, sp.Expr] | None:
    """(c, v) if u = c erfc(v) is written with erf."""
    found = erf_complement(u)
    return (found[0], found[1] * found[2].args[0]) if found else None


def root_above(under: Quadratic | None) -> Quadratic | None:
    """sqrt(c + b t + a t^2) <= sqrt(c+) + sqrt(a+) t + b+/(2 sqrt(a)), or sqrt(b+ t) <= b+ + t/4 where a <= 0."""
    if under is None:
        return None
    c, b, a = (part.max(arb(0)).upper() for part in (under.c, under.b, under.a))
    if a.is_zero():
        return Quadratic(c.sqrt() + b, arb(0) if b.is_zero() else arb(1) / 4, arb(0))
    return Quadratic(c.sqrt() + b / (2 * a.sqrt()), a.sqrt(), arb(0))


def above_from_terms(terms: Iterable[Term]) -> Quadratic | None:
    """A quadratic above the sum of the terms, or None."""
    total = Quadratic(arb(0), arb(0), arb(0))
    for term in terms:
        bound = term.above
        if bound is None:
            return None
        total += bound
    return total


def joined(bounds: Iterable[Quadratic | None]) -> Quadratic | None:
    result: Quadratic | None = None
    for bound in bounds:
        if bound is None:
            return None
        result = bound if result is None else result.joined(bound)
    return result

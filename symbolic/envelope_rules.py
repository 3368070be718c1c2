"""Proven bounds of an expression at variable = direction * t, t >= start >= 0, read off its tree at numeric parameters.

For every subexpression u a `HalfLine` knows

    upper(u)       terms with |u| <= their sum          lower(u)    a term with |u| >= it > 0, or None
    above(u, s)    a quadratic >= s u, or None          sign(u)     +1 for u >= 0, -1 for u <= 0, or None

The exponent of an exponential needs `above`, a reciprocal needs `lower`, a logarithm needs both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce, wraps
from operator import mul
from typing import TypeVar

import sympy as sp
from flint import acb, arb

from symbolic.ball_patterns import erf_complement
from symbolic.balls import evaluate
from symbolic.envelope_polynomial import quadratic_above, term_above, term_below
from symbolic.envelope_terms import Quadratic, Term, constant_term, polynomial_terms, product, raised, single
from symbolic.errors import NotCertified

__all__ = ["HalfLine"]

_BOUNDED: dict[type[sp.Function], sp.Expr] = {
    sp.sin: sp.S.One,
    sp.cos: sp.S.One,
    sp.tanh: sp.S.One,
    sp.erf: sp.S.One,
    sp.sech: sp.S.One,
    sp.sign: sp.S.One,
    sp.Heaviside: sp.S.One,
    sp.atan: sp.Integer(2),  # above pi/2
}
_ODD = (sp.tanh, sp.erf, sp.erfi, sp.atan, sp.sinh, sp.sign)
_POSITIVE = (sp.exp, sp.cosh, sp.sech, sp.erfc, sp.Heaviside, sp.Abs)
_ZERO = Quadratic(arb(0), arb(0), arb(0))
_ONE = Term.constant(arb(1))
_HALF = Term.constant(arb(1) / 2)

_Answer = TypeVar("_Answer")


def _remembered(rule: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """Each question is answered once for a half line."""

    @wraps(rule)
    def answer(line: HalfLine, *question: object) -> _Answer:
        key = (rule.__name__, *question)
        if key not in line.known:
            line.known[key] = rule(line, *question)
        return line.known[key]  # type: ignore[return-value]  # the key holds the rule's name

    return answer


@dataclass(frozen=True)
class HalfLine:
    """variable = direction * t for t >= start >= 0, with direction 1 or -1, and what has been proven there."""

    variable: sp.Symbol
    direction: int
    start: sp.Rational
    known: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False)

    @_remembered
    def upper(self, u: sp.Expr) -> tuple[Term, ...]:
        """Terms with |u| <= their sum. Raises NotCertified and names the part that has no bound."""
        if not u.has(self.variable):
            return constant_term(self._number(u).abs_upper())
        if polynomial := self._polynomial(u):
            return term_above(polynomial[1])
        if complement := _complement(u):
            return product(self.upper(complement[0]), self._upper_of_erfc(complement[1]))
        if isinstance(u, sp.Add):
            return tuple(term for part in self._parts(u) for term in self.upper(part))
        if isinstance(u, sp.Mul):
            exponents = [factor.exp for factor in u.args if isinstance(factor, sp.exp)]
            factors = [factor for factor in u.args if not isinstance(factor, sp.exp)]
            terms: tuple[Term, ...] = (self._exponential(sp.Add(*exponents), 1),) if exponents else (_ONE,)
            for factor in factors:
                terms = product(terms, self.upper(factor))
            return terms
        if isinstance(u, sp.Pow):
            return self._upper_of_power(u)
        if isinstance(u, sp.exp):
            return (self._exponential(u.exp, 1),)
        if isinstance(u, sp.log):
            return self._upper_of_logarithm(u)
        if isinstance(u, sp.sinh | sp.cosh):
            return _HALF * self._exponential(u.args[0], 1), _HALF * self._exponential(u.args[0], -1)
        if isinstance(u, sp.erfc):
            return self._upper_of_erfc(u.args[0])
        if isinstance(u, sp.erfi):
            # |erfi(v)| <= 2/sqrt(pi) |v| exp(v^2)
            return product(self.upper(u.args[0]), (self._exponential(u.args[0] ** 2, 1) * Term.constant(arb(9) / 8),))
        if isinstance(u, sp.Abs):
            return self.upper(u.args[0])
        if isinstance(u, sp.Max | sp.Min):
            return tuple(term for part in u.args for term in self.upper(part))
        if isinstance(u, sp.Piecewise):
            return tuple(term for part, _ in u.args for term in self.upper(part))
        if isinstance(u, sp.besselj) and self._is_bounded_bessel(u):
            return constant_term(arb(1))
        for kind, bound in _BOUNDED.items():
            if isinstance(u, kind):
                return constant_term(arb(int(bound)))
        raise NotCertified(f"no bound of {u.func.__name__} is known in the tail of the law")

    @_remembered
    def lower(self, u: sp.Expr) -> Term | None:
        """A term with |u| >= it > 0, or None."""
        if not u.has(self.variable):
            size = self._number(u).abs_lower()
            return Term.constant(size) if size > 0 else None
        if polynomial := self._polynomial(u):
            found = term_below(*polynomial, self.start)
            return found[1] if found else None
        if complement := _complement(u):
            tail = self._lower_of_erfc(complement[1])
            return Term.constant(self._number(complement[0]).abs_lower()) * tail if tail else None
        if isinstance(u, sp.Add):
            return self._lower_of_sum(u)
        if isinstance(u, sp.Mul):
            factors = [self.lower(factor) for factor in u.args]
            terms = [factor for factor in factors if factor is not None]
            return reduce(mul, terms) if len(terms) == len(factors) else None
        if isinstance(u, sp.Pow) and u.exp.is_Rational:
            if u.exp > 0:
                base = self.lower(u.base)
                return base ** _ball(u.exp) if base else None
            bound = single(self.upper(u.base))
            return bound ** _ball(u.exp) if bound else None
        if isinstance(u, sp.exp):
            falls = self.above(u.exp, -1)
            return falls.exponential.inverse if falls else None
        if isinstance(u, sp.cosh):
            halves = [self.above(u.args[0], sign) for sign in (-1, 1)]
            sides = [half.exponential.inverse * _HALF for half in halves if half is not None]
            return max([_ONE, *sides], key=lambda term: term.rank)
        if isinstance(u, sp.log) and self.sign(u.args[0]) == 1:
            return self._lower_of_logarithm(u.args[0])
        if isinstance(u, sp.erfc):
            return self._lower_of_erfc(u.args[0])
        if isinstance(u, sp.Abs):
            return self.lower(u.args[0])
        return None

    @_remembered
    def above(self, u: sp.Expr, s: int) -> Quadratic | None:
        """A quadratic >= s u, or None."""
        if not u.has(self.variable):
            return Quadratic(s * self._number(u).real, arb(0), arb(0))
        if polynomial := self._polynomial(u):
            return quadratic_above([s * c for c in polynomial[1]])
        if isinstance(u, sp.Add):
            total = _ZERO
            for part in self._parts(u):
                bound = self.above(part, s)
                if bound is None:
                    return None
                total += bound
            return total
        factor, rest = u.as_independent(self.variable, as_Add=False)
        if isinstance(u, sp.Mul) and factor is not sp.S.One:
            size = self._number(factor).real
            if size > 0 or size < 0:
                bound = self.above(rest, s if size > 0 else -s)
                return bound.scaled(abs(size)) if bound else None
        if isinstance(u, sp.log):
            return self._above_logarithm(u.args[0], s)
        if self.sign(u) == -s:
            return _ZERO
        if isinstance(u, sp.Pow) and u.exp == sp.S.Half:
            root = _root_above(self.above(u.base, 1))
            if root is not None:
                return root
        if isinstance(u, sp.Max | sp.Min):
            return _joined(self.above(part, s) for part in u.args)
        if isinstance(u, sp.Piecewise):
            return _joined(self.above(part, s) for part, _ in u.args)
        return self._above_from_terms(u)

    @_remembered
    def sign(self, u: sp.Expr) -> int | None:
        """+1 for u >= 0, -1 for u <= 0 on the whole half line, None if neither is proven."""
        if not u.has(self.variable):
            value = self._number(u).real
            return 1 if value >= 0 else (-1 if value <= 0 else None)
        if u == self.variable:
            return self.direction
        if isinstance(u, _POSITIVE):
            return 1
        if isinstance(u, sp.Pow) and u.exp.is_Integer and u.exp % 2 == 0:
            return 1
        if polynomial := self._polynomial(u):
            for s in (1, -1):
                if all(s * c >= 0 for c in polynomial[1]):
                    return s
            found = term_below(*polynomial, self.start)
            return found[0] if found else None
        if isinstance(u, sp.Mul):
            signs = [self.sign(factor) for factor in u.args]
            known = [sign for sign in signs if sign is not None]
            return sp.prod(known) if len(known) == len(signs) else None
        if isinstance(u, sp.Pow) and u.exp.is_Rational:
            base = self.sign(u.base)
            return base if u.exp.q == 1 or base == 1 else None
        if isinstance(u, _ODD):
            return self.sign(u.args[0])
        if isinstance(u, sp.log) and self.sign(u.args[0]) == 1:
            least = self._least(u.args[0])
            if least is not None and least >= 1:
                return 1
            return 1 if self.sign(u.args[0] - 1) == 1 else None
        if complement := _complement(u):
            return self.sign(complement[0])
        if isinstance(u, sp.Add):
            signs = [self.sign(part) for part in self._parts(u)]
            if signs[0] is not None and signs.count(signs[0]) == len(signs):
                return signs[0]
            for s in (1, -1):
                bound = self.above(u, -s)
                if bound is not None and bound.scaled(arb(-1)).is_nonnegative:
                    return s
            leader = self._leader(u)
            return self.sign(leader[0]) if leader else None
        if isinstance(u, sp.Max | sp.Min):
            signs = [self.sign(part) for part in u.args]
            decisive = 1 if isinstance(u, sp.Max) else -1
            if decisive in signs:
                return decisive
            return -decisive if signs.count(-decisive) == len(signs) else None
        return None

    def _number(self, u: sp.Expr) -> acb:
        value = evaluate(u, {})
        if not value.is_finite():
            raise NotCertified(f"{u} is not a finite number")
        return value

    @_remembered
    def _polynomial(self, u: sp.Expr) -> tuple[sp.Poly, list[arb]] | None:
        """u as a polynomial in t, with its real coefficients from degree 0 upwards."""
        if not u.is_polynomial(self.variable):
            return None
        polynomial = sp.Poly(u, self.variable)
        if self.direction < 0:
            polynomial = polynomial.compose(sp.Poly(-self.variable, self.variable))
        coefficients = [self._number(c) for c in reversed(polynomial.all_coeffs())]
        if not all(c.imag.is_zero() for c in coefficients):
            return None
        return polynomial, [c.real for c in coefficients]

    def _parts(self, u: sp.Add) -> list[sp.Expr]:
        """The terms of a sum, all that form a polynomial taken together."""
        simple = [part for part in u.args if part.is_polynomial(self.variable)]
        rest = [part for part in u.args if not part.is_polynomial(self.variable)]
        return [sp.Add(*simple), *rest] if simple else rest

    def _exponential(self, exponent: sp.Expr, s: int) -> Term:
        """A term above exp(s exponent)."""
        bound = self.above(exponent, s)
        if bound is None:
            raise NotCertified(f"exp({s * exponent}) is not proven to stay under a Gaussian")
        return bound.exponential

    def _above_logarithm(self, v: sp.Expr, s: int) -> Quadratic | None:
        if self.sign(v) != 1:
            return None
        if s == 1:
            term = single(self.upper(v))
            return term.log_above if term else None
        term = self.lower(v)
        return term.log_below.scaled(arb(-1)) if term else None

    def _upper_of_power(self, u: sp.Pow) -> tuple[Term, ...]:
        if not u.base.has(self.variable) and self._number(u.base).real > 0:
            return (self._exponential(u.exp * sp.log(u.base), 1),)
        if not u.exp.is_Rational:
            raise NotCertified(f"no bound of a power with the exponent {u.exp} is known in the tail of the law")
        if u.exp > 0:
            return raised(self.upper(u.base), _ball(u.exp))
        base = self.lower(u.base)
        if base is None:
            raise NotCertified(f"1/({u.base}) is not proven to be bounded in the tail of the law")
        return (base ** _ball(u.exp),)

    def _upper_of_logarithm(self, u: sp.log) -> tuple[Term, ...]:
        """|log v| <= |quadratic above it| + |quadratic below it|."""
        above, below = self.above(u, 1), self.above(u, -1)
        if above is None or below is None:
            raise NotCertified(f"log({u.args[0]}) is not proven to have a positive argument in the tail of the law")
        return polynomial_terms(above) if self.sign(u) == 1 else (*polynomial_terms(above), *polynomial_terms(below))

    def _lower_of_logarithm(self, v: sp.Expr) -> Term | None:
        """log v >= its value at the least v > 1, or log v >= (v - 1)/v for v >= 1."""
        least = self._least(v)
        if least is not None and least > 1:
            return Term.constant(least.log())
        if self.sign(v - 1) != 1:
            return None
        over, bound = self.lower(v - 1), single(self.upper(v))
        return over * bound.inverse if over and bound else None

    def _lower_of_sum(self, u: sp.Add) -> Term | None:
        parts = self._parts(u)
        lowers = [self.lower(part) for part in parts]
        best = max((term for term in lowers if term is not None), key=lambda term: term.rank, default=None)
        signs = {self.sign(part) for part in parts}
        if best is not None and len(signs) == 1 and None not in signs:
            return best
        for s in (1, -1):
            bound = self.above(u, -s)
            if bound is not None and bound.distance_below_zero is not None:
                return bound.distance_below_zero
        leader = self._leader(u)
        return leader[1] * _HALF if leader else None

    def _leader(self, u: sp.Add) -> tuple[sp.Expr, Term] | None:
        """A part of a sum with its lower bound, if all others together are at most half of it from the start on."""
        parts = self._parts(u)
        lowers = [(part, term) for part in parts if (term := self.lower(part)) is not None]
        if not lowers:
            return None
        leader, least = max(lowers, key=lambda found: found[1].rank)
        start = _ball(self.start)
        try:
            rest = [term * least.inverse for part in parts if part != leader for term in self.upper(part)]
        except NotCertified:
            return None
        share = sum((term.at(start) for term in rest), arb(0))
        return (leader, least) if all(term.is_falling(start) for term in rest) and share <= arb(1) / 2 else None

    def _least(self, u: sp.Expr) -> arb | None:
        """A number below |u| on the whole half line, if its lower bound does not fall."""
        term = self.lower(u)
        return term.at(_ball(self.start)) if term is not None and term.inverse.is_falling(arb(0)) else None

    def _upper_of_erfc(self, v: sp.Expr) -> tuple[Term, ...]:
        """erfc(v) <= exp(-v^2) for v >= 0, and <= 2 everywhere."""
        if self.sign(v) != 1:
            return constant_term(arb(2))
        return (self._exponential(v**2, -1),)

    def _lower_of_erfc(self, v: sp.Expr) -> Term | None:
        """erfc(V) >= exp(-V^2)/(sqrt(pi) (1 + V)) for V >= 0 (DLMF 7.8.2), at V = c + b t >= v."""
        bound = self.above(v, 1)
        if bound is None or not bound.a <= 0:
            return None
        c, b = bound.c.max(arb(0)), bound.b.max(arb(0))
        log_c = -(c**2) - (arb.pi().sqrt() * (1 + c.max(b))).log()
        return Term(log_c, arb(-1), -2 * b * c, -(b**2))

    def _is_bounded_bessel(self, u: sp.besselj) -> bool:
        """|J_n(v)| <= 1 on the real line for integer n, and |J_r(v)| <= 1 on v >= 0 for r >= 0 (DLMF 10.14.1)."""
        order, argument = u.args
        return bool(order.is_Integer or (order.is_Rational and order >= 0 and self.sign(argument) == 1))

    def _above_from_terms(self, u: sp.Expr) -> Quadratic | None:
        total = _ZERO
        for term in self.upper(u):
            bound = term.above
            if bound is None:
                return None
            total += bound
        return total


def _complement(u: sp.Expr) -> tuple[sp.Rational, sp.Expr] | None:
    """(c, v) if u = c erfc(v) is written with erf."""
    found = erf_complement(u)
    return (found[0], found[1] * found[2].args[0]) if found else None


def _ball(number: sp.Rational) -> arb:
    return arb(int(number.p)) / int(number.q)


def _root_above(under: Quadratic | None) -> Quadratic | None:
    """sqrt(c + b t + a t^2) <= sqrt(c+) + sqrt(a+) t + b+/(2 sqrt(a)), or sqrt(b+ t) <= b+ + t/4 where a <= 0."""
    if under is None:
        return None
    c, b, a = (part.max(arb(0)).upper() for part in (under.c, under.b, under.a))
    if a.is_zero():
        return Quadratic(c.sqrt() + b, arb(0) if b.is_zero() else arb(1) / 4, arb(0))
    return Quadratic(c.sqrt() + b / (2 * a.sqrt()), a.sqrt(), arb(0))


def _joined(bounds: Iterable[Quadratic | None]) -> Quadratic | None:
    result: Quadratic | None = None
    for bound in bounds:
        if bound is None:
            return None
        result = bound if result is None else result.joined(bound)
    return result

"""Proven bounds of an expression at variable = direction * t, t >= start >= 0, read off its tree at numeric parameters.

For every subexpression u a `HalfLine` knows

    upper(u)       terms with |u| <= their sum          lower(u)    a term with |u| >= it > 0, or None
    above(u, s)    a quadratic >= s u, or None          sign(u)     +1 for u >= 0, -1 for u <= 0, or None

The exponent of an exponential needs `above`, a reciprocal needs `lower`, a logarithm needs both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce, wraps
from operator import mul
from typing import TypeVar

import sympy as sp
from flint import acb, arb

from symbolic.balls import evaluate
from symbolic.enclosing.envelope_polynomial import quadratic_above, term_above, term_below
from symbolic.enclosing.envelope_special import (
    HALF,
    above_from_terms,
    above_logarithm,
    ball_of,
    complement_of,
    difference_of_exponential,
    exponential,
    joined,
    leading_part,
    least_size,
    lower_of_erfc,
    lower_of_logarithm,
    lower_of_sum,
    root_above,
    upper_of_erfc,
    upper_of_erfi,
    upper_of_error_functions,
    upper_of_logarithm,
    upper_of_vanishing,
)
from symbolic.enclosing.envelope_terms import Quadratic, Term, constant_term, product, raised, single
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
        if complement := complement_of(u):
            return product(self.upper(complement[0]), upper_of_erfc(self, complement[1]))
        if isinstance(u, sp.Add):
            far_out = upper_of_error_functions(self, u)
            return far_out or tuple(term for part in self.parts(u) for term in self.upper(part))
        if isinstance(u, sp.Mul):
            exponents = [factor.exp for factor in u.args if isinstance(factor, sp.exp)]
            factors = [factor for factor in u.args if not isinstance(factor, sp.exp)]
            terms: tuple[Term, ...] = (exponential(self, sp.Add(*exponents), 1),) if exponents else (_ONE,)
            for factor in factors:
                terms = product(terms, self.upper(factor))
            return terms
        if isinstance(u, sp.Pow):
            return self._upper_of_power(u)
        if isinstance(u, sp.exp):
            return (exponential(self, u.exp, 1),)
        if isinstance(u, sp.log):
            return upper_of_logarithm(self, u)
        if isinstance(u, sp.sinh | sp.cosh):
            return HALF * exponential(self, u.args[0], 1), HALF * exponential(self, u.args[0], -1)
        if isinstance(u, sp.erfc):
            return upper_of_erfc(self, u.args[0])
        if isinstance(u, sp.erfi):
            return upper_of_erfi(self, u.args[0])
        if isinstance(u, sp.Abs | sp.Max | sp.Min):
            return tuple(term for part in u.args for term in self.upper(part))
        if isinstance(u, sp.Piecewise):
            return tuple(term for part, _ in u.args for term in self.upper(part))
        if vanishing := upper_of_vanishing(self, u):
            return vanishing
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
        if complement := complement_of(u):
            tail = lower_of_erfc(self, complement[1])
            return Term.constant(self._number(complement[0]).abs_lower()) * tail if tail else None
        if isinstance(u, sp.Add):
            return lower_of_sum(self, u)
        if isinstance(u, sp.Mul):
            factors = [self.lower(factor) for factor in u.args]
            terms = [factor for factor in factors if factor is not None]
            return reduce(mul, terms) if len(terms) == len(factors) else None
        if isinstance(u, sp.Pow) and u.exp.is_Rational:
            if u.exp > 0:
                base = self.lower(u.base)
                return base ** ball_of(u.exp) if base else None
            bound = single(self.upper(u.base))
            return bound ** ball_of(u.exp) if bound else None
        if isinstance(u, sp.exp):
            falls = self.above(u.exp, -1)
            return falls.exponential.inverse if falls else None
        if isinstance(u, sp.cosh):
            halves = [self.above(u.args[0], sign) for sign in (-1, 1)]
            sides = [half.exponential.inverse * HALF for half in halves if half is not None]
            return max([_ONE, *sides], key=lambda term: term.rank)
        if isinstance(u, sp.log) and self.sign(u.args[0]) == 1:
            return lower_of_logarithm(self, u.args[0])
        if isinstance(u, sp.erfc):
            return lower_of_erfc(self, u.args[0])
        if isinstance(u, sp.Abs):
            return self.lower(u.args[0])
        return None

    @_remembered
    def above(self, u: sp.Expr, s: int) -> Quadratic | None:
        """A quadratic >= s u, or None."""
        if not u.has(self.variable):
            return Quadratic(s * self._number(u).real, arb(0), arb(0))
        if polynomial := self._polynomial(u):
            return quadratic_above([s * c for c in polynomial[1]], max(1, int(self.start)))
        if isinstance(u, sp.Add):
            total = _ZERO
            for part in self.parts(u):
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
            return above_logarithm(self, u, s)
        if isinstance(u, sp.exp) and s == -1 and self.sign(u.exp) == 1:
            squared = self.above(1 + u.exp + u.exp**2 / 2, -1)  # exp v >= 1 + v + v^2/2 for v >= 0
            if squared is not None:
                return squared
        if self.sign(u) == -s:
            return _ZERO
        if isinstance(u, sp.Pow) and u.exp == sp.S.Half:
            root = root_above(self.above(u.base, 1))
            if root is not None:
                return root
        if isinstance(u, sp.Max | sp.Min):
            return joined(self.above(part, s) for part in u.args)
        if isinstance(u, sp.Piecewise):
            return joined(self.above(part, s) for part, _ in u.args)
        return above_from_terms(self.upper(u))

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
            least = least_size(self, u.args[0])
            if least is not None and least >= 1:
                return 1
            return 1 if self.sign(u.args[0] - 1) == 1 else None
        if complement := complement_of(u):
            return self.sign(complement[0])
        if (difference := difference_of_exponential(u)) and (side := self.sign(difference[1])) is not None:
            return -side if difference[0] > 0 else side
        if isinstance(u, sp.Add):
            signs = [self.sign(part) for part in self.parts(u)]
            if signs[0] is not None and signs.count(signs[0]) == len(signs):
                return signs[0]
            for s in (1, -1):
                bound = self.above(u, -s)
                if bound is not None and bound.scaled(arb(-1)).is_nonnegative:
                    return s
            leader = leading_part(self, u)
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
            raise NotCertified(f"{u} is not real")
        return polynomial, [c.real for c in coefficients]

    def parts(self, u: sp.Add) -> list[sp.Expr]:
        """The terms of a sum, all that form a polynomial taken together."""
        simple = [part for part in u.args if part.is_polynomial(self.variable)]
        rest = [part for part in u.args if not part.is_polynomial(self.variable)]
        return [sp.Add(*simple), *rest] if simple else rest

    def _upper_of_power(self, u: sp.Pow) -> tuple[Term, ...]:
        if not u.base.has(self.variable) and self._number(u.base).real > 0:
            return (exponential(self, u.exp * sp.log(u.base), 1),)
        if not u.exp.is_Rational:
            raise NotCertified(f"no bound of a power with the exponent {u.exp} is known in the tail of the law")
        if u.exp > 0:
            return raised(self.upper(u.base), ball_of(u.exp))
        base = self.lower(u.base)
        if base is None:
            raise NotCertified(f"1/({u.base}) is not proven to be bounded in the tail of the law")
        return (base ** ball_of(u.exp),)

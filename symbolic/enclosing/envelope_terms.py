"""The two shapes in which functions of t >= 0 are bounded, and the proven bound of a tail.

    Term        exp(log_c + b t + a t^2) (1 + t)^n
    Quadratic   c + b t + a t^2

Coefficients are balls that hold the real number meant, so every step rounds outwards. Constants are kept as logarithms
because exp(-x**2) around x = 800 and exp(exp(20)) both have to fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb

__all__ = ["Quadratic", "Term", "constant_term", "log_tail", "polynomial_terms", "product", "raised", "single"]

_MOST_TERMS = 12
_SLOPE = arb(1) / 16


@dataclass(frozen=True)
class Quadratic:
    """c + b t + a t^2."""

    c: arb
    b: arb
    a: arb

    def __add__(self, other: Quadratic) -> Quadratic:
        return Quadratic(self.c + other.c, self.b + other.b, self.a + other.a)

    def scaled(self, factor: arb) -> Quadratic:
        return Quadratic(self.c * factor, self.b * factor, self.a * factor)

    def joined(self, other: Quadratic) -> Quadratic:
        """Above both on t >= 0."""
        return Quadratic(self.c.max(other.c), self.b.max(other.b), self.a.max(other.a))

    @property
    def is_finite(self) -> bool:
        return bool(self.c.is_finite() and self.b.is_finite() and self.a.is_finite())

    @property
    def is_nonnegative(self) -> bool:
        """Proven >= 0 on all of t >= 0."""
        return bool(self.c >= 0 and self.b >= 0 and self.a >= 0)

    @property
    def distance_below_zero(self) -> Term | None:
        """If proven < 0 on all of t >= 0: a constant under its size."""
        return Term.constant(-self.c) if self.c < 0 and self.b <= 0 and self.a <= 0 else None

    @property
    def exponential(self) -> Term:
        return Term(self.c, arb(0), self.b, self.a)


@dataclass(frozen=True)
class Term:
    """exp(log_c + b t + a t^2) (1 + t)^n."""

    log_c: arb
    n: arb
    b: arb
    a: arb

    @classmethod
    def constant(cls, size: arb) -> Term:
        return cls(size.log(), arb(0), arb(0), arb(0))

    def at(self, t: arb) -> arb:
        return (self.log_c + self.n * (1 + t).log() + self.b * t + self.a * t**2).exp()

    def __mul__(self, other: Term) -> Term:
        return Term(self.log_c + other.log_c, self.n + other.n, self.b + other.b, self.a + other.a)

    def __pow__(self, exponent: arb) -> Term:
        return Term(self.log_c * exponent, self.n * exponent, self.b * exponent, self.a * exponent)

    @property
    def inverse(self) -> Term:
        return self ** arb(-1)

    @property
    def rank(self) -> tuple[float, float, float, float]:
        """Orders terms by their growth; only a choice among valid bounds hangs on it."""
        return float(self.a), float(self.b), float(self.n), float(self.log_c)

    @property
    def log_above(self) -> Quadratic:
        """A quadratic above the logarithm: log(1 + t) <= s (1 + t) - 1 - log s for every slope s, and >= 0."""
        if self.n <= 0:
            return Quadratic(self.log_c, self.b, self.a)
        lift = self.n * (_SLOPE - 1 - _SLOPE.log())
        return Quadratic(self.log_c + lift, self.b + self.n * _SLOPE, self.a)

    @property
    def log_below(self) -> Quadratic:
        """A quadratic below the logarithm."""
        return self.inverse.log_above.scaled(arb(-1))

    @property
    def above(self) -> Quadratic | None:
        """A quadratic above the term itself, if it grows no faster than t^2."""
        log_c = self.log_c
        if not (self.b <= 0 and self.a <= 0):
            if not self.a < 0:
                return None
            log_c -= self.b**2 / (4 * self.a)  # the highest point of b t + a t^2
        c = log_c.exp()
        if not c.is_finite():
            return None
        if self.n <= 0:
            return Quadratic(c, arb(0), arb(0))
        if self.n <= 1:
            return Quadratic(c, c, arb(0))
        return Quadratic(c, 2 * c, c) if self.n <= 2 else None

    def _rate(self, start: arb) -> arb:
        """r with d/dt log(term) <= -r for all t >= start, where a <= 0."""
        return -(self.n.max(arb(0)) / (1 + start) + self.b + 2 * self.a * start)

    def is_falling(self, start: arb) -> bool:
        """Proven not to grow on t >= start."""
        return bool(self.a <= 0 and self._rate(start) >= 0)

    def log_tail(self, start: arb) -> arb | None:
        """log of a bound of int_start^oo of the term, or None if this start proves nothing.

        For n >= 0 and a <= 0 the exponent g(t) = log_c + n log(1 + t) + b t + a t^2 is concave, so it lies under its
        tangent at the start: g(t) <= g(T) - r (t - T) with r = -g'(T) = -(n/(1 + T) + b + 2 a T). If r > 0, the
        integral is at most exp(g(T))/r. For n < 0, (1 + t)^n <= (1 + T)^n is a constant, and the same holds with
        r = -(b + 2 a T).
        """
        rate = self._rate(start)
        if not (self.a <= 0 and rate > 0):
            return None
        height = self.log_c + self.n * (1 + start).log() + self.b * start + self.a * start**2
        return height - rate.log()


def constant_term(bound: arb) -> tuple[Term, ...]:
    """A bound >= 0 as terms; zero has none."""
    return () if bound.is_zero() else (Term.constant(bound),)


def polynomial_terms(quadratic: Quadratic) -> tuple[Term, ...]:
    """|c + b t + a t^2| <= |c| + |b| t + |a| t^2."""
    parts = ((quadratic.c, 0), (quadratic.b, 1), (quadratic.a, 2))
    return tuple(
        Term(size.log(), arb(degree), arb(0), arb(0))
        for part, degree in parts
        if not (size := part.abs_upper()).is_zero()
    )


def single(terms: Sequence[Term]) -> Term | None:
    """One term above the sum of several on t >= 0: the greatest of each coefficient. None for the empty sum."""
    if not terms:
        return None
    if len(terms) == 1:
        return terms[0]
    log_c, n, b, a = terms[0].log_c, terms[0].n, terms[0].b, terms[0].a
    for term in terms[1:]:
        log_c, n, b, a = log_c.max(term.log_c), n.max(term.n), b.max(term.b), a.max(term.a)
    return Term(log_c + arb(len(terms)).log(), n, b, a)


def product(left: Sequence[Term], right: Sequence[Term]) -> tuple[Term, ...]:
    """A bound of the product of two sums."""
    if not left or not right:
        return ()
    if len(left) * len(right) > _MOST_TERMS:
        left, right = _fewer(left), _fewer(right)
    return tuple(one * other for one in left for other in right)


def raised(terms: Sequence[Term], exponent: arb) -> tuple[Term, ...]:
    """(sum of k terms)^p <= k^max(p - 1, 0) (sum of their powers): the power mean for p >= 1, else subadditivity."""
    spread = (exponent - 1).max(arb(0)) * arb(max(len(terms), 1)).log()
    powers = (term**exponent for term in terms)
    return tuple(Term(term.log_c + spread, term.n, term.b, term.a) for term in powers)


def log_tail(terms: Sequence[Term], start: arb) -> arb | None:
    """log of a bound of int_start^oo of the sum; -oo for no terms, None if nothing is proven from this start on."""
    bounds = [term.log_tail(start) for term in terms]
    if not bounds:
        return arb.neg_inf()
    total = arb.neg_inf()
    for bound in bounds:
        if bound is None:
            return None
        total = total.max(bound)
    return total + arb(len(bounds)).log()


def _fewer(terms: Sequence[Term]) -> tuple[Term, ...]:
    merged = single(terms)
    return () if merged is None else (merged,)

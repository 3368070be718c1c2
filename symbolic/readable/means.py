"""Long polynomials in the letters of sums, such as m = mu + b sigma^2 and q = 1 + 2 k sigma^2, not multiplied out.

A moment of a normal law is short in its mean and variance, and long in the symbols of which those are made.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq, fmpq_mpoly

from symbolic.readable.expansion import Relations
from symbolic.readable.laurent import Exponents, Laurent

__all__ = ["in_sums"]


def in_sums(relations: Relations, laurent: Laurent) -> list[Laurent]:
    """One polynomial for each combination of roots in lowest powers, with few terms and none of them 0."""
    parts = []
    for roots, terms in relations.by_roots(laurent).items():
        nonzero = {exponents: value for exponents, value in terms.items() if value != 0}
        if nonzero and not _is_zero(nonzero, relations):
            part = relations.ring.laurent(nonzero)
            front = tuple(own + root for own, root in zip(part.shift, roots, strict=True))
            best = min(_forms(Laurent(relations.ring, front, part.polynomial), relations), key=_terms)
            parts.append(best.tight())
    return parts


def _terms(laurent: Laurent) -> int:
    return len(laurent.polynomial)


def _is_zero(terms: dict[Exponents, fmpq], relations: Relations) -> bool:
    """Told at a point; what is 0 there, which is seldom unless it is 0 everywhere, is multiplied out."""
    if relations.ring.laurent(terms).polynomial(*relations.point) != 0:
        return False
    return not relations.over_common_sums((0,) * relations.ring.size, terms)


def _forms(laurent: Laurent, relations: Relations) -> Iterator[Laurent]:
    """As it is, and without a letter that is linear in a mean: mu = d + k with d for mu - k."""
    yield laurent
    letters = relations.ring.context.gens()
    degrees = laurent.polynomial.degrees()
    for place in relations.means:
        mean = relations.sums[place]
        for own, degree in enumerate(mean.degrees()):
            slope = mean.derivative(own)
            if degree == 1 and slope.is_constant() and degrees[own] and degrees[place] and laurent.shift[own] == 0:
                other = (letters[place] - mean) / slope.leading_coefficient() + letters[own]
                yield Laurent(laurent.ring, laurent.shift, _with(laurent.polynomial, own, other))


def _with(polynomial: fmpq_mpoly, place: int, other: fmpq_mpoly) -> fmpq_mpoly:
    """The polynomial with another one for a letter."""
    letters = list(polynomial.context().gens())
    letters[place] = other
    return polynomial.compose(*letters)

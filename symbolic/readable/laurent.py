"""Polynomials in letters and their inverses: a monomial, with exponents of either sign, times a polynomial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symbolic.errors import NotInClass
from symbolic.readable.waves import Linear

__all__ = ["Exponents", "Laurent", "Ring", "TooLong"]

Exponents = tuple[int, ...]
MOST_PRODUCTS = 5_000_000  # of two terms: a second at most, in which nothing can stop it
MOST_TERMS = 300_000  # what is longer is of no use to anybody


class TooLong(NotInClass):
    """What cannot be multiplied out in a reasonable time and memory."""


@dataclass(frozen=True)
class Ring:
    """Polynomials over the rationals in numbered letters."""

    size: int
    context: fmpq_mpoly_ctx

    @staticmethod
    def of(size: int) -> Ring:
        return Ring(size, fmpq_mpoly_ctx.get([f"x{place}" for place in range(size)], Ordering.lex))

    def polynomial(self, terms: Mapping[Exponents, fmpq]) -> fmpq_mpoly:
        return self.context.from_dict(terms)

    def laurent(self, terms: Mapping[Exponents, fmpq]) -> Laurent:
        """The sum of the terms, whose exponents may be negative; there must be one."""
        shift = tuple(map(min, zip(*terms, strict=True)))
        if not any(shift):
            return Laurent(self, shift, self.polynomial(terms))
        return Laurent(self, shift, self.polynomial({_difference(e, shift): value for e, value in terms.items()}))

    def of_linear(self, linear: Linear) -> Laurent:
        """A sum of monomials."""
        terms = {}
        for monomial, value in linear:
            exponents = [0] * self.size
            for place, power in monomial:
                exponents[place] = power
            terms[tuple(exponents)] = value
        return self.laurent(terms) if terms else self.constant(fmpq(0))

    def constant(self, value: fmpq) -> Laurent:
        return Laurent(self, (0,) * self.size, self.context.constant(value))

    def monomial(self, exponents: Exponents) -> fmpq_mpoly:
        return self.context.term(exp_vec=exponents)


@dataclass(frozen=True)
class Laurent:
    """letters^shift * polynomial."""

    ring: Ring
    shift: Exponents
    polynomial: fmpq_mpoly

    def __add__(self, other: Laurent) -> Laurent:
        if self.shift == other.shift:
            return Laurent(self.ring, self.shift, self.polynomial + other.polynomial)
        shift = tuple(map(min, self.shift, other.shift))
        return Laurent(self.ring, shift, self._above(shift) + other._above(shift))

    def __mul__(self, other: Laurent) -> Laurent:
        shift = tuple(a + b for a, b in zip(self.shift, other.shift, strict=True))
        return Laurent(self.ring, shift, _product(self.polynomial, other.polynomial))

    def __pow__(self, power: int) -> Laurent:
        """By squares, so that no step is too long."""
        result, square = self.ring.context.constant(1), self.polynomial
        for place in range(power.bit_length()):
            if place:
                square = _product(square, square)
            if power >> place & 1:
                result = _product(result, square)
        return Laurent(self.ring, tuple(power * e for e in self.shift), result)

    def __bool__(self) -> bool:
        return bool(self.polynomial)

    def times(self, polynomial: fmpq_mpoly) -> Laurent:
        return Laurent(self.ring, self.shift, _product(self.polynomial, polynomial))

    def scaled(self, factor: fmpq) -> Laurent:
        return Laurent(self.ring, self.shift, factor * self.polynomial)

    def terms(self) -> dict[Exponents, fmpq]:
        """The coefficients by exponents, negative ones included."""
        if not any(self.shift):
            return self.polynomial.to_dict()
        return {_total(e, self.shift): value for e, value in self.polynomial.to_dict().items()}

    def derivative(self, place: int) -> Laurent:
        """d/d letter."""
        polynomial, power = self.polynomial.derivative(place), self.shift[place]
        if power == 0:
            return Laurent(self.ring, self.shift, polynomial)
        shift = (*self.shift[:place], power - 1, *self.shift[place + 1 :])
        return Laurent(self.ring, shift, self.ring.context.gen(place) * polynomial + power * self.polynomial)

    def in_ring(self, ring: Ring) -> Laurent:
        """The same in a ring with more letters, behind those of this one."""
        more = (0,) * (ring.size - self.ring.size)
        if not more:
            return self
        terms = {(*exponents, *more): value for exponents, value in self.polynomial.to_dict().items()}
        return Laurent(ring, (*self.shift, *more), ring.polynomial(terms))

    def tight(self) -> Laurent:
        """The same with every letter that divides the polynomial moved to the front."""
        common = self.polynomial.term_content()
        (exponents,) = common.monoms()
        if not any(exponents):
            return self
        return Laurent(self.ring, _total(self.shift, exponents), self.polynomial / self.ring.monomial(exponents))

    def _above(self, shift: Exponents) -> fmpq_mpoly:
        """The polynomial that stands behind another monomial, no higher than this one's."""
        if shift == self.shift:
            return self.polynomial
        return self.polynomial * self.ring.monomial(_difference(self.shift, shift))


def _product(left: fmpq_mpoly, right: fmpq_mpoly) -> fmpq_mpoly:
    if len(left) * len(right) <= MOST_PRODUCTS:
        product = left * right
        if len(product) <= MOST_TERMS:
            return product
    raise TooLong(f"a product of sums of {len(left)} and of {len(right)} terms is too long to be multiplied out")


def _total(left: Exponents, right: Exponents) -> Exponents:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _difference(left: Exponents, right: Exponents) -> Exponents:
    return tuple(a - b for a, b in zip(left, right, strict=True))

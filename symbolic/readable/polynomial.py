"""One polynomial in its shortest form: factored, or in powers of a shifted letter such as mu - k, or as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly

from symbolic.readable.forms import UNIT, Flat, Form, Letter, Product, product, shortest, total
from symbolic.readable.laurent import Exponents, Ring
from symbolic.readable.terms import Alphabet

__all__ = ["LARGEST_DEGREE", "Core", "Script", "content"]

LONG = 60  # of more terms than this, only factors are looked for
LARGEST_DEGREE = 100  # of a higher degree, not even those


def content(coefficients: Sequence[fmpq]) -> fmpq:
    """The positive rational that leaves integers without a common divisor."""
    return fmpq(gcd(*(int(c.p) for c in coefficients)), lcm(*(int(c.q) for c in coefficients)))


@dataclass(frozen=True, eq=False)
class Script:
    """How the letters of a ring are written.

    `roots` says of which letter a letter is the root, and of what order. The `special` letters are functions and
    kept sums: terms are grouped by them as they are by waves.
    """

    ring: Ring
    letters: tuple[Letter, ...]
    roots: dict[int, tuple[int, int]]
    special: tuple[int, ...]

    @staticmethod
    def of(alphabet: Alphabet) -> Script:
        roots = {place: (root.base, root.order) for place, root in alphabet.roots.items() if root.base is not None}
        special = tuple(
            place
            for letter, place in alphabet.letters.items()
            if letter.free_symbols
            and not letter.is_Symbol
            and place not in alphabet.roots
            and place not in alphabet.sums
        )
        return Script(Ring.of(len(alphabet.letters)), tuple(map(Letter, alphabet.letters)), roots, special)

    def monomial(self, exponents: Exponents) -> list[tuple[Form, fmpq]]:
        powers = {place: fmpq(power) for place, power in enumerate(exponents) if power}
        for place, (base, order) in self.roots.items():
            if place in powers:
                powers[base] = powers.get(base, fmpq(0)) + powers.pop(place) / order
        return [(self.letters[place], power) for place, power in powers.items() if power != 0]

    def flat(self, polynomial: fmpq_mpoly) -> Product:
        return product(UNIT, [(Flat(polynomial, self.letters), UNIT)])


@dataclass(frozen=True, eq=False)
class Core:
    """A polynomial with integer coefficients that no number and no letter divides."""

    polynomial: fmpq_mpoly
    script: Script

    @cached_property
    def shortest(self) -> Product:
        if self.polynomial.is_one():
            return Product(UNIT, ())
        return _factored(self.polynomial, self._unfactored)

    def _unfactored(self, polynomial: fmpq_mpoly) -> Product:
        flat = self.script.flat(polynomial)
        if len(polynomial) > LONG:
            return shortest([flat, *self._by_long_letters(polynomial)])
        if len(polynomial) < 4:
            return flat
        shifted = [
            form
            for place, degree in enumerate(polynomial.degrees())
            if 1 < degree < LARGEST_DEGREE and self.script.letters[place].expression.is_Symbol
            for form in self._shifted(polynomial, place, degree)
        ]
        return shortest([flat, *shifted])

    def _shifted(self, polynomial: fmpq_mpoly, place: int, degree: int) -> list[Product]:
        """In powers of d = x + t, the t that takes away the power next to the highest, if that has fewer terms."""
        by_power = self._by_power(polynomial, place)
        if degree - 1 not in by_power:
            return []
        shift, _ = divmod(by_power[degree - 1], degree * by_power[degree])
        number = shift.to_dict().get((0,) * self.script.ring.size, 0)
        shifts = [shift, shift - number] if number else [shift]
        return [form for shift in shifts if shift for form in self._in_powers(polynomial, place, shift)]

    def _in_powers(self, polynomial: fmpq_mpoly, place: int, shift: fmpq_mpoly) -> list[Product]:
        """In powers of d = x + shift; and again with what is linear in d multiplied out."""
        letters = list(self.script.ring.context.gens())
        x = letters[place]
        letters[place] = x - shift
        moved = polynomial.compose(*letters)
        if len(moved) >= len(polynomial):
            return []
        front = content(moved.coeffs())
        parts = self._by_power(moved / front, place)
        d = Flat(x + shift, self.script.letters)
        summands = {power: self._part(part) * Product(UNIT, ((d, fmpq(power)),)) for power, part in parts.items()}
        if 0 in parts:
            summands[0] = self._part(parts[0])
        forms = [total(summands.values())] if len(summands) > 1 else []
        high = [summand for power, summand in summands.items() if power > 1]
        if high and len(high) < len(summands):
            letters[place] = x + shift
            linear = sum((part * x**power for power, part in parts.items() if power < 2), start=0 * x)
            forms.append(total([*high, self.script.flat(linear.compose(*letters))]))
        return [product(front, [(form, UNIT)]) for form in forms]

    def _part(self, polynomial: fmpq_mpoly) -> Product:
        """A coefficient of such a power."""
        common = polynomial.term_content()
        (exponents,) = common.monoms()
        number = content(polynomial.coeffs())
        front = product(number, self.script.monomial(exponents))
        rest = polynomial / common / number
        return front if rest.is_one() else front * _factored(rest, self.script.flat)

    def _by_long_letters(self, polynomial: fmpq_mpoly) -> list[Product]:
        """In powers of the letters that are sums themselves, each product of powers written once."""
        letters = self.script.letters
        long = [place for place, degree in enumerate(polynomial.degrees()) if degree and letters[place].operations]
        parts: dict[Exponents, dict[Exponents, fmpq]] = {}
        for exponents, value in polynomial.to_dict().items():
            powers = tuple(power if place in long else 0 for place, power in enumerate(exponents))
            rest = tuple(0 if place in long else power for place, power in enumerate(exponents))
            parts.setdefault(powers, {})[rest] = value
        if not 1 < len(parts) < len(polynomial):
            return []
        summands = (
            product(UNIT, self.script.monomial(powers)) * self._part(self.script.ring.polynomial(terms))
            for powers, terms in parts.items()
        )
        return [product(UNIT, [(total(summands), UNIT)])]

    def _by_power(self, polynomial: fmpq_mpoly, place: int) -> dict[int, fmpq_mpoly]:
        """The coefficients of the powers of one letter."""
        parts: dict[int, dict[Exponents, fmpq]] = {}
        for exponents, value in polynomial.to_dict().items():
            rest = (*exponents[:place], 0, *exponents[place + 1 :])
            parts.setdefault(exponents[place], {})[rest] = value
        return {power: self.script.ring.polynomial(terms) for power, terms in parts.items()}


def _factored(polynomial: fmpq_mpoly, write: Callable[[fmpq_mpoly], Product]) -> Product:
    """The factors, or the polynomial, each as `write` writes it: whichever is shorter."""
    if max(polynomial.degrees()) > LARGEST_DEGREE:
        return write(polynomial)
    constant, factors = polynomial.factor()
    if sum(power for _, power in factors) < 2:
        return write(polynomial)
    result = Product(constant, ())
    for factor, power in _merged(factors):
        result *= write(factor) ** power
    if len(factors) == 1 and factors[0][0].total_degree() == 1:
        return result  # a power of a sum of letters: nothing is shorter
    return result if len(polynomial) > LONG else shortest([result, write(polynomial)])


def _merged(factors: Sequence[tuple[fmpq_mpoly, int]]) -> list[tuple[fmpq_mpoly, int]]:
    """The factors, with two of them multiplied where that is shorter: x^2 - 1 for (x - 1) (x + 1)."""
    waiting, done = list(factors), list[tuple[fmpq_mpoly, int]]()
    while waiting:
        factor, power = waiting.pop(0)
        for place, (other, its_power) in enumerate(waiting):
            if power == its_power and len(factor) == len(other) == len(factor * other) == 2:
                waiting[place] = (factor * other, power)
                break
        else:
            done.append((factor, power))
    return done

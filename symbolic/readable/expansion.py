"""Terms multiplied out: one polynomial for each wave, with roots and denominators in their lowest powers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import comb, prod

from flint import fmpq, fmpq_mpoly

from symbolic.readable.laurent import Exponents, Laurent, Ring
from symbolic.readable.terms import Alphabet, Root, Sum, Term
from symbolic.readable.waves import ONE, Linear, Monomial, Wave, as_linear, circular, times

__all__ = ["Element", "Relations", "add", "element_of", "expanded", "multiplied_out", "power_of", "times_element"]

Element = dict[Wave, Laurent]


def expanded(terms: Sum, alphabet: Alphabet) -> list[tuple[Wave, Laurent]]:
    """The sum with one polynomial for each wave; a wave comes more than once with different roots in front of it."""
    ring = Ring.of(len(alphabet.letters))
    element = element_of(terms, ring)
    if alphabet.roots or alphabet.sums:
        relations = Relations.of(alphabet, ring)
        return [(wave, reduced) for wave, laurent in element.items() for reduced in relations.applied(laurent)]
    return [(wave, laurent.tight()) for wave, laurent in element.items()]


def multiplied_out(terms: Sum) -> Linear:
    """A sum of terms without waves, as a sum of monomials."""

    def product(left: dict[Monomial, fmpq], right: dict[Monomial, fmpq]) -> dict[Monomial, fmpq]:
        total: dict[Monomial, fmpq] = {}
        for first, a in left.items():
            for second, b in right.items():
                powers = dict(first)
                for place, power in second:
                    powers[place] = powers.get(place, 0) + power
                key = tuple(sorted((place, power) for place, power in powers.items() if power))
                total[key] = total.get(key, fmpq(0)) + a * b
        return total

    def sum_of(terms: Sum) -> dict[Monomial, fmpq]:
        total: dict[Monomial, fmpq] = {}
        for term in terms:
            key = tuple(sorted((place, power) for place, power in term.powers.items() if power))
            value = {key: term.coefficient}
            for factor, power in term.factors:
                inside = sum_of(factor)
                for _ in range(power):
                    value = product(value, inside)
            for monomial, coefficient in value.items():
                total[monomial] = total.get(monomial, fmpq(0)) + coefficient
        return total

    return as_linear(sum_of(terms))


def element_of(terms: Sum, ring: Ring) -> Element:
    plain: dict[Linear, dict[Exponents, fmpq]] = {}
    products: list[Element] = []
    for term in terms:
        if term.functions or term.factors:
            products.append(_product(term, ring))
        else:
            gathered = plain.setdefault(term.exponent, {})
            exponents = _dense(term.powers, ring.size)
            gathered[exponents] = gathered.get(exponents, fmpq(0)) + term.coefficient
    total: Element = {}
    for exponent, monomials in plain.items():
        nonzero = {exponents: value for exponents, value in monomials.items() if value != 0}
        if nonzero:
            total[Wave(exponent)] = ring.laurent(nonzero)
    for product in products:
        add(total, product.items())
    return total


def _product(term: Term, ring: Ring) -> Element:
    value: Element = {}
    if term.coefficient != 0:
        value[Wave(term.exponent)] = ring.laurent({_dense(term.powers, ring.size): term.coefficient})
    for name, angle in term.functions:
        function: Element = {
            Wave((), functions): ring.constant(fmpq(sign)) for sign, functions in circular(name, angle)
        }
        value = times_element(value, function)
    for factor, power in term.factors:
        value = times_element(value, power_of(element_of(factor, ring), power, ring))
    return value


def power_of(base: Element, power: int, ring: Ring) -> Element:
    if len(base) == 1:
        ((wave, laurent),) = base.items()
        if wave == ONE:
            return {ONE: laurent**power}
    result: Element = {ONE: ring.constant(fmpq(1))}
    for _ in range(power):
        result = times_element(result, base)
    return result


def times_element(left: Element, right: Element) -> Element:
    total: Element = {}
    for first, a in left.items():
        for second, b in right.items():
            product = a * b
            add(total, ((wave, product.scaled(factor)) for factor, wave in times(first, second)))
    return total


def add(total: Element, summands: Iterable[tuple[Wave, Laurent]]) -> None:
    for wave, laurent in summands:
        value = total[wave] + laurent if wave in total else laurent
        if value:
            total[wave] = value
        else:
            total.pop(wave, None)


def _dense(powers: dict[int, int], size: int) -> Exponents:
    exponents = [0] * size
    for place, power in powers.items():
        exponents[place] = power
    return tuple(exponents)


@dataclass(frozen=True)
class Relations:
    """root^order = base, and a sum below a fraction line is the letter that stands for it."""

    ring: Ring
    roots: dict[int, Root]
    sums: dict[int, fmpq_mpoly]
    means: frozenset[int] = frozenset()

    @staticmethod
    def of(alphabet: Alphabet, ring: Ring) -> Relations:
        sums = {}
        for place, terms in alphabet.sums.items():
            element = element_of(terms, ring)
            if element.keys() == {ONE} and min(element[ONE].shift) >= 0:
                sums[place] = element[ONE].polynomial * ring.monomial(element[ONE].shift)
        return Relations(ring, alphabet.roots, sums, frozenset(alphabet.means))

    @cached_property
    def point(self) -> tuple[fmpq, ...]:
        """A value for every letter, that of a sum the value of the sum."""
        values = [fmpq(2 * place + 3) for place in range(self.ring.size)]
        before: list[fmpq] = []
        while values != before:  # a sum may hold others
            before = list(values)
            for place, polynomial in self.sums.items():
                values[place] = polynomial(*values)
        return tuple(values)

    def applied(self, laurent: Laurent) -> list[Laurent]:
        """One polynomial for each combination of roots in lowest powers."""
        parts = (self.over_common_sums(roots, terms) for roots, terms in self.by_roots(laurent).items())
        return [part for part in parts if part]

    def most_terms(self, laurent: Laurent) -> int:
        """A bound for the number of terms that there are when the powers of sums are multiplied out."""
        exponents = list(laurent.terms())
        lowest = self._lowest(exponents)
        more = {place: len(self.sums[place]) - 1 for place in lowest}
        return sum(
            prod(comb(powers[place] - low + more[place], more[place]) for place, low in lowest.items())
            for powers in exponents
        )

    def _lowest(self, exponents: Iterable[Exponents]) -> dict[int, int]:
        """The power of each sum that is not multiplied out; of a mean, none above the fraction line."""
        columns = list(zip(*exponents, strict=True))
        return {place: min(*columns[place], 0) if place in self.means else min(columns[place]) for place in self.sums}

    def by_roots(self, laurent: Laurent) -> dict[Exponents, dict[Exponents, fmpq]]:
        """What stands with each combination of roots, each root below its order."""
        by_roots: dict[Exponents, dict[Exponents, fmpq]] = {}
        for exponents, value in laurent.terms().items():
            roots, number, lowered = self._lowered(exponents)
            gathered = by_roots.setdefault(roots, {})
            gathered[lowered] = gathered.get(lowered, fmpq(0)) + value * number
        return by_roots

    def _lowered(self, exponents: Exponents) -> tuple[Exponents, fmpq, Exponents]:
        """The powers of roots, each below its order; a number; and the exponents of the other letters."""
        lowered, roots, number = list(exponents), [0] * self.ring.size, fmpq(1)
        for place, root in self.roots.items():
            wholes, roots[place] = divmod(lowered[place], root.order)
            lowered[place] = 0
            if root.base is None:
                number *= root.value**wholes
            else:
                lowered[root.base] += wholes
        return tuple(roots), number, tuple(lowered)

    def over_common_sums(self, roots: Exponents, terms: dict[Exponents, fmpq]) -> Laurent:
        """Every sum below a fraction line in its lowest power, cancelled against the polynomial where it divides it."""
        lowest = self._lowest(terms)
        by_powers: dict[Exponents, dict[Exponents, fmpq]] = {}
        for exponents, value in terms.items():
            rest = tuple(0 if place in lowest else power for place, power in enumerate(exponents))
            powers = tuple(exponents[place] - low for place, low in lowest.items())
            by_powers.setdefault(powers, {})[rest] = value
        total = self.ring.constant(fmpq(0))
        for powers, part in by_powers.items():
            summand = self.ring.laurent(part)
            for place, power in zip(lowest, powers, strict=True):
                summand = summand.times(self.sums[place] ** power)
            total = total + summand if total else summand
        shift, polynomial = list(total.shift), total.polynomial
        for place, low in lowest.items():
            shift[place] += low
            while polynomial and not (place in self.means and low == 0) and not polynomial % self.sums[place]:
                polynomial /= self.sums[place]
                shift[place] += 1
        front = tuple(power + root for power, root in zip(shift, roots, strict=True))
        return Laurent(self.ring, front, polynomial).tight() if polynomial else total

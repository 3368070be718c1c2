"""A closed form as the algebra keeps it: waves exp(A) cos(B), each with a polynomial in letters in front.

It is differentiated as it stands, letter by letter, and becomes a SymPy expression only when one is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import sympy as sp
from flint import fmpq

from symbolic.derivative import derivative
from symbolic.readable.choice import LONG, readable, shorter
from symbolic.readable.expansion import Element, Relations, add, element_of, times_element
from symbolic.readable.forms import UNIT, Product, product, shortest, total
from symbolic.readable.groups import folded, groups
from symbolic.readable.laurent import Laurent, Ring
from symbolic.readable.means import in_sums
from symbolic.readable.polynomial import Script
from symbolic.readable.reading import parse
from symbolic.readable.terms import Alphabet
from symbolic.readable.waves import Wave
from symbolic.readable.writing import plain, written

__all__ = ["WaveSum"]

MOST_TERMS = 2000  # to be multiplied out, by the bound
MOST_WAVES = 40  # of a difference that is multiplied out
WORTH_ANOTHER_FORM = 100  # operations


@dataclass(frozen=True, eq=False)
class WaveSum:
    """The sum over waves of element[wave] wave, in the letters of the alphabet."""

    alphabet: Alphabet
    element: Element
    difference: tuple[WaveSum, WaveSum] | None = None  # (E g^2, E g), where this is E g^2 - (E g)^2

    @cached_property
    def _relations(self) -> Relations:
        return Relations.of(self.alphabet, Ring.of(len(self.alphabet.letters)))

    @cached_property
    def _reduced(self) -> list[tuple[Wave, Laurent]]:
        return [(wave, part) for wave, laurent in self.element.items() for part in self._relations.applied(laurent)]

    @cached_property
    def expression(self) -> sp.Expr:
        """As it stands, one summand for each wave."""
        script = Script.of(self.alphabet)
        if self._is_long:
            return self._kept_short(script).expression
        return plain([group for wave, laurent in self._reduced for group in groups(wave, laurent, script)], script)

    @cached_property
    def shortest(self) -> sp.Expr:
        """The shortest of a few equivalent forms."""
        script = Script.of(self.alphabet)
        if self._is_long:
            return self._kept_short(script).expression
        gathered = [group for wave, laurent in folded(self._reduced) for group in groups(wave, laurent, script)]
        answer = written(gathered, script)
        if self.alphabet.means and answer.operations > WORTH_ANOTHER_FORM:
            answer = shortest([answer, self._kept_short(script)])
        if self.difference is None or answer.operations > LONG:
            return answer.expression
        second, first = self.difference
        return shorter(second.expression - first.expression**2, answer)

    @cached_property
    def _is_long(self) -> bool:
        """Whether it should not be multiplied out."""
        if self.difference is not None:
            second, first = (len(part.element) for part in self.difference)
            if len(self.element) > max(MOST_WAVES, 2 * (second + first)):
                return True
        if not self.alphabet.means:
            return False
        return sum(self._relations.most_terms(laurent) for laurent in self.element.values()) > MOST_TERMS

    def _kept_short(self, script: Script) -> Product:
        """In powers of means, and with the square of the mean of g as a square."""
        if self.difference is not None:
            second, first = (part._kept_short(script) for part in self.difference)
            if first.coefficient == 0:
                return second
            return product(UNIT, [(total([second, product(-UNIT, ()) * first**2]), UNIT)])
        apart = in_sums if self.alphabet.means else Relations.applied
        parts = [(wave, part) for wave, laurent in self.element.items() for part in apart(self._relations, laurent)]
        return written([group for wave, part in folded(parts) for group in groups(wave, part, script)], script)

    def derivative(self, symbol: sp.Symbol) -> WaveSum:
        """d/d symbol: the sum over letters of the partial derivative times the derivative of the letter."""
        alphabet = self.alphabet.copy()
        moving = [(place, letter) for letter, place in self.alphabet.letters.items() if letter.has(symbol)]
        speeds = [
            (place, parse(derivative(letter, symbol), alphabet, readable, any_power=True)) for place, letter in moving
        ]
        ring = Ring.of(len(alphabet.letters))
        whole = {wave: laurent.in_ring(ring) for wave, laurent in self.element.items()}
        total: Element = {}
        for place, speed in speeds:
            partial: Element = {}
            add(partial, _partial(whole, place))
            add(total, times_element(partial, element_of(speed, ring)).items())
        return WaveSum(alphabet, total)

    def minus_square_of(self, other: WaveSum) -> WaveSum:
        """This minus the square of another sum in the same alphabet."""
        total = dict(self.element)
        square = times_element(other.element, other.element)
        add(total, ((wave, laurent.scaled(fmpq(-1))) for wave, laurent in square.items()))
        return WaveSum(self.alphabet, total, (self, other))


def _partial(element: Element, place: int) -> Iterator[tuple[Wave, Laurent]]:
    """d/d letter, the other letters fixed."""
    for wave, laurent in element.items():
        yield wave, laurent.derivative(place)
        yield wave, laurent * laurent.ring.of_linear(wave.exponent).derivative(place)
        if wave.functions:
            ((name, angle),) = wave.functions
            turned = Wave(wave.exponent, (("sin" if name == "cos" else "cos", angle),))
            sign = fmpq(-1 if name == "cos" else 1)
            yield turned, laurent.scaled(sign) * laurent.ring.of_linear(angle).derivative(place)

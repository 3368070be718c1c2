"""A sum of groups in its shortest form: common factors in front, like waves together, or factored as a whole."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

import sympy as sp
from flint import fmpq, fmpq_mpoly

from symbolic.readable.forms import UNIT, Form, Function, Product, Sum, product, shortest, total
from symbolic.readable.groups import Group, pulled, steps
from symbolic.readable.groups import groups as groups_of
from symbolic.readable.laurent import Exponents, Laurent
from symbolic.readable.polynomial import Core, Script
from symbolic.readable.waves import ONE, Linear, Wave, as_linear

__all__ = ["WORTH_FACTORING", "plain", "written"]

LONGEST_FACTORED = 150  # terms
HIGHEST_FACTORED = 50  # degree
WORTH_FACTORING = 3  # operations: a^2 sigma^2/2 + a mu is the form in which everyone knows it


def written(groups: Sequence[Group], script: Script) -> Product:
    """The sum of the groups in the shortest form that is found."""
    if not groups:
        return Product(fmpq(0), ())
    writer = _Writer(script)
    forms = [writer.sum(groups)]
    if len(groups) > 1 and sum(len(group.core.polynomial) for group in groups) <= LONGEST_FACTORED:
        forms += writer.factored(groups)
    return shortest(forms)


def plain(groups: Sequence[Group], script: Script) -> sp.Expr:
    """The sum of the groups one by one, each with its polynomial as it is."""
    writer = _Writer(script)
    return sp.Add(*((writer.front(group) * script.flat(group.core.polynomial)).expression for group in groups))


@dataclass(frozen=True)
class _Writer:
    script: Script
    functions: dict[Wave, Function] = field(default_factory=dict)  # those that were written before
    waves: dict[Wave, list[tuple[Form, fmpq]]] = field(default_factory=dict)

    def sum(self, groups: Sequence[Group]) -> Product:
        if len(groups) == 1:
            return self.group(groups[0])
        forms: list[Product] = []
        fronts: list[Exponents] = []
        for denominators in (False, True):
            front, rest = pulled(groups, denominators)
            if front.front not in fronts:
                fronts.append(front.front)
                forms.append(self.group(front) * product(UNIT, [(self._added(rest), UNIT)]))
        first = forms[0]
        if first.coefficient == 1 and len(first.factors) == 1:
            return shortest(forms)
        # Of equally short forms, one with a letter in front is preferred, but not one with a number in front.
        plain = product(UNIT, [(self._added(groups), UNIT)])
        return shortest([*forms, plain] if len(first.factors) > 1 else [plain, *forms])

    def _added(self, groups: Sequence[Group]) -> Sum:
        """The groups added up, those of one exponent or of one function taken together if that is shorter."""
        keys: tuple[Callable[[Group], Hashable], ...] = (
            lambda group: Wave(group.wave.exponent),
            lambda group: Wave((), group.wave.functions),
            lambda group: group.special,
        )
        partitions: list[list[list[Group]]] = []
        for key in keys:
            classes: dict[Hashable, list[Group]] = {}
            for group in groups:
                classes.setdefault(key(group), []).append(group)
            partition = list(classes.values())
            if 1 < len(partition) < len(groups) and partition not in partitions:
                partitions.append(partition)
        forms = (total(self.sum(members) for members in partition) for partition in partitions)
        return shortest([total(self.group(group) for group in groups), *forms])

    def group(self, group: Group) -> Product:
        return self.front(group) * group.core.shortest

    def front(self, group: Group) -> Product:
        return product(group.coefficient, [*self.script.monomial(group.front), *self._wave(group.wave)])

    def _wave(self, wave: Wave) -> list[tuple[Form, fmpq]]:
        if wave not in self.waves:
            factors = [("exp", wave.exponent), *wave.functions] if wave.exponent else wave.functions
            self.waves[wave] = [(self._function(name, argument), UNIT) for name, argument in factors]
        return self.waves[wave]

    def _function(self, name: str, argument: Linear) -> Function:
        key = Wave((), ((name, argument),))
        if key not in self.functions:
            self.functions[key] = Function(name, self.argument(argument))
        return self.functions[key]

    def argument(self, linear: Linear) -> Form:
        """A sum of monomials, those of one denominator together over it."""
        by_denominator: dict[Exponents, dict[Exponents, fmpq]] = {}
        for monomial, coefficient in linear:
            top, bottom = [0] * self.script.ring.size, [0] * self.script.ring.size
            for place, power in monomial:
                (top if power > 0 else bottom)[place] = power
            by_denominator.setdefault(tuple(bottom), {})[tuple(top)] = coefficient
        fractions = []
        for denominator, terms in by_denominator.items():
            polynomial = self.script.ring.polynomial(terms)
            short = self.sum(groups_of(ONE, Laurent(self.script.ring, denominator, polynomial), self.script))
            flat = self.script.flat(polynomial)
            expected = not any(denominator) and flat.operations < short.operations + WORTH_FACTORING
            fractions.append(flat if expected else short)
        return fractions[0] if len(fractions) == 1 else total(fractions)

    def factored(self, groups: Sequence[Group]) -> list[Product]:
        """The sum as a polynomial in its letters, exponentials and functions, factored; empty if it is irreducible."""
        step = steps(groups)
        functions = list(dict.fromkeys(function for group in groups for function in group.wave.functions))
        size, turns = self.script.ring.size, self.script.ring.size + len(step)
        ring = self.script.ring.of(turns + len(functions))
        terms: dict[Exponents, fmpq] = {}
        for group in groups:
            exponent = dict(group.wave.exponent)
            turn = tuple(int((exponent.get(monomial, fmpq(0)) / unit).p) for monomial, unit in step.items())
            marks = tuple(int(function in group.wave.functions) for function in functions)
            for exponents, value in group.core.polynomial.to_dict().items():
                key = (*(a + b for a, b in zip(exponents, group.front, strict=True)), *turn, *marks)
                terms[key] = terms.get(key, fmpq(0)) + value * group.coefficient
        whole = ring.laurent(terms)
        if max(whole.polynomial.degrees()) > HIGHEST_FACTORED:
            return []
        constant, factors = whole.polynomial.factor()
        if sum(power for _, power in factors) < 2:
            return []

        def wave_of(key: Exponents) -> Wave:
            exponent = {
                monomial: turn * unit for (monomial, unit), turn in zip(step.items(), key[size:turns], strict=True)
            }
            present = (function for function, mark in zip(functions, key[turns:], strict=True) for _ in range(mark))
            return Wave(as_linear(exponent), tuple(present))

        def groups_in(factor: fmpq_mpoly) -> list[Group]:
            by_wave: dict[Wave, dict[Exponents, fmpq]] = {}
            for key, value in factor.to_dict().items():
                by_wave.setdefault(wave_of(key), {})[key[:size]] = value
            return [
                group
                for wave, part in by_wave.items()
                for group in groups_of(wave, self.script.ring.laurent(part), self.script)
            ]

        one = Core(self.script.ring.context.constant(1), self.script)
        result = self.group(Group(wave_of(whole.shift), constant, whole.shift[:size], one))
        for factor, power in factors:
            result *= self.sum(groups_in(factor)) ** power
        return [_cancelled(result)]


def _cancelled(product: Product) -> Product:
    """A sum against the same sum below the fraction line, where that is a letter because it holds exponentials."""
    below = {form.expression: place for place, (form, power) in enumerate(product.factors) if power < 0}
    pieces = list(product.factors)
    for place, (form, power) in enumerate(product.factors):
        if isinstance(form, Sum) and power > 0 and form.expression in below:
            its_place = below[form.expression]
            pieces[its_place] = (pieces[its_place][0], pieces[its_place][1] + power)
            pieces[place] = (form, fmpq(0))
    return Product(product.coefficient, tuple((form, power) for form, power in pieces if power != 0))

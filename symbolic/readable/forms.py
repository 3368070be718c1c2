"""What can be written, as a tree that knows its length before any of it is written.

The length is the number of operations: every +, -, *, /, power and function counts one, nearly as in SymPy's
count_ops. A candidate that is not chosen never becomes a SymPy expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, cmp_to_key
from typing import TypeVar

import sympy as sp
from flint import fmpq, fmpq_mpoly

__all__ = ["UNIT", "Flat", "Form", "Function", "Letter", "Product", "Sum", "product", "shortest", "total"]

UNIT = fmpq(1)
SPREAD = 3  # terms
FUNCTIONS = {"exp": sp.exp, "cos": sp.cos, "sin": sp.sin, "cosh": sp.cosh, "sinh": sp.sinh}


@dataclass(frozen=True, eq=False)
class Letter:
    """A symbol, or an expression that stands as a whole."""

    expression: sp.Expr

    @cached_property
    def name(self) -> str:
        return str(self.expression)

    @cached_property
    def operations(self) -> int:
        return 0 if self.expression.is_Symbol else int(sp.count_ops(self.expression))


@dataclass(frozen=True, eq=False)
class Flat:
    """A polynomial, written as the sum of its monomials."""

    polynomial: fmpq_mpoly
    letters: tuple[Letter, ...]

    @property
    def size(self) -> int:
        return len(self.polynomial)

    @cached_property
    def minuses(self) -> int:
        return sum(value < 0 for value in self.polynomial.coeffs())

    @cached_property
    def upside_down(self) -> bool:
        """Whether the negative is nicer, where it does as well: k - mu rather than -k + mu."""
        if 2 * self.minuses != self.size:
            return 2 * self.minuses > self.size
        order = sorted(range(len(self.letters)), key=lambda place: self.letters[place].name)
        terms = self.polynomial.to_dict()
        return bool(terms[max(terms, key=lambda exponents: [exponents[place] for place in order])] < 0)

    @cached_property
    def operations(self) -> int:
        total = self.size - 1 + (self.minuses == self.size)
        inside = [(place, letter.operations) for place, letter in enumerate(self.letters) if letter.operations]
        for exponents, value in self.polynomial.to_dict().items():
            powers = len(exponents) - exponents.count(0)
            total += powers - exponents.count(1) + max(powers + (abs(value.p) != 1) - 1, 0) + (value.q != 1)
            total += sum(operations for place, operations in inside if exponents[place])
        return total

    @cached_property
    def expression(self) -> sp.Expr:
        terms = self.polynomial.to_dict().items()
        used = [
            letter.expression for letter, degree in zip(self.letters, self.polynomial.degrees(), strict=True) if degree
        ]
        if not all(letter.is_Symbol or (letter.is_Add and letter.free_symbols) for letter in used):
            return sp.Add(*(sp.Mul(_rational(value), *self._powers(exponents)) for exponents, value in terms))
        # Different monomials in symbols and sums: there is nothing for SymPy to evaluate, and not to let it try is much
        # faster.
        return _joined(sp.Add, [_joined(sp.Mul, [_rational(value), *self._powers(powers)]) for powers, value in terms])

    def _powers(self, exponents: tuple[int, ...]) -> list[sp.Expr]:
        return [
            _power(letter.expression, sp.Integer(power))
            for letter, power in zip(self.letters, exponents, strict=True)
            if power
        ]

    def scaled(self, factor: fmpq) -> Flat:
        return Flat(factor * self.polynomial, self.letters)

    def negated(self) -> Flat:
        return self.scaled(-UNIT)


@dataclass(frozen=True, eq=False)
class Function:
    """A function of one argument."""

    name: str
    argument: Form

    @cached_property
    def operations(self) -> int:
        return 1 + self.argument.operations

    @cached_property
    def expression(self) -> sp.Expr:
        function, argument = FUNCTIONS[self.name], self.argument.expression
        # Of a polynomial in symbols there is nothing for SymPy to evaluate but the sign, and that it does not try is
        # much faster.
        as_it_is = _is_plain(argument) and (function is sp.exp or not argument.could_extract_minus_sign())
        return function(argument, evaluate=not as_it_is)


@dataclass(frozen=True, eq=False)
class Product:
    """coefficient * factors, each to a power."""

    coefficient: fmpq
    factors: tuple[tuple[Form, fmpq], ...]

    @cached_property
    def unsigned(self) -> int:
        """The operations without that of a leading minus."""
        if self._spread is not None:
            return self._spread.operations
        above, below = int(abs(self.coefficient.p) != 1), int(self.coefficient.q != 1)
        inside = 0
        for form, power in self.factors:
            above, below = above + (power > 0), below + (power < 0)
            inside += form.operations + (abs(power) != 1) + (power.q != 1)
        return inside + above + below - (above > 0)

    @property
    def operations(self) -> int:
        return self.unsigned + (self.coefficient < 0 and self._spread is None)

    @cached_property
    def expression(self) -> sp.Expr:
        if self._spread is not None:
            return self._spread.expression
        factors = [_power(form.expression, _rational(power)) for form, power in self.factors]
        coefficient = _rational(self.coefficient)
        if len(factors) == 1 and factors[0].is_Add and abs(coefficient) != 1:
            # SymPy would multiply the number into the sum.
            return sp.Mul(coefficient, *factors, evaluate=False)
        if coefficient != 0 and len(factors) > 1 and _stay_apart(factors):
            return _joined(sp.Mul, [coefficient, *factors])
        return sp.Mul(coefficient, *factors)

    @cached_property
    def _spread(self) -> Flat | None:
        """4 x + 8 y, where that is not longer than 4 (x + 2 y); in a long sum large numbers are better in front."""
        if len(self.factors) != 1 or self.coefficient == 1:
            return None
        ((form, power),) = self.factors
        if power != 1 or not isinstance(form, Flat) or form.size > SPREAD:
            return None
        spread = form.scaled(self.coefficient)
        return spread if spread.operations <= form.operations + (self.coefficient.p != 1) else None

    def __mul__(self, other: Product) -> Product:
        return product(self.coefficient * other.coefficient, self.factors + other.factors)

    def __pow__(self, power: int) -> Product:
        return product(self.coefficient**power, [(form, power * own) for form, own in self.factors])


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum of two or more products."""

    summands: tuple[Product, ...]

    @property
    def size(self) -> int:
        return len(self.summands)

    @cached_property
    def minuses(self) -> int:
        return sum(summand.coefficient < 0 for summand in self.summands)

    @cached_property
    def operations(self) -> int:
        return sum(summand.unsigned for summand in self.summands) + self.size - 1 + (self.minuses == self.size)

    @cached_property
    def expression(self) -> sp.Expr:
        return sp.Add(*(summand.expression for summand in self.summands))

    def negated(self) -> Sum:
        return Sum(tuple(Product(-summand.coefficient, summand.factors) for summand in self.summands))


Form = Letter | Flat | Function | Product | Sum
_SYMPY_ORDER = cmp_to_key(sp.Basic.compare)
AnyForm = TypeVar("AnyForm", bound=Form)


def product(coefficient: fmpq, factors: Sequence[tuple[Form, fmpq]]) -> Product:
    """coefficient * factors. A minus sign goes into the sum that has most of them, if any sum has one."""
    pieces = list(factors)
    for place, (form, power) in enumerate(pieces):
        if not isinstance(form, Flat | Sum) or power.q != 1:
            continue
        even = power.p % 2 == 0
        if form.minuses == form.size or (even and isinstance(form, Flat) and form.upside_down):
            pieces[place] = (form.negated(), power)
            coefficient *= 1 if even else -1
    if coefficient < 0:
        minuses = [form.minuses if isinstance(form, Flat | Sum) and power == 1 else 0 for form, power in pieces]
        if any(minuses):
            _negate(pieces, minuses.index(max(minuses)))
            coefficient = -coefficient
    return Product(coefficient, tuple(pieces))


def total(summands: Iterable[Product]) -> Sum:
    """The sum of two or more products; a product whose own sum has many minuses is subtracted instead."""
    turned = []
    for summand in summands:
        coefficient, pieces = summand.coefficient, list(summand.factors)
        for place, (form, power) in enumerate(pieces):
            if isinstance(form, Flat | Sum) and power == 1 and 2 * form.minuses > form.size:
                _negate(pieces, place)
                coefficient = -coefficient
        turned.append(Product(coefficient, tuple(pieces)))
    return Sum(tuple(turned))


def _negate(pieces: list[tuple[Form, fmpq]], place: int) -> None:
    form, power = pieces[place]
    if isinstance(form, Flat | Sum):
        pieces[place] = (form.negated(), power)


def shortest(forms: Iterable[AnyForm]) -> AnyForm:
    """The form with the fewest operations, the first of equals."""
    return min(forms, key=lambda form: form.operations)


def _joined(operation: type[sp.Add] | type[sp.Mul], parts: Sequence[sp.Expr]) -> sp.Expr:
    """The sum or product that SymPy would make of parts that do not combine, in the order in which it keeps them."""
    arguments = sorted((part for part in parts if part != operation.identity), key=_SYMPY_ORDER)
    if len(arguments) < 2 or any(part.func is operation for part in arguments):
        return operation(*arguments)
    return operation(*arguments, evaluate=False)


def _power(base: sp.Expr, exponent: sp.Rational) -> sp.Expr:
    # SymPy asks whether a term of a sum is infinite, at length, and then leaves the power as it is.
    as_it_is = base.is_Add and exponent not in (0, 1) and base.free_symbols
    return sp.Pow(base, exponent, evaluate=not as_it_is)


def _is_plain(argument: sp.Expr) -> bool:
    """A polynomial in symbols, roots and inverses of such, which is no number."""
    if not argument.free_symbols:
        return False
    waiting = [argument]
    while waiting:
        node = waiting.pop()
        if not (
            node.is_Symbol or node.is_Rational or node.is_Add or node.is_Mul or (node.is_Pow and node.exp.is_Rational)
        ):
            return False
        waiting += node.args
    return True


def _stay_apart(factors: Sequence[sp.Expr]) -> bool:
    """Whether SymPy would leave the product as it is: sums, symbols and functions, none of them twice, one exp."""
    bases = [factor.base if factor.is_Pow and not isinstance(factor, sp.exp) else factor for factor in factors]
    if sum(isinstance(base, sp.exp) for base in bases) > 1 or len(set(bases)) < len(bases):
        return False
    return all(base.is_Add or base.is_Symbol or (base.is_Function and base.args[0].free_symbols) for base in bases)


def _rational(value: fmpq) -> sp.Rational:
    return sp.Rational(int(value.p), int(value.q))

"""Products of exp, cos and sin, multiplied out: a product of two is a sum of single ones.

    exp(A) exp(B) = exp(A + B),   2 cos A cos B = cos(A - B) + cos(A + B),   and so on

An argument is a sum of monomials with rational coefficients; a monomial holds letters by number, with exponents of
either sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

__all__ = ["ONE", "Linear", "Monomial", "Wave", "as_linear", "circular", "linear_sum", "scaled", "times"]

Monomial = tuple[tuple[int, int], ...]  # (letter, exponent), by letter; the empty one is 1
Linear = tuple[tuple[Monomial, fmpq], ...]  # by monomial, no coefficient is 0; the empty one is 0


@dataclass(frozen=True)
class Wave:
    """exp(exponent) times the named functions at their arguments; as read, at most one of cos and sin."""

    exponent: Linear = ()
    functions: tuple[tuple[str, Linear], ...] = ()

    def __hash__(self) -> int:
        return self._mark

    @cached_property
    def _mark(self) -> int:
        # From the numerators: the hash of a fraction is slow.
        arguments = (self.exponent, *(argument for _, argument in self.functions))
        marks = tuple(tuple((monomial, int(value.p)) for monomial, value in argument) for argument in arguments)
        return hash((marks, tuple(name for name, _ in self.functions)))


ONE = Wave()


def as_linear(coefficients: dict[Monomial, fmpq]) -> Linear:
    """The sum in its one order."""
    return tuple(sorted((item for item in coefficients.items() if item[1] != 0), key=lambda item: item[0]))


def linear_sum(parts: Iterable[tuple[int, Linear]]) -> Linear:
    """sum_i n_i A_i."""
    total: dict[Monomial, fmpq] = {}
    for factor, part in parts:
        for monomial, coefficient in part:
            total[monomial] = total.get(monomial, fmpq(0)) + factor * coefficient
    return as_linear(total)


def scaled(linear: Linear, factor: fmpq | int) -> Linear:
    """factor * linear, for a factor that is not 0."""
    return tuple((monomial, coefficient * factor) for monomial, coefficient in linear)


def times(left: Wave, right: Wave) -> list[tuple[fmpq, Wave]]:
    """left * right as a sum of waves with at most one function each."""
    exponent = linear_sum([(1, left.exponent), (1, right.exponent)])
    if not left.functions or not right.functions:
        return [(fmpq(1), Wave(exponent, left.functions or right.functions))]
    ((first, a),), ((second, b),) = left.functions, right.functions
    if (first, second) == ("cos", "sin"):
        first, second, a, b = second, first, b, a
    plus, minus = linear_sum([(1, a), (1, b)]), linear_sum([(1, a), (-1, b)])
    half = fmpq(1, 2)
    if second == "sin":
        parts = [(half, "cos", minus), (-half, "cos", plus)]
    else:
        parts = [(half, first, minus), (half, first, plus)]
    waves = []
    for coefficient, name, angle in parts:
        waves += [(coefficient * sign, Wave(exponent, functions)) for sign, functions in circular(name, angle)]
    return waves


def circular(name: str, angle: Linear) -> list[tuple[int, tuple[tuple[str, Linear], ...]]]:
    """cos or sin of an angle whose first coefficient is made positive; nothing for sin 0, no function for cos 0."""
    if not angle:
        return [(1, ())] if name == "cos" else []
    if angle[0][1] > 0:
        return [(1, ((name, angle),))]
    return [(1 if name == "cos" else -1, ((name, scaled(angle, -1)),))]

"""p(epsilon) by as few multiplications as its shape allows, never by a general power.

The variable is epsilon itself, or a shift u = epsilon + s that occurs in the expression: with x = mu + sigma epsilon
and s = mu/sigma, x^4 - 3 x^2 + x is short in u and long in epsilon. All coefficients are exact until the end, so the
change of variable costs no accuracy; the evaluation may, and a shift that would cost more than four bits is not taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from flint import fmpq

from numeric.constants import Number, Polynomial, coefficients_of, magnitude, nearest_float, shifted
from numeric.graph import NOISE, Graph, Product

__all__ = ["cancels", "polynomial_product", "power_cost"]

_TYPICAL_NOISE = 4
_WORST_LOSS = 16
_LARGEST_RATIO = 2**10


def power_cost(exponent: int) -> int:
    """Multiplications in Graph.power."""
    return exponent.bit_length() + exponent.bit_count() - 2


def cancels(parts: Sequence[Polynomial], whole: Polynomial) -> bool:
    """Whether adding values of `parts` loses more than four bits of their sum `whole`."""
    start: Number = fmpq(0)
    sizes = sum((_size(coefficients_of(part), _TYPICAL_NOISE) for part in parts), start)
    return bool(sizes > _WORST_LOSS * _size(coefficients_of(whole), _TYPICAL_NOISE))


def polynomial_product(graph: Graph, poly: Polynomial, shifts: Iterable[Number]) -> tuple[Product, int]:
    """p(epsilon) = c u^k q(u^...), q monic in Horner form, and its number of steps; u = epsilon or epsilon + a shift.

    The constant c is left outside: it merges with others, or is applied to sums instead of draws.
    """
    plain = coefficients_of(poly)
    if not plain:
        return Product(fmpq(0)), 0
    best, best_shift, best_cost = plain, None, _cost(plain)
    bound = _size(plain, _TYPICAL_NOISE) * _WORST_LOSS
    for shift in shifts:
        moved = coefficients_of(shifted(poly, shift))
        cost = _cost(moved)
        if moved and cost < best_cost and _size(moved, _TYPICAL_NOISE + magnitude(shift)) <= bound:
            best, best_shift, best_cost = moved, shift, cost
    if max(best) == 0:
        return Product(best[0]), 0
    variable = NOISE if best_shift is None else graph.step("add", NOISE, nearest_float(best_shift))
    return _horner(graph, variable, best), best_cost


def _horner(graph: Graph, variable: int, coefficients: dict[int, Number]) -> Product:
    exponents = sorted(coefficients, reverse=True)
    lowest = exponents[-1]
    lowest_power = Product(fmpq(1), ((variable, lowest),) if lowest else ())
    divisor = coefficients[exponents[0]]
    if len(exponents) == 1:
        return lowest_power.scaled(divisor)
    largest = max((magnitude(coefficient) for coefficient in coefficients.values()), key=nearest_float)
    if largest > magnitude(divisor) * _LARGEST_RATIO:  # a monic polynomial would be large, its powers would overflow
        divisor = largest
    value = graph.power(variable, exponents[0] - exponents[1])
    leading = nearest_float(coefficients[exponents[0]] / divisor)
    if leading != 1.0:
        value = graph.step("multiply", value, leading)
    for above, exponent in pairwise([exponents[1], *exponents[1:]]):
        if above != exponent:
            value = graph.step("multiply", value, graph.power(variable, above - exponent))
        value = graph.step("add", value, nearest_float(coefficients[exponent] / divisor))
    return lowest_power.scaled(divisor) * Product.of(value)


def _cost(coefficients: dict[int, Number]) -> int:
    """Steps in a monic Horner scheme, with the power that is taken out of it."""
    exponents = sorted(coefficients, reverse=True)
    if not exponents:
        return 0
    gaps = [above - below for above, below in pairwise(exponents)]
    powers = sum(power_cost(gap) for gap in set(gaps)) + (power_cost(exponents[-1]) if exponents[-1] else 0)
    multiplications = max(len(gaps) - 1, 0) + (1 if gaps and exponents[-1] else 0)
    return powers + multiplications + len(gaps)


def _size(coefficients: dict[int, Number], argument: Number | int) -> Number:
    """sum_k |c_k| argument^k: what rounding errors are relative to."""
    start: Number = fmpq(0)
    return sum((magnitude(value) * argument**exponent for exponent, value in coefficients.items()), start)

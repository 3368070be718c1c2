"""Beside which places the term of an estimator is not integrable, although the cost is: 2/x for log(x**2).

Then the gradient exists, and the term has no mean. It can only happen where the cost is not smooth and perhaps
unbounded: at a zero of the argument of a logarithm, or of the base of a power that may be negative.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from flint import ctx

from symbolic.balls import evaluate, real_ball
from symbolic.enclosing.beside_poles import is_integrable_beside
from symbolic.enclosing.ranges import range_of
from symbolic.enclosing.sign_proof import proven_sign
from symbolic.errors import NotCertified
from symbolic.law import Law
from symbolic.places.breakpoints import formulas
from symbolic.places.real_zeros import sign_changes
from symbolic.places.vanishing_bases import vanishing_bases

__all__ = ["singular_places", "unintegrable_places"]

_SIGNS = ((1, 1), (-1, -1), (1, -1), (-1, 1))  # of the symbols, in turn
_BARELY_SINGULAR = sp.Rational(-1, 64)
_BITS = 128
_CLOSE = 40  # 2^-40 away


def singular_places(cost: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """Exact places that hold every point beside which the cost may be unbounded; symbols stay symbols.

    Raises NotCertified if not all can be found.
    """
    arguments = (*vanishing_bases(cost, variable), *_vanishing_logarithms(cost, variable))
    places = {place for u in arguments for formula in formulas(u) for place in sign_changes(formula, variable)}
    return tuple(sorted(places, key=sp.default_sort_key))


def _vanishing_logarithms(cost: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    for logarithm in cost.atoms(sp.log):
        (argument,) = logarithm.args
        if not argument.has(variable) or range_of(argument).excludes_zero:
            continue
        if argument.free_symbols != {variable} or proven_sign(argument, variable, (-sp.oo, sp.oo)) is None:
            yield argument


def unintegrable_places(term: sp.Expr, cost: sp.Expr, law: Law, places: tuple[sp.Expr, ...]) -> tuple[sp.Expr, ...]:
    """Those of the `places` beside which the term, in the law's variable, is proven not to be integrable.

    Symbols are tried as numbers in general: at special values the term may be integrable all the same. Only values at
    which the cost is integrable count. Raises NotCertified if nothing is found but for some place nothing is known.
    """
    found: set[sp.Expr] = set()
    unknown: set[sp.Expr] = set()
    exponents = _symbolic_exponents(cost, law.variable)
    for numbers in _numbers(cost, law, exponents):
        support = (law.written_out(law.support[0]).xreplace(numbers), law.written_out(law.support[1]).xreplace(numbers))
        for place in places:
            here = place.xreplace(numbers)
            if not _is_inside(here, support) or not _is_real_beside(
                cost.xreplace(numbers), law.variable, here, support
            ):
                continue
            costs = is_integrable_beside(cost.xreplace(numbers), law.variable, here, support)
            if costs is False or (costs is None and exponents):
                continue
            answer = is_integrable_beside(term.xreplace(numbers), law.variable, here, support)
            if answer is False and costs:
                found.add(place)
            elif answer is not True:
                unknown.add(place)
    if unknown and not found:
        place = min(unknown, key=sp.default_sort_key)
        raise NotCertified(f"whether it is integrable beside {law.variable} = {place} cannot be told")
    return tuple(place for place in places if place in found)


def _numbers(cost: sp.Expr, law: Law, exponents: tuple[sp.Expr, ...]) -> Iterator[dict[sp.Symbol, sp.Rational]]:
    """Distinct numbers for the symbols, with each sign; where exponents hold symbols, such that one is -1/64."""
    symbols = sorted((cost.free_symbols | law.symbols) - {law.variable}, key=str)
    for even, odd in _SIGNS:
        numbers = {
            symbol: sp.Rational(7 + 10 * index, 11) * (1 if symbol.is_positive else (odd if index % 2 else even))
            for index, symbol in enumerate(symbols)
        }
        if not exponents:
            yield numbers
        for exponent in exponents:
            for symbol in exponent.free_symbols:
                others = {other: number for other, number in numbers.items() if other != symbol}
                for value in sp.solve(exponent.xreplace(others) - _BARELY_SINGULAR, symbol):
                    if value.is_Rational:
                        yield {**others, symbol: value}


def _symbolic_exponents(cost: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    powers = (power for power in cost.atoms(sp.Pow) if power.base.has(variable))
    return tuple({power.exp for power in powers if power.exp.free_symbols - {variable}})


def _is_real_beside(cost: sp.Expr, variable: sp.Symbol, place: sp.Expr, support: tuple[sp.Expr, sp.Expr]) -> bool:
    """Not known to be complex next to the place, on either side as far as it belongs to the support."""
    beside = (place + side * sp.Rational(1, 2**_CLOSE) for side in (1, -1))
    with ctx.workprec(_BITS):
        return all(
            evaluate(cost.xreplace({variable: near}), {}).imag.contains(0)
            for near in beside
            if _is_inside(near, support)
        )


def _is_inside(place: sp.Expr, support: tuple[sp.Expr, sp.Expr]) -> bool:
    """Real, and in the closed support."""
    value = evaluate(place, {})
    if not value.is_finite() or not value.imag.contains(0):
        return False
    low, high = support
    above = low.is_infinite or not real_ball(place - low, {}) < 0
    return bool(above and (high.is_infinite or not real_ball(place - high, {}) > 0))

"""A derivation at numbers: certified values, which estimator wins there, and where the variances cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import pairwise

import sympy as sp
from flint import arb

from symbolic.balls import real_ball
from symbolic.errors import SymbolicError
from symbolic.exact import Exact
from symbolic.exact_moments import moments_of
from symbolic.parsing import values_for
from symbolic.value import Value

__all__ = ["values_at"]

_DIGITS = 20
_STEPS = tuple(sp.Rational(2) ** k for k in range(-5, 5))
_BISECTIONS = 20


def values_at(gradient: Exact, names: Sequence[str], at: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """({"gradient": digits, "variance, pathwise": ...}, sentences). Raises BadParameter for missing or other values."""
    problem = gradient.problem
    values = values_for(dict(at), problem.symbols)
    where = ", ".join(f"{symbol} = {values[symbol]}" for symbol in sorted(values, key=str))
    all_moments = {name: moments_of(problem, name) for name in names}
    spreads = {name: each.variance for name, each in all_moments.items()}
    obstacles = {name: each.estimator.obstacle for name, each in all_moments.items()}
    biased = {name for name, obstacle in obstacles.items() if obstacle is not None and obstacle.is_known}
    found = {"gradient": str(gradient.at(at, digits=_DIGITS))}
    balls = {name: spread.at(at, digits=_DIGITS) for name, spread in spreads.items()}
    found |= {f"variance, {name.replace('_', ' ')}": str(value) for name, value in balls.items()}
    sentences = []
    if len(names) > 1:
        sentences.append(_comparison(names[0], names[1], balls, biased, where))
        pair = [spreads[name] for name in names[:2]]
        sentences += [
            _crossing_sentence(symbol, values, crossing)
            for symbol in sorted(values, key=str)
            if (crossing := _crossing(pair, symbol, values)) is not None
        ]
    return found, tuple(sentences)


def _comparison(one: str, other: str, balls: Mapping[str, Value], biased: Set[str], where: str) -> str:
    first, second = balls[one], balls[other]
    a, b = float(first), float(second)
    if a == b == float("inf"):
        return f"At {where} neither estimator has a finite variance."
    if a == b:
        return f"At {where} both estimators have the same variance."
    better, worse, small, large = (one, other, a, b) if a < b else (other, one, b, a)
    winner, loser = (name.replace("_", " ") for name in (better, worse))
    if better in biased:
        return f"At {where} the {winner} estimator has the smaller variance, but it is biased: draws do not help."
    factor = "infinitely many" if small == 0 or large == float("inf") else f"{large / small:.4g} times as many"
    return f"At {where} the {winner} estimator wins: {loser} needs {factor} draws for the same error."


def _crossing_sentence(
    symbol: sp.Symbol, values: Mapping[sp.Symbol, sp.Rational], crossing: tuple[sp.Rational, sp.Rational]
) -> str:
    low, high = (f"{float(number):.8g}" for number in crossing)
    others = ", ".join(f"{other} = {values[other]}" for other in sorted(values, key=str) if other != symbol)
    return f"With {others or 'nothing else'} fixed, the variances cross between {symbol} = {low} and {symbol} = {high}."


def _crossing(
    spreads: Sequence[Exact], symbol: sp.Symbol, values: Mapping[sp.Symbol, sp.Rational]
) -> tuple[sp.Rational, sp.Rational] | None:
    """Two values of the symbol, the nearest found, between which the difference of the variances changes its sign.

    That it does is proven: at both ends the two enclosures are apart. Nothing is claimed where one has no variance.
    """

    def sign(number: sp.Rational) -> int:
        here = {**values, symbol: number}
        try:
            first, second = (_ball(each, here) for each in spreads)
        except SymbolicError:
            return 0
        if first is None or second is None:
            return 0
        return 1 if first > second else -1 if first < second else 0

    centre = values[symbol]
    signs = [(number, sign(number)) for number in _grid(centre)]
    changes = [(low, high, side) for (low, side), (high, above) in pairwise(signs) if side * above < 0]
    if not changes:
        return None
    low, high, side = min(changes, key=lambda change: min(abs(change[0] - centre), abs(change[1] - centre)))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        found = sign(middle)
        if found == 0:
            break
        low, high = (middle, high) if found == side else (low, middle)
    return low, high


def _grid(centre: sp.Rational) -> list[sp.Rational]:
    """Values around the given one, ascending, on its side of 0; on both sides of a 0."""
    if centre == 0:
        return [*(-step for step in reversed(_STEPS)), sp.S.Zero, *_STEPS]
    return sorted(centre * step for step in _STEPS)


def _ball(variance: Exact, values: Mapping[sp.Symbol, sp.Rational]) -> arb | None:
    """From the closed form where it holds: it is known already, and much faster than to integrate again."""
    closed = variance.expression
    if closed not in (None, sp.oo) and variance.conditions.xreplace(dict(values)) == sp.true:
        return real_ball(closed, values, _DIGITS)
    value = variance.at({str(symbol): number for symbol, number in values.items()}, digits=_DIGITS)
    return value.ball if value.is_finite else None

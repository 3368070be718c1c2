"""A derivation at numbers: certified values, which estimator wins there, and where the variances cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import sympy as sp

from symbolic.errors import SymbolicError
from symbolic.exact import Exact
from symbolic.exact_moments import moments_of
from symbolic.parsing import values_for
from symbolic.value import Value

__all__ = ["values_at"]

_DIGITS = 20
_GRID = tuple(sp.Rational(2) ** k for k in range(-5, 5))
_BISECTIONS = 12


def values_at(gradient: Exact, names: Sequence[str], at: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """({"gradient": digits, "variance, pathwise": ...}, sentences). Raises BadParameter for missing or other values."""
    problem = gradient.problem
    values = values_for(dict(at), problem.symbols)
    where = ", ".join(f"{symbol} = {values[symbol]}" for symbol in sorted(values, key=str))
    spreads = {name: moments_of(problem, name).variance for name in names}
    found = {"gradient": str(gradient.at(at, digits=_DIGITS))}
    balls = {name: spread.at(at, digits=_DIGITS) for name, spread in spreads.items()}
    found |= {f"variance, {name.replace('_', ' ')}": str(value) for name, value in balls.items()}
    sentences = []
    if len(names) > 1:
        sentences.append(_comparison(names[0], names[1], balls, where))
        scale = next((p for p in problem.law.positive if problem.law.substitution[p] in values), None)
        crossing = None if scale is None else _crossing([spreads[name] for name in names[:2]], at, str(scale))
        if crossing is not None:
            low, high = crossing
            others = ", ".join(f"{name} = {number}" for name, number in sorted(at.items()) if name != str(scale))
            sentences.append(
                f"With {others or 'these parameters'} the variances cross between {scale} = {float(low):.6g} "
                f"and {scale} = {float(high):.6g}."
            )
    return found, tuple(sentences)


def _comparison(one: str, other: str, balls: Mapping[str, Value], where: str) -> str:
    first, second = balls[one], balls[other]
    names = [name.replace("_", " ") for name in (one, other)]
    a, b = float(first), float(second)
    if a == b == float("inf"):
        return f"At {where} neither estimator has a finite variance."
    if a == b:
        return f"At {where} both estimators have the same variance."
    better, worse, small, large = (names[0], names[1], a, b) if a < b else (names[1], names[0], b, a)
    factor = "infinitely many" if small == 0 or large == float("inf") else f"{large / small:.4g} times as many"
    return f"At {where} the {better} estimator wins: {worse} needs {factor} draws for the same error."


def _crossing(spreads: Sequence[Exact], at: Mapping[str, str], name: str) -> tuple[sp.Rational, sp.Rational] | None:
    """Two rationals between which the difference of the variances provably changes its sign, or None."""

    def sign(number: sp.Rational) -> int:
        try:
            first, second = (each.at({**at, name: number}, digits=_DIGITS) for each in spreads)
        except SymbolicError:
            return 0
        if not (first.is_finite and second.is_finite):
            return 0
        difference = first.ball - second.ball
        return 1 if difference > 0 else -1 if difference < 0 else 0

    signs = [(number, sign(number)) for number in _GRID]
    changes = [(low, high, side) for (low, side), (high, above) in pairwise(signs) if side * above < 0]
    if not changes:
        return None
    low, high, side = changes[0]
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        found = sign(middle)
        if found == 0:
            break
        low, high = (middle, high) if found == side else (low, middle)
    return low, high

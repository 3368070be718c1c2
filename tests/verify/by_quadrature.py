"""The gradient, and the mean of a term, by plain quadrature in double precision: knows nothing of the exact side.

d/d theta E[f] = int (f dp/d theta + p df/d theta) dx,   the densities and their scores written by hand
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from itertools import pairwise

import sympy as sp
from numpy.polynomial.legendre import leggauss

from symbolic.laws import LAWS
from symbolic.parsing import parse_formula, parse_law
from symbolic.parsing.names import Vocabulary
from tests.verify.graded import Given

__all__ = ["RELATIVE", "function", "gradient", "mean_of_term", "value"]

RELATIVE = 1e-8
"""Of the quadrature, with its difference quotient for df/d theta."""

_STEP = 1e-4
_WIDTH = 9.0  # standard deviations
_PIECES = 16
_NODES, _WEIGHTS = leggauss(20)

Values = Mapping[str, float]
Function = Callable[..., float]


def function(given: Given, text: str) -> Function:
    """The formula as a Python function of named numbers, written by SymPy's printer."""
    names = {symbol.name: symbol for symbol in parse_law(given.law, LAWS).symbols}
    formula = parse_formula(text, "formula", Vocabulary(names, {})).expression
    symbols = sorted(formula.free_symbols, key=str)
    called = sp.lambdify(symbols, formula, modules=["scipy", "numpy"])
    own = [str(symbol) for symbol in symbols]
    return lambda **values: float(called(*(values[name] for name in own)))


def gradient(given: Given, values: Values) -> float:
    cost = function(given, given.cost)
    moves = given.wrt in re.findall(r"\w+", given.cost)

    def slope(x: float) -> float:
        """df/d theta at fixed x, to the fourth order."""
        if not moves:
            return 0.0
        at = [cost(**{**values, "x": x, given.wrt: values[given.wrt] + step * _STEP}) for step in (-2, -1, 1, 2)]
        return (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * _STEP)

    return _mean(given, values, lambda x: cost(**{**values, "x": x}) * _score(given, values, x) + slope(x))


def mean_of_term(given: Given, values: Values) -> float:
    term = function(given, given.answer)
    return _mean(given, values, lambda x: term(**{**values, "x": x, "epsilon": _noise(given, values, x)}))


def value(given: Given, values: Values) -> float:
    return function(given, given.answer)(**values)


def _mean(given: Given, values: Values, integrand: Callable[[float], float]) -> float:
    """Gauss and Legendre on short pieces, none of which holds a kink."""
    density, low, high = _density(given, values)
    inside = sorted({low, high, *(place for place in _kinks(values) if low < place < high)})
    total = []
    for left, right in pairwise(inside):
        pieces = max(1, math.ceil((right - left) / (high - low) * _PIECES))
        half = (right - left) / pieces / 2
        for piece in range(pieces):
            places = left + half * (2 * piece + 1) + half * _NODES
            total += [half * w * integrand(x) * density(x) for x, w in zip(places, _WEIGHTS, strict=True)]
    return math.fsum(total)


def _kinks(values: Values) -> list[float]:
    return [0.0, *values.values(), *(math.log(number) for number in values.values() if number > 0)]


def _center(given: Given, values: Values) -> float:
    return values["m" if given.law == "normal(m, s)" else "mu"]


def _spread(given: Given, values: Values) -> float:
    if "rho" in given.law:
        return math.exp(values["rho"])
    return values["s" if given.law == "normal(m, s)" else "sigma"]


def _density(given: Given, values: Values) -> tuple[Callable[[float], float], float, float]:
    if given.law == "exponential":
        rate = values["lam"]
        return lambda x: rate * math.exp(-rate * x), 0.0, 60 / rate
    mean, spread = _center(given, values), _spread(given, values)
    norm = spread * math.sqrt(2 * math.pi)
    shift = max(1.0, abs(values.get("a", 0.0))) * spread**2  # where exp(a x) times the density is large
    reach = _WIDTH * spread + shift
    return lambda x: math.exp(-(((x - mean) / spread) ** 2) / 2) / norm, mean - reach, mean + reach


def _noise(given: Given, values: Values, x: float) -> float:
    if given.law == "exponential":
        return x * values["lam"]
    return (x - _center(given, values)) / _spread(given, values)


def _score(given: Given, values: Values, x: float) -> float:
    if given.law == "exponential":
        return 1 / values["lam"] - x if given.wrt == "lam" else 0.0
    spread = _spread(given, values)
    epsilon = _noise(given, values, x)
    by_mean, by_spread = epsilon / spread, (epsilon**2 - 1) / spread
    scores = {"mu": by_mean, "m": by_mean, "sigma": by_spread, "s": by_spread, "rho": epsilon**2 - 1}
    return scores.get(given.wrt, 0.0)

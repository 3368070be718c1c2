"""Random costs of the closed class: as SymPy expressions, and as plain functions that share no code with the algebra.

A function returns the value and the slope at x. Which formula of Abs, Max, Heaviside, sign, clip or Piecewise holds is
decided at `middle`, a rational point of the same piece, so that the function is analytic on each piece.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import mpmath
import sympy as sp
from flint import arb, fmpq

__all__ = ["BALLS", "FLOATS", "Member", "Operations", "exponential", "kinked", "polynomial", "product", "random_member"]

X = sp.Symbol("x", real=True)


@dataclass(frozen=True)
class Operations:
    """Arithmetic of one kind of number: Arb balls or mpmath floats."""

    number: Callable[[Fraction], Any]
    functions: dict[str, Callable[[Any], Any]]
    root_pi: Callable[[], Any]


_NAMES = ("exp", "sin", "cos", "sinh", "cosh", "erf")
BALLS = Operations(
    lambda q: arb(fmpq(q.numerator, q.denominator)),
    {name: getattr(arb, name) for name in _NAMES},
    lambda: arb.pi().sqrt(),
)
FLOATS = Operations(
    lambda q: mpmath.mpf(q.numerator) / q.denominator,
    {name: getattr(mpmath, name) for name in _NAMES},
    lambda: mpmath.sqrt(mpmath.pi),
)

Function = Callable[[Any, Fraction, Operations], tuple[Any, Any]]


@dataclass(frozen=True)
class Member:
    """A cost. `growth` bounds the rate b of exp(b |x|) in it; `kind` is smooth, pieces or error_function."""

    cost: sp.Expr
    function: Function
    kind: str = "smooth"
    breakpoints: tuple[Fraction, ...] = ()
    growth: Fraction = Fraction(0)


def _rational(q: Fraction) -> sp.Rational:
    return sp.Rational(q.numerator, q.denominator)


def _line(a: Fraction, b: Fraction) -> sp.Expr:
    return _rational(a) * X + _rational(b)


def polynomial(coefficients: list[Fraction]) -> Member:
    def function(x: Any, _middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        value, slope = ops.number(Fraction(0)), ops.number(Fraction(0))
        for coefficient in coefficients:
            slope = slope * x + value
            value = value * x + ops.number(coefficient)
        return value, slope

    powers = reversed(range(len(coefficients)))
    return Member(sp.Add(*(_rational(c) * X**n for c, n in zip(coefficients, powers, strict=True))), function)


def exponential(a: Fraction, b: Fraction, c: Fraction) -> Member:
    """exp(-a x^2 + b x + c)."""

    def function(x: Any, _middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        curve, rate, level = (ops.number(q) for q in (a, b, c))
        value = ops.functions["exp"](-curve * x * x + rate * x + level)
        return value, value * (rate - 2 * curve * x)

    growth = abs(b) if a == 0 else Fraction(0)
    return Member(sp.exp(-_rational(a) * X**2 + _line(b, c)), function, growth=growth)


def wave(kind: str, a: Fraction, b: Fraction) -> Member:
    """sin, cos, sinh, cosh or erf of a x + b."""
    of_slope = {"sin": ("cos", 1), "cos": ("sin", -1), "sinh": ("cosh", 1), "cosh": ("sinh", 1)}

    def function(x: Any, _middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        factor = ops.number(a)
        inner = factor * x + ops.number(b)
        value = ops.functions[kind](inner)
        if kind == "erf":
            return value, 2 * factor * ops.functions["exp"](-inner * inner) / ops.root_pi()
        name, sign = of_slope[kind]
        return value, sign * factor * ops.functions[name](inner)

    growth = abs(a) if kind in ("sinh", "cosh") else Fraction(0)
    member_kind = "error_function" if kind == "erf" else "smooth"
    return Member(getattr(sp, kind)(_line(a, b)), function, member_kind, growth=growth)


def product(left: Member, right: Member) -> Member:
    def function(x: Any, middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        (u, du), (v, dv) = left.function(x, middle, ops), right.function(x, middle, ops)
        return u * v, u * dv + v * du

    return _joined(left.cost * right.cost, function, left, right, left.growth + right.growth)


def total(left: Member, right: Member) -> Member:
    def function(x: Any, middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        (u, du), (v, dv) = left.function(x, middle, ops), right.function(x, middle, ops)
        return u + v, du + dv

    return _joined(left.cost + right.cost, function, left, right, max(left.growth, right.growth))


def _joined(cost: sp.Expr, function: Function, left: Member, right: Member, growth: Fraction) -> Member:
    kind = right.kind if left.kind == "smooth" else left.kind
    return Member(cost, function, kind, left.breakpoints + right.breakpoints, growth)


def kinked(kind: str, a: Fraction, b: Fraction) -> Member:
    """Abs, sign, Heaviside, or the positive part of a x + b."""

    def function(x: Any, middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        above = a * middle + b > 0
        value, slope = ops.number(a) * x + ops.number(b), ops.number(a)
        one, zero = ops.number(Fraction(1)), ops.number(Fraction(0))
        if kind == "Abs":
            return (value, slope) if above else (-value, -slope)
        if kind == "Max":
            return (value, slope) if above else (zero, zero)
        return (one if above else (-one if kind == "sign" else zero)), zero

    line = _line(a, b)
    cost = sp.Max(line, 0) if kind == "Max" else getattr(sp, kind)(line)
    return Member(cost, function, "pieces", (-b / a,))


def clipped(inner: tuple[Fraction, Fraction], low: Fraction, high: Fraction) -> Member:
    """clip(a x + b, low, high), low < high."""
    a, b = inner

    def function(x: Any, middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        here = a * middle + b
        if low < here < high:
            return ops.number(a) * x + ops.number(b), ops.number(a)
        return ops.number(low if here < low else high), ops.number(Fraction(0))

    cost = sp.Min(sp.Max(_line(a, b), _rational(low)), _rational(high))
    return Member(cost, function, "pieces", ((low - b) / a, (high - b) / a))


def branches(first: Member, until: Fraction, second: Member, until_then: Fraction, last: Member) -> Member:
    """Piecewise((first, x < until), (second, x < until_then), (last, True)); the second branch may be idle."""

    def function(x: Any, middle: Fraction, ops: Operations) -> tuple[Any, Any]:
        chosen = first if middle < until else (second if middle < until_then else last)
        return chosen.function(x, middle, ops)

    cost = sp.Piecewise((first.cost, _rational(until) > X), (second.cost, _rational(until_then) > X), (last.cost, True))
    parts = (first, second, last)
    places = (until, until_then, *(place for part in parts for place in part.breakpoints))
    return Member(cost, function, "pieces", places, max(part.growth for part in parts))


def random_member(random: Random, kind: str, fastest: Fraction = Fraction(3)) -> Member:
    """A cost of the kind, whose growth is at most `fastest`."""
    while True:
        made = _MAKERS[kind](random)
        if made.growth <= fastest and made.cost.has(X) and made.kind == kind:
            return made


def _number(random: Random, size: int = 3) -> Fraction:
    return Fraction(random.randint(-2 * size, 2 * size), random.choice((1, 2, 3, 4)) * 2)


def _rate(random: Random) -> Fraction:
    return random.choice((-1, 1)) * Fraction(random.randint(1, 6), 4)


def _factor(random: Random) -> Member:
    choice = random.randrange(4)
    if choice == 0:
        return polynomial([_rate(random), *(_number(random) for _ in range(random.randint(1, 3)))])
    if choice == 1:
        return exponential(Fraction(0), _rate(random), _number(random, 1))
    if choice == 2:
        return exponential(abs(_rate(random)) / 2, _number(random, 1), _number(random, 1))
    return wave(random.choice(("sin", "cos", "sinh", "cosh")), _rate(random), _number(random))


def _term(random: Random, most: int) -> Member:
    made = _factor(random)
    for _ in range(random.randint(0, most - 1)):
        made = product(made, _factor(random))
    return made


def _smooth(random: Random) -> Member:
    made = _term(random, 3)
    return total(made, _term(random, 2)) if random.random() < 0.4 else made


def _pieces(random: Random) -> Member:
    choice = random.randrange(6)
    if choice == 0:
        places = _number(random), _number(random)
        return branches(_term(random, 2), places[0], _term(random, 1), places[1], _term(random, 1))
    if choice == 1:
        low = _number(random)
        made = clipped((_rate(random), _number(random)), low, low + abs(_rate(random)))
    else:
        made = kinked(random.choice(("Abs", "Max", "Heaviside", "sign")), _rate(random), _number(random))
    if choice in (2, 3):
        made = product(made, _term(random, 2))
    if choice == 4:
        made = total(product(made, kinked("Max", _rate(random), _number(random))), _term(random, 1))
    return made


def _error_function(random: Random) -> Member:
    made = wave("erf", _rate(random), _number(random))
    if random.random() < 0.5:
        made = product(made, polynomial([_rate(random), *(_number(random) for _ in range(random.randint(1, 2)))]))
    if random.random() < 0.5:
        made = product(made, exponential(random.choice((Fraction(0), Fraction(1, 2))), _rate(random), Fraction(0)))
    return made


_MAKERS: dict[str, Callable[[Random], Member]] = {
    "smooth": _smooth,
    "pieces": _pieces,
    "error_function": _error_function,
}

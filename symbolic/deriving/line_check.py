"""Are the two sides of a line of a derivation equal? How that is known, or a refusal."""

from __future__ import annotations

import random
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice

import sympy as sp
from flint import arb

from symbolic.balls import real_ball, shortened
from symbolic.conditions import is_met
from symbolic.deriving.meaning import Meaning
from symbolic.deriving.unevaluated import Mean
from symbolic.errors import BadParameter, Divergent, NotCertified, NotInClass, SymbolicError, TimedOut
from symbolic.readable import readable

__all__ = ["Checked", "Undecided", "WrongLine", "check_line"]

_POINTS = 3
_ENCLOSED_POINTS = 2
_TRIES = 12
_MOST_DRAWN = 500  # points are thrown away where a condition fails
_DIGITS = 50
_WIDEST = arb(10) ** -45
_WIDEST_ENCLOSED = arb(10) ** -25
# A difference quotient of order 12 stands for a derivative that has no closed form.
_DIFFERENCE = arb(10) ** -12


class Checked(StrEnum):
    """How the two sides of a line were found to be equal."""

    IDENTICAL = "identical"
    SYMBOLIC = "symbolic"
    NUMERIC = "numeric"
    CERTIFIED = "certified"


class WrongLine(ValueError):
    """The two sides of a line differ. Cause: a wrong rule. Cure: mend the rule; the line is not printed."""


class Undecided(SymbolicError):
    """Nothing here can tell whether a line holds. Cause: no closed form, no enclosure. Cure: another cost."""


def check_line(before: sp.Expr, after: sp.Expr, meaning: Meaning) -> Checked:
    """identical: the same expression once carried out. symbolic: the difference cancels in exact algebra.

    numeric: at 3 random rational points the two sides agree to 45 digits after the point. certified: at 2 such points
    the enclosures of the two sides overlap and are narrower than 10^-25.
    Raises WrongLine if the sides differ, Undecided if that cannot be told.
    """
    try:
        left, right = meaning.closed(before), meaning.closed(after)
    except NotInClass:
        return _check_enclosures(before, after, meaning)
    if left == right:
        return Checked.IDENTICAL
    difference = sp.expand_log(left - right, force=True)
    balls = _balls(before, after, difference, meaning)
    agreed = [next(balls, None)]  # one point refutes most wrong lines, at a small part of what the algebra takes
    if readable(difference) == 0:
        return Checked.SYMBOLIC
    agreed += islice(balls, _POINTS - 1)
    if len(agreed) == _POINTS:
        return Checked.NUMERIC
    raise Undecided(f"it cannot be told whether {shortened(before)} = {shortened(after)}")


def _balls(before: sp.Expr, after: sp.Expr, difference: sp.Expr, meaning: Meaning) -> Iterator[arb]:
    """Narrow balls around 0 that hold the difference, one a point. Raises WrongLine if one does not hold 0."""
    for values in _points(before, after, meaning):
        try:
            ball = real_ball(difference, values, _DIGITS)
        except (NotCertified, BadParameter):
            continue  # outside the domain of one of the sides
        if not ball.contains(0):
            raise _wrong(before, after, values)
        if ball.rad() < _WIDEST:
            yield ball


def _check_enclosures(before: sp.Expr, after: sp.Expr, meaning: Meaning) -> Checked:
    estimated = any(node.expr.has(Mean, sp.Integral) for node in (before - after).atoms(sp.Derivative))
    agreed = 0
    for values in _points(before, after, meaning):
        try:
            left, right = meaning.ball(before, values), meaning.ball(after, values)
        except (NotCertified, NotInClass, BadParameter, Divergent, TimedOut):
            continue
        size = 1 + abs(left).abs_upper()
        if estimated:
            if abs(left - right) > _DIFFERENCE * size:
                raise _wrong(before, after, values)
        elif not left.overlaps(right):
            raise _wrong(before, after, values)
        elif not (left.rad() + right.rad() < _WIDEST_ENCLOSED * size):
            continue
        agreed += 1
        if agreed == _ENCLOSED_POINTS:
            return Checked.NUMERIC if estimated else Checked.CERTIFIED
    raise Undecided(f"it cannot be told whether {shortened(before)} = {shortened(after)}")


def _wrong(before: sp.Expr, after: sp.Expr, values: dict[sp.Symbol, sp.Rational]) -> WrongLine:
    where = ", ".join(f"{symbol}={number}" for symbol, number in values.items())
    return WrongLine(f"{shortened(before)} is not {shortened(after)} at {where or 'any values'}")


def _points(before: sp.Expr, after: sp.Expr, meaning: Meaning) -> Iterator[dict[sp.Symbol, sp.Rational]]:
    """Random rational points inside the conditions; the same ones for the same line."""
    numbers = random.Random(f"{before} = {after}")
    symbols = sorted(before.free_symbols | after.free_symbols, key=str)
    law = meaning.law
    on_half_line = {
        symbol
        for symbol, support in ((law.variable, law.support), (law.noise.symbol, law.noise.support))
        if support[0] == 0
    }
    inside = 0
    for _ in range(_MOST_DRAWN):
        values = {}
        for symbol in symbols:
            size = sp.Rational(numbers.randint(3, 25), numbers.randint(11, 19))
            may_be_negative = not (symbol.is_positive or symbol in on_half_line)
            values[symbol] = -size if may_be_negative and numbers.random() < 0.5 else size
        if all(is_met(condition, values) is not False for condition in meaning.conditions):
            inside += 1
            yield values
        if inside == _TRIES:
            return

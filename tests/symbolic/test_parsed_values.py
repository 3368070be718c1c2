"""Random formulas, written as text and computed beside it: both must agree, and be undefined at the same points.

The computation is exact (Fraction) or in 40 digits (mpmath). It knows nothing of SymPy.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import mpmath
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.logic.boolalg import Boolean

from symbolic.errors import ParseError
from symbolic.laws import NORMAL
from symbolic.parsing import parse_cost
from symbolic.parsing.canonical import canonical
from symbolic.parsing.guards import Guard

Number: TypeAlias = Fraction | mpmath.mpf
Point: TypeAlias = Mapping[str, Fraction]
TOO_NEAR, TOO_LARGE = mpmath.mpf("1e-25"), 10**6
DIGITS = 40


class NoValue(Exception):
    """The formula is undefined at the point."""


class NotTold(Exception):
    """Rounding could decide here, so nothing is claimed."""


@dataclass(frozen=True)
class Formula:
    text: str
    value: Callable[[Point], Number]


@dataclass(frozen=True)
class Condition:
    text: str
    value: Callable[[Point], bool]


def inexact(u: Number) -> mpmath.mpf:
    return mpmath.mpf(u.numerator) / u.denominator if isinstance(u, Fraction) else u


def told(u: Number) -> Number:
    """u, unless it is so small or so large that digits run out."""
    if abs(u) > TOO_LARGE or (not isinstance(u, Fraction) and abs(u) < TOO_NEAR):
        raise NotTold
    return u


def binary(operation: Callable[[Number, Number], Number], u: Number, v: Number) -> Number:
    if isinstance(u, Fraction) and isinstance(v, Fraction):
        return told(operation(u, v))
    return told(operation(inexact(u), inexact(v)))


def divided(u: Number, v: Number) -> Number:
    if v == 0:
        raise NoValue
    return binary(operator.truediv, u, v)


def integer_power(u: Number, n: int) -> Number:
    if u == 0 and n < 0:
        raise NoValue
    return told(u**n)


def broken_power(u: Number, p: Fraction) -> Number:
    if u < 0 or (u == 0 and p < 0):
        raise NoValue
    return told(inexact(u) ** inexact(p)) if u else Fraction(0)


def logarithm(u: Number) -> Number:
    if u <= 0:
        raise NoValue
    return Fraction(0) if u == 1 else told(mpmath.log(inexact(u)))


def tangent(u: Number) -> Number:
    if abs(mpmath.cos(inexact(u))) < TOO_NEAR:
        raise NotTold
    return smooth(mpmath.tan)(u)


def smooth(function: Callable[[mpmath.mpf], mpmath.mpf]) -> Callable[[Number], Number]:
    def at(u: Number) -> Number:
        value = function(inexact(u))
        return Fraction(int(value)) if u == 0 and value == int(value) else told(value)

    return at


def sign(u: Number) -> Fraction:
    return Fraction((u > 0) - (u < 0))


UNARY: dict[str, Callable[[Number], Number]] = {
    "-": operator.neg,
    "exp": smooth(mpmath.exp),
    "log": logarithm,
    "sqrt": lambda u: broken_power(u, Fraction(1, 2)),
    "sin": smooth(mpmath.sin),
    "cos": smooth(mpmath.cos),
    "tan": tangent,
    "sinh": smooth(mpmath.sinh),
    "cosh": smooth(mpmath.cosh),
    "tanh": smooth(mpmath.tanh),
    "atan": smooth(mpmath.atan),
    "erf": smooth(mpmath.erf),
    "erfc": smooth(mpmath.erfc),
    "Phi": smooth(mpmath.ncdf),
    "sigmoid": smooth(lambda u: 1 / (1 + mpmath.exp(-u))),
    "softplus": smooth(lambda u: mpmath.log1p(mpmath.exp(u))),
    "abs": abs,
    "sign": sign,
    "Heaviside": lambda u: (1 + sign(u)) / 2,
}
BINARY: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda u, v: binary(operator.add, u, v),
    "-": lambda u, v: binary(operator.sub, u, v),
    "*": lambda u, v: binary(operator.mul, u, v),
    "/": divided,
}
POWERS: dict[str, Callable[[Number], Number]] = {
    "2": lambda u: integer_power(u, 2),
    "3": lambda u: integer_power(u, 3),
    "-1": lambda u: integer_power(u, -1),
    "(-2)": lambda u: integer_power(u, -2),
    "0.5": lambda u: broken_power(u, Fraction(1, 2)),
    "(-1/3)": lambda u: broken_power(u, Fraction(-1, 3)),
}
RELATIONS: dict[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def related(relation: Callable[[Number, Number], bool], u: Number, v: Number) -> bool:
    if isinstance(u, Fraction) and isinstance(v, Fraction):
        return relation(u, v)
    if abs(inexact(u) - inexact(v)) < TOO_NEAR:
        raise NotTold
    return relation(inexact(u), inexact(v))


def larger(u: Number, v: Number) -> Number:
    return max(u, v, key=inexact)


def smaller(u: Number, v: Number) -> Number:
    return min(u, v, key=inexact)


def unary_formula(name: str, u: Formula) -> Formula:
    return Formula(f"{name}({u.text})", lambda point: UNARY[name](u.value(point)))


def binary_formula(sign_text: str, u: Formula, v: Formula) -> Formula:
    return Formula(f"({u.text} {sign_text} {v.text})", lambda point: BINARY[sign_text](u.value(point), v.value(point)))


def power_formula(exponent: str, u: Formula) -> Formula:
    return Formula(f"({u.text})**{exponent}", lambda point: POWERS[exponent](u.value(point)))


def choice_formula(name: str, u: Formula, v: Formula) -> Formula:
    choose = larger if name == "Max" else smaller
    return Formula(f"{name}({u.text}, {v.text})", lambda point: choose(u.value(point), v.value(point)))


def clip_formula(u: Formula, low: Formula, high: Formula) -> Formula:
    return Formula(
        f"clip({u.text}, {low.text}, {high.text})",
        lambda point: smaller(larger(u.value(point), low.value(point)), high.value(point)),
    )


def piecewise_formula(u: Formula, where: Condition, v: Formula) -> Formula:
    return Formula(
        f"Piecewise(({u.text}, {where.text}), ({v.text}, True))",
        lambda point: u.value(point) if where.value(point) else v.value(point),
    )


def comparison(relation: str, u: Formula, v: Formula) -> Condition:
    return Condition(
        f"{u.text} {relation} {v.text}", lambda point: related(RELATIONS[relation], u.value(point), v.value(point))
    )


NAMES = st.sampled_from(["x", "x", "mu", "sigma", "a"]).map(lambda name: Formula(name, lambda point: point[name]))
NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "7.25", "1e-3"]).map(
    lambda text: Formula(text, lambda _point: Fraction(text))
)


def larger_formulas(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    conditions = st.builds(comparison, st.sampled_from(sorted(RELATIONS)), parts, parts)
    return st.one_of(
        st.builds(unary_formula, st.sampled_from(sorted(UNARY)), parts),
        st.builds(binary_formula, st.sampled_from(sorted(BINARY)), parts, parts),
        st.builds(power_formula, st.sampled_from(sorted(POWERS)), parts),
        st.builds(choice_formula, st.sampled_from(["Max", "min"]), parts, parts),
        st.builds(clip_formula, parts, parts, parts),
        st.builds(piecewise_formula, parts, conditions, parts),
    )


FORMULAS = st.recursive(NAMES | NUMBERS, larger_formulas, max_leaves=8)
RATIONALS = st.fractions(min_value=-6, max_value=6, max_denominator=4)
POINTS = st.fixed_dictionaries(
    {"x": RATIONALS, "mu": RATIONALS, "a": RATIONALS, "sigma": st.sampled_from([Fraction(1, 3), Fraction(2)])}
)


def at(expression: sp.Basic, point: Point) -> sp.Basic:
    """The expression with numbers in it; of a Piecewise only the branch that is taken, as others may be undefined."""
    if isinstance(expression, sp.Symbol):
        return sp.Rational(*point[expression.name].as_integer_ratio())
    if isinstance(expression, sp.Piecewise):
        return next(at(value, point) for value, condition in expression.args if is_true(condition, point))
    return expression.func(*(at(part, point) for part in expression.args)) if expression.args else expression


def is_true(condition: Boolean, point: Point) -> bool:
    """Nested conditions are joined by SymPy, so one of them may be undefined where another one is false already."""
    if isinstance(condition, sp.And | sp.Or):
        deciding = isinstance(condition, sp.Or)
        undefined = None
        for part in condition.args:
            try:
                if is_true(part, point) is deciding:
                    return deciding
            except (TypeError, ValueError) as error:
                undefined = error
        if undefined is not None:
            raise undefined
        return not deciding
    if isinstance(condition, sp.Not):
        return not is_true(condition.args[0], point)
    return bool(at(condition, point))


def is_kept(guard: Guard, point: Point) -> bool:
    if not is_true(guard.where, point):
        return True
    argument = sp.N(at(guard.argument, point), DIGITS)
    return bool({"log": argument > 0, "power": argument >= 0, "reciprocal": argument != 0, "tan": True}[guard.kind])


def value_at(expression: sp.Expr, point: Point) -> mpmath.mpf:
    return mpmath.mpf(sp.N(at(expression, point), DIGITS)._to_mpmath(160))


# No formula of this size is undefined or zero at all of these by accident.
ELSEWHERE: tuple[Point, ...] = tuple(
    {"x": Fraction(13, 7) * i, "mu": Fraction(5, 11) * j, "a": Fraction(17, 19) * k, "sigma": Fraction(3, 5)}
    for i, j, k in itertools.product((-1, 1), repeat=3)
)


def value_or_none(formula: Formula, point: Point) -> mpmath.mpf | None:
    try:
        return inexact(formula.value(point))
    except NoValue:
        return None


@given(formula=FORMULAS, point=POINTS)
@settings(max_examples=300, deadline=None)
def test_text_and_computation_agree(formula: Formula, point: Point) -> None:
    with mpmath.workdps(DIGITS):
        try:
            expected = value_or_none(formula, point)
            parsed = parse_cost(formula.text, NORMAL)
        except NotTold:
            return
        except ParseError:
            # Formulas of this size reach no bound: what is refused, or a branch of it, has hardly anywhere a value.
            with suppress(NotTold):
                assert "Piecewise" in formula.text or all(value_or_none(formula, other) is None for other in ELSEWHERE)
            return
        # In the order of writing, so that what a guard holds has a value once the guards before it are kept.
        assert all(is_kept(guard, point) for guard in parsed.guards) == (expected is not None)
        if expected is not None:
            for expression in (parsed.expression, canonical(parsed.expression, NORMAL).expression):
                assert mpmath.almosteq(value_at(expression, point), expected, rel_eps=1e-12, abs_eps=1e-12)

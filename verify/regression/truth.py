"""Exact values that other projects can test against: gradients, and variances of one draw of each estimator.

The costs and their first points are those of the catalogue; every law adds points of its own. Each value is a decimal
of 30 significant digits with a radius, |truth - value| <= radius; "inf" is a variance that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from types import MappingProxyType

import mpmath

from symbolic.estimators import ESTIMATORS
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.exact_moments import moments_of
from symbolic.problem import Problem, problem
from symbolic.value import Value
from verify.case import Case
from verify.cell import law_of
from verify.version import VERSION

__all__ = ["SCHEMA", "Digits", "Truth", "as_json", "digits_of", "truths"]

SCHEMA = "mcgradcheck/truth/1"
DIGITS = 30
SPARE_DIGITS = 4  # the truth is known to more digits than are written, so that rounding decides the last one

# Beside the catalogue's own point of each case; the symbols of the cost keep their values there.
MORE_POINTS: Mapping[str, tuple[Mapping[str, str], ...]] = MappingProxyType(
    {
        "normal": ({"mu": "-3/4", "sigma": "1/3"}, {"mu": "2", "sigma": "3/2"}),
        "exponential": ({"lam": "3/2"}, {"lam": "4"}),
    }
)


@dataclass(frozen=True)
class Digits:
    """A decimal and its radius as text, and the closed form that it is a value of, or None."""

    value: str
    radius: str
    expression: str | None


@dataclass(frozen=True)
class Truth:
    """d/d wrt E[cost] at exact values, and the variance of one draw of each estimator by its name."""

    cost: str
    law: str
    at: Mapping[str, str]
    wrt: str
    gradient: Digits
    variance: Mapping[str, Digits]


def truths(cases: Sequence[Case]) -> Iterator[Truth]:
    """One for each case, parameter and point, in this order. Raises SymbolicError for a case without exact answers."""
    for case in cases:
        law = law_of(case)
        points = (case.at, *({**case.at, **more} for more in MORE_POINTS.get(str(case.law), ())))
        for wrt in case.wrt or sorted(str(symbol) for symbol in law.symbols):
            asked = problem(case.cost, wrt, law)
            gradient = gradient_of(asked)
            variances = {name: moments_of(asked, name).variance for name in case.estimators or ESTIMATORS}
            for at in points:
                yield _truth(str(case.cost), asked, at, gradient, variances)


def _truth(cost: str, asked: Problem, at: Mapping[str, str], gradient: Exact, variances: Mapping[str, Exact]) -> Truth:
    return Truth(
        cost=cost,
        law=str(asked.law),
        at=dict(at),
        wrt=str(asked.wrt),
        gradient=_digits_at(gradient, at),
        variance={name: _digits_at(variance, at) for name, variance in variances.items()},
    )


def _digits_at(exact: Exact, at: Mapping[str, str]) -> Digits:
    value, radius = digits_of(exact.at(at, digits=DIGITS + SPARE_DIGITS))
    return Digits(value, radius, None if exact.expression is None else str(exact.expression))


def digits_of(value: Value) -> tuple[str, str]:
    """The decimal of 30 digits next to the midpoint, and a radius that holds the rounding: one unit of the last digit.

    Raises ValueError if the value is not known to so many digits.
    """
    if not value.is_finite:
        return "inf", "0"
    midpoint, radius = _exactly(value.midpoint), _exactly(value.radius)
    context = Context(prec=DIGITS)
    rounded = context.divide(Decimal(midpoint.numerator), Decimal(midpoint.denominator))
    distance = abs(midpoint - Fraction(rounded)) + radius
    if distance == 0:
        return f"{rounded.normalize(context):f}", "0"
    if abs(midpoint) <= radius:
        return "0", _text(_above(abs(midpoint) + radius))
    unit = Decimal(1).scaleb(rounded.adjusted() + 1 - DIGITS)
    if distance > Fraction(unit):
        raise ValueError(f"{value} is known to a radius of {mpmath.nstr(value.radius, 3)} only, not to {DIGITS} digits")
    return _text(rounded.quantize(unit, context=context)), _text(unit)


def _exactly(number: mpmath.mpf) -> Fraction:
    return Fraction(*(int(part) for part in mpmath.libmp.to_rational(number._mpf_)))


def _above(size: Fraction) -> Decimal:
    """A power of ten that is not below the size."""
    quotient = Context(prec=DIGITS).divide(Decimal(size.numerator), Decimal(size.denominator))
    return Decimal(1).scaleb(quotient.adjusted() + 1)


def _text(number: Decimal) -> str:
    return str(number).lower()


def as_json(rows: Sequence[Truth]) -> dict[str, object]:
    """The table as plain dicts, lists and texts, in the order of truth.schema.json."""
    return {"schema": SCHEMA, "version": VERSION, "values": [_row(row) for row in rows]}


def _row(row: Truth) -> dict[str, object]:
    return {
        "cost": row.cost,
        "law": row.law,
        "at": dict(row.at),
        "wrt": row.wrt,
        "gradient": _cell(row.gradient),
        "variance": {name: _cell(variance) for name, variance in row.variance.items()},
    }


def _cell(digits: Digits) -> dict[str, str | None]:
    return {"value": digits.value, "radius": digits.radius, "expression": digits.expression}

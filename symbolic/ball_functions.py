"""The functions of a cost on complex balls. With `analytic` a ball on which one is not analytic gives NaN.

Where Arb has no flag of its own, the branch cut is looked for here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

__all__ = ["FUNCTIONS", "Truth", "besselj", "heaviside", "log_of_sum", "piecewise", "power", "power_of_sum", "truth"]

Truth = bool | None  # None: the balls do not decide
_Unary = Callable[[acb, bool], acb]


def nowhere() -> acb:
    """The ball that says nothing."""
    return acb(arb.nan(), arb.nan())


def power(numerator: int, denominator: int) -> _Unary:
    """z -> z^(numerator/denominator), principal branch."""
    if denominator == 1:
        return lambda z, analytic: z**numerator
    if denominator == 2 and numerator == 1:
        return lambda z, analytic: z.sqrt(analytic=analytic)
    if denominator == 2 and numerator == -1:
        return lambda z, analytic: z.rsqrt(analytic=analytic)
    if denominator == 2:
        return lambda z, analytic: z.sqrt(analytic=analytic) ** numerator
    exponent = fmpq(numerator, denominator)

    def general(z: acb, analytic: bool) -> acb:
        if z.imag.is_zero() and not analytic and z.real.contains(0) and z.real >= 0 and numerator > 0:
            return acb(arb(0).union(z.real.upper() ** exponent))
        return z.pow(acb(exponent), analytic=analytic)

    return general


def log_of_sum(c: fmpq, k: fmpq) -> _Unary:
    """v -> log(c + k exp(v)) for c, k > 0, taken as v + log(c exp(-v) + k) where Re v > 0.

    On the real line the two are the same, so each is the other's continuation into a disc around a real interval; the
    second is analytic on discs of any width, where exp(v) alone would wind around the cut of the logarithm.
    """

    def function(v: acb, analytic: bool) -> acb:
        if v.real > 0:
            return v + (c * (-v).exp() + k).log(analytic=analytic)
        plain = (c + k * v.exp()).log(analytic=analytic)
        if c != 1 or not plain.is_finite():
            return plain
        return (k * v.exp()).log1p()  # the same branch; no digit of a small exp(v) is lost

    return _monotone(function)


def power_of_sum(c: fmpq, k: fmpq, numerator: int, denominator: int) -> _Unary:
    """v -> (c + k exp(v))^p for c, k > 0, p = numerator/denominator, as exp(p v) (c exp(-v) + k)^p where Re v > 0."""
    raised = power(numerator, denominator)
    exponent = fmpq(numerator, denominator)

    def function(v: acb, analytic: bool) -> acb:
        if v.real > 0:
            return (exponent * v).exp() * raised(c * (-v).exp() + k, analytic)
        return raised(c + k * v.exp(), analytic)

    return _monotone(function)


def _monotone(function: _Unary) -> _Unary:
    """On a real interval a monotone function lies between its values at the ends, however wide the interval."""

    def sharpened(z: acb, analytic: bool) -> acb:
        if analytic or not z.imag.is_zero() or z.real.is_exact():
            return function(z, analytic)
        low, high = function(acb(z.real.lower()), False), function(acb(z.real.upper()), False)
        return low.union(high)

    return sharpened


def besselj(order: fmpq) -> _Unary:
    """z -> J_order(z); entire for an integer order, else cut along the negative axis."""
    entire = order.q == 1

    def function(z: acb, analytic: bool) -> acb:
        if analytic and not entire and z.imag.contains(0) and not z.real > 0:
            return nowhere()
        return z.bessel_j(acb(order))

    return function


def absolute(z: acb, analytic: bool) -> acb:
    """|z| on the real line, +-z off it."""
    if not analytic and not z.imag.is_zero():
        return acb(z.abs_lower().union(z.abs_upper()))
    return z.real_abs(analytic=analytic)


def sign(z: acb, analytic: bool) -> acb:
    """The sign of the real part."""
    if not analytic and not z.imag.is_zero():
        return z / absolute(z, False)
    return z.real_sgn(analytic=analytic)


def heaviside(z: acb, at_zero: acb, analytic: bool) -> acb:
    """1 for a positive real part, 0 for a negative one, `at_zero` at zero."""
    if z.real > 0:
        return acb(1)
    if z.real < 0:
        return acb(0)
    if analytic or not z.is_finite():
        return nowhere()
    if z.is_zero():
        return at_zero
    return acb(arb(0).union(arb(1))).union(at_zero)


def arctangent(z: acb, analytic: bool) -> acb:
    """atan, cut along the imaginary axis outside (-i, i)."""
    if analytic and z.real.contains(0) and not abs(z.imag) < 1:
        return nowhere()
    return z.atan()


def inverse_error_function(z: acb, analytic: bool) -> acb:
    """erfinv on the real line only; it places the kinks of a cost, and none is integrated over it."""
    return nowhere() if analytic or not z.imag.is_zero() else acb(z.real.erfinv())


def piecewise(branches: Sequence[tuple[acb, Truth]], analytic: bool) -> acb:
    """The first value whose condition holds; the union of all that the balls leave open, NaN if `analytic`."""
    result: acb | None = None
    for value, condition in branches:
        if condition is False:
            continue
        if condition is None and analytic:
            return nowhere()
        result = value if result is None else result.union(value)
        if condition is True:
            return result
    return nowhere()


def truth(node: Any) -> Callable[[Sequence[Any], bool], Truth]:
    """A condition of a Piecewise on balls: True, False, or None where the balls do not decide."""
    if node is sp.true or node is sp.false:
        constant = node is sp.true
        return lambda values, analytic: constant
    if isinstance(node, sp.And):
        return lambda values, analytic: _all(values)
    if isinstance(node, sp.Or):
        return lambda values, analytic: _negated(_all([_negated(value) for value in values]))
    if isinstance(node, sp.Not):
        return lambda values, analytic: _negated(values[0])
    if isinstance(node, sp.Gt | sp.Ge):
        return lambda values, analytic: _greater(values[0], values[1], isinstance(node, sp.Ge), analytic)
    if isinstance(node, sp.Lt | sp.Le):
        return lambda values, analytic: _greater(values[1], values[0], isinstance(node, sp.Le), analytic)
    if isinstance(node, sp.Eq):
        return lambda values, analytic: _equal(values[0], values[1], analytic)
    if isinstance(node, sp.Ne):
        return lambda values, analytic: _negated(_equal(values[0], values[1], analytic))
    return lambda values, analytic: None


def _greater(left: acb, right: acb, or_equal: bool, analytic: bool) -> Truth:
    """left > right (or >=), told by the real parts."""
    difference = (left - right).real
    if difference > 0:
        return True
    if difference < 0:
        return False
    if difference.is_zero() and not analytic:
        return or_equal
    return None


def _equal(left: acb, right: acb, analytic: bool) -> Truth:
    """left == right, which only an isolated point can be: never decided where `analytic` is asked."""
    difference = left - right
    if difference.is_finite() and not difference.contains(0):
        return False
    if difference.is_zero() and not analytic:
        return True
    return None


def _all(values: Sequence[Truth]) -> Truth:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _negated(value: Truth) -> Truth:
    return None if value is None else not value


FUNCTIONS: dict[type[sp.Function], _Unary] = {
    sp.exp: lambda z, analytic: z.exp(),
    sp.log: lambda z, analytic: z.log(analytic=analytic),
    sp.sin: lambda z, analytic: z.sin(),
    sp.cos: lambda z, analytic: z.cos(),
    sp.tan: lambda z, analytic: z.tan(),
    sp.cot: lambda z, analytic: z.cot(),
    sp.sec: lambda z, analytic: z.sec(),
    sp.csc: lambda z, analytic: z.csc(),
    sp.sinh: lambda z, analytic: z.sinh(),
    sp.cosh: lambda z, analytic: z.cosh(),
    sp.tanh: lambda z, analytic: z.tanh(),
    sp.coth: lambda z, analytic: z.coth(),
    sp.sech: lambda z, analytic: z.sech(),
    sp.csch: lambda z, analytic: z.csch(),
    sp.atan: arctangent,
    sp.erf: lambda z, analytic: z.erf(),
    sp.erfc: lambda z, analytic: z.erfc(),
    sp.erfi: lambda z, analytic: z.erfi(),
    sp.erfinv: inverse_error_function,
    sp.gamma: lambda z, analytic: z.gamma(),
    sp.Abs: absolute,
    sp.sign: sign,
    sp.re: lambda z, analytic: nowhere() if analytic else acb(z.real),
    sp.im: lambda z, analytic: nowhere() if analytic else acb(z.imag),
}
"""One argument in, one ball out; (ball, analytic) -> ball."""

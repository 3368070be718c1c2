"""Where the integral of a sum of c x^n exp(a x^2 + b x + d) exists, up to an infinite end.

Terms that differ in (a, b) never cancel: the greatest of those that do not decay decides how the sum grows, and for as
many different imaginary parts of b it is a sum of waves that is not small on average. So the integral exists if and
only if every group of terms with one (a, b) decays, unless its factor is zero:

    a < 0, or a = 0 and Re b x -> -oo at the only infinite end.

Between finite ends it always exists. That a factor is not zero, and that two rates differ, is shown by balls, not by
their looks: log(6) and log(2) + log(3) are one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import sympy as sp
from flint import ctx
from sympy.logic.boolalg import Boolean

from symbolic.balls import evaluate
from symbolic.errors import Divergent, NotCertified, NotInClass
from symbolic.exponential_sum import Exponent, ExponentialSum

__all__ = ["exists", "exists_on_the_line", "is_nonzero", "is_present", "real_and_imaginary", "sign_condition"]

_KINKED = (sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.Piecewise)
_POINTS = 3
_BITS = 256
_Key = TypeVar("_Key")


def exists(
    terms: ExponentialSum, exponent: Exponent, variable: sp.Symbol, left: sp.Expr, right: sp.Expr
) -> tuple[Boolean, Boolean]:
    """Where the part of the sum with this exponent has an integral, and where that is known of this part alone.

    Its own integral exists where both hold. The first is needed for that of the whole sum, too; the second is not: what
    does not decay there may be zero, or may cancel with other terms.
    Raises Divergent if nothing decays and nothing cancels, NotInClass if nothing decays and something may cancel.
    """
    if not (left.is_infinite or right.is_infinite):
        return sp.true, sp.true
    condition = _decays(exponent, left, right)
    if condition == sp.true:
        return sp.true, sp.true
    if not is_present(terms, exponent, variable):
        if condition == sp.false:
            raise NotInClass(f"{_named(exponent, variable)} does not decay, but it may cancel with another term")
        return sp.true, condition
    if condition == sp.false:
        raise Divergent(f"the integral diverges: {_named(exponent, variable)}")
    return condition, sp.true


def exists_on_the_line(
    rates: Mapping[_Key, tuple[sp.Expr, sp.Expr]],
    alike: Callable[[_Key], Iterable[sp.Expr]],
    variable: sp.Expr,
) -> tuple[dict[_Key, Boolean], Boolean]:
    """The same over the whole line for several sums in the same letters, by the value top/bottom of -2a.

    `alike` gives the terms of each sum that have one of the rates. The second condition is joined for all rates.
    """
    needed: dict[_Key, Boolean] = {}
    alone: list[Boolean] = []
    for key, (top, bottom) in rates.items():
        condition = positive_ratio(top, bottom)
        needed[key] = condition
        if condition == sp.true:
            continue
        others = (top * below - above * bottom for other, (above, below) in rates.items() if other != key)
        what = f"exp({-top / (2 * bottom)}*{variable**2}) does not decay"
        if all(map(is_nonzero, others)) and any(map(is_nonzero, alike(key))):
            if condition == sp.false:
                raise Divergent(f"the integral diverges: {what}")
        elif condition == sp.false:
            raise NotInClass(f"{what}, but it may cancel with another term")
        else:
            needed[key] = sp.true
            alone.append(condition)
    return needed, sp.And(*alone)


def _decays(exponent: Exponent, left: sp.Expr, right: sp.Expr) -> Boolean:
    positive = sign_condition(exponent, 1)
    if left.is_infinite and right.is_infinite:
        return positive
    growth, _ = real_and_imaginary(exponent.b)
    falls = sp.Lt(growth, 0) if right == sp.oo else sp.Gt(growth, 0)
    return sp.Or(positive, sp.And(sp.Eq(exponent.a, 0), falls))


def sign_condition(exponent: Exponent, sign: int) -> Boolean:
    """-sign a > 0."""
    top, bottom = sp.fraction(sp.cancel(-2 * exponent.a))
    return positive_ratio(sign * top, bottom)


def positive_ratio(top: sp.Expr, bottom: sp.Expr) -> Boolean:
    """top / bottom > 0, written with the denominator cleared where its sign is known."""
    if top.is_positive and bottom.is_positive:
        return sp.true
    return sp.Gt(top if bottom.is_positive else top / bottom, 0)


def is_present(terms: ExponentialSum, exponent: Exponent, variable: sp.Symbol) -> bool:
    """Whether the terms that grow like this one are proven not to cancel, generically in their symbols."""
    alike = sp.S.Zero
    for other, by_power in terms.coefficients.items():
        if not any(by_power.values()):
            continue
        if other.a == exponent.a and other.b == exponent.b:
            factor = sp.Add(*(polynomial.as_expr() * variable**n for n, polynomial in by_power.items()))
            alike += sp.exp(other.d) * factor
        elif not (is_nonzero(other.a - exponent.a) or is_nonzero(other.b - exponent.b)):
            return False
    return is_nonzero(alike)


def is_nonzero(expression: sp.Expr) -> bool:
    """Whether an analytic function of its symbols is proven not to be zero everywhere: a ball at a point excludes 0."""
    if expression.is_Rational:
        return bool(expression != 0)
    if expression.has(*_KINKED):  # which may be zero on one side
        return False
    symbols = sorted(expression.free_symbols, key=str)
    for point in range(_POINTS):
        # Distinct positive rationals without small common factors.
        values = {symbol: sp.Rational(7 + 10 * n + 3 * point, 11 + 6 * point) for n, symbol in enumerate(symbols)}
        if _excludes_zero(expression, values):
            return True
    return False


def _excludes_zero(expression: sp.Expr, values: dict[sp.Symbol, sp.Rational]) -> bool:
    try:
        with ctx.workprec(_BITS):
            ball = evaluate(expression, values)
            return bool(ball.is_finite() and not ball.contains(0))
    except NotCertified:
        return False


def real_and_imaginary(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Both parts of a polynomial in I whose symbols are real: expanded, each term holds I once or not at all."""
    parts = {False: sp.S.Zero, True: sp.S.Zero}
    for term in sp.Add.make_args(sp.expand(expression)):
        parts[term.has(sp.I)] += term
    return parts[False], sp.expand(-sp.I * parts[True])


def _named(exponent: Exponent, variable: sp.Symbol) -> str:
    top, bottom = sp.fraction(sp.cancel(-2 * exponent.a))
    if top != 0:
        return f"exp({-top / (2 * bottom)}*{variable}**2) does not decay"
    if exponent.b != 0:
        return f"exp(({exponent.b})*{variable}) does not vanish at infinity"
    return f"the integrand, a polynomial in {variable}, does not vanish at infinity"

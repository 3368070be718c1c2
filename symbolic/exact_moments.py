"""Exact moments of an estimator's term g(epsilon; theta):  m = E g,  V = Var g,  kappa = E(g - m)^4 / V^2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeAlias

import mpmath
import sympy as sp
from flint import arb, ctx

from symbolic.balls import real_ball
from symbolic.clock import limited
from symbolic.confirmation import closed_or_confirmed
from symbolic.errors import Divergent, NotCertified, NotInClass, Undefined
from symbolic.estimator import Estimator
from symbolic.estimators import estimator as estimator_of
from symbolic.exact import Exact
from symbolic.expectation import expectation_under_noise, raw_moments_under_noise
from symbolic.integral import Integral
from symbolic.law import Law, Noise
from symbolic.methods import CLOSED_FORM, REFERENCE, Method
from symbolic.methods.enclosure import enclose
from symbolic.problem import Problem, problem
from symbolic.readable import readable
from symbolic.value import Value

__all__ = ["Moments", "moments", "moments_of", "moments_or_confirmed"]

GUARD_BITS = 64
_Closed: TypeAlias = Callable[[sp.Expr, Noise, Sequence[Method]], Integral]


@dataclass(frozen=True)
class Moments:
    """`.mean`, `.variance`, `.kurtosis` of one draw of an estimator; a moment that does not exist is +infinity.

    With `or_confirmed` a closed form may be SymPy's, where ours have none and certified values confirm it.
    """

    problem: Problem
    estimator: Estimator
    or_confirmed: bool = False

    @cached_property
    def mean(self) -> Exact:
        """E g: the gradient, if the estimator is unbiased."""
        return self._exact(_closed_mean, _mean_at)

    @cached_property
    def variance(self) -> Exact:
        """E g^2 - (E g)^2."""
        return self._exact(_closed_variance, _variance_at)

    @cached_property
    def kurtosis(self) -> Exact:
        """E(g - m)^4 / V^2. Raises Undefined at values where V = 0."""
        return self._exact(_closed_kurtosis, _kurtosis_at)

    def _exact(self, closed: _Closed, at: Callable[[sp.Expr, Noise, int], Value]) -> Exact:
        problem, term, noise = self.problem, self.estimator.term, self.estimator.noise

        def truth(numbers: Mapping[sp.Symbol, sp.Rational], digits: int) -> Value:
            return at(term.xreplace(dict(numbers)), noise, digits)

        def ours() -> Integral:
            return closed(term, noise, CLOSED_FORM)

        def by_sympy() -> Integral:
            return closed(term, noise, REFERENCE)

        derive = partial(closed_or_confirmed, problem, ours, by_sympy, truth) if self.or_confirmed else ours
        return Exact(problem=problem, _derive=derive, _evaluate=truth)


@limited("the moments")
def moments(cost: str | sp.Expr, estimator: str, wrt: str | sp.Symbol = "mu", law: str | Law = "normal") -> Moments:
    """The exact moments of one draw of the named estimator.

    Raises as `gradient` does, and BadParameter for an unknown estimator.
    """
    return moments_or_confirmed(problem(cost, wrt, law), estimator)


def moments_of(problem: Problem, estimator: str) -> Moments:
    """The same for a validated problem, without SymPy's integral."""
    return Moments(problem, estimator_of(estimator, problem))


def moments_or_confirmed(problem: Problem, estimator: str) -> Moments:
    """The same, but with SymPy's closed forms where our methods have none and certified values confirm them."""
    return Moments(problem, estimator_of(estimator, problem), or_confirmed=True)


def _closed_mean(term: sp.Expr, noise: Noise, methods: Sequence[Method]) -> Integral:
    return expectation_under_noise(term, noise, methods)


def _closed_variance(term: sp.Expr, noise: Noise, methods: Sequence[Method]) -> Integral:
    try:
        first, second = raw_moments_under_noise(term, noise, (1, 2), methods)
    except Divergent:
        return Integral(sp.oo, sp.true, "divergent")
    return second.minus_square_of(first)


def _closed_kurtosis(term: sp.Expr, noise: Noise, methods: Sequence[Method]) -> Integral:
    try:
        raw = raw_moments_under_noise(term, noise, (1, 2, 3, 4), methods)
    except Divergent:
        return Integral(sp.oo, sp.true, "divergent")
    m, second, third, fourth = (integral.expression for integral in raw)
    variance = readable(second - m**2)
    if variance == 0:
        raise Undefined("the variance of the term is 0, so it has no kurtosis")
    central = readable(fourth - 4 * third * m + 6 * second * m**2 - 3 * m**4)
    conditions = sp.And(*(integral.conditions for integral in raw))
    form_holds = sp.And(*(integral.form_holds for integral in raw))
    return Integral(central / variance**2, conditions, raw[-1].method, form_holds)


def _at_numbers(closed: _Closed, term: sp.Expr, noise: Noise) -> sp.Expr | None:
    """The closed form, if there is one and it is known to hold at these numbers."""
    try:
        integral = closed(term, noise, CLOSED_FORM)
    except NotInClass:
        return None
    return integral.expression if integral.holds == sp.true else None


def _mean_at(term: sp.Expr, noise: Noise, digits: int) -> Value:
    closed = _at_numbers(_closed_mean, term, noise)
    if closed is None:
        return enclose(term, noise, digits)
    return Value.from_ball(real_ball(closed, {}, digits), digits)


def _variance_at(term: sp.Expr, noise: Noise, digits: int) -> Value:
    if not term.has(noise.symbol):
        return Value.from_ball(arb(0), digits)
    closed = _at_numbers(_closed_variance, term, noise)
    if closed is None:
        return _enclosed_or_infinite(lambda: _enclosed_variance(term, noise, digits), digits)
    if closed == sp.oo:
        return Value.infinite()
    return Value.from_ball(real_ball(closed, {}, digits), digits)


def _kurtosis_at(term: sp.Expr, noise: Noise, digits: int) -> Value:
    if not term.has(noise.symbol):
        raise Undefined("the variance of the term is 0, so it has no kurtosis")
    closed = _at_numbers(_closed_kurtosis, term, noise)
    if closed is None:
        return _enclosed_or_infinite(
            lambda: _enclosed_fourth(term, noise, digits) / _square(_told_from_zero(term, noise, digits)), digits
        )
    if closed == sp.oo:
        return Value.infinite()
    return Value.from_ball(real_ball(closed, {}, digits), digits)


def _enclosed_or_infinite(enclosed: Callable[[], arb], digits: int) -> Value:
    try:
        with ctx.workprec(4 * digits + GUARD_BITS):
            return Value.from_ball(enclosed(), digits)
    except Divergent:
        return Value.infinite()


def _enclosed_variance(term: sp.Expr, noise: Noise, digits: int) -> arb:
    """Var g = E(g - c)^2 - (m - c)^2 with c next to m, so that no digits cancel."""
    centre, off = _centre(term, noise, digits)
    return enclose((term - centre) ** 2, noise, digits).ball - _square(off)


def _told_from_zero(term: sp.Expr, noise: Noise, digits: int) -> arb:
    """The variance, if its ball excludes zero. Raises NotCertified."""
    variance = _enclosed_variance(term, noise, digits)
    if variance.contains(0):
        raise NotCertified(f"the variance, {variance.str(3)}, cannot be told from zero, so no kurtosis is certified")
    return variance


def _enclosed_fourth(term: sp.Expr, noise: Noise, digits: int) -> arb:
    """E(g - m)^4 from y = g - c: with d = m - c, E y^4 - 4 d E y^3 + 6 d^2 E y^2 - 3 d^4, |E y^3|^2 <= E y^2 E y^4."""
    centre, off = _centre(term, noise, digits)
    second = enclose((term - centre) ** 2, noise, digits).ball
    fourth = enclose((term - centre) ** 4, noise, digits).ball
    third = arb(0, (second * fourth).abs_upper().sqrt().upper())
    return fourth - 4 * off * third + 6 * _square(off) * second - 3 * _square(_square(off))


def _square(ball: arb) -> arb:
    # Arb takes a power of a ball around 0 for exp(2 log(ball)), which has no value.
    return ball * ball


def _centre(term: sp.Expr, noise: Noise, digits: int) -> tuple[sp.Rational, arb]:
    """A rational next to the mean, and a ball that holds the distance to it."""
    mean = _mean_at(term, noise, digits)
    centre = sp.Rational(*mpmath.libmp.to_rational(mean.midpoint._mpf_))
    return centre, arb(0, mean.radius)

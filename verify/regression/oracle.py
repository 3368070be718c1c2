"""Numbers for anybody's own tests: the exact gradient, and how far a right estimate of it can be off."""

from __future__ import annotations

import math
from collections.abc import Mapping

import mpmath
import sympy as sp

from symbolic.enclosing.central_norms import central_norm_bound
from symbolic.estimators import estimator as estimator_of
from symbolic.exact import Exact, Number
from symbolic.exact_gradient import gradient, gradient_of
from symbolic.parsing import values_for
from symbolic.problem import check_values, problem
from verify.applicability import infinite_variance, unseen_jump
from verify.cell import Cell
from verify.ranges import error_rate, given_values, whole
from verify.regression.mean_bounds import mean_distance
from verify.usage import UsageError

__all__ = ["expected", "tolerance"]

_MOST_DIGITS = 240
_MOST_DRAWS = 10**18
_POWERS = range(4, 17, 2)
_LEAST_BINARY_EXPONENT = -1100  # below it every number rounds to 0
_MOST_BINARY_EXPONENT = 1100


def expected(cost: str | sp.Expr, at: Mapping[str, Number], wrt: str = "mu", law: str = "normal") -> float:
    """d/d wrt E[cost] at the values `at`, correctly rounded to float64.

    "Correctly" but for a gradient within 1e-240 of the middle between two floats without being that middle.
    Raises SymbolicError if there is no exact answer, UsageError if it is too large for float64.
    """
    return _nearest(gradient(cost, wrt, law), given_values(at))


def tolerance(
    cost: str | sp.Expr,
    estimator: str,
    at: Mapping[str, Number],
    wrt: str,
    n: int,
    false_alarm_rate: float = 1e-6,
    law: str = "normal",
) -> float:
    """t with P(|mean of n independent draws - exact gradient| > t) <= false_alarm_rate, proven.

    For every n, by exact moments of up to order 16: no normality and no "n large" is assumed. Where these moments are
    moderate it is 6 to 7 standard errors at 1e-6; with heavy tails it is more, because the mean is. A little is added
    for the rounding of the draws and of their sum in float64.
    Raises UsageError where no tolerance exists (an infinite variance, a jump that the estimator does not see, rates
    outside (0, 1)), SymbolicError if there is no exact answer.
    """
    n = whole("n", n, 1, _MOST_DRAWS)
    false_alarm_rate = error_rate("false_alarm_rate", false_alarm_rate)
    asked = problem(cost, wrt, law)
    values = values_for(given_values(at), asked.symbols)
    check_values(asked, values)
    built = estimator_of(estimator, asked)
    cell = Cell(asked, values, judged=built, claimed=built, gradient_form=gradient_of(asked))
    if reason := unseen_jump(cell) or infinite_variance(cell):
        raise UsageError(f"{reason}; so its mean has no tolerance")
    mean = cell.moments.mean.at(cell.own_values)
    variance = cell.variance
    norms = (
        {2: math.nextafter(math.sqrt(variance.midpoint + variance.radius), math.inf)} if cell.has_variance else {2: 0.0}
    )
    for power in _POWERS:
        norm = central_norm_bound(built, values, mean, power)
        if norm is None:
            break
        norms[power] = norm
    distance = mean_distance(n, false_alarm_rate, norms)
    size = abs(float(mean)) + norms[2]
    summation = (16 + math.log2(n)) * math.ulp(size)
    return math.nextafter(distance + cell.rounding + summation, math.inf)


def _nearest(exact: Exact, at: Mapping[str, Number], digits: int = 30) -> float:
    """The float that both ends of the enclosure round to, with more digits until there is one."""
    value = exact.at(at, digits=digits)
    with mpmath.workdps(2 * digits + 40):
        ends = {_rounded(value.midpoint + sign * value.radius) for sign in (-1, 1)}
    if len(ends) > 1 and digits < _MOST_DIGITS:
        return _nearest(exact, at, 2 * digits)
    return _rounded(value.midpoint)


def _rounded(number: mpmath.mpf) -> float:
    """The nearest float64, ties to even. Raises UsageError if there is none."""
    size = int(mpmath.mag(number)) if number else 0
    if size < _LEAST_BINARY_EXPONENT:
        return math.copysign(0.0, number)
    if size <= _MOST_BINARY_EXPONENT:
        numerator, denominator = mpmath.libmp.to_rational(number._mpf_)
        try:
            return float(numerator / denominator)
        except OverflowError:
            pass
    raise UsageError(
        f"the gradient is {mpmath.nstr(number, 6)}: too large for a float; take exact values from symbolic"
    )

"""What a hand-picked tolerance is worth: how often correct code fails it, and which bugs it lets through.

    passes  <=>  |mean of n draws - m| <= atol + rtol |m|                                   (as numpy.isclose)

m is the exact gradient. Z = sqrt(n) (mean - m)/s has the exact law of `verify.auditing.law_of_mean`; a bug that
multiplies every draw by 1 + s and adds d gives a mean that is off by s m + d + (1 + s) s_mean Z.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from numeric.streams import LARGEST_SEED
from symbolic.errors import NotCertified, TimedOut
from symbolic.exact import Number
from symbolic.law import Law
from verify.applicability import infinite_variance, unseen_jump
from verify.auditing.law_of_mean import berry_esseen, law_of_mean
from verify.auditing.search import n_needed, smallest_found, tolerance_needed
from verify.auditing.simulation import Simulation, simulate_audit
from verify.auditing.tolerance_test import ToleranceTest
from verify.case import Case
from verify.cell import Cell, cells_of
from verify.ranges import error_rate, given_values, number, share, whole
from verify.usage import UsageError

__all__ = ["Audit", "Bug", "audit"]

SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_MOST_DRAWS = 10**15
_MOST_SIMULATED = 10**12
_POWERS = (0.9, 0.999)


@dataclass(frozen=True)
class Bug:
    """A mistake, what the mean becomes on average, and P(the test passes all the same)."""

    name: str
    mean: float
    survives: float


@dataclass(frozen=True)
class Audit:
    """The worth of `|mean of n draws - m| <= tolerance`, with all of `components` independent ones having to pass.

    `false_failure_probability`: that correct code fails under a fresh seed; `false_failure_bounds` holds it, proven.
    `smallest_scale_error_90`: a size s from which on both factors 1 + s and 1 - s, in every component, are found in
    90 % of runs, and `_999` in 99.9 %; None where the gradient is 0. `smallest_shift_90`, `_999`: the same for an
    amount added to the mean, up or down.
    `zero_gradient_passes`, `flipped_sign_passes`: in more than half of all runs.
    `n_needed`: draws with which, at this tolerance, correct code fails at most at `false_alarm_rate` and a shift of
    twice the tolerance is missed at most at `miss_rate`. `tolerance_needed`: the same false failures with n draws, and
    `shift_found_then` is what that tolerance misses at most at `miss_rate`. None: beyond what can be computed.
    `guarantee`: "proven" where the law of the mean is exact; else "asymptotic": computed by `method`, to about `error`.
    """

    cost: str
    law: str
    wrt: str
    at: Mapping[str, str]
    estimator: str
    n: int
    rtol: float
    atol: float
    components: int
    exact_gradient: float
    exact_variance: float
    tolerance: float
    standard_error: float
    tolerance_in_standard_errors: float
    false_failure_probability: float
    false_failure_bounds: tuple[float, float]
    smallest_scale_error_90: float | None
    smallest_scale_error_999: float | None
    smallest_shift_90: float | None
    smallest_shift_999: float | None
    zero_gradient_passes: bool
    flipped_sign_passes: bool
    bugs: tuple[Bug, ...]
    false_alarm_rate: float
    miss_rate: float
    n_needed: int | None
    tolerance_needed: float | None
    shift_found_then: float | None
    guarantee: str
    method: str
    error: float
    simulation: Simulation | None


def audit(
    cost: str | sp.Expr,
    estimator: str,
    at: Mapping[str, Number],
    n: int,
    *,
    rtol: float | str = 0.0,
    atol: float = 0.0,
    wrt: str = "mu",
    law: str | Law = "normal",
    components: int = 1,
    simulate: int = 0,
    false_alarm_rate: float = 1e-6,
    miss_rate: float = 1e-6,
    seed: int = 0,
) -> Audit:
    """What the test |mean of n draws - m| <= atol + rtol |m| finds, and how often it fails correct code.

    `rtol` is a number, or a text such as "5%". `simulate` runs of it are played through, with `seed`, if it is above 0.
    Raises UsageError for a bad number, an estimator without a finite variance or with a bias of its own; SymbolicError
    for a bad problem or value.
    """
    n, components = whole("n", n, 2, _MOST_DRAWS), whole("components", components, 1, _MOST_DRAWS)
    simulate, seed = whole("simulate", simulate, 0, _MOST_DRAWS), whole("seed", seed, 0, LARGEST_SEED)
    rtol, atol = _tolerances(rtol, atol)
    false_alarm_rate = error_rate("false_alarm_rate", false_alarm_rate)
    miss_rate = error_rate("miss_rate", miss_rate)
    if simulate * n * components > _MOST_SIMULATED:
        raise UsageError(
            f"simulate={simulate} runs of {n} draws, components={components}: more than {_MOST_SIMULATED:.0e} draws, "
            "which take hours; give fewer runs"
        )
    values = {str(name): str(value) for name, value in given_values(at).items()}
    case = Case(cost, law, values, (wrt,), (estimator,))
    (cell,) = cells_of(case)
    if reason := unseen_jump(cell) or infinite_variance(cell):
        raise UsageError(f"estimator={estimator} cannot pass or fail by a tolerance: {reason}")
    gradient, variance = float(cell.gradient), float(cell.variance)
    deviation = math.sqrt(variance) if cell.has_variance else 0.0
    error, tolerance = deviation / math.sqrt(n), atol + rtol * abs(gradient)
    if deviation and cell.rounding > error / 10:
        raise UsageError(
            f"n={n}: float64 rounds a draw by {cell.rounding:.2g} here, and the standard error of so many is "
            f"{error:.2g}: rounding decides, not the tolerance; give a smaller n or a larger sigma"
        )
    laws = law_of_mean(cell) if deviation else None
    test = ToleranceTest(gradient, tolerance, error, components, None if laws is None else laws(n))
    bounds = _proven_bounds(test, cell, n)
    scales = [None if gradient == 0 else smallest_found(test.scaled_found, test.scale_unit, p) for p in _POWERS]
    shifts = [smallest_found(test.shifted_found, test.shift_unit, p) for p in _POWERS]
    wide = tolerance_needed(test, false_alarm_rate)
    return Audit(
        cost=str(cell.problem.cost),
        law=str(cell.problem.law),
        wrt=str(cell.problem.wrt),
        at={name: str(value) for name, value in sorted(cell.own_values.items())},
        estimator=estimator,
        n=n,
        rtol=rtol,
        atol=atol,
        components=components,
        exact_gradient=gradient,
        exact_variance=variance if deviation else 0.0,
        tolerance=tolerance,
        standard_error=error,
        tolerance_in_standard_errors=tolerance / error if error else math.inf,
        false_failure_probability=min(test.failing(), bounds[1]),
        false_failure_bounds=bounds,
        smallest_scale_error_90=scales[0],
        smallest_scale_error_999=scales[1],
        smallest_shift_90=shifts[0],
        smallest_shift_999=shifts[1],
        zero_gradient_passes=test.failing(scale=-1.0) < 0.5,
        flipped_sign_passes=test.failing(scale=-2.0) < 0.5,
        bugs=_bugs(test),
        false_alarm_rate=false_alarm_rate,
        miss_rate=miss_rate,
        n_needed=None if laws is None else n_needed(test, deviation, laws, false_alarm_rate, miss_rate),
        tolerance_needed=None if wide is None else wide.tolerance,
        shift_found_then=None if wide is None else smallest_found(wide.shifted_found, wide.shift_unit, 1 - miss_rate),
        guarantee="proven" if test.is_exact else "asymptotic",
        method=test.method,
        error=test.error,
        simulation=simulate_audit(cell, test, n, simulate, seed) if simulate else None,
    )


def _tolerances(rtol: object, atol: object) -> tuple[float, float]:
    """Both as floats, 0 for one that is not used."""
    if rtol == atol == 0:
        raise UsageError("rtol=0 and atol=0 leave no tolerance, and no mean of draws is exact; give one of them")
    return 0.0 if rtol == 0 else share("rtol", rtol), 0.0 if atol == 0 else number("atol", atol)


def _proven_bounds(test: ToleranceTest, cell: Cell, n: int) -> tuple[float, float]:
    """Where P(correct code fails) lies for certain: exact, else by Chebyshev and by Berry and Esseen."""
    if test.is_exact:
        return test.failing(), test.failing()
    z = test.tolerance / test.standard_error
    low, high = 0.0, min(1.0, 1 / z**2) if z else 1.0
    try:
        kurtosis = float(cell.kurtosis)
    except (NotCertified, TimedOut):
        kurtosis = math.inf  # Chebyshev's inequality holds without it
    if math.isfinite(kurtosis):
        off = 2 * berry_esseen(kurtosis, n)  # two tails
        normal = math.erfc(z / math.sqrt(2))
        low, high = max(low, normal - off), min(high, normal + off)
    return test.any_of(low), test.any_of(high)


def _bugs(test: ToleranceTest) -> tuple[Bug, ...]:
    """The mistakes that people make, in every component; a scale means nothing where the gradient is 0."""
    m, bugs = test.gradient, []
    if m:
        for size in SCALES:
            name = f"{100 * size:.3g} % too large" if size < 1 else "twice as large"
            bugs.append(Bug(name, (1 + size) * m, 1 - test.failing(scale=size)))
        bugs.append(Bug("half as large", m / 2, 1 - test.failing(scale=-0.5)))
        bugs.append(Bug("always zero", 0.0, 1 - test.failing(scale=-1.0)))
        bugs.append(Bug("the wrong sign", -m, 1 - test.failing(scale=-2.0)))
    else:
        for times in (1, 2, 5, 10):
            shift = times * test.shift_unit
            bugs.append(Bug(f"shifted by {shift:.3g}", m + shift, 1 - test.failing(shift=shift)))
    return tuple(bugs)

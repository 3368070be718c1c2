"""check: one estimator, known by name or given as a function, judged against the exact gradient of a cost."""

from __future__ import annotations

import math
from collections.abc import Mapping

import sympy as sp

from numeric.black_box import EstimatorFunction
from numeric.streams import LARGEST_SEED
from symbolic.errors import BadParameter
from symbolic.exact import Number
from symbolic.law import Law
from symbolic.laws import LAWS
from symbolic.parsing import values_for
from symbolic.parsing.names import shortened
from symbolic.parsing.values import exact_rational
from symbolic.problem import check_values, problem
from verify.black_box_controls import BLACK_BOX_CONTROLS, control_findings
from verify.campaign import run_campaign
from verify.case import LARGEST_RESOLUTION, Case, Settings
from verify.checks.black_box import judge_black_box
from verify.checks.black_box_findings import call_of
from verify.checks.context import Context
from verify.checks.subject import Subject, subject_of
from verify.controls import CONTROLS
from verify.deciding.design import BudgetTooSmall
from verify.deciding.error_budget import Budget
from verify.describe import is_known
from verify.environment import environment
from verify.ranges import error_rate, given_values, number, share, whole
from verify.report import Report
from verify.usage import UsageError
from verify.version import VERSION

__all__ = ["check"]

MOST_DRAWS = 10**18


def check(
    estimator: str | EstimatorFunction,
    cost: str | sp.Expr,
    *,
    at: Mapping[str, Number],
    wrt: str = "mu",
    law: str | Law = "normal",
    claims: str | None = None,
    variance: Number | None = None,
    resolution: float = 0.01,
    min_effect: float | str | None = None,
    false_alarm_rate: float = 1e-6,
    miss_rate: float = 1e-6,
    seed: int = 0,
    max_draws: int | None = None,
) -> Report:
    """Is E g = d/d wrt E[cost] at the values `at`? A Report: `.verdict`, `.findings`, `.raise_for_failure()`.

    `estimator` is a name ("score_function", "pathwise"), or a function (params, n, rng) -> n independent draws g as an
    array of float64. params are the values by name; all randomness has to come from rng, a NumPy Generator. Draws that
    come in antithetic pairs are not independent: return the mean of each pair as one draw.

    `law` is a text such as "normal(mu, exp(rho))", or a symbolic.law.Law of one's own.

    What is known of the variance of a function's draws decides what is proven:
    `claims`, the name of the estimator that it is: its exact variance is used, and checked as well; proven.
    `variance`, a bound on it: proven for the bias. 0 says that every draw is the gradient itself.
    Neither: it is estimated on a pilot of 65,536 draws, raised by six standard errors; the guarantee is "asymptotic".

    `resolution` is the smallest bias that must not pass, in standard deviations of one draw; or `min_effect`, as a
    share of the gradient, such as 0.01 or "1%". Both rates hold for the whole report; `max_draws` bounds the draws
    that are judged, and makes the resolution coarser where it has to. Under `seed` the same draws come again.

    Raises UsageError for arguments that cannot be carried out, SymbolicError where there is no exact answer, and
    EstimatorError if the function raises or does not return n numbers. NaN among the draws is a FAIL.
    """
    settings = _settings(resolution, min_effect, false_alarm_rate, miss_rate, seed, max_draws)
    if isinstance(law, Law):
        _refuse_a_borrowed_name(law)
    asked = problem(cost, wrt, law)
    values = values_for(given_values(at), asked.symbols)
    check_values(asked, values)
    try:
        if isinstance(estimator, str):
            if claims is not None or variance is not None:
                raise UsageError(
                    f"estimator={estimator} has an exact variance of its own; leave out claims and variance"
                )
            case = Case(cost, law, {str(symbol): str(value) for symbol, value in values.items()}, (wrt,), (estimator,))
            return run_campaign([case], CONTROLS, settings, command=f"verify.check({estimator!r}, {str(cost)!r})")
        if not callable(estimator):
            raise UsageError(f"estimator={estimator!r} is neither a name nor a function (params, n, rng) -> n draws")
        subject = subject_of(estimator, asked, values, settings.seed, claims, _declared(claims, variance))
        return _report(subject, settings)
    except BudgetTooSmall as error:
        raise UsageError(str(error)) from None


def _report(subject: Subject, settings: Settings) -> Report:
    """The findings about the subject, then the controls, under one budget."""
    if settings.min_effect is not None and subject.exact == 0:
        raise UsageError(
            f"min_effect={settings.min_effect:g} is a share of the gradient, but {subject.problem} is 0 here; "
            "use a resolution in standard deviations instead"
        )
    budget = Budget(settings.false_alarm_rate, settings.miss_rate)
    hypotheses = (2 if subject.claimed is None else 3) + len(BLACK_BOX_CONTROLS)
    context = Context(settings, *budget.split(hypotheses), budget.pass_error)
    findings = judge_black_box(subject, context)
    return Report(
        findings=tuple(findings),
        controls=control_findings(context),
        version=VERSION,
        command=call_of(subject, context),
        seed=settings.seed,
        environment=environment(),
        false_alarm_rate=settings.false_alarm_rate,
        miss_rate=settings.miss_rate,
        pass_error=budget.pass_error,
        hypotheses=hypotheses,
    )


def _refuse_a_borrowed_name(law: Law) -> None:
    """A finding names its law by a text, which must mean this one. Raises UsageError."""
    if not is_known(law) and law.name in {known.name for known in LAWS}:
        raise UsageError(
            f"law={law} has the name of a law of the package, and is another one; give it a name of its own, such as "
            f"my_{law.name}"
        )


def _settings(
    resolution: float,
    min_effect: float | str | None,
    false_alarm_rate: float,
    miss_rate: float,
    seed: int,
    max_draws: int | None,
) -> Settings:
    """The settings, each number within its range. Raises UsageError."""
    return Settings(
        seed=whole("seed", seed, 0, LARGEST_SEED),
        resolution=number("resolution", resolution, LARGEST_RESOLUTION),
        min_effect=None if min_effect is None else share("min_effect", min_effect, LARGEST_RESOLUTION),
        false_alarm_rate=error_rate("false_alarm_rate", false_alarm_rate),
        miss_rate=error_rate("miss_rate", miss_rate),
        max_draws=None if max_draws is None else whole("max_draws", max_draws, 2, MOST_DRAWS),
    )


def _declared(claims: str | None, variance: Number | None) -> float | None:
    """The declared bound as a float. Raises UsageError for a negative one, or one beside a claim."""
    if variance is None:
        return None
    if claims is not None:
        raise UsageError(f"claims={claims} fixes the variance; leave out variance={variance}, or claims")
    try:
        bound = exact_rational(variance)
    except BadParameter as error:
        raise UsageError(f"variance={shortened(variance)}: {error}") from None
    as_float = float(bound)
    if bound < 0 or not math.isfinite(as_float) or (bound > 0 and as_float == 0):
        raise UsageError(f"variance={shortened(variance)} bounds no variance; give a finite number of at least 0")
    return as_float

"""What a check will take, before the first draw: numbers of draws, seconds, and what a z-test would have promised."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

from numeric.estimation import case_text
from numeric.mean_law import MeanLaw
from numeric.simulate import simulate
from verify.applicability import infinite_fourth_moment, infinite_variance, no_share, too_coarse, unseen_jump
from verify.auditing.law_of_mean import law_of_mean, law_of_mean_square
from verify.case import Case, Settings
from verify.cell import Cell, cells_of
from verify.checks.claims import Claim, bias_claim, variance_claim_of
from verify.checks.context import Context, refuse_no_share
from verify.checks.draws import Draws
from verify.checks.mixture import MOST_DRAWS, plain_variance_draws, weighted_claim
from verify.checks.monte_carlo import MOST_BIAS_DRAWS
from verify.controls import CONTROLS
from verify.deciding.design import BudgetTooSmall
from verify.deciding.error_budget import Budget
from verify.deciding.power import draws_of_z_test
from verify.finding import Finding
from verify.usage import UsageError

__all__ = ["Plan", "Step", "ZTest", "plan", "untimed"]

_SHORTEST_TIMING = 0.05  # seconds of drawing from which the speed is taken
_MOST_CHUNKS = 512


@dataclass(frozen=True)
class ZTest:
    """A z-test of fixed n that knows the exact variance: what it promises, and what it does.

    It needs `draws` by its own account, to find a bias of the resolution. `false_alarm` and `miss` are its true rates,
    by `method`; both may be off by `error` (0 where `method` is exact).
    """

    draws: int
    promised_false_alarm: float
    promised_miss: float
    false_alarm: float
    miss: float
    method: str
    error: float


@dataclass(frozen=True)
class Step:
    """One check of one estimator. Where there is nothing to draw, `note` says why and the numbers are None.

    `resolution` is in standard deviations of a draw for a bias, a share of the variance for a variance; `effect` is the
    same as a share of the gradient or of the variance. `expected_draws` is the mean for a right estimator.
    `seconds` are those of the expected draws here, `seconds_at_most` those of `n_max`.
    """

    wrt: str
    estimator: str
    check: str
    resolution: float | None = None
    effect: float | None = None
    n_fail: int | None = None
    n_pass: int | None = None
    n_max: int | None = None
    expected_draws: float | None = None
    seconds: float | None = None
    seconds_at_most: float | None = None
    weighted: bool = False
    z_test: ZTest | None = None
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """The steps of a case, at the rates `alpha` and `beta` of each of `hypotheses`, those of the controls included."""

    cost: str
    law: str
    at: Mapping[str, str]
    steps: tuple[Step, ...]
    false_alarm_rate: float
    miss_rate: float
    hypotheses: int
    alpha: float
    beta: float
    pass_error: float
    workers: int


def untimed(plan: Plan) -> Plan:
    """The plan without what hangs on this machine: seconds, and threads."""
    steps = tuple(replace(step, seconds=None, seconds_at_most=None) for step in plan.steps)
    return replace(plan, steps=steps, workers=1)


def plan(case: Case, settings: Settings) -> Plan:
    """The plan of `check` on the case at these settings; nothing is judged.

    Raises SymbolicError for a bad case, UsageError if the settings cannot decide anything.
    """
    cells = cells_of(case)
    refuse_no_share(cells, settings)
    hypotheses = 2 * len(cells) + len(CONTROLS)
    budget = Budget(settings.false_alarm_rate, settings.miss_rate)
    alpha, beta = budget.split(hypotheses)
    context = Context(settings, alpha, beta, budget.pass_error)
    try:
        steps = tuple(step for cell in cells for step in (_bias(cell, context), _variance(cell, context)))
    except BudgetTooSmall as error:
        raise UsageError(str(error)) from None
    return Plan(
        cost=str(cells[0].problem.cost),
        law=str(cells[0].problem.law),
        at={name: str(value) for name, value in sorted(cells[0].own_values.items())},
        steps=steps,
        false_alarm_rate=settings.false_alarm_rate,
        miss_rate=settings.miss_rate,
        hypotheses=hypotheses,
        alpha=alpha,
        beta=beta,
        pass_error=budget.pass_error,
        workers=settings.workers,
    )


def _bias(cell: Cell, context: Context) -> Step:
    if reason := (
        unseen_jump(cell)
        or infinite_variance(cell)
        or no_share(cell, context.settings.min_effect)
        or too_coarse(cell, context.resolution_of(cell))
    ):
        return _without(cell, "bias", reason)
    step = _step(cell, bias_claim(cell, 0, context), _draws(cell), context)
    if (step.n_max or 0) > MOST_BIAS_DRAWS and context.settings.max_draws is None:
        return replace(step, note=f"more than {MOST_BIAS_DRAWS:,} draws are begun only with --max-draws")
    return step


def _variance(cell: Cell, context: Context) -> Step:
    if reason := (
        unseen_jump(cell)
        or infinite_variance(cell)
        or no_share(cell, context.settings.min_effect)
        or too_coarse(cell, context.resolution_of(cell))
        or infinite_fourth_moment(cell)
    ):
        return _without(cell, "variance", reason)
    if plain_variance_draws(cell, context) <= MOST_DRAWS:
        return _step(cell, variance_claim_of(cell, 0, context), _draws(cell), context)
    prepared = weighted_claim(cell, 0, case_text(cell.problem, cell.values), context)
    if isinstance(prepared, Finding):
        return _without(cell, "variance", prepared.message)
    return _step(cell, *prepared, context)


def _without(cell: Cell, check: str, reason: str) -> Step:
    return Step(str(cell.problem.wrt), cell.judged.name, check, note=reason)


def _draws(cell: Cell) -> Draws:
    noise = cell.judged.noise
    return Draws((cell.term,), noise.symbol, noise.sampler, case_text(cell.problem, cell.values))


def _step(cell: Cell, claim: Claim, draws: Draws, context: Context) -> Step:
    second = _seconds_per_draw(claim, draws, context.settings)
    names = (str(cell.problem.wrt), cell.judged.name, claim.check)
    if claim.test is None:
        n = claim.most_draws
        note = "every draw has to be the same: one look is enough"
        return Step(
            *names,
            n_fail=n,
            n_pass=n,
            n_max=n,
            expected_draws=n,
            seconds=n * second,
            seconds_at_most=n * second,
            note=note,
        )
    test = claim.test.design
    unit = math.sqrt(float(cell.variance)) if claim.check == "bias" else float(cell.variance)
    whole = abs(float(cell.gradient)) if claim.check == "bias" else unit
    expected = test.expected_draws()
    return Step(
        *names,
        resolution=test.resolution / unit,
        effect=test.resolution / whole if whole else None,
        n_fail=test.n_fail,
        n_pass=test.n_pass,
        n_max=test.n_max,
        expected_draws=expected,
        seconds=expected * second,
        seconds_at_most=test.n_max * second,
        weighted=claim.proposal is not None,
        z_test=_z_test(cell, claim.check, test.resolution, context),
    )


def _seconds_per_draw(claim: Claim, draws: Draws, settings: Settings) -> float:
    """Of the compiled kernel with its sums, in threads as in a check."""
    chunks = 2 * settings.workers
    while True:
        begun = time.perf_counter()
        count = sum(
            chunk.count
            for chunk in simulate(
                draws.kernel,
                draws.sampler,
                draws.text,
                settings.seed,
                [claim.watch],
                chunks=chunks,
                workers=settings.workers,
            )
        )
        took = time.perf_counter() - begun
        if took >= _SHORTEST_TIMING or chunks >= _MOST_CHUNKS:
            return took / count
        chunks *= 4


def _z_test(cell: Cell, check: str, resolution: float, context: Context) -> ZTest:
    """The z-test of plain draws at the same rates.

    A variance that is off is that of a law of the same shape: its (g - m)^2 are all multiplied.
    """
    if check == "bias":
        deviation, laws, factors = math.sqrt(float(cell.variance)), law_of_mean(cell), (1.0, 1.0)
    else:
        variance = float(cell.variance)
        deviation = math.sqrt(float(cell.kurtosis) - 1) * variance
        share = resolution / variance
        laws, factors = law_of_mean_square(cell), (1 + share, max(0.0, 1 - share))
    draws = max(2, math.ceil(draws_of_z_test(resolution / deviation, context.alpha, context.beta)))
    law = laws(draws)
    z = -NormalDist().inv_cdf(context.alpha / 2)
    off = resolution * math.sqrt(draws) / deviation
    misses = [_inside(law, z, sign * off, factor) for sign, factor in zip((1, -1), factors, strict=True)]
    return ZTest(
        draws=draws,
        promised_false_alarm=context.alpha,
        promised_miss=context.beta,
        false_alarm=law.outside(-z, z),
        miss=max(misses),
        method=law.method,
        error=2 * law.error,
    )


def _inside(law: MeanLaw, z: float, off: float, factor: float) -> float:
    """P(|off + factor Z| <= z)."""
    if factor == 0:
        return float(abs(off) <= z)
    return 1 - law.outside((-z - off) / factor, (z - off) / factor)

"""A variance that plain draws cannot judge, because (g - m)^2 has too heavy tails: judged on weighted draws.

    y = w(e) (g(e) - c)^2 - V,   e ~ sum_j p_j q_j,   w = q / sum_j p_j q_j,   c next to m

    E y = Var g + (E g - c)^2 - V            Var y = E_q[w (g - c)^4] - V^2,   enclosed before the first draw

The draws come from a mixture of our own, so they check the term as a function of the noise, not the sampler of the law.
"""

from __future__ import annotations

import math

import mpmath
import sympy as sp

from numeric.errors import NonFiniteDraw
from numeric.simulate import Watch
from numeric.tally import Tally
from symbolic.errors import NotCertified, TimedOut
from symbolic.methods.enclosure import enclose
from symbolic.value import Value
from verify.cell import Cell
from verify.checks.claims import Claim, squares_are_constant
from verify.checks.context import Context
from verify.checks.draws import Draws
from verify.checks.proposals import mixture_for
from verify.deciding.design import design, variance_claim
from verify.deciding.sequential_test import SequentialTest
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["MOST_DRAWS", "judge_weighted", "plain_variance_draws", "weighted_claim"]

MOST_DRAWS = 10**7
"""A variance that needs more plain draws than this is judged on weighted ones; if it needs more of those, on none."""

_DIGITS = 6  # of Var y: the upper end of its ball is what the test uses
_COUNTABLE = 1e24  # plain draws beyond which their number is not worked out


def plain_variance_draws(cell: Cell, context: Context) -> float:
    """Draws without weights that the variance of the cell takes at the resolution of the settings; inf beyond 1e24."""
    if squares_are_constant(cell):
        return 0
    kurtosis, share = float(cell.kurtosis), context.settings.variance_resolution
    if kurtosis / share**2 > _COUNTABLE:
        return math.inf
    # In units of the variance, whose own size could overflow.
    claim = variance_claim(1.0, kurtosis, share, context.alpha, context.beta, alpha_pass=context.pass_error)
    return design(claim).n_max


def judge_weighted(cell: Cell, row: int, text: str, context: Context) -> Claim | Finding:
    """Var g = V, judged on weighted draws of the cell's term; or the finding that says why there are none.

    `row` is the place of the cell in its case, and `text` the name of the case.
    Raises BudgetTooSmall if `max_draws` cannot decide anything.
    """
    prepared = weighted_claim(cell, row, text, context)
    if isinstance(prepared, Finding):
        return prepared
    claim, draws = prepared
    try:
        draws.judge([claim], context.settings)
    except NonFiniteDraw as reason:
        return _not_sampled(cell, context, f"weighted ones go where the term overflows: {reason}")
    return claim


def weighted_claim(cell: Cell, row: int, text: str, context: Context) -> tuple[Claim, Draws] | Finding:
    """The claim before the first draw, and the draws that decide it; else as judge_weighted."""
    noise = cell.claimed.noise
    centre = float(cell.gradient)
    right_term = cell.claimed.term.xreplace(dict(cell.values))
    mixture = mixture_for(right_term, centre, noise)
    if mixture is None:
        return _not_sampled(cell, context, "no mixture of shifted and scaled noise was found that takes fewer")
    weight, exact_centre = mixture.weight(noise), sp.Rational(centre)
    try:
        second_moment = enclose(weight * (right_term - exact_centre) ** 4, noise, _DIGITS)
    except (NotCertified, TimedOut) as reason:
        return _not_sampled(cell, context, f"the spread of weighted ones is not certified: {reason}")
    kurtosis = _upper_ratio(second_moment, cell.variance)
    variance, share = float(cell.variance), context.settings.variance_resolution
    square = (cell.term - exact_centre) ** 2
    draws = Draws((weight * square,), noise.symbol, mixture, f"{text}; mixture")
    # E w (g - c)^2 = V + (m - c)^2, and the draws are compared with the float next to V.
    rounding = draws.rounding()[0] + math.ulp(centre) ** 2 + math.ulp(variance)
    if not math.isfinite(rounding + kurtosis * variance * variance):
        return _not_sampled(cell, context, "the squares of weighted ones overflow float64")
    if rounding > share * variance / 10:
        return _too_coarse(cell, rounding / variance, context)
    claim = variance_claim(
        variance, kurtosis, share, context.alpha, context.beta, alpha_pass=context.pass_error, rounding=rounding
    )
    if context.settings.max_draws is None and (needed := design(claim).n_max) > MOST_DRAWS:
        return _not_sampled(cell, context, f"weighted ones {needed:,}", needed)
    plan = design(claim, context.settings.max_draws)
    watch = Watch(output=0, centre=variance, power=1, block=plan.block)
    test, tally = SequentialTest(plan), Tally(0, centre=variance)
    return Claim(cell, "variance", row, watch, 0.0, rounding, test, tally, proposal=mixture), draws


def _not_sampled(cell: Cell, context: Context, reason: str, needed: int | None = None) -> Finding:
    """INCONCLUSIVE without a draw: what plain draws would take, and why weighted ones do not help."""
    plain = plain_variance_draws(cell, context)
    count = f"{plain:,}" if math.isfinite(plain) else f"more than {_COUNTABLE:.0e}"
    return _without_draws(
        cell,
        Verdict.INCONCLUSIVE,
        f"not sampled: with a kurtosis of {mpmath.nstr(cell.kurtosis.midpoint, 3)}, an error of "
        f"{context.settings.variance_resolution:.3g} of the variance takes {count} draws; {reason}",
        context,
        needed if needed is not None else int(plain) if math.isfinite(plain) else None,
    )


def _too_coarse(cell: Cell, share: float, context: Context) -> Finding:
    resolution = context.settings.variance_resolution
    message = (
        f"float64 rounds a weighted square by {share:.2g} of the variance here, more than a tenth of the resolution "
        f"{resolution:.2g}: no verdict from draws; a larger sigma or a coarser resolution has one"
    )
    return _without_draws(cell, Verdict.NOT_APPLICABLE, message, context, None)


def _without_draws(cell: Cell, verdict: Verdict, message: str, context: Context, needed: int | None) -> Finding:
    return finding_for(
        cell,
        "variance",
        Tier.MONTE_CARLO,
        verdict,
        message,
        context.settings,
        n=0,
        n_needed=needed,
        resolution=context.settings.variance_resolution,
        alpha=context.alpha,
        beta=context.beta,
    )


def _upper_ratio(fourth: Value, variance: Value) -> float:
    """A float that is not below fourth / variance^2."""
    return math.nextafter(float((fourth.ball / variance.ball**2).upper()), math.inf)

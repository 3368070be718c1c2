"""From a claim and its draws to a finding: the numbers, and one sentence that says what they mean."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from verify.case import SMALLEST_RESOLUTION
from verify.checks.claims import Claim
from verify.checks.context import Context
from verify.checks.draws import draws_of, first_draws
from verify.checks.evidence import Evidence
from verify.deciding.design import Design, design
from verify.deciding.trace import Trace
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict
from verify.formats.numbers import with_error

__all__ = ["conclude", "draws_needed", "p_value_of"]


def conclude(claim: Claim, bias: Claim | None, context: Context) -> Finding:
    """The finding of a claim that is finished; `bias` is the bias claim beside a variance claim."""
    cell, tally = claim.cell, claim.tally
    exact = float(cell.gradient)
    mean, spread = tally.mean, tally.variance
    # The exact variance, where there is one: with heavy tails the measured one is too small more often than not.
    error = math.sqrt(float(cell.variance) / tally.count) if claim.proposal is None else tally.standard_error
    measured = mean if claim.proposal else spread
    wanted = exact if claim.check == "bias" else float(cell.variance)
    verdict = Verdict.INCONCLUSIVE if claim.decision is None else Verdict(claim.decision)
    if claim.test is None:
        message = _without_spread(claim, verdict, exact)
        resolution = detectable = None
        needed = claim.draws
    else:
        plan = claim.test.design
        detectable = plan.resolution
        unit = math.sqrt(float(cell.variance)) if claim.check == "bias" else float(cell.variance)
        resolution = detectable / unit
        off_by = mean - exact if claim.check == "bias" else measured - float(cell.variance)
        needed = draws_needed(plan, claim.draws, abs(off_by), decided=claim.decision is not None)
        message = _with_spread(claim, verdict, resolution, mean, measured, error, needed, context)
    if claim.proposal is not None:
        # The tally is of weighted squares: its mean is the variance, and there is no estimate of the gradient.
        message = f"{message}; {_weighted(claim)}"
    if claim.check == "variance" and verdict == bias_verdict(bias) == Verdict.FAIL:
        message = f"bias or variance: the draws are biased, and (g - m)**2 holds the bias too; {message}"
    return finding_for(
        cell,
        claim.check,
        Tier.MONTE_CARLO,
        verdict,
        message,
        context.settings,
        estimate=None if claim.proposal else mean,
        standard_error=None if claim.proposal else error,
        measured_variance=measured,
        n=claim.draws,
        n_needed=needed,
        resolution=resolution,
        detectable_bias=detectable,
        detectable_bias_relative=None if detectable is None or wanted == 0 else detectable / abs(wanted),
        alpha=context.alpha,
        beta=context.beta,
        p_value=p_value_of(claim),
        trace=_trace(claim, context),
    )


def _trace(claim: Claim, context: Context) -> Trace | None:
    """How the mean went; the first draws come again from the seed when they are asked for."""
    if claim.test is None or claim.check != "bias":
        return None
    return Trace(claim.watch.centre, claim.test, partial(first_draws, draws_of(claim.cell), context.settings.seed))


def p_value_of(claim: Claim | Evidence) -> float:
    """That of the test, at any number of draws; without spread a right estimator never FAILs, so 0 says all."""
    return claim.test.p_value if claim.test is not None else float(claim.decision != "FAIL")


def bias_verdict(bias: Claim | None) -> Verdict | None:
    """The verdict of the bias claim beside a variance claim."""
    return None if bias is None or bias.decision is None else Verdict(bias.decision)


def _weighted(claim: Claim) -> str:
    assert claim.proposal is not None
    return (
        f"by draws from a mixture of {len(claim.proposal.parts)} parts, weighted by the ratio of the densities: "
        "this checks the term as a function of the noise, not the sampler"
    )


def _without_spread(claim: Claim, verdict: Verdict, exact: float) -> str:
    wanted = (
        f"{exact:.10g}" if claim.check == "bias" else f"a squared distance of {claim.offset:.10g} from {exact:.10g}"
    )
    if verdict == Verdict.PASS:
        return f"every draw has to be {wanted}, and each of {claim.draws:,} is, to rounding"
    return f"every draw has to be {wanted}, and some of {claim.draws:,} are not"


def _with_spread(
    claim: Claim,
    verdict: Verdict,
    resolution: float,
    mean: float,
    spread: float,
    error: float,
    needed: int,
    context: Context,
) -> str:
    unit = "standard deviations of a draw" if claim.check == "bias" else "of the variance"
    size = f"{resolution:.3g} {unit}"
    if verdict == Verdict.PASS:
        what = "bias" if claim.check == "bias" else "error of the variance"
        return f"the {what} is below {size}; certified, wrong at most once in {1 / context.pass_error:,.0f} such cases"
    seen = _seen(claim, mean, spread, error)
    if verdict == Verdict.FAIL:
        return f"{seen}; {claim.draws:,} draws decided"
    return f"{seen}; {claim.draws:,} draws did not decide at a resolution of {size}; {needed:,} would"


def _seen(claim: Claim, mean: float, spread: float, error: float) -> str:
    """What was estimated, what is exact, and between which bounds the difference lies, valid at every look at once."""
    assert claim.test is not None
    exact, variance = float(claim.cell.gradient), float(claim.cell.variance)
    low, high = claim.test.interval()
    bounds = f"[{low:.4g}, {high:.4g}] at any number of draws"
    if claim.check == "bias":
        # No spread among the draws that were taken: no standard error to count in.
        far = f": {abs(mean - exact) / error:.1f} standard errors off" if error > 0 else ""
        return f"estimate {with_error(mean, error)}, exact {exact:.6g}{far}; the bias lies in {bounds}"
    expected_error = math.sqrt(claim.test.design.claim.variance / claim.draws)
    far = f"{abs(spread - variance) / expected_error:.1f} standard errors off"
    return f"measured variance {spread:.6g}, exact {variance:.6g}: {far}; the error lies in {bounds}"


def draws_needed(plan: Design, draws: int, off_by: float, *, decided: bool) -> int:
    """Draws that decide: those of the plan, or, if they were all taken, those that FAIL what was seen instead of 0."""
    planned = max(plan.n_fail, plan.n_pass)
    if decided or planned > draws:
        return planned
    # Between 0 and the resolution neither verdict is promised: only a finer resolution decides.
    finest = max(10 * plan.claim.rounding, SMALLEST_RESOLUTION * math.sqrt(plan.claim.variance))
    finer = min(max(off_by, finest), plan.resolution)
    return max(design(replace(plan.claim, resolution=finer)).n_max, planned)

"""From a claim and its draws to a finding: the numbers, and one sentence that says what they mean."""

from __future__ import annotations

import math

from verify.checks.claims import Claim
from verify.checks.context import Context
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["conclude"]


def conclude(claim: Claim, bias: Claim | None, context: Context) -> Finding:
    """The finding of a claim that is finished; `bias` is the bias claim beside a variance claim."""
    cell, tally = claim.cell, claim.tally
    exact = float(cell.gradient)
    mean, spread, error = tally.mean, tally.variance, tally.standard_error
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
        needed = max(plan.n_fail, plan.n_pass)
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
    )


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
    exact, variance = float(claim.cell.gradient), float(claim.cell.variance)
    unit = "standard deviations of a draw" if claim.check == "bias" else "of the variance"
    size = f"{resolution:.3g} {unit}"
    if verdict == Verdict.PASS:
        what = "bias" if claim.check == "bias" else "error of the variance"
        return f"the {what} is below {size}; certified, wrong at most once in {1 / context.pass_error:,.0f} such cases"
    if verdict == Verdict.INCONCLUSIVE:
        return f"{claim.draws:,} draws did not decide at a resolution of {size}; {needed:,} would"
    assert claim.test is not None
    low, high = claim.test.interval()
    if claim.check == "bias":
        return (
            f"estimate {mean:.6g}, exact {exact:.6g}: {abs(mean - exact) / error:.1f} standard errors off; "
            f"the bias lies in [{low:.4g}, {high:.4g}]"
        )
    return f"measured variance {spread:.6g}, exact {variance:.6g}; the error lies in [{low:.4g}, {high:.4g}]"

"""From what was seen of somebody else's estimator to findings: the numbers, and a sentence that says what they mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from verify.checks.conclusions import draws_needed, p_value_of
from verify.checks.context import Context
from verify.checks.evidence import Evidence
from verify.checks.subject import Spread, Subject
from verify.deciding.sequential_test import SequentialTest
from verify.deciding.trace import Trace
from verify.describe import call_as_text, digits_of, float_of, values_as_text
from verify.finding import Finding, Tier, Verdict
from verify.formats.numbers import with_error

__all__ = ["Judgement", "black_box_finding", "call_of", "conclusion"]


@dataclass(frozen=True)
class Judgement:
    """A verdict in words, and the fields of a Finding that were measured for it."""

    verdict: Verdict
    message: str
    guarantee: str = "proven"
    estimate: float | None = None
    standard_error: float | None = None
    measured_variance: float | None = None
    n: int | None = None
    n_needed: int | None = None
    resolution: float | None = None
    detectable_bias: float | None = None
    detectable_bias_relative: float | None = None
    p_value: float | None = None
    trace: Trace | None = None


def black_box_finding(subject: Subject, check: str, judgement: Judgement, context: Context) -> Finding:
    """The finding of one check. The exact variance is that of the estimator it claims to be; None if it claims none."""
    gradient, claimed = subject.gradient_form, subject.claimed
    expression = None if claimed is None else claimed.moments.variance.expression
    return Finding(
        cost=str(subject.problem.cost),
        law=str(subject.problem.law),
        wrt=str(subject.problem.wrt),
        at=values_as_text(subject.problem, subject.values),
        estimator=subject.box.name,
        check=check,
        tier=Tier.MONTE_CARLO,
        reproduce=call_of(subject, context),
        exact=subject.exact if math.isfinite(subject.exact) else None,
        exact_expression=None if gradient.expression is None else str(gradient.expression),
        exact_method=gradient.method,
        exact_variance=None if claimed is None else float_of(claimed.variance),
        exact_variance_expression=None if expression is None else str(expression),
        alpha=context.alpha,
        beta=context.beta,
        exact_digits=digits_of(gradient.at({str(symbol): value for symbol, value in subject.values.items()})),
        exact_variance_digits=None if claimed is None else digits_of(claimed.variance),
        **vars(judgement),
    )


def conclusion(subject: Subject, spread: Spread, claim: Evidence, bias: Evidence, context: Context) -> Finding:
    """The finding of a claim that is finished; `bias` is the bias claim of the same draws."""
    tally, wanted = claim.tally, subject.exact if claim.check == "bias" else spread.bound
    verdict = Verdict.INCONCLUSIVE if claim.decision is None else Verdict(claim.decision)
    resolution = detectable = needed = None
    if claim.test is None:
        message = _compared(claim, verdict)
    else:
        plan = claim.test.design
        detectable = plan.resolution
        off_by = abs((tally.mean if claim.check == "bias" else tally.variance) - wanted)
        needed = draws_needed(plan, claim.test.draws, off_by, decided=claim.decision is not None)
        resolution = detectable / (math.sqrt(spread.usual) if claim.check == "bias" else spread.bound)
        message = _tested(claim, verdict, wanted, resolution, needed, context)
    if claim.check == "variance" and claim.decision == bias.decision == "FAIL":
        message = f"bias or variance: the draws are biased, and (g - m)**2 holds the bias too; {message}"
    judgement = Judgement(
        verdict,
        f"{message}; {spread.words}" if claim.check == "bias" else message,
        guarantee=spread.guarantee,
        estimate=tally.mean,
        standard_error=tally.standard_error,
        measured_variance=tally.variance,
        n=tally.count,
        n_needed=tally.count if needed is None else needed,
        resolution=resolution,
        detectable_bias=detectable,
        detectable_bias_relative=None if detectable is None or wanted == 0 else detectable / abs(wanted),
        p_value=p_value_of(claim),
        trace=_trace(claim),
    )
    return black_box_finding(subject, claim.check, judgement, context)


def _trace(claim: Evidence) -> Trace | None:
    """How the mean went, and the first draws that were judged."""
    if claim.test is None or claim.first is None or claim.check != "bias":
        return None
    return Trace(claim.centre, claim.test, partial(np.array, claim.first[: claim.test.draws]))


def _compared(claim: Evidence, verdict: Verdict) -> str:
    wanted = f"{claim.centre:.10g}"
    if claim.check == "variance":
        wanted = f"at a squared distance of {claim.offset:.10g} from {wanted}"
    found = "each is, to rounding" if verdict == Verdict.PASS else "some are not"
    return f"every one of {claim.tally.count:,} draws has to be {wanted}, and {found}"


def _tested(claim: Evidence, verdict: Verdict, wanted: float, resolution: float, needed: int, context: Context) -> str:
    assert claim.test is not None, "a claim without a test is compared"
    tally = claim.tally
    unit = "standard deviations of a draw" if claim.check == "bias" else "of the variance"
    if verdict == Verdict.PASS:
        what = "bias" if claim.check == "bias" else "error of the variance"
        once = f"wrong at most once in {1 / context.pass_error:,.0f} such cases"
        # What the promise rests on: tails that no draw shows can hide any bias (Bahadur and Savage).
        provided = (
            "a variance up to twice that stated" if claim.check == "bias" else "draws of the shape of those claimed"
        )
        return f"the {what} is below {resolution:.3g} {unit}; certified for {provided}, {once}"
    seen = _seen(claim, wanted, claim.test)
    if verdict == Verdict.FAIL:
        low, high = claim.test.interval()
        seen_off = (tally.mean if claim.check == "bias" else tally.variance) - wanted
        apart = (
            "; what was estimated is not in there itself, so a few large draws carry it, or the draws hang on one "
            "another or on their place in the array"
        )
        return f"{seen}{'' if low <= seen_off <= high else apart}; {tally.count:,} draws decided"
    return f"{seen}; {tally.count:,} draws did not decide at a resolution of {resolution:.3g} {unit}; {needed:,} would"


def _seen(claim: Evidence, wanted: float, test: SequentialTest) -> str:
    """What was estimated, what is exact, and between which bounds the difference lies, valid at every look at once."""
    tally, (low, high) = claim.tally, test.interval()
    bounds = f"[{low:.4g}, {high:.4g}] at any number of draws"
    if claim.check == "variance":
        return f"measured variance {tally.variance:.6g}, exact {wanted:.6g}; the error lies in {bounds}"
    error = tally.standard_error
    far = f": {abs(tally.mean - wanted) / error:.1f} standard errors off" if error > 0 else ""
    return f"estimate {with_error(tally.mean, error)}, exact {wanted:.6g}{far}; the bias lies in {bounds}"


def call_of(subject: Subject, context: Context) -> str:
    """The call that repeats the judgement."""
    claims = [] if subject.claimed is None else [f"claims={subject.claimed.claimed.name!r}"]
    if subject.declared is not None:
        claims.append(f"variance={subject.declared!r}")
    return call_as_text(subject.box.name, subject.problem, subject.values, claims, context.settings)

"""Somebody else's estimator, judged by its draws: that they are draws, their mean, and the variance that they claim.

    draws      finite numbers that depend on the generator          bias       E g = m
    variance   Var g = V, if it claims to be a known estimator

No look is taken at the code. What is asked of the draws is that those of one call, and of two streams, are independent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numeric.black_box import first_not_finite
from numeric.streams import CHUNK, LOOK
from verify.applicability import infinite_fourth_moment, infinite_variance, unseen_jump
from verify.cell import Cell
from verify.checks.black_box_findings import Judgement, black_box_finding, conclusion
from verify.checks.claims import squares_are_constant
from verify.checks.context import Context
from verify.checks.evidence import Evidence
from verify.checks.mixture import MOST_DRAWS, plain_variance_draws
from verify.checks.repeats import PIECE, Repeats
from verify.checks.subject import Knowledge, Spread, Subject, bias_claim_of, bias_resolution, rounding_of
from verify.deciding.design import MeanClaim, design, detectable_bias, variance_claim
from verify.finding import Finding, Verdict

__all__ = ["constant_by_chance", "judge_black_box"]

PROBE = 4 * PIECE
"""Draws of each of the calls that come first: two streams, and the first of them again."""

PILOT = CHUNK
"""Draws from which a variance is estimated that nobody states."""

_STREAM = 2**32 * CHUNK  # draws of one stream
_PILOT_ERRORS = 6  # standard errors by which the estimated variance is raised


def judge_black_box(subject: Subject, context: Context) -> list[Finding]:
    """The findings "draws" and "bias", and "variance" if the subject claims to be a known estimator.

    Raises EstimatorError if the function raises or returns no draws, BudgetTooSmall before the first call if
    `max_draws` cannot decide anything, ValueError for a resolution without a meaning.
    """
    claimed = subject.claimed
    if claimed is not None and (reason := unseen_jump(claimed) or infinite_variance(claimed)):
        return [
            black_box_finding(subject, check, Judgement(Verdict.NOT_APPLICABLE, reason), context)
            for check in ("bias", "variance")
        ]
    spread = subject.known_spread()
    _refuse_small_budget(subject, spread, context)
    watched = _Watched(subject, Repeats(context.alpha, _stretches(context)))
    spacing = _probe(watched, context)
    if spread is None and watched.broken is None:
        spread = _pilot(watched, context)
    if watched.broken is not None or spread is None:
        return _broken(watched, context)
    if math.isinf(spread.bound):
        unknown = black_box_finding(subject, "bias", Judgement(Verdict.INCONCLUSIVE, spread.words, n=0), context)
        return [unknown, _about_draws(watched, spread, context)]
    rounding = rounding_of(subject, spread, spacing)
    if spread.bound > 0 and rounding > bias_resolution(subject, spread, context) / 10:
        return _too_coarse(watched, spread, rounding, context)
    claims, findings = _claims(subject, spread, rounding, context)
    _draw(watched, claims, context.settings.max_draws)
    if watched.broken is not None:
        return _broken(watched, context)
    bias = next(claim for claim in claims if claim.check == "bias")
    findings += [conclusion(subject, spread, claim, bias, context) for claim in claims]
    findings.append(_about_draws(watched, spread, context))
    return sorted(findings, key=lambda finding: finding.check)


@dataclass
class _Watched:
    """The subject, and what its draws have shown: a contract that is `broken`, in words; draws that no seed repeats."""

    subject: Subject
    repeats: Repeats
    broken: str | None = None
    repeatable: bool = True
    spacing: float = 0.0

    def take(self, chunk: int, n: int, part: str = "") -> NDArray[np.float64] | None:
        """n draws of a chunk, or None if they are no independent finite draws."""
        drawn = self.subject.box.draws(chunk, n, part)
        self.spacing = max(self.spacing, drawn.spacing)
        where = f" of the {part}" if part else ""
        bad = first_not_finite(drawn.values)
        if bad is not None:
            self.broken = (
                f"draw {chunk * CHUNK + bad}{where} is {float(drawn.values[bad])!r}: "
                "it or its square is not finite in float64, so no mean can be judged"
            )
            return None
        for start in range(0, n, LOOK):
            place = f"draw {chunk * CHUNK + start}{where}"
            earlier = self.repeats.of(drawn.values[start : start + LOOK], place)
            if earlier is not None:
                self.broken = (
                    f"the draws do not depend on rng: those from {place} on repeat those from {earlier} on, number by "
                    "number; take every random number from the rng that the function is given"
                )
                return None
        return drawn.values


def _probe(watched: _Watched, context: Context) -> float:
    """Two streams must differ; the first of them again shows whether the seed repeats the draws. The spacing seen."""
    n = PROBE if context.settings.max_draws is None else min(PROBE, context.settings.max_draws)
    first = watched.take(0, n, "probe")
    if first is not None and watched.take(1, n, "probe") is not None:
        again = watched.subject.box.draws(0, n, "probe")
        watched.repeatable = bool(np.array_equal(first, again.values))
    return watched.spacing


def _pilot(watched: _Watched, context: Context) -> Spread | None:
    """V about the pilot's own mean, raised by six of its standard errors: V (1 + 6 sqrt((kurtosis - 1)/n) + 36/n).

    Where six standard errors are more than V itself, a few draws carry all of it: the bound is infinite, not known.
    """
    n = PILOT if context.settings.max_draws is None else min(PILOT, context.settings.max_draws)
    values = watched.take(0, n, "pilot")
    if values is None:
        return None
    if watched.repeats.is_constant:
        return Spread(0.0, 0.0, Knowledge.ESTIMATED, f"all of {n:,} pilot draws are {watched.repeats.constant!r}")
    centred = values - values.mean()
    variance = float(np.square(centred).sum()) / (n - 1)
    if variance == 0:
        return Spread(0.0, 0.0, Knowledge.ESTIMATED, f"{n:,} pilot draws have no variance")
    squares = centred * centred / variance
    kurtosis = float(np.square(squares).mean())
    errors = _PILOT_ERRORS * math.sqrt(max(0.0, kurtosis - 1) / n)
    if errors > 1:
        words = (
            f"heavy tails: on a pilot of {n:,} draws the variance is {variance:.4g}, but a few of them carry it, so it "
            "may be much larger, and a verdict on the bias would mean nothing; give a bound by variance=, or the name "
            "of the estimator that this is by claims="
        )
        return Spread(math.inf, variance, Knowledge.ESTIMATED, words)
    raised = 1 + errors + _PILOT_ERRORS**2 / n
    words = f"the variance is {variance:.4g} on a pilot of {n:,} draws, and taken for at most {raised * variance:.4g}"
    return Spread(raised * variance, variance, Knowledge.ESTIMATED, words)


def _refuse_small_budget(subject: Subject, spread: Spread | None, context: Context) -> None:
    """Before the first call: whether a bias of any size can be decided. Raises BudgetTooSmall."""
    if spread is None:
        design(
            MeanClaim(1.0, 10.0, context.alpha, context.beta, alpha_pass=context.pass_error), context.settings.max_draws
        )
    elif spread.bound > 0:
        design(bias_claim_of(subject, spread, 0.0, context), context.settings.max_draws)


def _stretches(context: Context) -> int:
    """How many stretches of draws may be compared, at most: the whole stream, or what the budget leaves of it."""
    most = context.settings.max_draws
    return (_STREAM if most is None else most) // LOOK + PILOT // LOOK + 4


def _claims(
    subject: Subject, spread: Spread, rounding: float, context: Context
) -> tuple[list[Evidence], list[Finding]]:
    """The claims to be drawn for, and the findings that need no draw."""
    exact = subject.exact
    plan = None
    if spread.bound > 0:
        plan = design(bias_claim_of(subject, spread, rounding, context), context.settings.max_draws)
    claims = [Evidence.about("bias", exact, 0.0, rounding, plan, power=1)]
    if subject.claimed is None:
        return claims, []
    about = _variance_claim(subject, spread, rounding, context)
    if isinstance(about, Finding):
        return claims, [about]
    return [*claims, about], []


def _variance_claim(subject: Subject, spread: Spread, rounding: float, context: Context) -> Evidence | Finding:
    """Var g = V at the variance resolution of the settings; or why it is not drawn for."""
    cell, variance, settings = subject.claimed, spread.bound, context.settings
    assert cell is not None, "there is a claim about the variance only where one is claimed"
    # (g - m)^2 moves by 2 |g - m| times the rounding of g, and |g - m| is a standard deviation on average.
    coarse = 2 * math.sqrt(variance) * rounding
    if squares_are_constant(cell):
        floor = rounding**2 + math.ulp(variance)
        return Evidence.about("variance", subject.exact, variance, coarse + floor, None, power=2)
    if reason := infinite_fourth_moment(cell):
        return black_box_finding(subject, "variance", Judgement(Verdict.NOT_APPLICABLE, reason), context)
    kurtosis, share = float(cell.kurtosis), settings.variance_resolution
    if coarse > share * variance / 10:
        reason = f"draws are rounded by {rounding:.2g}, too coarse to find an error of {share:g} of the variance"
        return black_box_finding(subject, "variance", Judgement(Verdict.NOT_APPLICABLE, reason), context)
    if math.isinf(plain_variance_draws(cell, context)):
        return _variance_not_drawn_for(subject, kurtosis, None, context)
    asked = variance_claim(
        variance, kurtosis, share, context.alpha, context.beta, alpha_pass=context.pass_error, rounding=coarse
    )
    needed, budget = design(asked).n_max, settings.max_draws
    finest = detectable_bias(asked, budget) if budget is not None else share * variance
    if finest is None or finest > variance or (budget is None and needed > MOST_DRAWS):
        return _variance_not_drawn_for(subject, kurtosis, needed, context)
    return Evidence.about("variance", subject.exact, variance, coarse, design(asked, budget), power=2)


def _variance_not_drawn_for(subject: Subject, kurtosis: float, needed: int | None, context: Context) -> Finding:
    share = context.settings.variance_resolution
    message = (
        f"not drawn for: with a kurtosis of {kurtosis:.3g}, an error of {share:g} of the variance takes "
        f"{'more than 1e24' if needed is None else f'{needed:,}'} draws; "
        "the bias is judged alone with variance= instead of claims="
    )
    judgement = Judgement(Verdict.INCONCLUSIVE, message, n=0, n_needed=needed, resolution=share)
    return black_box_finding(subject, "variance", judgement, context)


def _draw(watched: _Watched, claims: list[Evidence], budget: int | None) -> None:
    """Chunk by chunk, until every claim is decided or at its end, or the draws turn out to be none."""
    chunk = 0
    while wanted := [claim.most_draws(budget) for claim in claims if not claim.finished]:
        values = watched.take(chunk, min(CHUNK, max(wanted) - chunk * CHUNK))
        if values is None:
            return
        for claim in claims:
            claim.take(values)
        chunk += 1


def _broken(watched: _Watched, context: Context) -> list[Finding]:
    """The contract of the draws is broken, so nothing else is said about them."""
    assert watched.broken is not None, "only draws that are none end a judgement early"
    checks = ["bias"] if watched.subject.claimed is None else ["bias", "variance"]
    untold = Judgement(Verdict.NOT_APPLICABLE, 'the draws themselves fail; see the finding "draws"')
    return [
        *(black_box_finding(watched.subject, check, untold, context) for check in checks),
        black_box_finding(
            watched.subject, "draws", Judgement(Verdict.FAIL, watched.broken, n=watched.repeats.draws), context
        ),
    ]


def _too_coarse(watched: _Watched, spread: Spread, rounding: float, context: Context) -> list[Finding]:
    subject = watched.subject
    checks = ["bias"] if subject.claimed is None else ["bias", "variance"]
    resolution = bias_resolution(subject, spread, context)
    reason = (
        f"the rounding of a draw, {rounding:.2g} at a spacing of {watched.spacing:.2g}, is more than a tenth of the "
        f"resolution {resolution:.2g}: no verdict from draws; draws of float64 or a coarser resolution have one"
    )
    return [black_box_finding(subject, check, Judgement(Verdict.NOT_APPLICABLE, reason), context) for check in checks]


def _about_draws(watched: _Watched, spread: Spread, context: Context) -> Finding:
    """Finite, and different from stream to stream; draws that are all the same show nothing, or show too much."""
    repeats, cell = watched.repeats, watched.subject.claimed
    verdict, message = Verdict.PASS, f"finite, and different in every stream: {repeats.draws:,} draws"
    if not watched.repeatable:
        message += "; they do not come from rng alone, so the same seed does not give them again"
    if repeats.is_constant:
        same = f"each of {repeats.draws:,} draws is {repeats.constant!r}"
        if cell is not None and spread.bound == 0:
            message = f"{same}, as a variance of 0 demands"
        elif cell is not None and _is_constant_beyond_chance(cell, repeats.draws, context.alpha):
            verdict = Verdict.FAIL
            message = f"the draws do not depend on rng: {same}, but their variance has to be {spread.bound:.6g}"
        elif spread.knowledge == Knowledge.DECLARED and spread.bound == 0:
            message = f"{same}, as declared"
        else:
            verdict = Verdict.INCONCLUSIVE
            message = f"{same}: nothing shows that they depend on rng; variance=0 declares that they need not"
    return black_box_finding(watched.subject, "draws", Judgement(verdict, message, n=repeats.draws), context)


def _is_constant_beyond_chance(cell: Cell, draws: int, alpha: float) -> bool:
    return cell.kurtosis.is_finite and constant_by_chance(draws, float(cell.kurtosis)) <= alpha


def constant_by_chance(draws: int, kurtosis: float) -> float:
    """(1 - 1/(8 kurtosis))^(draws - 1): no law of that kurtosis has `draws` draws that all agree more often."""
    return math.exp((draws - 1) * math.log1p(-1 / (8 * kurtosis)))

"""The third tier: draws. It sees what the other two cannot, the sampler and the compiled code at work.

All estimators of a case share one stream of noise. Each claim is judged by the e-process of `sequential_test` on block
means, at fixed looks in a fixed order, so neither the number of workers nor the seed decides a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import numpy as np

from numeric.estimation import case_text
from numeric.kernel import Kernel, compile_kernel
from numeric.rounding import rounding_error
from numeric.simulate import simulate
from numeric.streams import CHUNK, case_hash, fill_noise, generator
from verify.applicability import infinite_fourth_moment, infinite_variance, too_coarse, unseen_jump
from verify.cell import Cell
from verify.checks.claims import Claim, bias_claim, variance_claim_of
from verify.checks.conclusions import conclude
from verify.checks.context import Context
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["monte_carlo"]

MOST_PLAIN_DRAWS = 10**7
"""A variance that needs more draws than this is not sampled: the finding says how many it would take."""

PROBES = 64
"""Noise points at which float64 is held against exact arithmetic."""


def monte_carlo(cells: Sequence[Cell], context: Context) -> list[Finding]:
    """The claims "bias" and "variance" of every cell of one case, in the order of the cells.

    Raises NonFiniteDraw if a term gives NaN or infinity.
    """
    silent = {
        index: reason for index, cell in enumerate(cells) if (reason := unseen_jump(cell) or infinite_variance(cell))
    }
    drawn = [cell for index, cell in enumerate(cells) if index not in silent]
    judged = iter(_judge_draws(drawn, context)) if drawn else iter(())
    findings: list[Finding] = []
    for index, cell in enumerate(cells):
        if index in silent:
            findings += _not_applicable(cell, silent[index], context, ("bias", "variance"))
        else:
            findings += next(judged)
    return findings


def _not_applicable(cell: Cell, reason: str, context: Context, checks: Sequence[str]) -> list[Finding]:
    return [
        finding_for(cell, check, Tier.MONTE_CARLO, Verdict.NOT_APPLICABLE, reason, context.settings) for check in checks
    ]


def _judge_draws(cells: Sequence[Cell], context: Context) -> list[list[Finding]]:
    noise = cells[0].judged.noise
    kernel = compile_kernel([cell.term for cell in cells], noise.symbol)
    rounding = _rounding(kernel, cells, context.settings.seed)
    findings: list[list[Finding]] = [[] for _ in cells]
    claims: list[Claim] = []
    for row, cell in enumerate(cells):
        if reason := too_coarse(cell, rounding[row], context.resolution_of(cell)):
            findings[row] = _not_applicable(cell, reason, context, ("bias", "variance"))
            continue
        claims.append(bias_claim(cell, row, rounding[row], context))
        if reason := infinite_fourth_moment(cell):
            findings[row] = _not_applicable(cell, reason, context, ("variance",))
            continue
        claim = variance_claim_of(cell, row, rounding[row], context)
        if claim.most_draws > MOST_PLAIN_DRAWS:
            findings[row] = [_too_many_draws(claim, context)]
        else:
            claims.append(claim)
    _run(kernel, claims, cells, context)
    bias = {claim.row: claim for claim in claims if claim.check == "bias"}
    for claim in claims:
        beside = bias[claim.row] if claim.check == "variance" else None
        findings[claim.row].append(conclude(claim, beside, context))
    return [sorted(found, key=lambda finding: finding.check) for found in findings]


def _too_many_draws(claim: Claim, context: Context) -> Finding:
    kurtosis = float(claim.cell.kurtosis)
    message = (
        f"not sampled: with a kurtosis of {kurtosis:.3g}, an error of "
        f"{context.settings.variance_resolution:.3g} of the variance takes {claim.most_draws:,} draws"
    )
    return finding_for(
        claim.cell,
        "variance",
        Tier.MONTE_CARLO,
        Verdict.INCONCLUSIVE,
        message,
        context.settings,
        n=0,
        n_needed=claim.most_draws,
        resolution=context.settings.variance_resolution,
        alpha=context.alpha,
        beta=context.beta,
    )


def _rounding(kernel: Kernel, cells: Sequence[Cell], seed: int) -> list[float]:
    noise = cells[0].judged.noise
    probes = np.empty(PROBES)
    fill_noise(generator(seed, case_hash(case_text(cells[0].problem, cells[0].values)), 0), noise.sampler, probes)
    errors = rounding_error(kernel, [cell.term for cell in cells], noise.symbol, probes)
    return [float(error) for error in errors]


def _run(kernel: Kernel, claims: Sequence[Claim], cells: Sequence[Cell], context: Context) -> None:
    """Draw until every claim is decided or has reached its bound."""
    if not claims:
        return
    source = simulate(
        kernel,
        cells[0].judged.noise.sampler,
        case_text(cells[0].problem, cells[0].values),
        context.settings.seed,
        [claim.watch for claim in claims],
        chunks=-(-max(claim.most_draws for claim in claims) // CHUNK),
        workers=context.settings.workers,
        active=lambda: [place for place, claim in enumerate(claims) if not claim.finished],
    )
    with closing(source):
        for chunk in source:
            for place, claim in enumerate(claims):
                claim.take(chunk, place)
            if all(claim.finished for claim in claims):
                return

"""The third tier: draws. It sees what the other two cannot, the sampler and the compiled code at work.

All estimators of a case share one stream of noise. Each claim is judged by the e-process of `sequential_test` on block
means, at fixed looks in a fixed order, so neither the number of workers nor the seed decides a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

from numeric.estimation import case_text
from verify.applicability import infinite_fourth_moment, infinite_variance, no_share, too_coarse, unseen_jump
from verify.cell import Cell
from verify.checks.claims import Claim, bias_claim, variance_claim_of
from verify.checks.conclusions import conclude
from verify.checks.context import Context
from verify.checks.draws import Draws
from verify.checks.mixture import MOST_DRAWS, judge_weighted, plain_variance_draws
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["MOST_BIAS_DRAWS", "monte_carlo"]

MOST_BIAS_DRAWS = 10**10
"""Minutes; what takes more is not begun, unless a budget says that it may take so long."""


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


def _out_of_reach(claim: Claim, context: Context) -> list[Finding]:
    """INCONCLUSIVE before the first draw; a variance verdict stands only beside one of the bias."""
    sought = context.resolution_of(claim.cell)
    message = (
        f"not drawn for: to find a bias of {sought:.3g} takes up to {claim.most_draws:,} draws; --max-draws says how "
        "many may be made, and the finest bias is looked for that they reveal"
    )
    return [
        finding_for(
            claim.cell,
            check,
            Tier.MONTE_CARLO,
            Verdict.INCONCLUSIVE,
            message,
            context.settings,
            n=0,
            n_needed=claim.most_draws,
            alpha=context.alpha,
            beta=context.beta,
        )
        for check in ("bias", "variance")
    ]


def _judge_draws(cells: Sequence[Cell], context: Context) -> list[list[Finding]]:
    noise, text = cells[0].judged.noise, case_text(cells[0].problem, cells[0].values)
    draws = Draws(tuple(cell.term for cell in cells), noise.symbol, noise.sampler, text)
    findings: list[list[Finding]] = [[] for _ in cells]
    claims: list[Claim] = []
    weighted: list[Claim] = []
    for row, cell in enumerate(cells):
        if reason := no_share(cell, context.settings.min_effect) or too_coarse(cell, context.resolution_of(cell)):
            findings[row] = _not_applicable(cell, reason, context, ("bias", "variance"))
            continue
        claim = bias_claim(cell, row, context)
        if claim.most_draws > MOST_BIAS_DRAWS and context.settings.max_draws is None:
            findings[row] = _out_of_reach(claim, context)
            continue
        claims.append(claim)
        if reason := infinite_fourth_moment(cell):
            findings[row] = _not_applicable(cell, reason, context, ("variance",))
            continue
        if plain_variance_draws(cell, context) <= MOST_DRAWS:
            claims.append(variance_claim_of(cell, row, context))
            continue
        instead = judge_weighted(cell, row, text, context)
        if isinstance(instead, Claim):
            weighted.append(instead)
        else:
            findings[row] = [instead]
    draws.judge(claims, context.settings)
    bias = {claim.row: claim for claim in claims if claim.check == "bias"}
    for claim in [*claims, *weighted]:
        beside = bias[claim.row] if claim.check == "variance" else None
        findings[claim.row].append(conclude(claim, beside, context))
    return [sorted(found, key=lambda finding: finding.check) for found in findings]

"""The first tier: the estimator's term is integrated, and its mean must be the gradient. A proof, without a draw."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic.equality import equal
from symbolic.exact_moments import Moments
from verify.applicability import unseen_jump
from verify.cell import Cell
from verify.checks.context import Context
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["identity"]


def identity(cells: Sequence[Cell], context: Context) -> list[Finding]:
    """E[term] = d/d wrt E[cost] as functions of every symbol; silent where either side has no closed form."""
    return [finding for cell in cells if (finding := _judge(cell, context)) is not None]


def _judge(cell: Cell, context: Context) -> Finding | None:
    gradient = cell.gradient_form.expression
    mean = Moments(cell.problem, cell.judged).mean.expression
    if gradient is None or mean is None:
        return None
    if reason := unseen_jump(cell):
        return finding_for(cell, "bias", Tier.IDENTITY, Verdict.NOT_APPLICABLE, reason, context.settings)
    same = equal(mean, gradient)
    if same is True:
        verdict, message = Verdict.PASS, f"the mean of the term is {gradient}: proven, for all parameters"
    elif same is False and cell.judged.obstacle is not None:
        return None  # biased for other values only: as functions of every symbol they differ, and here numbers decide
    elif same is False:
        verdict, message = Verdict.FAIL, f"the mean of the term is {mean}, the gradient is {gradient}"
    else:
        verdict = Verdict.INCONCLUSIVE
        message = f"the mean of the term, {mean}, agrees with the gradient {gradient} to 50 digits, but without a proof"
    return finding_for(cell, "bias", Tier.IDENTITY, verdict, message, context.settings)

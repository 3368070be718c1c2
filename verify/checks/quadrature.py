"""The second tier: mean and variance of the compiled term, by deterministic integration over the noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

from numeric.quadrature import moments_by_quadrature
from symbolic.places.breakpoints import breakpoints
from verify.applicability import infinite_variance, no_share, too_coarse, unseen_jump
from verify.cell import Cell
from verify.checks.context import Context
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["quadrature"]

SHARE = 0.01
"""The tolerance, as a share of the resolution of the draws: what this tier passes, they cannot tell from zero."""


def quadrature(cells: Sequence[Cell], context: Context) -> list[Finding]:
    """|mean - gradient| and |variance - exact variance| within the tolerance, the error of the rule included."""
    return [finding for cell in cells for finding in _judge(cell, context)]


def _judge(cell: Cell, context: Context) -> list[Finding]:
    reason = (
        unseen_jump(cell)
        or infinite_variance(cell)
        or no_share(cell, context.settings.min_effect)
        or too_coarse(cell, context.resolution_of(cell))
    )
    if reason is not None:
        return [
            finding_for(cell, check, Tier.QUADRATURE, Verdict.NOT_APPLICABLE, reason, context.settings)
            for check in ("bias", "variance")
        ]
    kinks = [float(point.ball.mid()) for point in breakpoints(cell.term, cell.judged.noise.symbol)]
    exact, variance = float(cell.gradient), float(cell.variance)
    found = moments_by_quadrature(cell.kernel, cell.judged.noise, kinks, exact)
    bias_tolerance = SHARE * context.resolution_of(cell) if cell.has_variance else math.ulp(exact)
    variance_tolerance = SHARE * context.settings.variance_resolution * variance
    findings = []
    for check, got, wanted, error, tolerance in (
        ("bias", found.mean, exact, found.mean_error, bias_tolerance),
        ("variance", found.variance, variance, found.variance_error, variance_tolerance),
    ):
        verdict, message = _verdict(check, got, wanted, error, tolerance)
        findings.append(
            finding_for(
                cell,
                check,
                Tier.QUADRATURE,
                verdict,
                message,
                context.settings,
                guarantee="asymptotic",
                estimate=found.mean,
                measured_variance=found.variance,
                detectable_bias=tolerance,
                detectable_bias_relative=None if wanted == 0 else tolerance / abs(wanted),
            )
        )
    return findings


def _verdict(check: str, got: float, wanted: float, error: float, tolerance: float) -> tuple[Verdict, str]:
    name = "mean" if check == "bias" else "variance"
    # What is off by a hundred of its errors is wrong, however small the tolerance.
    if error > max(tolerance, SHARE * abs(got - wanted)):
        return (
            Verdict.INCONCLUSIVE,
            f"the integral for the {name} is known to {error:.2g} only; it would have to be {tolerance:.2g}",
        )
    if abs(got - wanted) > tolerance + error:
        return Verdict.FAIL, f"the {name} of the compiled term is {got:.10g}, exact is {wanted:.10g}"
    return Verdict.PASS, f"the {name} of the compiled term is {got:.10g}, within {tolerance:.2g} of the exact one"

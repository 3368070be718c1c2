"""The second tier: mean and variance of the compiled term, by deterministic integration over the noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from numeric.quadrature import moments_by_quadrature
from symbolic.places.breakpoints import breakpoints
from verify.applicability import infinite_variance, no_share, too_coarse, unseen_jump
from verify.cell import Cell
from verify.checks.context import Context
from verify.checks.gradient_size import gradient_size
from verify.checks.narrow_places import narrow_places
from verify.describe import finding_for
from verify.finding import Finding, Tier, Verdict

__all__ = ["quadrature"]

SHARE = 0.01
"""The tolerance, as a share of the resolution of the draws: what this tier passes, they cannot tell from zero."""


def quadrature(cells: Sequence[Cell], context: Context) -> list[Finding]:
    """|mean - gradient| and |variance - exact variance| within the tolerance, the error of the rule included."""
    return [finding for cell in cells for finding in _judge(cell, context)]


@dataclass(frozen=True)
class _Seen:
    """A number by integration, known to `error`, beside the exact one; and how far off it may be to PASS."""

    name: str
    got: float
    wanted: float
    error: float
    tolerance: float

    @property
    def off_by(self) -> float:
        return abs(self.got - self.wanted)


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
    tolerance = SHARE * context.resolution_of(cell) if cell.has_variance else math.ulp(exact)
    found = moments_by_quadrature(cell.kernel, cell.judged.noise, [*kinks, *narrow_places(cell)], exact)
    findings = []
    for check, seen in (
        ("bias", _Seen("mean", found.mean, exact, found.mean_error, tolerance)),
        (
            "variance",
            _Seen(
                "variance",
                found.variance,
                variance,
                found.variance_error,
                SHARE * context.settings.variance_resolution * variance,
            ),
        ),
    ):
        verdict, message = _verdict(seen)
        width = seen.tolerance
        if verdict == Verdict.INCONCLUSIVE and (reason := too_coarse(cell, tolerance)):
            verdict, message = Verdict.NOT_APPLICABLE, reason
        if check == "bias" and verdict == Verdict.PASS:
            verdict, message, width = _beside_its_gradient(cell, seen)
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
                detectable_bias=width,
                detectable_bias_relative=None if seen.wanted == 0 else width / abs(seen.wanted),
            )
        )
    return findings


def _verdict(seen: _Seen) -> tuple[Verdict, str]:
    # What is off by a hundred of its errors is wrong, however small the tolerance.
    if seen.error > max(seen.tolerance, SHARE * seen.off_by):
        known = f"the integral for the {seen.name} is known to {seen.error:.2g} only"
        return Verdict.INCONCLUSIVE, f"{known}; it would have to be {seen.tolerance:.2g}"
    if seen.off_by > seen.tolerance + seen.error:
        return Verdict.FAIL, _fails(seen)
    return Verdict.PASS, _passes(seen, seen.tolerance)


def _beside_its_gradient(cell: Cell, seen: _Seen) -> tuple[Verdict, str, float]:
    """The verdict on a mean within its tolerance, in words, and how large a bias a PASS of it excludes.

    A tolerance larger than the gradient, as a draw is so much larger, would let a mean of 0 pass. The integral is known
    better than that: a PASS says how well, and what is off by more than the gradient is wrong. Where float64 does not
    even know it better than the largest gradient that such a cost can have, it says nothing.
    """
    if not cell.has_variance or abs(seen.wanted) > seen.tolerance:
        return Verdict.PASS, _passes(seen, seen.tolerance), seen.tolerance
    error = seen.error + cell.rounding
    known = min(seen.off_by + error, seen.tolerance)
    if seen.off_by > abs(seen.wanted) + error and error <= SHARE * seen.off_by:
        return Verdict.FAIL, _fails(seen), known
    if known < abs(seen.wanted) or known < (size := gradient_size(cell)):
        return Verdict.PASS, _passes(seen, known), known
    reason = (
        f"a draw has a standard deviation of {math.sqrt(float(cell.variance)):.2g}, and float64 rounds it by "
        f"{cell.rounding:.2g} here: its mean by integration is {seen.got:.2g}, known to {error:.2g}, but a gradient "
        f"of this cost is of the size {size:.2g} at most"
    )
    return Verdict.NOT_APPLICABLE, reason, known


def _fails(seen: _Seen) -> str:
    return f"the {seen.name} of the compiled term is {seen.got:.10g}, exact is {seen.wanted:.10g}"


def _passes(seen: _Seen, width: float) -> str:
    return f"the {seen.name} of the compiled term is {seen.got:.10g}, within {width:.2g} of the exact one"

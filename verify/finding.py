"""One verdict on one claim, with every number that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.deciding.trace import Trace

__all__ = ["Finding", "Tier", "Verdict", "worst"]


class Verdict(StrEnum):
    """What a check concludes. Unknown is never folded into PASS."""

    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Tier(StrEnum):
    """How a check looks: a proof, a deterministic integral of the compiled term, or draws."""

    IDENTITY = "identity"
    QUADRATURE = "quadrature"
    MONTE_CARLO = "monte_carlo"


@dataclass(frozen=True)
class Finding:
    """A check of one cell (cost, law, wrt, values, estimator). A number that does not exist is None, never NaN.

    `exact` and `exact_variance` are the true gradient and the true variance of one draw; `estimate` and
    `measured_variance` are what the tier saw; `standard_error` is sqrt(exact variance / n). `resolution` is the bias
    that the check was built to find, in standard deviations of one draw for the check "bias" and as a share of the
    variance for the check "variance". `detectable_bias` is in units of the gradient (of the variance, for the check
    "variance"). `exact_digits` and `exact_variance_digits` are the exact values to as many digits as are certain, 30 at
    most, also where no float holds them. `p_value` holds at any number of draws: P(ever <= p | the claim is true) <= p.
    `trace` is kept for pictures, and is no part of what is written down.
    """

    cost: str
    law: str
    wrt: str
    at: Mapping[str, str]
    estimator: str
    check: str
    tier: Tier
    verdict: Verdict
    guarantee: str
    message: str
    reproduce: str
    exact: float | None = None
    exact_expression: str | None = None
    exact_method: str | None = None
    estimate: float | None = None
    standard_error: float | None = None
    exact_variance: float | None = None
    exact_variance_expression: str | None = None
    measured_variance: float | None = None
    n: int | None = None
    n_needed: int | None = None
    resolution: float | None = None
    detectable_bias: float | None = None
    detectable_bias_relative: float | None = None
    alpha: float | None = None
    beta: float | None = None
    exact_digits: str | None = None
    exact_variance_digits: str | None = None
    p_value: float | None = None
    trace: Trace | None = field(default=None, repr=False, compare=False)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """FAIL if any is, else INCONCLUSIVE if any is, else PASS if any is, else NOT_APPLICABLE."""
    seen = set(verdicts)
    for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS):
        if verdict in seen:
            return verdict
    return Verdict.NOT_APPLICABLE

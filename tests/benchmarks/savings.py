"""What stopping early saves: mean draws of right, slightly wrong and grossly wrong estimators, and their verdicts.

Block means of two points, so that every path of the walk is followed and nothing is sampled. The table of
docs/statistics.md comes from here: python -m tests.benchmarks.savings
"""

from __future__ import annotations

from tabulate import tabulate

from tests.calibration.laws import TwoPoint
from tests.calibration.replications import Outcome, exact_outcome
from tests.calibration.rules import proven
from verify.deciding.design import Design, MeanClaim, design

__all__ = ["outcome_at"]

BIASES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 5.0, 20.0)
"""In units of the resolution."""


def outcome_at(bias: float, plan: Design) -> Outcome:
    """Of an estimator with that many resolutions of bias, and the claimed variance."""
    return exact_outcome(
        proven(plan),
        TwoPoint(0.5),
        plan.n_max // plan.block,
        blocks_per_look=plan.blocks_per_look,
        offset=bias * plan.resolution,
        scale=plan.block_deviation,
    )


def main() -> None:
    """Print one row for each bias."""
    plan = design(MeanClaim(1.0, 0.01, alpha=2.5e-9, beta=1e-3))
    rows = []
    for bias in BIASES:
        found = outcome_at(bias, plan)
        draws = found.mean_blocks * plan.block
        rows.append((bias, draws * plan.resolution**2, draws / plan.n_max, found.fail[-1], found.passed[-1]))
    headers = ("bias, resolutions", "mean draws, V/eps^2", "of n_max", "P(FAIL)", "P(PASS)")
    print(tabulate(rows, headers=headers, floatfmt=("g", ".1f", ".2f", ".2g", ".4g")))


if __name__ == "__main__":
    main()

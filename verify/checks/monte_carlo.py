"""The third tier: draws. It sees what the other two cannot, the sampler and the compiled code at work.

All estimators of a case share one stream of noise. Each claim is judged by the e-process of `sequential_test` on block
means, at fixed looks in a fixed order, so neither the number of workers nor the seed decides a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from numeric.kernel import compile_kernel
from numeric.rounding import rounding_error
from numeric.simulate import ChunkSums, Watch, simulate
from numeric.streams import LOOK
from numeric.tally import Tally, merge
from verify.applicability import infinite_fourth_moment, infinite_variance, unseen_jump
from verify.cell import Cell
from verify.checks.context import Context
from verify.describe import finding_for, values_as_text
from verify.design import Design, MeanClaim, design, variance_claim
from verify.finding import Finding, Tier, Verdict
from verify.sequential_test import SequentialTest

__all__ = ["monte_carlo"]

MOST_PLAIN_DRAWS = 10**7
"""A variance that needs more draws than this is not sampled: the finding says how many it would take."""


def monte_carlo(cells: Sequence[Cell], context: Context) -> list[Finding]:
    """The claims "bias" and "variance" of every cell of one case."""
    ...

"""The faults of noise and of batches as somebody else's functions, handed to verify.check: found, the right ones not.

A right function FAILs with a probability of 1e-6 at most, a wrong one is missed with 1e-6, and PASSes with 1e-3 if its
error is the resolution: all errors here are at least twice that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import verify
from numeric.black_box import EstimatorFunction
from tests.faults.fault import Batch, Fault, Floats, Sampler
from tests.faults.judging import right_cell
from tests.faults.machines import BATCHES, SAMPLERS, SCORE, right_mean, right_noise
from verify.cell import Cell, cells_of
from verify.finding import Verdict
from verify.report import Report


def by_noise(cell: Cell, sampler: Sampler) -> EstimatorFunction:
    """The right term of the cell, at whatever noise the sampler makes."""

    def function(params: dict[str, float], n: int, rng: np.random.Generator) -> Floats:
        noise, values = np.empty(n), np.empty((1, n))
        sampler(rng, noise)
        cell.kernel(noise, values)
        return values.ravel()

    return function


def by_batch(batch: Batch, size: int) -> EstimatorFunction:
    def function(params: dict[str, float], n: int, rng: np.random.Generator) -> Floats:
        return batch(rng.standard_normal((n, size)))

    return function


def report_on(fault: Fault) -> Report:
    cell = right_cell(fault)
    asked: dict[str, Any] = {
        "at": fault.case.at,
        "wrt": fault.case.wrt[0],
        "law": fault.case.law,
        "resolution": fault.resolution,
    }
    if fault.sampler is not None:
        return verify.check(by_noise(cell, fault.sampler), fault.case.cost, claims=fault.case.estimators[0], **asked)
    assert fault.batch is not None
    # The mean of several draws has less variance than one of them: a bound that is not tight.
    return verify.check(by_batch(fault.batch, fault.size), fault.case.cost, variance=float(cell.variance), **asked)


# The coin alone takes 3e7 draws, and seconds.
QUICK = [fault for fault in (*SAMPLERS, *BATCHES) if fault.resolution >= 0.005]


@pytest.mark.parametrize("fault", QUICK, ids=lambda fault: fault.name)
def test_a_function_that_is_wrong_fails(fault: Fault) -> None:
    report = report_on(fault)
    assert report.verdict == Verdict.FAIL
    assert report.silent_controls == ()
    with pytest.raises(verify.VerificationError):
        report.raise_for_failure()


def test_a_seed_used_again_is_named() -> None:
    (fault,) = [fault for fault in SAMPLERS if "seed" in fault.name]
    failed = [found.message for found in report_on(fault).findings if found.verdict == Verdict.FAIL]
    assert any("rng" in message for message in failed), failed


def test_functions_that_are_right_are_not_accused() -> None:
    (cell,) = cells_of(SCORE)
    for function, known in (
        (by_noise(cell, right_noise), {"claims": "score_function"}),
        (by_batch(right_mean, 4), {"variance": float(cell.variance) / 4}),
    ):
        report = verify.check(function, SCORE.cost, at=SCORE.at, **known)
        assert report.verdict == Verdict.PASS

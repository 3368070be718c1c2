"""Estimators that are wrong on purpose are found, each by the tiers that should; right ones are never accused.

A verdict by draws errs with a probability of at most 3e-8: alpha, beta and alpha' of 1e-8 each. The proven runs below
take some 2,000 of them, so they err less than once in 10,000 runs.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.faults.catalogue import FAULTS, row, size_of
from tests.faults.fault import Fault
from tests.faults.judging import batched, by_draws, by_proof, right_cell, with_sampler, wrong_cell
from tests.faults.machines import SCORE, right_mean, right_noise
from verify.case import Settings
from verify.cell import Cell, cells_of
from verify.finding import Finding, Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
SEEDS = 20
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)

# The right counterparts: one fault of each case, and a compiler that is right.
CASES = [replace(fault, code=None) for fault in {str(fault.case): fault for fault in FAULTS}.values()]


def tiers(findings: Iterable[Finding], check: str) -> str:
    """The tiers in which the check FAILs, by the letters of the tables."""
    letters = {"identity": "i", "quadrature": "q", "monte_carlo": "d"}
    return "".join(letters[found.tier] for found in findings if (found.check, found.verdict) == (check, Verdict.FAIL))


def exact(fault: Fault, cell: Cell) -> float:
    return float(cell.gradient if fault.check == "bias" else cell.variance)


@cache
def judged(name: str) -> tuple[Cell, tuple[Finding, ...]]:
    """The wrong cell and its findings under seed 0; once for all tests."""
    fault = next(fault for fault in FAULTS if fault.name == name)
    cell = wrong_cell(fault)
    # The term of a batch is a number made of several draws of noise: only draws can look at it.
    proofs = [] if fault.batch else by_proof(cell, fault)
    return cell, (*proofs, *by_draws(cell, fault, seed=0))


@EVERY_FAULT
def test_a_fault_is_found_by_the_tiers_that_should_and_by_no_other(fault: Fault) -> None:
    cell, findings = judged(fault.name)
    assert tiers(findings, fault.check) == fault.found_by
    if fault.check == "variance":
        assert tiers(findings, "bias") == ""
    assert f"\n{row(fault, cell)}\n" in PAGE.read_text(encoding="utf-8"), f"docs/faults.md lacks {row(fault, cell)}"


@EVERY_FAULT
def test_the_error_is_known_and_at_least_twice_the_resolution(fault: Fault) -> None:
    cell, _ = judged(fault.name)
    assert exact(fault, cell) == pytest.approx(float(fault.right), rel=1e-12, abs=1e-100)
    least = fault.resolution if fault.check == "bias" else Settings().variance_resolution
    assert size_of(fault, cell) >= 2 * least
    assert (fault.term, fault.code, fault.sampler, fault.batch).count(None) == 3


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.term or fault.code], ids=lambda fault: fault.name)
def test_the_error_of_a_term_is_the_one_that_was_planted(fault: Fault) -> None:
    _, findings = judged(fault.name)
    (seen,) = [found for found in findings if (found.check, found.tier) == (fault.check, "quadrature")]
    value = seen.estimate if fault.check == "bias" else seen.measured_variance
    assert value == pytest.approx(float(fault.wrong), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.sampler or fault.batch], ids=lambda f: f.name)
def test_the_error_of_the_noise_is_the_one_that_was_planted(fault: Fault) -> None:
    """Within 7 standard errors of a plain mean: 3e-12 for a normal one, and no law here is far from it at this n."""
    (cell, _), n = judged(fault.name), 2**18
    noise = np.empty(n)
    cell.judged.noise.sampler(np.random.default_rng(0), noise)  # type: ignore[operator]  # a call, see with_sampler
    values = np.empty((1, n))
    cell.kernel(noise, values)
    assert abs(values.mean() - float(fault.wrong)) <= 7 * values.std() / math.sqrt(n) + 1e-12


@pytest.mark.parametrize("fault", CASES, ids=lambda fault: str(fault.case.cost))
def test_the_right_estimator_is_not_accused(fault: Fault) -> None:
    cell = right_cell(fault)
    verdicts = {found.verdict for found in [*by_proof(cell, fault), *by_draws(cell, fault, seed=0)]}
    # Beside a jump that it does not see, even the right pathwise term is excused from every check.
    assert verdicts == {Verdict.NOT_APPLICABLE if cell.judged.obstacle else Verdict.PASS}


def right_machines() -> list[Cell]:
    """The ways in which faults come in, with nothing wrong."""
    (cell,) = cells_of(SCORE)
    several = [with_sampler(cell.judged, right_noise), batched(cell.judged, right_mean, 1)]
    return [replace(cell, judged=judged) for judged in several]


@pytest.mark.parametrize("place", [0, 1])
def test_a_right_machine_is_not_accused(place: int) -> None:
    assert {found.verdict for found in by_draws(right_machines()[place], CASES[0], seed=0)} == {Verdict.PASS}


def test_a_right_batch_mean_has_no_bias() -> None:
    (cell,) = cells_of(SCORE)
    mean = replace(cell, judged=batched(cell.judged, right_mean, 8))
    bias, variance = by_draws(mean, CASES[0], seed=0)
    assert bias.verdict == Verdict.PASS
    assert variance.verdict == Verdict.FAIL  # it is an eighth of what one draw has, and nobody said so


def test_there_are_many_and_none_twice() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 25
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert sum(line.endswith(("| found |", "| – |")) for line in lines) == len(FAULTS)


@pytest.mark.prove
@EVERY_FAULT
def test_a_fault_is_found_under_fresh_seeds(fault: Fault) -> None:
    cell = wrong_cell(fault)
    seeds = [secrets.randbits(64) for _ in range(SEEDS)]
    missed = [seed for seed in seeds if "d" not in tiers(by_draws(cell, fault, seed), fault.check)]
    assert missed == []


@pytest.mark.prove
@pytest.mark.parametrize("fault", CASES, ids=lambda fault: str(fault.case.cost))
def test_the_right_estimator_is_not_accused_under_fresh_seeds(fault: Fault) -> None:
    cell = right_cell(fault)
    seeds = [secrets.randbits(64) for _ in range(SEEDS)]
    accused = [seed for seed in seeds if any(found.verdict == Verdict.FAIL for found in by_draws(cell, fault, seed))]
    assert accused == []

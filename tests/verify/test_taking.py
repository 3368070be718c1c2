"""A claim's tally holds the draws that decided and no others, also where the verdict is found later than it was due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from numeric.simulate import ChunkSums, Watch
from numeric.streams import CHUNK, LOOK
from numeric.tally import Tally
from verify.case import Case
from verify.cell import cells_of
from verify.checks.claims import SHORTEST_LOOK, Claim, looks_due
from verify.checks.evidence import Evidence
from verify.deciding.design import Design, MeanClaim, design
from verify.deciding.sequential_test import SequentialTest

Make = Callable[[int], NDArray[np.float64]]

PLAN = design(MeanClaim(variance=1.0, resolution=0.01, alpha=1e-6, beta=1e-3))
CHUNKS = 12
FINE = design(MeanClaim(variance=1.0, resolution=0.002, alpha=1e-2, beta=1e-1, alpha_pass=0.1))


def hidden(chunk: int) -> NDArray[np.float64]:
    """Draws whose plain sum is 0 until the end of each look, and whose clipped sum FAILs in the second chunk."""
    draws = np.full((CHUNK // LOOK, LOOK), 0.0 if chunk != 1 else 0.3)
    draws[:, -1] -= draws.sum(axis=1)
    return draws.reshape(-1)


def quiet(chunk: int) -> NDArray[np.float64]:
    return np.zeros(CHUNK)


def told_look_by_look(plan: Design, draws: NDArray[np.float64]) -> SequentialTest:
    """The reference: every look is judged at once, because the p-value is asked for."""
    test = SequentialTest(plan)
    for look in draws.reshape(-1, plan.look):
        test.update(look.reshape(-1, plan.block).mean(axis=1))
        assert 0 <= test.p_value <= 1
    return test


@pytest.mark.parametrize("make", [hidden, quiet], ids=["hidden FAIL", "PASS"])
@pytest.mark.parametrize("plan", [PLAN, FINE], ids=["0.01", "0.002"])
def test_evidence_counts_what_decided(make: Make, plan: Design) -> None:
    chunks = [make(chunk) for chunk in range(-(-plan.n_max // CHUNK))]
    reference = told_look_by_look(plan, np.concatenate(chunks))
    # Blocks as large as a look do not see what cancels within one.
    assert reference.decision == ("FAIL" if make is hidden and plan is PLAN else "PASS")
    evidence = Evidence.about("bias", 0.0, 0.0, 0.0, plan, power=1)
    for draws in chunks:
        evidence.take(draws)
    assert evidence.test is not None
    assert (evidence.decision, evidence.test.draws) == (reference.decision, reference.draws)
    used = np.concatenate(chunks)[: reference.draws]
    assert evidence.tally.count == used.size
    assert evidence.tally.sum == pytest.approx(used.sum(), abs=1e-6)
    assert evidence.tally.sum_of_squares == pytest.approx(np.square(used).sum(), rel=1e-12)


@pytest.mark.parametrize("make", [hidden, quiet], ids=["hidden FAIL", "PASS"])
def test_a_claim_counts_what_decided(make: Make) -> None:
    chunks = [make(chunk) for chunk in range(CHUNKS)]
    first = told_look_by_look(PLAN, np.concatenate(chunks))
    (cell,) = cells_of(Case("x", at={"mu": "0", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)))
    watch = Watch(0, 0.0, 1, PLAN.block)
    claim = Claim(cell, "bias", 0, watch, 0.0, 0.0, SequentialTest(PLAN), Tally(0, centre=0.0))
    for index, draws in enumerate(chunks):
        by_look = draws.reshape(1, -1, LOOK)
        means = draws.reshape(-1, LOOK // PLAN.block, PLAN.block).mean(axis=2)
        squares = np.square(by_look).sum(axis=2)
        claim.take(ChunkSums(index, CHUNK, None, by_look.sum(axis=2), squares, (0.0,), (means,)), 0)
    # Looked at less often than at every look of the design: later by at most a factor of 3, and a chunk.
    assert claim.decision == first.decision
    assert first.draws <= claim.draws <= 3 * first.draws + CHUNK
    used = np.concatenate(chunks)[: claim.draws]
    assert claim.tally.count == used.size
    assert claim.tally.sum_of_squares == pytest.approx(np.square(used).sum(), rel=1e-12)


def looks_of(plan: Design, chunks: int) -> list[int]:
    """The draws at which a claim is looked at, if its draws never decide: a bias of half the resolution."""
    test, held, found = SequentialTest(plan), [], []
    for _ in range(chunks):
        held.append(np.full((CHUNK // LOOK, LOOK // plan.block), plan.resolution / 2))
        for look in looks_due(held, test):
            test.update(look)
            found.append(test.draws)
    return found


def test_where_the_looks_lie() -> None:
    """Early on, each time that the draws have tripled; from where something can PASS on, every half chunk."""
    first, end = PLAN.first_pass, PLAN.n_max
    looks = looks_of(PLAN, -(-end // CHUNK))
    early = [look for look in looks if look < first]
    assert early == [CHUNK, 3 * CHUNK]
    late = [look for look in looks if look >= first]
    assert late[0] <= -(-first // CHUNK) * CHUNK
    assert set(np.diff(late[:-1])) == {SHORTEST_LOOK}
    assert looks[-1] == end
    assert looks_of(replace(PLAN, n_max=3 * LOOK), 1) == [3 * LOOK]

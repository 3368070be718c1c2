"""A fault before the checks: its cell, judged by every tier, and the right cell beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from numeric.kernel import Kernel, compile_kernel
from symbolic.estimator import Estimator
from tests.faults.fault import Batch, Code, Fault, Floats, Sampler
from verify.case import Settings
from verify.cell import Cell, cells_of
from verify.checks.context import Context
from verify.checks.identity import identity
from verify.checks.monte_carlo import monte_carlo
from verify.checks.quadrature import quadrature
from verify.finding import Finding

__all__ = ["by_draws", "by_proof", "batched", "right_cell", "with_sampler", "wrong_cell"]

RATE = 1e-8
"""Of a false FAIL, a false PASS and a miss, for each verdict by draws."""


def right_cell(fault: Fault) -> Cell:
    (cell,) = cells_of(fault.case)
    return cell


def with_sampler(estimator: Estimator, sampler: Sampler) -> Estimator:
    """The estimator drawn with other noise."""
    # A law names its sampler; whoever fills arrays takes a call as well.
    return replace(estimator, noise=replace(estimator.noise, sampler=sampler))  # type: ignore[arg-type]  # see above


def batched(estimator: Estimator, batch: Batch, size: int) -> Estimator:
    """The estimator whose every draw is batch(size draws of noise)."""

    def sampler(rng: np.random.Generator, out: Floats) -> None:
        out[:] = batch(rng.standard_normal((out.size, size)))

    return with_sampler(replace(estimator, term=estimator.noise.symbol), sampler)


def wrong_cell(fault: Fault) -> Cell:
    """The cell whose draws are wrong, against the exact moments of the right one."""
    cell = right_cell(fault)
    judged = replace(cell.judged, name=fault.name)
    if fault.term is not None:
        judged = replace(judged, term=fault.term, obstacle=None, misses=None)
    if fault.sampler is not None:
        judged = with_sampler(judged, fault.sampler)
    if fault.batch is not None:
        judged = batched(judged, fault.batch, fault.size)
    return replace(cell, judged=judged)


def by_proof(cell: Cell, fault: Fault) -> list[Finding]:
    """The first two tiers: no draw, no seed."""
    with _compiled_by(fault.code):
        return [*identity([cell], _context(fault, 0)), *quadrature([cell], _context(fault, 0))]


def by_draws(cell: Cell, fault: Fault, seed: int) -> list[Finding]:
    """The third tier."""
    with _compiled_by(fault.code):
        return monte_carlo([cell], _context(fault, seed))


def _context(fault: Fault, seed: int) -> Context:
    return Context(Settings(seed=seed, resolution=fault.resolution), alpha=RATE, beta=RATE, pass_error=RATE)


@contextmanager
def _compiled_by(code: Code | None) -> Iterator[None]:
    """The kernels of both tiers that have one, compiled by a compiler that misreads terms."""
    if code is None:
        yield
        return
    misread = code

    def wrong(terms: Sequence[sp.Expr], noise: sp.Symbol) -> Kernel:
        return compile_kernel([misread(term) for term in terms], noise)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.cell.compile_kernel", wrong)
        patch.setattr("verify.checks.draws.compile_kernel", wrong)
        yield

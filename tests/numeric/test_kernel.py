"""How a kernel is built: what it refuses, what it shares, and that it can be moved and cut."""

from __future__ import annotations

import pickle
import time
import warnings

import numpy as np
import pytest
import sympy as sp

from numeric.errors import KernelError
from numeric.kernel import Kernel, compile_kernel
from tests.numeric.terms import EPSILON, HALF, X, evaluated, four_terms

A = sp.Symbol("a", real=True)


def names(kernel: Kernel) -> list[str]:
    return [instruction.name for instruction in kernel.listing.instructions]


def kernel_of(cost: sp.Expr, sigma: sp.Expr = sp.S.One) -> Kernel:
    return compile_kernel(four_terms(cost, HALF, sigma), EPSILON)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (A * EPSILON, "a has no value"),
        (EPSILON**2 + sp.exp(A), "a has no value"),
        (sp.DiracDelta(EPSILON), "DiracDelta"),
        (sp.gamma(EPSILON), "gamma"),
        (sp.Integral(sp.exp(A * EPSILON), (A, 0, 1)), "Integral"),
        (sp.besselj(EPSILON, 1), "besselj"),
        (sp.sqrt(-1) * EPSILON, "I cannot stand"),
        (sp.sqrt(-2 + sp.sqrt(3)) + EPSILON, "cannot stand"),
        (sp.oo * EPSILON**2, "cannot stand"),
        (sp.exp(1000) * EPSILON, "overflows"),
        ((-2) ** EPSILON, "not positive"),
        (sp.Piecewise((1, sp.Contains(EPSILON, sp.S.Integers)), (2, True)), "comparison"),
    ],
    ids=str,
)
def test_what_cannot_be_computed_is_refused_by_name(term: sp.Expr, said: str) -> None:
    with pytest.raises(KernelError, match=said):
        compile_kernel([term], EPSILON)


@pytest.mark.parametrize(
    "cost", [X**2, X**4 - 3 * X**2 + X, X**20, (X - 3) ** 5 * X, 1 / X**3, X**7 * sp.exp(X)], ids=str
)
def test_whole_powers_are_multiplications(cost: sp.Expr) -> None:
    assert "power" not in names(kernel_of(cost))


@pytest.mark.parametrize(
    ("cost", "dear", "times"),
    [
        (X**3 * sp.exp(X / 2), "exp", 1),
        (sp.cos(3 * X), "tan", 1),
        (sp.sin(X) * sp.cos(X) * X, "tan", 1),
        (sp.exp(-(X**2) / 2), "exp", 1),
        (sp.sqrt(1 + X**2), "sqrt", 1),
        (sp.tanh(X), "tanh", 1),
        (sp.erf(X), "erf", 1),
        (sp.log(1 + X**2), "divide", 1),
    ],
    ids=str,
)
def test_four_terms_share_what_is_dear(cost: sp.Expr, dear: str, times: int) -> None:
    assert names(kernel_of(cost)).count(dear) == times


@pytest.mark.parametrize(
    ("cost", "most"),
    [(X**2, 3), (X**4 - 3 * X**2 + X, 10), (sp.exp(X / 2), 4), (sp.cos(3 * X), 9), (X**3 * sp.exp(X / 2), 9)],
)
def test_steps_of_both_estimators_for_mu(cost: sp.Expr, most: int) -> None:
    """The counts that the throughput rests on."""
    terms = four_terms(cost, HALF, sp.Rational(3, 2))
    assert len(names(compile_kernel([terms[0], terms[2]], EPSILON))) <= most


def test_a_kernel_can_be_pickled_and_gives_the_same_bits() -> None:
    kernel = kernel_of(sp.Piecewise((sp.erf(X), X > 0), (sp.besselj(0, X), True)))
    copy = pickle.loads(pickle.dumps(kernel))
    noise = np.linspace(-3, 3, 100)
    outs = np.empty((2, 4, 100))
    kernel(noise, outs[0])
    copy(noise, outs[1])
    assert copy == kernel
    assert outs[0].tobytes() == outs[1].tobytes()


@pytest.mark.parametrize("size", [0, 1, 7, 2**14 - 1, 2**14, 2**14 + 3, 70_001])
def test_any_number_of_draws_gives_the_same_as_one_at_a_time(size: int) -> None:
    kernel = kernel_of(X**3 * sp.exp(X / 2) + sp.cos(X))
    noise = np.sin(np.arange(size, dtype=np.float64))
    out = np.full((4, size), np.nan)
    kernel(noise, out)
    some = slice(0, size, max(1, size // 50))
    alone = np.concatenate([evaluated_alone(kernel, point) for point in noise[some]] or [np.empty((4, 0))], axis=1)
    assert out[:, some] == pytest.approx(alone, rel=1e-13, abs=1e-13)
    assert np.isfinite(out).all()


def evaluated_alone(kernel: Kernel, point: float) -> np.ndarray:
    out = np.empty((4, 1))
    kernel(np.array([point]), out)
    return out


def test_rows_may_be_equal_constant_or_the_noise_itself() -> None:
    terms = [
        EPSILON,
        sp.Integer(3),
        -EPSILON,
        EPSILON**2,
        EPSILON**2,
        sp.S.Zero,
        2 * EPSILON**2 + 1,
        sp.Integer(10) ** 200,
    ]
    found = evaluated(terms, np.array([-2.0, 3.0]))
    assert found.T.tolist() == [[-2, 3, 2, 4, 4, 0, 9, 1e200], [3, 3, -3, 9, 9, 0, 19, 1e200]]


@pytest.mark.parametrize("cost", [X, X**2, X**4 - 3 * X**2 + X, sp.cos(3 * X), sp.exp(X), sp.Max(X, 0)], ids=str)
def test_centring_subtracts(cost: sp.Expr) -> None:
    kernel = kernel_of(cost, sp.Rational(3, 2))
    noise = np.linspace(-3, 3, 61)
    centres = [0.3, -1.7, 0.0, 12.25]
    plain, centred = np.empty((4, 61)), np.empty((4, 61))
    kernel(noise, plain)
    kernel.centred(centres)(noise, centred)
    assert centred == pytest.approx(plain - np.array(centres)[:, None], rel=1e-13, abs=1e-13 * np.abs(plain).max())


def test_centring_leaves_other_rows_alone() -> None:
    """x is a row of its own and a part of x^2: only the first may move."""
    kernel = compile_kernel([EPSILON + 1, (EPSILON + 1) ** 2, (EPSILON + 1) ** 3], EPSILON).centred([10.0, 0.0, 0.0])
    out = np.empty((3, 2))
    kernel(np.array([1.0, 2.0]), out)
    assert out.tolist() == [[-8, -7], [4, 9], [8, 27]]


def test_nothing_is_warned_of_and_nothing_hidden() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = evaluated([sp.exp(EPSILON), sp.log(EPSILON), 1 / EPSILON], np.array([1000.0, -1.0, 0.0]))
    assert not np.isfinite(found[0, 0])
    assert np.isnan(found[1, 1])
    assert np.isinf(found[2, 2])


def test_a_kernel_compiles_quickly() -> None:
    """About a millisecond; the bound is for a busy machine."""
    terms = four_terms(sum((X**k for k in range(25)), sp.S.Zero), HALF, sp.Rational(3, 2))
    start = time.process_time()
    compile_kernel(terms, EPSILON)
    assert time.process_time() - start < 0.25

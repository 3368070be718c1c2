"""How far the quadrature of a term can see: what a PASS of it excludes, and when float64 lets it say nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from verify.case import Case, Settings
from verify.cell import Cell, cells_of
from verify.checks.context import Context
from verify.checks.quadrature import quadrature
from verify.finding import Finding, Verdict

PASS, FAIL, SILENT = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE
CONTEXT = Context(Settings(), 1e-8, 1e-8, 1e-3)


def cell_of(cost: str, at: str, wrt: str, name: str) -> Cell:
    values = dict(part.split("=") for part in at.split(","))
    law = "exponential" if "lam" in values else "normal"
    (cell,) = cells_of(Case(cost, law, values, (wrt,), (name,)))
    return cell


def judged(cell: Cell) -> tuple[Finding, Finding]:
    bias, variance = quadrature([cell], CONTEXT)
    return bias, variance


@pytest.mark.parametrize(
    ("cost", "at", "wrt", "name", "bias", "variance"),
    [
        ("x**2", "mu=1,sigma=1e-12", "mu", "score_function", PASS, PASS),
        ("x**2", "mu=1,sigma=1e-14", "sigma", "score_function", SILENT, PASS),
        ("x**2", "mu=1,sigma=1e-14", "mu", "score_function", SILENT, PASS),
        ("x**2", "mu=1,sigma=1e-12", "mu", "pathwise", SILENT, SILENT),
        ("x**2", "mu=1,sigma=1e-12", "sigma", "pathwise", PASS, PASS),
        ("x**2", "mu=1,sigma=1e-9", "mu", "score_function", PASS, PASS),
        ("x**2", "mu=1,sigma=1e-6", "sigma", "score_function", PASS, PASS),
        ("x**2", "mu=1,sigma=1e12", "mu", "score_function", PASS, PASS),
        ("x**2", "mu=1,sigma=1e12", "sigma", "pathwise", PASS, PASS),
        ("x**2", "lam=1e-12", "lam", "score_function", PASS, PASS),
        ("x**2", "lam=1e12", "lam", "pathwise", PASS, PASS),
        ("x**2", "mu=0,sigma=1", "mu", "pathwise", PASS, PASS),
    ],
)
def test_a_pass_excludes_the_gradient_itself(
    cost: str, at: str, wrt: str, name: str, bias: Verdict, variance: Verdict
) -> None:
    cell = cell_of(cost, at, wrt, name)
    found = judged(cell)
    assert (found[0].verdict, found[1].verdict) == (bias, variance), found[0].message
    if bias == PASS and float(cell.gradient) != 0:
        assert found[0].detectable_bias is not None
        assert found[0].detectable_bias < abs(float(cell.gradient))
    if bias == SILENT:
        assert "float64 rounds" in found[0].message


@pytest.mark.parametrize("bias", [-3, 200, -(10**6)])
def test_a_bias_that_is_small_beside_a_draw_but_not_beside_the_gradient_does_not_pass(bias: int) -> None:
    """A draw of 10^9, a gradient of 2: a tolerance in standard deviations alone would be 10^5."""
    right = cell_of("x**2", "mu=1,sigma=1e-9", "mu", "score_function")
    wrong = replace(right, judged=replace(right.judged, term=right.judged.term + bias))
    assert judged(right)[0].verdict == PASS
    assert judged(wrong)[0].verdict == FAIL


@pytest.mark.parametrize("factor", [sp.Rational(1, 2), sp.Integer(2)])
@pytest.mark.parametrize(
    ("cost", "at", "wrt"),
    [
        ("exp(-x)", "lam=1e-6", "lam"),
        ("exp(-x)", "lam=1e-12", "lam"),
        ("exp(-x**2)", "mu=1,sigma=1e6", "sigma"),
        ("exp(-(3*x - 4000)**2)", "mu=1,sigma=1e9", "sigma"),
        ("exp(-(x**2 - 2)**2)", "mu=1,sigma=1e9", "sigma"),
        ("exp(-10**10*x**2)", "mu=1,sigma=1", "mu"),
    ],
)
def test_what_is_narrow_under_a_wide_law_is_seen(cost: str, at: str, wrt: str, factor: sp.Rational) -> None:
    right = cell_of(cost, at, wrt, "score_function")
    assert [found.verdict for found in judged(right)] == [PASS, PASS]
    wrong = replace(right, judged=replace(right.judged, term=factor * right.judged.term))
    assert judged(wrong)[1].verdict == FAIL

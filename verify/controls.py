"""Estimators that are wrong on purpose. A report in which one of them does not FAIL is itself broken.

Each claims to be a right estimator, and has an error that is known exactly and at least twice the resolution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy as sp

from symbolic.problem import Problem
from verify.case import Case
from verify.cell import Cell, cells_of

__all__ = ["CONTROLS", "Control", "control_cell"]


@dataclass(frozen=True)
class Control:
    """The one estimator of a case, spoiled, and the check that must see it.

    `spoil(term, problem, shift)` is the wrong term; `shift` is twice the resolution, in units of the gradient.
    """

    name: str
    case: Case
    check: str
    spoil: Callable[[sp.Expr, Problem, sp.Rational], sp.Expr]


def control_cell(control: Control, shift: Callable[[Cell], sp.Rational]) -> Cell:
    """The cell of the control: judged by the wrong term, against the exact moments of the right one."""
    (cell,) = cells_of(control.case)
    wrong = control.spoil(cell.judged.term, cell.problem, shift(cell))
    return replace(cell, judged=replace(cell.judged, name=control.name, term=wrong, obstacle=None, misses=None))


def _without_the_variance(term: sp.Expr, problem: Problem, shift: sp.Rational) -> sp.Expr:
    return term * problem.law.arguments[1] ** 2


def _unchanged(term: sp.Expr, problem: Problem, shift: sp.Rational) -> sp.Expr:
    return term


def _without_the_chain_rule(term: sp.Expr, problem: Problem, shift: sp.Rational) -> sp.Expr:
    return sp.cancel(term / problem.law.noise.symbol)


def _shifted(term: sp.Expr, problem: Problem, shift: sp.Rational) -> sp.Expr:
    return term + shift


def _with_twice_the_noise(term: sp.Expr, problem: Problem, shift: sp.Rational) -> sp.Expr:
    return term.xreplace({problem.law.noise.symbol: 2 * problem.law.noise.symbol})


CONTROLS: tuple[Control, ...] = (
    Control(
        "score_function without 1/sigma**2",
        Case("x**2", at={"mu": "3", "sigma": "3"}, wrt=("mu",), estimators=("score_function",)),
        "bias",
        _without_the_variance,
    ),
    Control(
        "pathwise across a jump",
        Case("x**2 + 10*Heaviside(x)", at={"mu": "1/2", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)),
        "bias",
        _unchanged,
    ),
    Control(
        "pathwise without dx/dsigma",
        Case("x**2", at={"mu": "3", "sigma": "1/2"}, wrt=("sigma",), estimators=("pathwise",)),
        "bias",
        _without_the_chain_rule,
    ),
    Control(
        "score_function shifted by two resolutions",
        Case("cos(x)", at={"mu": "1", "sigma": "1"}, wrt=("mu",), estimators=("score_function",)),
        "bias",
        _shifted,
    ),
    Control(
        "pathwise with twice the noise",
        Case("x**2", at={"mu": "1", "sigma": "1/2"}, wrt=("mu",), estimators=("pathwise",)),
        "variance",
        _with_twice_the_noise,
    ),
)

"""Somebody else's estimator under judgement: what it has to give on average, and what is known of its variance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import sympy as sp

from numeric.black_box import BlackBox, EstimatorFunction
from numeric.estimation import case_text
from symbolic.estimators import estimator as estimator_of
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.problem import Problem
from verify.cell import Cell
from verify.checks.context import Context
from verify.deciding.design import MeanClaim

__all__ = ["Knowledge", "Spread", "Subject", "bias_resolution", "rounding_of", "subject_of"]

ROUNDING = 8
"""By how many units in the last place a draw of the usual size may be rounded before that is held against it."""


class Knowledge(StrEnum):
    """Where the variance of one draw is known from."""

    CLAIMED = "that of the estimator it claims to be"
    DECLARED = "declared"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class Spread:
    """Var g <= bound, and `usual` is the variance that resolutions are measured in; `words` say it in a sentence.

    An infinite bound says that none is known.
    """

    bound: float
    usual: float
    knowledge: Knowledge
    words: str

    @property
    def guarantee(self) -> str:
        return "asymptotic" if self.knowledge == Knowledge.ESTIMATED else "proven"


@dataclass(frozen=True)
class Subject:
    """E g = d/d wrt E[cost] at the values, for the draws g of `box`.

    `exact` is the gradient as the nearest float, `claimed` the cell of the estimator that it claims to be, `declared` a
    bound on its variance; never both of the last two.
    """

    box: BlackBox
    problem: Problem
    values: Mapping[sp.Symbol, sp.Rational]
    gradient_form: Exact
    exact: float
    claimed: Cell | None
    declared: float | None

    @cached_property
    def shift_of_parameters(self) -> float:
        """By how much the gradient moves when its parameters are rounded to the floats that the function is given."""
        as_floats = {name: Fraction(value) for name, value in self.box.params.items()}
        if all(as_floats[str(symbol)] == Fraction(value.p, value.q) for symbol, value in self.values.items()):
            return 0.0
        rounded = {name: sp.Rational(value.numerator, value.denominator) for name, value in as_floats.items()}
        return abs(float(self.gradient_form.at(rounded)) - self.exact)

    def known_spread(self) -> Spread | None:
        """What is known of the variance before the first draw; None if it has to be estimated."""
        if self.claimed is not None:
            variance = float(self.claimed.variance) if self.claimed.has_variance else 0.0
            return Spread(variance, variance, Knowledge.CLAIMED, f"the variance is {Knowledge.CLAIMED}")
        if self.declared is not None:
            return Spread(
                self.declared, self.declared, Knowledge.DECLARED, f"the variance is declared: at most {self.declared:g}"
            )
        return None


def subject_of(
    function: EstimatorFunction,
    problem: Problem,
    values: Mapping[sp.Symbol, sp.Rational],
    seed: int,
    claims: str | None = None,
    declared: float | None = None,
) -> Subject:
    """The subject; its stream is that of the case, so that it shares its noise with the estimators known here.

    Raises BadParameter if `claims` names no estimator, SymbolicError as that estimator does.
    """
    params = {str(symbol): value.p / value.q for symbol, value in sorted(values.items(), key=lambda item: str(item[0]))}
    box = BlackBox(function, params, case_text(problem, values), seed)
    exact, claimed = gradient_of(problem), None
    if claims is not None:
        built = estimator_of(claims, problem)
        claimed = Cell(problem, values, judged=built, claimed=built, gradient_form=exact)
    at = float(exact.at({str(symbol): value for symbol, value in values.items()}))
    return Subject(box, problem, values, exact, at, claimed, declared)


def bias_resolution(subject: Subject, spread: Spread, context: Context) -> float:
    """The bias to be found, in units of the gradient; one beyond 10 standard deviations is made finer at no cost."""
    deviation = math.sqrt(spread.usual)
    if context.settings.min_effect is None:
        return context.settings.resolution * deviation
    return min(context.settings.min_effect * abs(subject.exact), 10 * deviation)


def bias_claim_of(subject: Subject, spread: Spread, rounding: float, context: Context) -> MeanClaim:
    """E g = m. Raises ValueError for a resolution without a meaning."""
    return MeanClaim(
        variance=spread.bound,
        resolution=bias_resolution(subject, spread, context),
        alpha=context.alpha,
        beta=context.beta,
        alpha_pass=context.pass_error,
        rounding=rounding,
    )


def rounding_of(subject: Subject, spread: Spread, spacing: float) -> float:
    """How far a right draw may be off without being accused: its own last bits, and those of its parameters."""
    usual_size = abs(subject.exact) + math.sqrt(spread.usual)
    return ROUNDING * spacing * usual_size + subject.shift_of_parameters + math.ulp(subject.exact)

"""A cell: one problem, one estimator, one set of values, and the exact truth about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp

from numeric.estimation import case_text
from numeric.kernel import Kernel, compile_kernel
from numeric.rounding import rounding_on_draws
from symbolic.errors import BadParameter
from symbolic.estimator import Estimator
from symbolic.estimators import ESTIMATORS, estimator
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.exact_moments import Moments
from symbolic.law import Law
from symbolic.laws import LAWS
from symbolic.parsing import parse_law, values_for
from symbolic.problem import Problem, check_values, problem
from symbolic.value import Value
from verify.case import Case

__all__ = ["Cell", "cells_of", "law_of"]


@dataclass(frozen=True)
class Cell:
    """An estimator of d/d wrt E[cost] at exact values.

    `judged` is the estimator whose draws are looked at; `claimed` the one whose exact moments they must have. They
    differ for a control only, which is wrong on purpose. `gradient_form` is the exact gradient, one for all estimators.
    """

    problem: Problem
    values: Mapping[sp.Symbol, sp.Rational]
    judged: Estimator
    claimed: Estimator
    gradient_form: Exact = field(repr=False, compare=False)

    @cached_property
    def moments(self) -> Moments:
        """The exact moments of the claimed estimator."""
        return Moments(self.problem, self.claimed)

    @cached_property
    def gradient(self) -> Value:
        return self.gradient_form.at(self.own_values)

    @cached_property
    def variance(self) -> Value:
        return self.moments.variance.at(self.own_values)

    @cached_property
    def kurtosis(self) -> Value:
        return self.moments.kurtosis.at(self.own_values)

    @cached_property
    def term(self) -> sp.Expr:
        """What one draw of the judged estimator is, as an expression in the noise alone."""
        return self.judged.term.xreplace(dict(self.values))

    @cached_property
    def kernel(self) -> Kernel:
        """The term, compiled."""
        return compile_kernel([self.term], self.judged.noise.symbol)

    @cached_property
    def rounding(self) -> float:
        """By how much float64 moves a draw of the term, on average over a few draws of noise."""
        noise, text = self.judged.noise, case_text(self.problem, self.values)
        return rounding_on_draws(self.kernel, [self.term], noise.symbol, noise.sampler, text)[0]

    @property
    def own_values(self) -> dict[str, sp.Rational]:
        """The values by name."""
        return {str(symbol): value for symbol, value in self.values.items()}

    @property
    def has_variance(self) -> bool:
        """Whether the claimed variance is finite and above zero."""
        return self.variance.is_finite and self.variance.midpoint > self.variance.radius


def law_of(case: Case) -> Law:
    """The law that the case names, or holds. Raises SymbolicError for a text that names none."""
    law = parse_law(case.law, LAWS) if isinstance(case.law, str) else case.law
    if not isinstance(law, Law):
        raise BadParameter(f"law={law!r} is neither a text nor a Law; write it as text, such as normal(mu, sigma)")
    return law


def cells_of(case: Case) -> tuple[Cell, ...]:
    """Every wrt x estimator of the case, validated, its exact values not yet computed.

    Raises SymbolicError with the reason, before anything runs.
    """
    law = law_of(case)
    wrt = case.wrt or tuple(dict.fromkeys(str(s) for a in law.arguments for s in sorted(a.free_symbols, key=str)))
    if not wrt:
        raise BadParameter(f"law={law} has no symbol for a gradient; name one of the cost's symbols as wrt")
    repeated = {name for name in wrt if wrt.count(name) > 1}
    if repeated:
        raise BadParameter(f"wrt={','.join(wrt)} names {repeated.pop()} twice; name each symbol once")
    problems = [problem(case.cost, name, law) for name in wrt]
    values = values_for(case.at, problems[0].symbols)
    check_values(problems[0], values)
    return tuple(
        Cell(asked, values, judged=built, claimed=built, gradient_form=exact)
        for asked, exact in ((asked, gradient_of(asked)) for asked in problems)
        for built in (estimator(kind, asked) for kind in case.estimators or tuple(ESTIMATORS))
    )

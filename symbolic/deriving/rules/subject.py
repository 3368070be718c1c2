"""What every rule starts from: the problem, its expectation as a node, and what the boundary gives."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symbolic.deriving.unevaluated import Density, Mean
from symbolic.errors import NotCertified
from symbolic.places.jumps import Jump, jumps, missed_by_pathwise, missed_by_score_function
from symbolic.problem import Problem

__all__ = ["Subject", "subject"]


@dataclass(frozen=True)
class Subject:
    """The pieces of d/d wrt E_x[cost]; `density` is p(x), not written out; `path` is written out."""

    problem: Problem
    mean: Mean
    density: Density
    path: sp.Expr
    jumps: tuple[Jump, ...]

    @property
    def derivative(self) -> sp.Expr:
        """d/d wrt E_x[cost], not carried out."""
        return sp.Derivative(self.mean, self.problem.wrt)

    @property
    def written_density(self) -> sp.Expr:
        """p(x) with the arguments of the law in place."""
        return self.problem.law.written_out(self.problem.law.density)

    @property
    def missed_by_pathwise(self) -> sp.Expr:
        """What the jumps add to the mean of the pathwise term."""
        law, wrt = self.problem.law, self.problem.wrt
        return sp.Add(*(missed_by_pathwise(jump, law, wrt) for jump in self.jumps))

    @property
    def missed_by_score_function(self) -> sp.Expr:
        """What the jumps that move with wrt add to the mean of the score-function term."""
        law, wrt = self.problem.law, self.problem.wrt
        return sp.Add(*(missed_by_score_function(jump, law, wrt) for jump in self.jumps))

    @property
    def places(self) -> str:
        """Where the cost jumps, as text."""
        return ", ".join(f"{self.problem.law.variable} = {jump.place}" for jump in self.jumps)

    def integral(self, integrand: sp.Expr) -> sp.Integral:
        """Over the support of the law, not carried out."""
        law = self.problem.law
        return sp.Integral(integrand, (law.variable, *law.support))

    def mean_of(self, term: sp.Expr) -> Mean:
        """E_x[term]."""
        law = self.problem.law
        return Mean(term, law.variable, *sorted(law.symbols, key=str))

    def mean_over_noise(self, term: sp.Expr) -> Mean:
        """E_epsilon[term]."""
        return Mean(term, self.problem.law.noise.symbol)

    def along_path(self, expression: sp.Expr) -> sp.Expr:
        """The expression in x at x = g(epsilon; theta)."""
        return expression.xreplace({self.problem.law.variable: self.path})


def subject(problem: Problem) -> Subject:
    """The pieces of a validated problem. Raises NotCertified if the jumps of the cost cannot all be found."""
    law = problem.law
    found = jumps(problem.cost, law.variable, law.support)
    for jump in found:
        if not jump.height.is_finite and jump.height.has(sp.nan, sp.oo, sp.zoo):
            raise NotCertified(
                f"{problem.cost} has no finite limits at {law.variable} = {jump.place}, so the boundary term is not "
                "known; derive a cost that is finite there"
            )
    return Subject(
        problem,
        Mean(problem.cost, law.variable, *sorted(law.symbols, key=str)),
        Density(law.variable, *sorted(law.symbols, key=str)),
        law.written_out(law.path),
        found,
    )

"""The pieces that right and wrong answers to one problem are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import sympy as sp

from symbolic.derivative import derivative
from symbolic.expectation import expectation_under_law
from symbolic.law import Law
from symbolic.problem import Problem
from symbolic.readable import readable
from symbolic.score import score

__all__ = ["Setting"]


@dataclass(frozen=True)
class Setting:
    """d/d wrt E[f(x)], x = g(epsilon; theta); formulas about a draw are written in x, in epsilon, or in both."""

    problem: Problem

    @property
    def cost(self) -> sp.Expr:
        return self.problem.cost

    @property
    def law(self) -> Law:
        return self.problem.law

    @property
    def wrt(self) -> sp.Symbol:
        return self.problem.wrt

    @property
    def x(self) -> sp.Symbol:
        return self.law.variable

    @property
    def epsilon(self) -> sp.Symbol:
        return self.law.noise.symbol

    @cached_property
    def path(self) -> sp.Expr:
        """g(epsilon; theta)."""
        return self.law.written_out(self.law.path)

    @cached_property
    def noise_of_x(self) -> sp.Expr | None:
        """g^-1(x; theta), or None."""
        slope = sp.diff(self.path, self.epsilon)
        if not slope.has(self.epsilon):
            return (self.x - self.path.xreplace({self.epsilon: sp.S.Zero})) / slope
        found = sp.solve(self.law.path - self.x, self.epsilon)  # slow: it imports much of SymPy
        return self.law.written_out(found[0]) if len(found) == 1 else None

    @cached_property
    def speed(self) -> sp.Expr:
        """dg/d theta at fixed epsilon."""
        return sp.diff(self.path, self.wrt)

    @cached_property
    def slope(self) -> sp.Expr:
        """f'(x)."""
        return derivative(self.cost, self.x)

    @cached_property
    def explicit(self) -> sp.Expr:
        """The part of the gradient that comes from theta inside f: df/d theta at fixed x."""
        return derivative(self.cost, self.wrt)

    @cached_property
    def score(self) -> sp.Expr:
        """d log p/d theta at fixed x."""
        return score(self.law, self.wrt)

    @cached_property
    def kernel_score(self) -> sp.Expr:
        """The score of the density without its normalising constant."""
        kernel = sp.Mul(*(factor for factor in sp.Mul.make_args(self.law.density) if factor.has(self.x)))
        return score(replace(self.law, density=kernel), self.wrt)

    @cached_property
    def density(self) -> sp.Expr:
        return self.law.written_out(self.law.density)

    @cached_property
    def mean_of_x(self) -> sp.Expr:
        """E[x]."""
        return self.mean(self.x)

    @cached_property
    def scale(self) -> sp.Expr | None:
        """sigma where x = mu + sigma epsilon; None for a law without one."""
        law = self.law
        for parameter in law.positive:
            if sp.diff(law.path, parameter) == law.noise.symbol:
                return law.substitution[parameter]
        return None

    @property
    def divides_by_square(self) -> bool:
        """Whether the score is (x - mu)/sigma**2, or this times what holds no sigma."""
        return self.scale is not None and self.speed != 0 and not self.speed.has(self.epsilon, *self.scale.free_symbols)

    @property
    def square(self) -> sp.Expr | None:
        """sigma**2."""
        return None if self.scale is None else self.scale**2

    @property
    def cube(self) -> sp.Expr | None:
        """sigma**3."""
        return None if self.scale is None else self.scale**3

    @property
    def shown_score(self) -> sp.Expr:
        """d log p/d theta, as short as it can be written."""
        return readable(self.score)

    @property
    def shown_constant(self) -> sp.Expr:
        """What the density's normalising constant adds to the score."""
        return readable(self.score - self.kernel_score)

    @property
    def shown_speed(self) -> sp.Expr:
        """dg/d theta, in x."""
        return readable(self.in_x(self.speed))

    @cached_property
    def textbook(self) -> tuple[Problem, ...]:
        """The problem for each parameter that holds wrt inside an expression, by that parameter itself."""
        law = self.law
        bare = law.with_arguments(*law.parameters)
        return tuple(
            Problem(self.cost, bare, parameter, self.problem.guards)
            for parameter, argument in law.substitution.items()
            if argument != self.wrt and argument.has(self.wrt)
        )

    @cached_property
    def others(self) -> tuple[Problem, ...]:
        """The same question for each of the other symbols."""
        symbols = sorted(
            self.problem.symbols - {self.wrt}, key=lambda symbol: (symbol not in self.law.symbols, str(symbol))
        )
        return tuple(replace(self.problem, wrt=symbol) for symbol in symbols)

    def mean(self, formula: sp.Expr) -> sp.Expr:
        """E of a formula in x. Raises NotInClass where there is no closed form, Divergent where there is no mean."""
        return expectation_under_law(formula, self.law).expression

    @cached_property
    def mean_cost(self) -> sp.Expr:
        """E[f(x)]."""
        return self.mean(self.cost)

    @cached_property
    def gradient(self) -> sp.Expr:
        """d/d theta E[f(x)]."""
        return derivative(self.mean_cost, self.wrt)

    def in_noise(self, formula: sp.Expr) -> sp.Expr:
        """The formula at x = g(epsilon; theta)."""
        return formula.xreplace({self.x: self.path})

    def in_x(self, formula: sp.Expr) -> sp.Expr:
        """The formula at epsilon = g^-1(x; theta); unchanged where the path cannot be turned around."""
        return formula if self.noise_of_x is None else formula.xreplace({self.epsilon: self.noise_of_x})

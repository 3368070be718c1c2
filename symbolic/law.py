"""A law as data: a density, and a path that makes its variable from parameter-free noise.

    x ~ p(x; theta)        x = g(epsilon; theta),  epsilon ~ q

The density is what the exact answers integrate; the path is what the estimators draw. They are written down
separately, so that one can be held against the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy as sp

from symbolic.errors import BadParameter

__all__ = ["Law", "Noise"]


@dataclass(frozen=True)
class Noise:
    """epsilon ~ q: what a path turns into the law's variable. It holds no parameter.

    `sampler` names the method of numpy.random.Generator that fills an array with it.
    """

    symbol: sp.Symbol
    density: sp.Expr
    support: tuple[sp.Expr, sp.Expr]
    sampler: str


@dataclass(frozen=True)
class Law:
    """p(x; theta) with x = g(epsilon; theta).

    `density`, `path` and `support` are written in `parameters`, the symbols of the textbook form. `arguments` stand
    in their place: normal(mu, exp(rho)) has the parameters (mu, sigma) and the arguments (mu, exp(rho)).
    `positive` holds the parameters that must be > 0.
    """

    name: str
    variable: sp.Symbol
    parameters: tuple[sp.Symbol, ...]
    arguments: tuple[sp.Expr, ...]
    positive: tuple[sp.Symbol, ...]
    support: tuple[sp.Expr, sp.Expr]
    density: sp.Expr
    noise: Noise
    path: sp.Expr
    source: str

    def __str__(self) -> str:
        return f"{self.name}({', '.join(str(argument) for argument in self.arguments)})"

    @property
    def substitution(self) -> dict[sp.Symbol, sp.Expr]:
        """theta -> arguments."""
        return dict(zip(self.parameters, self.arguments, strict=True))

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """The free symbols of the arguments: what a gradient of this law may be taken with respect to."""
        return frozenset().union(*(argument.free_symbols for argument in self.arguments))

    def with_arguments(self, *arguments: sp.Expr) -> Law:
        """The same family with other expressions in place of its parameters.

        Raises BadParameter if their number is not the number of parameters.
        """
        if len(arguments) != len(self.parameters):
            wanted = ", ".join(str(parameter) for parameter in self.parameters)
            raise BadParameter(
                f"{self.name} takes {len(self.parameters)} parameters ({wanted}), not {len(arguments)}: "
                f"write {self.name}({wanted})"
            )
        return replace(self, arguments=tuple(arguments))

    def written_out(self, expression: sp.Expr) -> sp.Expr:
        """`expression` (the density, the path, a bound of the support) with the arguments in place."""
        return expression.xreplace(self.substitution)

    def check(self, values: Mapping[sp.Symbol, sp.Rational]) -> None:
        """Refuse values at which a positive parameter is not positive. Raises BadParameter."""
        for parameter, argument in self.substitution.items():
            number = argument.xreplace(dict(values))
            if number.is_extended_real is not True or number.is_finite is not True:
                raise BadParameter(
                    f"{argument}={number} is not a {parameter} of {self.name}: it must be a finite real number; "
                    "give other values"
                )
            if parameter in self.positive and number.is_positive is False:
                raise BadParameter(
                    f"{argument}={number} is not a {parameter} of {self.name}: it must be > 0; give a positive value"
                )

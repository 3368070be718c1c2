"""A law as data: a density, and a path that makes its variable from parameter-free noise.

    x ~ p(x; theta)        x = g(epsilon; theta),  epsilon ~ q

The density is what the exact answers integrate; the path is what the estimators draw. They are written down
separately, so that one can be held against the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import sympy as sp

from symbolic.errors import BadParameter

if TYPE_CHECKING:
    from symbolic.parsing.guards import Guard

__all__ = ["Law", "Noise"]

_MISSING = {"log": "logarithm", "power": "root", "reciprocal": "reciprocal", "tan": "tangent"}


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
    `positive` holds the parameters that must be > 0, `guards` what must hold for the arguments to have a value, as far
    as it cannot be seen from them any more: 0*log(v) needs v > 0.
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
    guards: tuple[Guard, ...] = field(default=(), compare=False)

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
        """Refuse values at which an argument is no finite real number, or a positive one is not positive.

        Raises BadParameter, and where the sign of an argument cannot be told NotCertified.
        """
        from symbolic.balls import real_ball
        from symbolic.parsing.guards import holds

        for guard in self.guards:
            here = guard.at(values)
            if here.where != sp.false and here.is_needed is not False and holds(here.kind, here.argument) is False:
                raise BadParameter(
                    f"{self} is not a law {_where(guard.argument, values)}: {guard.argument} is {here.argument} there "
                    f"and has no {_MISSING[guard.kind]}; give other values"
                )
        for parameter, argument in self.substitution.items():
            number = argument.xreplace(dict(values))
            given = f"{argument}={number}" if argument.is_Symbol else f"{argument}={number} {_where(argument, values)}"
            if number.is_extended_real is not True or number.is_finite is not True:
                raise BadParameter(
                    f"{given} is not a {parameter} of {self.name}: it must be a finite real number; give other values"
                )
            if parameter not in self.positive:
                continue
            positive = number.is_positive if number.is_positive is not None else bool(real_ball(number, {}) > 0)
            if not positive:
                raise BadParameter(
                    f"{given} is not a {parameter} of {self.name}: it must be > 0; give a positive value"
                )


def _where(expression: sp.Expr, values: Mapping[sp.Symbol, sp.Rational]) -> str:
    """The values of the symbols of an expression, for a message."""
    named = [f"{symbol}={values[symbol]}" for symbol in sorted(expression.free_symbols, key=str) if symbol in values]
    return f"at {', '.join(named)}" if named else "here"

"""A problem: which gradient of which expectation.

d/d wrt  E[cost],   variable ~ law
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from symbolic.clock import limited
from symbolic.definedness import is_defined
from symbolic.errors import BadParameter, NotCertified
from symbolic.law import Law
from symbolic.laws import LAWS
from symbolic.own_law import refuse_inconsistent
from symbolic.parsing import canonical, parse_cost, parse_law
from symbolic.parsing.guards import Guard

__all__ = ["Problem", "check_values", "problem"]


@dataclass(frozen=True)
class Problem:
    """d/d wrt of E[cost] under the law; every symbol is one of ours, real, and known to the cost or to the law.

    `guards` are the conditions for the cost to have a value that only numbers can decide (1/(x**2 + k): is k > 0?).
    """

    cost: sp.Expr
    law: Law
    wrt: sp.Symbol
    guards: tuple[Guard, ...] = ()

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """The symbols that need a value before there is a number: parameters of the law and of the cost."""
        return frozenset((self.cost.free_symbols | self.law.symbols) - {self.law.variable})

    def __str__(self) -> str:
        return f"d/d{self.wrt} E[{self.cost}], {self.law.variable} ~ {self.law}"


@limited("reading the cost")
def problem(cost: str | sp.Expr, wrt: str | sp.Symbol, law: str | Law) -> Problem:
    """d/d wrt E[cost] from text or from SymPy objects, validated.

    Raises ParseError for a text outside the grammar, Undefined for a cost without a value where the law has mass,
    BadParameter for a `wrt` that neither the law nor the cost holds, or for a law that is none or draws another one.
    """
    law = parse_law(law, LAWS) if isinstance(law, str) else law
    if not isinstance(law, Law):
        raise BadParameter(f"law={law!r} is neither a text nor a Law; write it as text, such as normal(mu, sigma)")
    refuse_inconsistent(law)
    parsed = parse_cost(cost, law) if isinstance(cost, str) else canonical(cost, law)
    undecided = tuple(guard for guard in parsed.guards if is_defined(guard, law, parsed.expression) is None)
    names = {str(symbol): symbol for symbol in (parsed.expression.free_symbols | law.symbols) - {law.variable}}
    if str(wrt) not in names:
        known = ", ".join(sorted(names)) or "none: every parameter is a number"
        raise BadParameter(
            f"wrt={wrt} is neither a parameter of {law} nor a symbol of the cost {parsed.expression}; "
            f"choose from: {known}"
        )
    return Problem(parsed.expression, law, names[str(wrt)], undecided)


@limited("looking whether the cost has a value")
def check_values(problem: Problem, values: Mapping[sp.Symbol, sp.Rational]) -> None:
    """Refuse values at which the law is none or the cost has no value.

    Raises BadParameter, Undefined, or NotCertified if it cannot be shown that the cost has a value.
    """
    problem.law.check(values)
    here = dict(values)
    law = problem.law.with_arguments(*(argument.xreplace(here) for argument in problem.law.arguments))
    for guard in problem.guards:
        at_numbers = guard.at(here)
        if is_defined(at_numbers, law, problem.cost.xreplace(here)) is None:
            raise NotCertified(
                f"{problem.cost}: it cannot be shown that {at_numbers.argument} stays clear of the places where "
                f"{guard.kind} has no value; write the cost with an argument whose sign is plain, such as 1 + x**2"
            )

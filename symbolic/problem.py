"""A problem: which gradient of which expectation.

d/d wrt  E[cost],   variable ~ law
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symbolic.definedness import check_defined
from symbolic.errors import BadParameter
from symbolic.law import Law
from symbolic.laws import LAWS
from symbolic.parsing import canonical, parse_cost, parse_law

__all__ = ["Problem", "problem"]


@dataclass(frozen=True)
class Problem:
    """d/d wrt of E[cost] under the law; every symbol is one of ours, real, and known to the cost or to the law."""

    cost: sp.Expr
    law: Law
    wrt: sp.Symbol

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """The symbols that need a value before there is a number: parameters of the law and of the cost."""
        return frozenset((self.cost.free_symbols | self.law.symbols) - {self.law.variable})

    def __str__(self) -> str:
        return f"d/d{self.wrt} E[{self.cost}], {self.law.variable} ~ {self.law}"


def problem(cost: str | sp.Expr, wrt: str | sp.Symbol, law: str | Law) -> Problem:
    """d/d wrt E[cost] from text or from SymPy objects, validated.

    Raises ParseError for a text outside the grammar, Undefined for a cost without a value where the law has mass,
    BadParameter for a `wrt` that neither the law nor the cost holds.
    """
    law = parse_law(law, LAWS) if isinstance(law, str) else law
    parsed = parse_cost(cost, law) if isinstance(cost, str) else canonical(cost, law)
    for guard in parsed.guards:
        check_defined(guard.kind, guard.argument, law)
    names = {str(symbol): symbol for symbol in (parsed.expression.free_symbols | law.symbols) - {law.variable}}
    if str(wrt) not in names:
        known = ", ".join(sorted(names)) or "none: every parameter is a number"
        raise BadParameter(
            f"wrt={wrt} is neither a parameter of {law} nor a symbol of the cost {parsed.expression}; "
            f"choose from: {known}"
        )
    return Problem(parsed.expression, law, names[str(wrt)])

"""Abstract costs, laws and paths, and the instances in which a line about them has to hold."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symbolic.derivative import derivative
from symbolic.deriving.derivation import Checker
from symbolic.deriving.line_check import Checked, check_line
from symbolic.deriving.meaning import Meaning
from symbolic.deriving.unevaluated import Density, Mean
from symbolic.law import Law
from symbolic.laws.exponential import EXPONENTIAL
from symbolic.laws.normal import NORMAL

__all__ = ["F", "F1", "F2", "G", "THETA", "check_in_instances", "mean"]

THETA = sp.Symbol("theta", real=True)
F, F1, F2 = (sp.Function(name, real=True) for name in ("f", "f'", "f''"))
G = sp.Function("g", real=True)

_x = NORMAL.variable
_LAWS = ((NORMAL, NORMAL.parameters[0]), (NORMAL, NORMAL.parameters[1]), (EXPONENTIAL, EXPONENTIAL.parameters[0]))
_COSTS = (_x**3 - 2 * _x**2, sp.sin(_x) + _x, _x * sp.exp(-_x / 2))
_FROM_WEAKEST = (Checked.CERTIFIED, Checked.NUMERIC, Checked.SYMBOLIC, Checked.IDENTICAL)


def mean(term: sp.Expr, *parameters: sp.Symbol) -> Mean:
    """E_x[term] under an abstract law."""
    return Mean(term, _x, *parameters)


@dataclass(frozen=True)
class _Instance:
    cost: sp.Expr
    law: Law
    wrt: sp.Symbol

    def of(self, node: sp.Expr) -> sp.Expr:
        """The expression with this cost, law and path in place of the abstract ones."""
        law = self.law
        slope = derivative(self.cost, _x)
        functions = {F: self.cost, F1: slope, F2: derivative(slope, _x), G: law.path}
        if node == THETA:
            return self.wrt
        if not node.args:
            return node
        arguments = [self.of(argument) for argument in node.args]
        if isinstance(node, Mean):
            own = tuple(law.parameters) if node.variable == law.variable else ()
            return Mean(arguments[0], node.variable, *own)
        if isinstance(node, Density):
            return Density(arguments[0], *law.parameters)
        if isinstance(node, sp.Integral):
            return sp.Integral(arguments[0], (law.variable, *law.support))
        if node.func == G:
            return law.path
        if node.func in functions:
            return functions[node.func].xreplace({_x: arguments[0]})
        return node.func(*arguments)


def check_in_instances() -> Checker:
    """A check that asks for a line to hold in every instance; about the Gaussian, in those of the Gaussian.

    It answers the weakest way in which one of them was checked.
    """
    meanings = {law.name: Meaning(law) for law, _ in _LAWS}

    def check(before: sp.Expr, after: sp.Expr) -> Checked:
        is_gaussian = not (before.has(THETA) or after.has(THETA))
        found = {
            check_line(instance.of(before), instance.of(after), meanings[law.name])
            for law, wrt in (_LAWS[:1] if is_gaussian else _LAWS)
            for cost in _COSTS
            for instance in (_Instance(cost, law, wrt),)
        }
        return next(kind for kind in _FROM_WEAKEST if kind in found)

    return check

"""What must hold for a cost to have a value, written down before the algebra can hide it.

SymPy takes 0*log(x) for 0, x/x for 1 and sqrt(x)**2 for x. The guards keep log(x), x and sqrt(x) in view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sympy as sp
from sympy.logic.boolalg import Boolean

__all__ = ["Guard", "GuardKind", "Parsed", "holds"]

GuardKind = Literal["log", "power", "reciprocal", "tan"]


@dataclass(frozen=True)
class Guard:
    """A cost has a value only if the argument is > 0 (log), >= 0 (power), != 0 (reciprocal), or has cos != 0 (tan).

    "power" is a power whose exponent is no integer, sqrt among them. It matters only `where` holds: the condition of
    the branch of a Piecewise in which the operation stands, true outside of one. The argument may hold the law's
    variable, parameters, or both. `exponent` is there where it holds symbols: a power with an integer for its exponent
    needs no sign of its argument, and one that is not negative needs no reciprocal.
    """

    kind: GuardKind
    argument: sp.Expr
    where: Boolean = sp.true
    exponent: sp.Expr | None = None

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Guard:
        """The same with values in place of symbols."""
        exponent = None if self.exponent is None else self.exponent.xreplace(dict(values))
        return Guard(self.kind, self.argument.xreplace(dict(values)), self.where.xreplace(dict(values)), exponent)

    @property
    def is_needed(self) -> bool | None:
        """Whether the exponent is one that needs it; None while that hangs on symbols."""
        if self.exponent is None:
            return True
        harmless = self.exponent.is_integer if self.kind == "power" else self.exponent.is_nonnegative
        return None if harmless is None else not harmless


@dataclass(frozen=True)
class Parsed:
    """A cost as one expression, and the guards under which it has a value.

    A guard that the symbols' assumptions prove (1 + x**2 != 0) is left out.
    """

    expression: sp.Expr
    guards: tuple[Guard, ...]


def holds(kind: GuardKind, argument: sp.Expr) -> bool | None:
    """Whether the guard holds for all values of the symbols (True), for none (False), or SymPy cannot tell (None)."""
    if kind == "log":
        proven, refuted = argument.is_positive, argument.is_nonpositive
    elif kind == "power":
        proven, refuted = argument.is_nonnegative, argument.is_negative
    elif kind == "reciprocal":
        proven, refuted = argument.is_zero is False, argument.is_zero
    else:
        # The tangent of a number is a number, or an infinity that no cost may hold: see Construction.checked.
        proven, refuted = not argument.free_symbols, False
    if proven:
        return True
    if refuted:
        return False
    return _holds_for_number(kind, argument) if argument.is_comparable else None


def _holds_for_number(kind: GuardKind, number: sp.Expr) -> bool:
    """The same for a number that SymPy can tell from zero, when its assumptions do not know the sign."""
    return kind == "reciprocal" or bool(number.n(2) > 0)

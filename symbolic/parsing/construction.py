"""SymPy expressions built one operation at a time: sizes are bounded before SymPy computes, guards are written down.

SymPy evaluates while it builds: 9**9**9 or exp(10**9*log(2)) would fill the memory. So each operation first bounds
what it is about to compute, and afterwards makes sure that the outcome is a real and finite expression. As every
outcome is small, no single operation on outcomes can be large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

import sympy as sp
from sympy.core.function import Application
from sympy.logic.boolalg import Boolean

from symbolic.parsing.guards import Guard, GuardKind, holds
from symbolic.parsing.names import Refused, shortened
from symbolic.parsing.size_bounds import (
    MAX_DEGREE,
    MAX_EXPONENT_COEFFICIENT,
    MAX_LEVELS,
    bits,
    bound_bits,
    bound_coefficients,
    bound_exponent,
    bound_exponential,
    degree,
    levels,
    size,
)
from symbolic.parsing.values import MAX_BITS

__all__ = ["Construction"]

_MAX_NUMBER_IN_FUNCTION = 10**6
# SymPy compares every argument of Max, And, Or with every other one.
_MAX_CHOICES = 8
_MAX_BRANCHES = 16
_NOT_FINITE_OR_REAL = (sp.I, sp.nan, sp.oo, -sp.oo, sp.zoo)
_WHY_UNDEFINED: dict[GuardKind, str] = {
    "log": "{} is never > 0, so it has no real logarithm",
    "power": "{} is negative, so it has no real root or power without integer exponent",
    "reciprocal": "{} is zero, so nothing can be divided by it",
    "tan": "{} has no tangent",
}

Thunk = Callable[[], sp.Expr]
Condition = Callable[[], Boolean]


class Construction:
    """One cost under construction, made of `functions`, the classes of SymPy that a cost may hold.

    Every method raises Refused where its outcome is too large or not a real number.
    """

    def __init__(self, functions: Collection[type[sp.Basic]]) -> None:
        self._functions = {*functions, sp.Piecewise, sp.And, sp.Or, sp.Not}
        self._guards: dict[Guard, None] = {}
        self._where: Boolean = sp.true

    @property
    def guards(self) -> tuple[Guard, ...]:
        """What was required so far and is not proven, in the order of writing, once each."""
        return tuple(self._guards)

    def require(self, kind: GuardKind, argument: sp.Expr, exponent: sp.Expr | None = None) -> None:
        """Write down what must hold, if it is not proven; `exponent` is that of the power which asks for it."""
        verdict = holds(kind, argument)
        if verdict is False:
            raise Refused(f"{_WHY_UNDEFINED[kind].format(shortened(argument))}; write another cost")
        if verdict is None and not argument.free_symbols:
            raise Refused(f"the sign of {shortened(argument)} cannot be told; write it as a decimal number")
        if verdict is None and self._where != sp.false:
            hangs_on = exponent if exponent is not None and exponent.free_symbols else None
            self._guards[Guard(kind, argument, self._where, hangs_on)] = None

    def sum(self, terms: Sequence[sp.Expr]) -> sp.Expr:
        denominator = 1
        for term in terms:
            denominator = math.lcm(denominator, int(term.as_coeff_Mul()[0].q))
            bound_bits(denominator.bit_length(), "a common denominator")
        return self.checked(sp.Add(*terms))

    def product(self, factors: Sequence[sp.Expr]) -> sp.Expr:
        coefficients = [factor.as_coeff_Mul()[0] for factor in factors]
        bound_bits(sum(bits(coefficient.p) for coefficient in coefficients), "a product of numbers")
        bound_bits(sum(bits(coefficient.q) for coefficient in coefficients), "a product of numbers")
        return self.checked(sp.Mul(*factors))

    def power(self, base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        if base == sp.E:
            return self.exp(exponent)
        bound_exponent(base, exponent)
        if not (exponent.is_Integer or (base.is_zero and exponent.is_positive)):
            self.require("power", base, exponent)
        if not exponent.is_nonnegative:
            self.require("reciprocal", base, exponent)
        return self.checked(sp.Pow(base, exponent))

    def sqrt(self, argument: sp.Expr) -> sp.Expr:
        return self.power(argument, sp.S.Half)

    def exp(self, argument: sp.Expr) -> sp.Expr:
        bound_exponential(argument)
        return self.smooth(sp.exp, argument)

    def log(self, argument: sp.Expr) -> sp.Expr:
        self.require("log", argument)
        return self.checked(sp.log(argument))

    def tan(self, argument: sp.Expr) -> sp.Expr:
        self.require("tan", argument)
        return self.smooth(sp.tan, argument)

    def besselj(self, order: sp.Expr, argument: sp.Expr) -> sp.Expr:
        if not (order.is_Integer and abs(order) <= MAX_DEGREE):
            raise Refused(f"the order {shortened(order)} of besselj is not an integer of size at most {MAX_DEGREE}")
        return self.smooth(lambda u: sp.besselj(order, u), argument)

    def choice(self, kind: type[sp.Expr], arguments: Sequence[sp.Expr]) -> sp.Expr:
        """The largest or the smallest of the arguments: sp.Max or sp.Min."""
        number = sum(len(kind.make_args(argument)) for argument in arguments)
        if number > _MAX_CHOICES:
            raise Refused(f"{kind.__name__} of {number} values is too large; use at most {_MAX_CHOICES}")
        return self.checked(kind(*map(_comparable, arguments)))

    def smooth(self, function: Callable[[sp.Expr], sp.Expr], argument: sp.Expr) -> sp.Expr:
        """A function whose value at a number takes the longer to compute the larger the number is."""
        if not argument.free_symbols and size(argument) > _MAX_NUMBER_IN_FUNCTION:
            raise Refused(f"{shortened(argument)} is too large for the argument of a function; use at most 10**6")
        return self.checked(function(argument))

    def piecewise(self, branches: Sequence[tuple[Thunk, Condition]]) -> sp.Expr:
        """The value of the first branch whose condition holds.

        Values and conditions are made here, so that what stands in a branch is guarded only where it is reached.
        """
        if len(branches) > _MAX_BRANCHES:
            raise Refused(f"Piecewise of {len(branches)} branches is too large; use at most {_MAX_BRANCHES}")
        pairs: list[tuple[sp.Expr, Boolean]] = []
        reached: Boolean = sp.true
        for make_value, make_condition in branches:
            with self._only_where(reached):
                condition = make_condition()
            with self._only_where(sp.And(reached, condition)):
                pairs.append((make_value(), condition))
            reached = sp.And(reached, sp.Not(condition))
        if reached != sp.false and sp.Or(*(condition for _, condition in pairs)) != sp.true:
            raise Refused("Piecewise has no value where no condition holds; end it with the branch (value, True)")
        return self.checked(sp.Piecewise(*pairs))

    def comparison(self, relation: Callable[[sp.Expr, sp.Expr], Boolean], left: sp.Expr, right: sp.Expr) -> Boolean:
        if left.has(sp.Piecewise) or right.has(sp.Piecewise):
            raise Refused("a condition compares a Piecewise; write its cases out as branches of the outer one")
        return relation(_comparable(left), _comparable(right))

    def connective(self, kind: type[Boolean], conditions: Sequence[Boolean]) -> Boolean:
        """All or any of the conditions: sp.And or sp.Or."""
        number = sum(len(kind.make_args(condition)) for condition in conditions)
        if number > _MAX_CHOICES:
            raise Refused(f"{kind.__name__} of {number} conditions is too large; use at most {_MAX_CHOICES}")
        return kind(*conditions)

    def checked(self, outcome: sp.Expr) -> sp.Expr:
        """`outcome`, if it is real, finite and of a size that every later step can bear.

        SymPy takes real parts where it cannot tell that something is real. Where the guards hold, it is.
        """
        outcome = outcome.replace(lambda part: isinstance(part, sp.re | sp.conjugate), lambda part: part.args[0])
        strangers = {type(part) for part in outcome.atoms(Application)} - self._functions
        if strangers:
            words = ", ".join(sorted(stranger.__name__ for stranger in strangers))
            raise Refused(f"SymPy writes this with {words}, which is not in the grammar; write a simpler expression")
        if outcome.has(*_NOT_FINITE_OR_REAL):
            raise Refused(f"this is {shortened(outcome)}, which is not a real and finite number; write another cost")
        for power in outcome.atoms(sp.Pow):
            if power.base.is_negative and not power.exp.is_integer:
                raise Refused(f"{shortened(power)} is not real; write another cost")
            if not power.exp.is_Rational:
                bound_coefficients(power.exp, MAX_EXPONENT_COEFFICIENT)
        for number in outcome.atoms(sp.Rational):
            bound_bits(max(bits(number.p), bits(number.q)), "a number")
        if levels(outcome) > MAX_LEVELS:
            raise Refused(f"operations are nested more than {MAX_LEVELS} deep; write a flatter expression")
        if degree(outcome) > MAX_DEGREE:
            raise Refused(f"the powers multiply to a degree beyond {MAX_DEGREE}; use smaller exponents")
        if not (outcome.free_symbols or outcome.is_Rational) and size(outcome) > 2**MAX_BITS:
            raise Refused(f"the number {shortened(outcome)} is too large; use at most 2**{MAX_BITS}")
        return outcome

    @contextmanager
    def _only_where(self, condition: Boolean) -> Iterator[None]:
        outside, self._where = self._where, sp.And(self._where, condition)
        try:
            yield
        finally:
            self._where = outside


def _comparable(side: sp.Expr) -> sp.Expr:
    """`side`, if SymPy can order it; it gives up on numbers too near to each other."""
    if side.is_extended_real is False or (side.is_number and not side.is_comparable):
        raise Refused(f"{shortened(side)} cannot be compared; write a simpler expression or a decimal number")
    return side

"""What a method of integration answers: a closed form, where it holds, and which method gave it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp
from sympy.logic.boolalg import Boolean

from symbolic.derivative import derivative
from symbolic.readable import readable
from symbolic.wave_sum import WaveSum

__all__ = ["Integral"]


@dataclass(frozen=True)
class Integral:
    """The closed form of an integral; where `conditions` do not hold, it is proven that the integral does not exist.

    `form_holds` says for which parameters this form is the right one, such as lo < hi in clip(x, lo, hi); elsewhere
    the integral may exist all the same.
    """

    form: sp.Expr | WaveSum
    conditions: Boolean
    method: str
    form_holds: Boolean = sp.true

    @cached_property
    def holds(self) -> Boolean:
        """For which parameters the integral exists and this form is the right one."""
        granted = dict.fromkeys(sp.And.make_args(self.form_holds), sp.true)
        return sp.And(self.conditions.xreplace(granted), self.form_holds)

    @cached_property
    def expression(self) -> sp.Expr:
        """The closed form as it was found."""
        return self.form.expression if isinstance(self.form, WaveSum) else self.form

    @cached_property
    def shortest(self) -> sp.Expr:
        """The closed form in the shortest of a few equivalent forms."""
        return self.form.shortest if isinstance(self.form, WaveSum) else readable(self.form)

    def derivative(self, symbol: sp.Symbol) -> Integral:
        """The derivative of the closed form, almost everywhere."""
        form = self.form.derivative(symbol) if isinstance(self.form, WaveSum) else derivative(self.form, symbol)
        return Integral(form, self.conditions, self.method, self.form_holds)

    def minus_square_of(self, mean: Integral) -> Integral:
        """E g^2 - (E g)^2, from this E g^2 and that E g."""
        own, other = self.form, mean.form
        if isinstance(own, WaveSum) and isinstance(other, WaveSum) and own.alphabet is other.alphabet:
            form: sp.Expr | WaveSum = own.minus_square_of(other)
        else:
            form = self.expression - mean.expression**2
        return Integral(form, self.conditions & mean.conditions, self.method, self.form_holds & mean.form_holds)

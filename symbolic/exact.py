"""An exact answer: a closed form where there is one, and in any case a certified number at given values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import sympy as sp
from sympy.logic.boolalg import Boolean

from symbolic.clock import limited
from symbolic.errors import NotInClass
from symbolic.integral import Integral
from symbolic.parsing import values_for
from symbolic.problem import Problem, check_values
from symbolic.value import Value

__all__ = ["Exact", "Number"]

Number: TypeAlias = int | float | str | Fraction | sp.Rational
ENCLOSURE = "enclosure"


@dataclass(frozen=True)
class Exact:
    """`.expression` where `.conditions` hold, found by `.method`; `.at(...)` gives a number and its radius.

    The closed form is derived when it is first asked for. `.expression` is None where no method has one: then
    `.at` encloses the integral at the given values (`method` is "enclosure").
    """

    problem: Problem
    _derive: Callable[[], Integral] = field(repr=False, compare=False)
    _evaluate: Callable[[Mapping[sp.Symbol, sp.Rational], int], Value] = field(repr=False, compare=False)

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """What `.at` wants a value for."""
        return self.problem.symbols

    @cached_property
    @limited("the closed form")
    def _closed_form(self) -> Integral | NotInClass:
        try:
            return self._derive()
        except NotInClass as refusal:
            return refusal

    @cached_property
    @limited("the closed form")
    def expression(self) -> sp.Expr | None:
        """The closed form in the shortest of a few equivalent forms, or None."""
        return None if isinstance(self._closed_form, NotInClass) else self._closed_form.shortest

    @property
    def refusal(self) -> str | None:
        """Why each of the methods has no closed form; None if there is one."""
        return str(self._closed_form) if isinstance(self._closed_form, NotInClass) else None

    @property
    def conditions(self) -> Boolean:
        """For which parameters the closed form holds, beyond those under which the law is one."""
        if isinstance(self._closed_form, NotInClass):
            return sp.true
        return self._closed_form.holds

    @property
    def method(self) -> str:
        """The method that gave the closed form, or "enclosure"."""
        return ENCLOSURE if isinstance(self._closed_form, NotInClass) else self._closed_form.method

    @limited("the value at numbers")
    def at(self, values: Mapping[str, Number] | None = None, /, *, digits: int = 30, **named: Number) -> Value:
        """The value at ints, Fractions, decimal strings or floats (a float v means Fraction(repr(v))).

        `|truth - v.midpoint| <= v.radius`; a moment that does not exist is +infinity.
        Raises BadParameter for missing, unknown or forbidden values, Undefined or Divergent where there is no
        expectation, NotCertified where none can be proven, TimedOut after 20 s or what `time_limit` says.
        """
        numbers = values_for({**(values or {}), **named}, self.symbols)
        check_values(self.problem, numbers)
        return self._evaluate(numbers, digits)

    def _repr_html_(self) -> str:
        """For Jupyter, as the two below."""
        from symbolic.typesetting.pages.answer import answer_html

        return answer_html(self)

    def _repr_latex_(self) -> str:
        from symbolic.typesetting.pages.answer import answer_latex

        return answer_latex(self)

    def _repr_markdown_(self) -> str:
        from symbolic.typesetting.pages.answer import answer_markdown

        return answer_markdown(self)

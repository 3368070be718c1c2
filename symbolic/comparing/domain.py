"""Where two formulas are compared: the values at which a problem has an answer, and nice ones among them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symbolic.comparing.contradiction import exclude_each_other
from symbolic.conditions import is_met
from symbolic.errors import BadParameter, Divergent, NotCertified, Undefined
from symbolic.parsing import Guard
from symbolic.parsing.guards import holds
from symbolic.problem import Problem, check_values

__all__ = ["Domain", "Point"]

Point = dict[sp.Symbol, sp.Rational]

_FIRST = tuple(sp.Rational(text) for text in ("1", "2", "1/2", "3", "1/3", "3/2", "5", "2/3"))
_NICE = tuple(
    sp.Rational(text) for text in ("1", "2", "1/2", "3", "-1", "1/3", "-2", "3/2", "1/4", "-1/2", "1/10", "5/2", "4")
)
_MOST_DRAWN = 400


@dataclass(frozen=True)
class Domain:
    """The values of the symbols at which the law is one, the cost has a value, and the conditions hold.

    `guards` are those of the formulas that are compared; `drawn` is the noise, where the formulas are about one draw;
    `first` are values to be tried before all others, `fixed` those of symbols that the formulas no longer hold.
    """

    problem: Problem
    conditions: Boolean = sp.true
    guards: tuple[Guard, ...] = ()
    drawn: frozenset[sp.Symbol] = frozenset()
    first: tuple[tuple[sp.Symbol, sp.Rational], ...] = ()
    fixed: tuple[tuple[sp.Symbol, sp.Rational], ...] = ()

    @property
    def positive(self) -> tuple[sp.Expr, ...]:
        """What is > 0 in it, apart from single points."""
        law = self.problem.law
        facts = [law.substitution[parameter] for parameter in law.positive]
        for condition in _conjuncts(self.conditions):
            if isinstance(condition, sp.Gt | sp.Ge):
                facts.append(condition.lhs - condition.rhs)
            elif isinstance(condition, sp.Lt | sp.Le):
                facts.append(condition.rhs - condition.lhs)
        guards = (*self.guards, *self.problem.guards)
        facts += [
            guard.argument
            for guard in guards
            if guard.kind in ("log", "power") and guard.where == sp.true and guard.is_needed
        ]
        if law.support[0] == 0:
            facts += [symbol for symbol in (law.variable, law.noise.symbol) if symbol in self.drawn]
        return tuple(facts)

    def implies(self, guard: Guard) -> bool:
        """Whether it is proven that a guard of a formula holds here, apart from single points."""
        base = guard.argument.as_base_exp()[0]
        return guard.kind != "tan" and exclude_each_other([*self.positive, -base])

    def points(self, symbols: Sequence[sp.Symbol]) -> Iterator[Point]:
        """Values of the symbols inside, the nicest first; the same ones for the same question."""
        numbers = random.Random(" ".join(str(symbol) for symbol in symbols))
        seen: set[tuple[sp.Rational, ...]] = set()
        for drawn in range(_MOST_DRAWN):
            values = self._drawn(symbols, drawn, numbers)
            key = tuple(values.values())
            if key not in seen and self.holds(values):
                yield values
            seen.add(key)

    def _drawn(self, symbols: Sequence[sp.Symbol], number: int, numbers: random.Random) -> Point:
        first = dict(self.fixed) | (dict(self.first) if number == 0 else {})
        values = {}
        for place, symbol in enumerate(symbols):
            value = _FIRST[(place + number) % len(_FIRST)] if number < 2 else numbers.choice(_NICE)
            must_be_positive = symbol.is_positive or (symbol in self.drawn and self.problem.law.support[0] == 0)
            values[symbol] = first.get(symbol, abs(value) if must_be_positive else value)
        return values

    def holds(self, values: Mapping[sp.Symbol, sp.Rational]) -> bool:
        """Whether it is known that the values lie inside."""
        here = dict(values)
        if is_met(self.conditions, here) is not True or not all(_kept(guard, here) for guard in self.guards):
            return False
        try:
            check_values(self.problem, {symbol: here[symbol] for symbol in self.problem.symbols if symbol in here})
        except (BadParameter, Divergent, NotCertified, Undefined):
            return False
        return True


def _conjuncts(condition: Boolean) -> Iterator[Boolean]:
    if isinstance(condition, sp.And):
        yield from condition.args
    elif isinstance(condition, Relational):
        yield condition


def _kept(guard: Guard, values: Mapping[sp.Symbol, sp.Rational]) -> bool:
    here = guard.at(values)
    if here.where == sp.false or here.is_needed is False:
        return True
    return not here.argument.free_symbols and holds(here.kind, here.argument) is True

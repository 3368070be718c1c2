"""What is asked and what is answered, read and checked: a problem, a formula, and the values given with --at."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from symbolic.comparing import Domain
from symbolic.law import Law
from symbolic.laws import LAWS
from symbolic.parsing import Guard, Parsed, parse_formula, parse_law, values_for
from symbolic.parsing.functions import TAKEN
from symbolic.parsing.names import Vocabulary
from symbolic.problem import Problem, check_values, problem
from verify.usage import UsageError

__all__ = ["Asked", "asked"]


@dataclass(frozen=True)
class Asked:
    """`formula` is the answer, in the problem's symbols, and in the law's variable and noise if `is_term`.

    It was written for the values `at`, if it holds none of their symbols; else it has to be right at all values.
    """

    problem: Problem
    cost: str
    text: str
    formula: sp.Expr
    guards: tuple[Guard, ...]
    is_term: bool
    at: Mapping[sp.Symbol, sp.Rational]

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The symbols that have values, in the order in which they get nice ones: those of the law first."""
        law = self.problem.law
        in_order = [symbol for argument in law.arguments for symbol in sorted(argument.free_symbols, key=str)]
        others = sorted(self.problem.symbols - set(in_order), key=str)
        return tuple(dict.fromkeys([*in_order, *others]))

    @property
    def fixed(self) -> dict[sp.Symbol, sp.Rational]:
        """The values that the answer was written for, in the order of the symbols."""
        if self.formula.free_symbols & self.at.keys():
            return {}
        return {symbol: self.at[symbol] for symbol in self.symbols if symbol in self.at}

    def domain(
        self, conditions: sp.Basic, guards: tuple[Guard, ...], drawn: frozenset[sp.Symbol] = frozenset()
    ) -> Domain:
        """Where formulas are compared: the given values come first, or stay."""
        first, fixed = tuple(self.at.items()), tuple(self.fixed.items())
        return Domain(self.problem, conditions, guards, drawn, first, fixed)

    @property
    def read_on(self) -> str:
        """The words of the command that derives the right answer."""
        words = ["derive", self.cost, "--wrt", str(self.problem.wrt)]
        if str(self.problem.law) not in {str(law) for law in LAWS[:1]}:
            words += ["--law", str(self.problem.law)]
        return shlex.join(words)


def asked(
    cost: str,
    wrt: str | None,
    law: str,
    answer: str | None,
    answer_term: str | None,
    at: Mapping[str, object] | None,
) -> Asked:
    """Read everything. Raises UsageError, ParseError, BadParameter or Undefined with the reason."""
    if (answer is None) == (answer_term is None):
        given = "neither answer nor answer_term is" if answer is None else "both answer and answer_term are"
        raise UsageError(
            f"{given} given; give the gradient as answer='2*mu', or one draw's contribution as answer_term='2*x'"
        )
    read_law = parse_law(law, LAWS)
    question = problem(cost, wrt or _first_symbol(read_law), read_law)
    values = _some_values(question, at or {})
    if answer is not None:
        text, parsed = answer, _read(answer, "answer", question, _symbols_of(question))
    else:
        text = str(answer_term)
        drawn = {symbol.name: symbol for symbol in (read_law.variable, read_law.noise.symbol)}
        parsed = _read(text, "answer-term", question, {**_symbols_of(question), **drawn})
    return Asked(question, cost, text, parsed.expression, parsed.guards, answer is None, values)


def _read(text: str, what: str, question: Problem, known: Mapping[str, sp.Symbol]) -> Parsed:
    law = question.law
    own = {
        symbol.name: f"{symbol.name} is drawn, and the gradient of an expectation holds no draw; give one draw's "
        "contribution as an answer-term"
        for symbol in (law.variable, law.noise.symbol)
        if symbol.name not in known
    }
    names = ", ".join(sorted(known)) or "none: every parameter is a number"
    return parse_formula(text, what, Vocabulary(known, {**TAKEN, **own}, f"the symbols are {names}"))


def _symbols_of(question: Problem) -> dict[str, sp.Symbol]:
    return {symbol.name: symbol for symbol in question.symbols}


def _first_symbol(law: Law) -> str:
    own = law.arguments[0].free_symbols or law.symbols
    names: list[str] = sorted(symbol.name for symbol in own)
    if not names:
        raise UsageError(f"the law {law} has no symbol to differentiate by; name a symbol of the cost as wrt")
    return names[0]


def _some_values(question: Problem, at: Mapping[str, object]) -> dict[sp.Symbol, sp.Rational]:
    """The values given, of some symbols or of all. Raises BadParameter, Undefined or NotCertified."""
    names = {symbol.name for symbol in question.symbols}
    named = {symbol for symbol in question.symbols if symbol.name in at}
    values = values_for(at, named if set(at) <= names else question.symbols)
    if named == question.symbols:
        check_values(question, values)
    return values

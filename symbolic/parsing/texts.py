"""A cost or a law from text, through a whitelist over Python's syntax tree. Nothing is ever evaluated.

cost  = numbers, names, + - * / **, parentheses, pi, E, functions of a fixed table,
        Piecewise((value, condition), ...) with comparisons, `and`, `or`, & and | in its conditions
law   = the name of a family, alone or with an expression for each of its parameters: normal(mu, exp(rho))
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import sympy as sp
from sympy.logic.boolalg import Boolean

from symbolic.clock import limited
from symbolic.errors import BadParameter
from symbolic.law import Law
from symbolic.parsing.construction import Construction
from symbolic.parsing.functions import BY_NAME, BY_SYMPY, CONSTANTS, OTHER_WORDS, PIECEWISE, TAKEN
from symbolic.parsing.guards import Parsed
from symbolic.parsing.names import Refused, Vocabulary, near, shortened, vocabulary
from symbolic.parsing.source_text import SourceText
from symbolic.parsing.syntax_chains import factors_of, spine
from symbolic.parsing.values import exact_rational

__all__ = ["parse_cost", "parse_formula", "parse_law"]

_COMPARISONS: dict[type[ast.cmpop], Callable[[sp.Expr, sp.Expr], Boolean]] = {
    ast.Lt: sp.Lt,
    ast.LtE: sp.Le,
    ast.Gt: sp.Gt,
    ast.GtE: sp.Ge,
    ast.Eq: sp.Eq,
    ast.NotEq: sp.Ne,
}
# As SymPy prints them.
_COMPARISON_FUNCTIONS = {"Eq": sp.Eq, "Ne": sp.Ne}
_CONNECTIVES: dict[type[ast.AST], type[Boolean]] = {
    ast.And: sp.And,
    ast.BitAnd: sp.And,
    ast.Or: sp.Or,
    ast.BitOr: sp.Or,
}


@limited("reading the cost")
def parse_cost(text: str, law: Law) -> Parsed:
    """The cost that `text` writes, in the symbols of `law`, and the guards under which it has a value.

    Decimals are exact: 0.1 is 1/10. The law's variable and its symbols are the law's own; every other name is a real
    symbol. Raises ParseError, which shows the place, for whatever is outside the grammar, is too large (10,000
    characters, 2,000 words, 40 levels, degree 64, numbers of 2048 bits), or is nowhere a real number.
    """
    return parse_formula(text, "cost", vocabulary(law, TAKEN))


def parse_formula(text: str, what: str, names: Vocabulary) -> Parsed:
    """The formula that `text` writes in the grammar of costs, in symbols of one's own; `what` it is, for the messages.

    Raises ParseError as parse_cost does.
    """
    source = SourceText(text, what)
    construction = Construction(BY_SYMPY)
    reader = _Reader(source, construction, names)
    return Parsed(reader.expression(source.tree()), construction.guards)


@limited("reading the law")
def parse_law(text: str, laws: Sequence[Law]) -> Law:
    """The law that `text` names: "normal" with its own parameters, or "normal(mu, exp(rho))" with expressions.

    A bare name in the place of a positive parameter is a positive symbol wherever it stands; others are real. Raises
    ParseError for a text outside the grammar, BadParameter for a number of parameters or a value that the law forbids.
    """
    source = SourceText(text, "law")
    tree = source.tree()
    head = tree.func if isinstance(tree, ast.Call) else tree
    names = [law.name for law in laws]
    if not (isinstance(head, ast.Name) and head.id in names):
        written = text[slice(*source.place(head))]
        hint = near(written, names)
        raise source.at(head, f"no law is called {shortened(written)}{hint or ';'} the laws are {', '.join(names)}")
    law = laws[names.index(head.id)]
    if not isinstance(tree, ast.Call):
        return law
    positive = {
        node.id
        for node, parameter in zip(tree.args, law.parameters, strict=False)
        if isinstance(node, ast.Name) and parameter in law.positive
    }
    own = {
        name: f"{name} is what the law draws, so its parameters cannot hold it; use another name"
        for name in (law.variable.name, law.noise.symbol.name)
    }
    names_here = Vocabulary(
        {name: sp.Symbol(name, positive=True) for name in positive - TAKEN.keys()}, {**TAKEN, **own}
    )
    construction = Construction(BY_SYMPY)
    reader = _Reader(source, construction, names_here)
    built = replace(law.with_arguments(*(reader.expression(node) for node in tree.args)), guards=construction.guards)
    for parameter in law.positive:
        if built.substitution[parameter].is_nonpositive:
            raise BadParameter(
                f"{parameter}={built.substitution[parameter]} in {shortened(text)}: {parameter} of {law.name} must "
                f"be > 0; give a positive value or a name"
            )
    return built


class _Reader:
    """A walk over the syntax tree that builds the expression bottom-up and knows where each piece stands."""

    def __init__(self, source: SourceText, construction: Construction, names: Vocabulary) -> None:
        self._source = source
        self._construction = construction
        self._names = names

    def expression(self, node: ast.expr) -> sp.Expr:
        match node:
            case ast.Name(id=name) if name in CONSTANTS:
                return CONSTANTS[name]
            case ast.Name(id=name):
                with self._standing_at(node):
                    return self._names.symbol(name)
            case ast.Constant() if self._written(node)[0] in ".0123456789":
                return exact_rational(self._written(node))
            case ast.Constant():
                raise self._source.at(
                    node, f"{self._written(node)} is a truth value; it stands only in a condition of Piecewise"
                )
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node)
            case ast.BinOp(op=ast.Mult() | ast.Div()) | ast.UnaryOp():
                return self._product(node)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                base, exponent = self.expression(left), self.expression(right)
                with self._standing_at(node):
                    return self._construction.power(base, exponent)
            case ast.Call():
                return self._call(node)
            case ast.Tuple():
                raise self._source.at(node, "values with commas between them are not one value; write a single formula")
            case _:
                raise self._source.at(
                    node, "a comparison stands only in a condition of Piecewise((value, condition), ...)"
                )

    def condition(self, node: ast.expr) -> Boolean:
        match node:
            case ast.Constant(value=True):
                return sp.true
            case ast.Compare(left=left, ops=operators, comparators=others):
                sides = [self.expression(side) for side in (left, *others)]
                with self._standing_at(node):
                    links = [
                        self._construction.comparison(_COMPARISONS[type(operator)], sides[place], sides[place + 1])
                        for place, operator in enumerate(operators)
                    ]
                    return self._construction.connective(sp.And, links)
            case ast.Call(func=ast.Name(id=name), args=[left, right]) if name in _COMPARISON_FUNCTIONS:
                compared = self.expression(left), self.expression(right)
                with self._standing_at(node):
                    return self._construction.comparison(_COMPARISON_FUNCTIONS[name], *compared)
            case ast.BoolOp(op=operator, values=values):
                return self._connected(node, type(operator), values)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr() as operator):
                return self._connected(node, type(operator), [part for _, part in spine(node, (type(operator),))])
            case _:
                raise self._source.at(
                    node, "this is not a condition; write a comparison such as x > 0, or True; (a) & (b)"
                )

    def _connected(self, node: ast.expr, operator: type[ast.AST], parts: Sequence[ast.expr]) -> Boolean:
        conditions = [self.condition(part) for part in parts]
        with self._standing_at(node):
            return self._construction.connective(_CONNECTIVES[operator], conditions)

    def _sum(self, node: ast.expr) -> sp.Expr:
        terms = []
        for operator, term in spine(node, (ast.Add, ast.Sub)):
            value = self.expression(term)
            with self._standing_at(term):
                terms.append(self._construction.product([sp.S.NegativeOne, value]) if operator is ast.Sub else value)
        with self._standing_at(node):
            return self._construction.sum(terms)

    def _product(self, node: ast.expr) -> sp.Expr:
        factors = []
        for divides, below, factor in factors_of(node):
            value = sp.S.NegativeOne if factor is None else self.expression(factor)
            with self._standing_at(factor or node):
                if below:
                    self._construction.require("reciprocal", value)
                factors.append(self._construction.power(value, sp.S.NegativeOne) if divides else value)
        with self._standing_at(node):
            return self._construction.product(factors)

    def _call(self, node: ast.Call) -> sp.Expr:
        if not isinstance(node.func, ast.Name):
            raise self._source.at(node.func, "only a function has arguments; a product is written with *")
        name = node.func.id
        if name == PIECEWISE:
            return self._piecewise(node)
        if name not in BY_NAME:
            raise self._source.at(node.func, self._why_no_function(name))
        function = BY_NAME[name]
        if len(node.args) not in function.arguments:
            raise self._source.at(node, f"{name} has {len(node.args)} arguments here; write {function.usage}")
        arguments = [self.expression(argument) for argument in node.args]
        with self._standing_at(node):
            return function.build(self._construction, *arguments)

    def _piecewise(self, node: ast.Call) -> sp.Expr:
        branches = []
        for branch in node.args:
            if not (isinstance(branch, ast.Tuple) and len(branch.elts) == 2):
                raise self._source.at(branch, "this is not a branch of Piecewise; write (value, condition)")
            value, condition = branch.elts
            branches.append((partial(self.expression, value), partial(self.condition, condition)))
        with self._standing_at(node):
            return self._construction.piecewise(branches)

    def _why_no_function(self, name: str) -> str:
        known = ", ".join([*BY_NAME, PIECEWISE])
        if name in OTHER_WORDS:
            return f"{name} is not a function here; write {OTHER_WORDS[name]}. The functions are {known}"
        if name in _COMPARISON_FUNCTIONS:
            return f"{name} stands only in a condition of Piecewise((value, condition), ...)"
        hint = near(name, [*BY_NAME, PIECEWISE]) or f"; a product is written {shortened(name)}*(...)."
        return f"{shortened(name)} is not a function here{hint} The functions are {known}"

    def _written(self, node: ast.expr) -> str:
        return self._source.text[slice(*self._source.place(node))]

    @contextmanager
    def _standing_at(self, node: ast.expr) -> Iterator[None]:
        """Give a refusal the place that it lacks."""
        try:
            yield
        except Refused as refused:
            raise self._source.at(node, str(refused)) from None

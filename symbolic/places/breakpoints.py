"""Where an expression may change from one smooth formula to another, and which formula holds on each side.

Such a place is a zero of an argument of Abs, sign or Heaviside, of a difference of two arguments of Max or Min, or of
the difference across a comparison in a Piecewise; and of the argument of a logarithm or of a root, where smoothness
ends. Where arguments hold such functions themselves, every formula that these can take is looked at: the places found
contain all true ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product

import sympy as sp
from flint import arb
from sympy.core.relational import Relational

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.places.real_zeros import sign_changes
from symbolic.places.simplified import simplified
from symbolic.places.vanishing_bases import vanishing_bases

__all__ = [
    "KINKED",
    "Breakpoint",
    "Piece",
    "breakpoints",
    "deciding_formulas",
    "formulas",
    "symbolic_breakpoints",
    "symbolic_jump_places",
]

_STEPS = (sp.Abs, sp.sign, sp.Heaviside)
KINKED = (*_STEPS, sp.Max, sp.Min, sp.Piecewise)
"""What holds different formulas at different places."""
_MOST_FORMULAS = 64


@dataclass(frozen=True)
class Breakpoint:
    """An exact place, and a ball around it."""

    place: sp.Expr
    ball: arb


@dataclass(frozen=True)
class Piece:
    """On left < variable < right the expression is this smooth formula; the ends are exact, or infinite."""

    left: sp.Expr
    right: sp.Expr
    formula: sp.Expr


def symbolic_breakpoints(expression: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """Exact places that hold every point where the expression may fail to be smooth; parameters stay symbols.

    Heaviside(x - k) has the place k. A place that is not real at some parameters is none there. Poles, which no cost
    may have, are not looked for. Raises NotCertified if not all places can be found.
    """
    return _places(_arguments(expression, variable), variable)


def symbolic_jump_places(expression: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """The same for the points where the expression may jump: Abs, Max, Min, logarithms and roots are continuous.

    A pole inside of a function is such a point: atan(1/x) jumps at 0.
    """
    steps = (node.args[0] for node in expression.atoms(sp.sign, sp.Heaviside))
    comparisons = (
        relation.lhs - relation.rhs
        for node in expression.atoms(sp.Piecewise)
        for _, condition in node.args
        for relation in condition.atoms(Relational)
    )
    return _places(chain(steps, comparisons, vanishing_bases(expression, variable)), variable)


def _places(arguments: Iterable[sp.Expr], variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    places: set[sp.Expr] = set()
    for argument in arguments:
        for formula in formulas(argument):
            places |= sign_changes(formula, variable)
    return tuple(sorted(places, key=sp.default_sort_key))


def deciding_formulas(expression: sp.Expr) -> frozenset[sp.Expr]:
    """Every smooth formula whose sign decides which formula of the expression holds; in whatever symbol.

    Raises NotCertified if there are too many.
    """
    return frozenset(
        formula for argument in _arguments(expression, None) for formula in formulas(argument) if formula.free_symbols
    )


def breakpoints(expression: sp.Expr, variable: sp.Symbol) -> tuple[Breakpoint, ...]:
    """The same at numeric parameters, in ascending order, each with a ball of 30 digits.

    Raises NotCertified if not all can be found, or two cannot be told apart.
    """
    found = sorted(
        (Breakpoint(place, real_ball(place, {})) for place in symbolic_breakpoints(expression, variable)),
        key=lambda point: float(point.ball.mid()),
    )
    distinct = found[:1]
    for point in found[1:]:
        if point.ball > distinct[-1].ball:
            distinct.append(point)
        elif simplified(point.place - distinct[-1].place) != 0:
            raise NotCertified(f"the breakpoints {distinct[-1].place} and {point.place} are too close to tell apart")
    return tuple(distinct)


def _arguments(expression: sp.Basic, variable: sp.Symbol | None) -> Iterator[sp.Expr]:
    """Every expression whose sign decides a formula, or whose zeros end smoothness; None: in any symbol."""
    for node in sp.preorder_traversal(expression):
        if isinstance(node, _STEPS):
            yield node.args[0]
        elif isinstance(node, sp.Max | sp.Min):
            yield from (left - right for left, right in combinations(node.args, 2))
        elif isinstance(node, Relational):
            yield node.lhs - node.rhs
        elif isinstance(node, sp.log):
            yield node.args[0]
        elif isinstance(node, sp.Pow) and not node.exp.is_integer and (variable is None or node.base.has(variable)):
            yield node.base


def formulas(expression: sp.Expr) -> frozenset[sp.Expr]:
    """Every smooth formula that the expression can take on some piece."""
    if not expression.has(*KINKED):
        return frozenset({expression})
    if isinstance(expression, sp.Abs):
        choices = [sign * inner for inner in formulas(expression.args[0]) for sign in (1, -1)]
    elif isinstance(expression, sp.sign):
        choices = [sp.S.One, sp.S.NegativeOne, sp.S.Zero]
    elif isinstance(expression, sp.Heaviside):
        choices = [sp.S.One, sp.S.Zero]
    elif isinstance(expression, sp.Max | sp.Min):
        choices = [formula for argument in expression.args for formula in formulas(argument)]
    elif isinstance(expression, sp.Piecewise):
        choices = [formula for value, _ in expression.args for formula in formulas(value)]
    else:
        choices = []
        for arguments in product(*(formulas(argument) for argument in expression.args)):
            choices.append(expression.func(*arguments))
            _refuse_too_many(choices)
    _refuse_too_many(choices)
    return frozenset(choices)


def _refuse_too_many(choices: list[sp.Expr]) -> None:
    if len(choices) > _MOST_FORMULAS:
        raise NotCertified("Abs, Max, Min, sign, Heaviside or Piecewise are nested too deeply: write them side by side")

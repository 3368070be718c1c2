"""Where an expression may change from one smooth formula to another, and which formula holds on each side.

Such a place is a zero of an argument of Abs, sign or Heaviside, of a difference of two arguments of Max or Min, or of
the difference across a comparison in a Piecewise; and of the argument of a logarithm or of a root, where smoothness
ends. Where arguments hold such functions themselves, every formula that these can take is looked at: the places found
contain all true ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, pairwise, product

import sympy as sp
from flint import arb
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.real_zeros import sign_changes

__all__ = [
    "Breakpoint",
    "Piece",
    "breakpoints",
    "cut_at_poles",
    "deciding_formulas",
    "one_sided",
    "pieces",
    "symbolic_breakpoints",
    "symbolic_jump_places",
]

_STEPS = (sp.Abs, sp.sign, sp.Heaviside)
_KINKED = (*_STEPS, sp.Max, sp.Min, sp.Piecewise)
_MOST_FORMULAS = 64
_HIGHEST_ORDER = 8


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
    """The same for the points where the expression may jump: Abs, Max, Min, logarithms and roots are continuous."""
    steps = (node.args[0] for node in expression.atoms(sp.sign, sp.Heaviside))
    comparisons = (
        relation.lhs - relation.rhs
        for node in expression.atoms(sp.Piecewise)
        for _, condition in node.args
        for relation in condition.atoms(Relational)
    )
    return _places(chain(steps, comparisons), variable)


def _places(arguments: Iterable[sp.Expr], variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    places: set[sp.Expr] = set()
    for argument in arguments:
        for formula in _formulas(argument):
            places |= sign_changes(formula, variable)
    return tuple(sorted(places, key=sp.default_sort_key))


def deciding_formulas(expression: sp.Expr) -> frozenset[sp.Expr]:
    """Every smooth formula whose sign decides which formula of the expression holds; in whatever symbol.

    Raises NotCertified if there are too many.
    """
    return frozenset(
        formula for argument in _arguments(expression, None) for formula in _formulas(argument) if formula.free_symbols
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
        elif sp.simplify(point.place - distinct[-1].place) != 0:
            raise NotCertified(f"the breakpoints {distinct[-1].place} and {point.place} are too close to tell apart")
    return tuple(distinct)


def pieces(expression: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> tuple[Piece, ...]:
    """The expression cut at its breakpoints inside the support, at numeric parameters.

    Raises NotCertified if not all breakpoints can be found.
    """
    low, high = support
    inside = [point for point in breakpoints(expression, variable) if _is_between(point.ball, low, high)]
    middles = _rationals_between(low, inside, high)
    ends = [low, *(point.place for point in inside), high]
    return tuple(
        Piece(left, right, _formula_at(expression, variable, middle))
        for (left, right), middle in zip(pairwise(ends), middles, strict=True)
    )


def cut_at_poles(piece: Piece, variable: sp.Symbol) -> tuple[Piece, ...]:
    """The piece cut at the zeros of its denominators inside, as far as these can be found."""
    places: set[sp.Expr] = set()
    for power in piece.formula.atoms(sp.Pow):
        if power.exp.is_negative and power.base.has(variable):
            try:
                places |= sign_changes(power.base, variable)
            except NotCertified:
                continue
    inside = [
        Breakpoint(place, ball)
        for place in places
        if _is_between(ball := real_ball(place, {}), piece.left, piece.right)
    ]
    ends = [piece.left, *(pole.place for pole in sorted(inside, key=lambda pole: float(pole.ball.mid()))), piece.right]
    return tuple(Piece(left, right, piece.formula) for left, right in pairwise(ends))


def one_sided(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr, side: str) -> sp.Expr:
    """The limit of the expression as the variable goes to `place` from below (side "-") or from above ("+").

    The sign of an argument that vanishes at the place is that of its first derivative that does not; one that holds
    symbols keeps its Heaviside, sign or condition. Raises NotCertified if every derivative looked at vanishes.
    """
    direction = 1 if side == "+" else -1
    return _limit(expression, variable, place, direction)


def _limit(node: sp.Basic, variable: sp.Symbol, place: sp.Expr, direction: int) -> sp.Basic:
    if not node.has(variable):
        return node
    if not node.has(*_KINKED, Relational):
        return node.xreplace({variable: place})
    if isinstance(node, sp.sign | sp.Heaviside):
        return node.func(_next_to_zero(node.args[0], variable, place, direction), *node.args[1:])
    if isinstance(node, sp.Eq | sp.Ne):
        value = _next_to_zero(node.lhs - node.rhs, variable, place, direction)
        return node.func(value, 0)
    if isinstance(node, Relational):
        return node.func(_next_to_zero(node.lhs - node.rhs, variable, place, direction), 0)
    if isinstance(node, sp.Piecewise):
        branches = []
        for value, condition in node.args:
            holds = _limit(condition, variable, place, direction)
            if holds != sp.false:
                branches.append((_limit(value, variable, place, direction), holds))
            if holds == sp.true:
                break
        return sp.Piecewise(*branches)
    return node.func(*(_limit(argument, variable, place, direction) for argument in node.args))


def _next_to_zero(argument: sp.Expr, variable: sp.Symbol, place: sp.Expr, direction: int) -> sp.Expr:
    """Something with the sign that the argument has just beside the place."""
    derivative, sign = argument, sp.S.One
    for _ in range(_HIGHEST_ORDER):
        value = sp.simplify(_limit(derivative, variable, place, direction))
        if value != 0:
            return sign * value
        derivative, sign = sp.diff(derivative, variable).replace(sp.DiracDelta, lambda *_: sp.S.Zero), sign * direction
        if derivative == 0:
            return sp.S.Zero
    raise NotCertified(f"the sign of {argument} beside {variable}={place} is not known")


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


def _formulas(expression: sp.Expr) -> frozenset[sp.Expr]:
    """Every smooth formula that the expression can take on some piece."""
    if not expression.has(*_KINKED):
        return frozenset({expression})
    if isinstance(expression, sp.Abs):
        choices = [sign * inner for inner in _formulas(expression.args[0]) for sign in (1, -1)]
    elif isinstance(expression, sp.sign):
        choices = [sp.S.One, sp.S.NegativeOne, sp.S.Zero]
    elif isinstance(expression, sp.Heaviside):
        choices = [sp.S.One, sp.S.Zero]
    elif isinstance(expression, sp.Max | sp.Min):
        choices = [formula for argument in expression.args for formula in _formulas(argument)]
    elif isinstance(expression, sp.Piecewise):
        choices = [formula for value, _ in expression.args for formula in _formulas(value)]
    else:
        choices = []
        for arguments in product(*(_formulas(argument) for argument in expression.args)):
            choices.append(expression.func(*arguments))
            _refuse_too_many(choices)
    _refuse_too_many(choices)
    return frozenset(choices)


def _refuse_too_many(choices: list[sp.Expr]) -> None:
    if len(choices) > _MOST_FORMULAS:
        raise NotCertified("Abs, Max, Min, sign, Heaviside or Piecewise are nested too deeply: write them side by side")


def _formula_at(node: sp.Basic, variable: sp.Symbol, middle: sp.Rational) -> sp.Basic:
    """The smooth formula that holds at `middle` and so on the whole piece around it."""
    if not node.has(*_KINKED, Relational):
        return node
    if isinstance(node, Boolean):
        return _truth_at(node, variable, middle)
    if isinstance(node, sp.Piecewise):
        for value, condition in node.args:
            if _truth_at(condition, variable, middle):
                return _formula_at(value, variable, middle)
        return sp.nan
    arguments = [_formula_at(argument, variable, middle) for argument in node.args]
    if isinstance(node, sp.Max | sp.Min):
        best = arguments[0]
        for argument in arguments[1:]:
            sign = _sign_at(argument - best, variable, middle)
            best = argument if sign == (1 if isinstance(node, sp.Max) else -1) else best
        return best
    if isinstance(node, _STEPS):
        sign = _sign_at(arguments[0], variable, middle)
        if isinstance(node, sp.Abs):
            return sign * arguments[0]
        if isinstance(node, sp.sign):
            return sp.Integer(sign)
        return sp.Integer(sign > 0) if sign else arguments[1]
    return node.func(*arguments)


def _truth_at(condition: sp.Basic, variable: sp.Symbol, middle: sp.Rational) -> sp.Basic:
    if isinstance(condition, Relational):
        formula = _formula_at(condition.lhs - condition.rhs, variable, middle)
        return condition.func(_sign_at(formula, variable, middle), 0)
    if condition.args:
        return condition.func(*(_truth_at(part, variable, middle) for part in condition.args))
    return condition


def _sign_at(formula: sp.Expr, variable: sp.Symbol, middle: sp.Rational) -> int:
    """The sign of a formula without zeros near `middle`, or 0 if it is zero everywhere."""
    ball = real_ball(formula, {variable: middle})
    if not ball.contains(0):
        return 1 if ball > 0 else -1
    if sp.simplify(formula) == 0:
        return 0
    raise NotCertified(f"the sign of {formula} at {variable}={middle} is not known")


def _is_between(ball: arb, low: sp.Expr, high: sp.Expr) -> bool:
    above = low is -sp.oo or ball > real_ball(low, {})
    return bool(above and (high is sp.oo or ball < real_ball(high, {})))


def _rationals_between(low: sp.Expr, inside: list[Breakpoint], high: sp.Expr) -> list[sp.Rational]:
    """A rational in each piece."""
    balls = [point.ball for point in inside]
    if not low.is_infinite:
        balls.insert(0, real_ball(low, {}))
    if not high.is_infinite:
        balls.append(real_ball(high, {}))
    if not balls:
        return [sp.S.Zero]
    middles = [_rational(((left.upper() + right.lower()) / 2).mid()) for left, right in pairwise(balls)]
    if low.is_infinite:
        middles.insert(0, sp.floor(_rational(balls[0].lower())) - 1)
    if high.is_infinite:
        middles.append(sp.ceiling(_rational(balls[-1].upper())) + 1)
    return middles


def _rational(ball: arb) -> sp.Rational:
    mantissa, exponent = ball.man_exp()
    return sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent)

"""Does a formula vanish? Shown case by case, one case for every choice of the signs that its formula depends on.

|u|, sign u, Heaviside u, Max, Min and the conditions of Piecewise depend on the signs of the factors of u. In each case
they are smooth, and exact algebra decides. A case that contradicts what is known to be positive is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.core.relational import Relational

from symbolic.comparing.contradiction import exclude_each_other
from symbolic.comparing.identities import factors, rewritten
from symbolic.readable import readable

__all__ = ["switches", "vanishes"]

_STEPS = (sp.Abs, sp.sign, sp.Heaviside)
_SWITCHES = (*_STEPS, sp.Max, sp.Min, Relational)
_MOST_CASES = 128
_COMPARED: Mapping[type[Relational], tuple[int, ...]] = {
    sp.Gt: (1,),
    sp.Ge: (0, 1),
    sp.Lt: (-1,),
    sp.Le: (-1, 0),
    sp.Eq: (0,),
    sp.Ne: (-1, 1),
}


def vanishes(formula: sp.Expr, positive: tuple[sp.Expr, ...] = (), drawn: frozenset[sp.Symbol] = frozenset()) -> bool:
    """True if it is proven that the formula is 0 wherever it has a real value and the `positive` ones are > 0.

    Single values of a `drawn` symbol do not count, as they have no mass. False: not proven.
    """
    plain = rewritten(formula)
    return _Search(drawn).is_zero(plain, tuple(rewritten(fact) for fact in positive), {})


def switches(formula: sp.Expr) -> tuple[sp.Expr, ...]:
    """The arguments whose signs decide which smooth formula holds."""
    found: dict[sp.Expr, None] = {}
    for node in sp.preorder_traversal(formula):
        if isinstance(node, _SWITCHES):
            found |= dict.fromkeys(_arguments(node))
    return tuple(found)


def _arguments(node: sp.Basic) -> tuple[sp.Expr, ...]:
    if isinstance(node, _STEPS):
        return (node.args[0],)
    if isinstance(node, Relational):
        return (node.lhs - node.rhs,)
    return tuple(left - right for place, left in enumerate(node.args) for right in node.args[:place])


@dataclass
class _Search:
    """A walk through the cases; it remembers how many there were."""

    drawn: frozenset[sp.Symbol]
    cases: int = 0

    def is_zero(self, formula: sp.Expr, positive: tuple[sp.Expr, ...], signs: dict[sp.Expr, int]) -> bool:
        """`signs` are those of the case that this is."""
        while (node := _innermost(formula)) is not None:
            unknown = next((key for u in _arguments(node) for key, _ in _keys(u) if _sign(key, signs) is None), None)
            if unknown is not None:
                return self._in_each_case(formula, positive, signs, unknown)
            formula = formula.xreplace({node: _settled(node, signs)})
        self.cases += 1
        return self.cases <= _MOST_CASES and _cancels(formula)

    def _in_each_case(
        self, formula: sp.Expr, positive: tuple[sp.Expr, ...], signs: dict[sp.Expr, int], key: sp.Expr
    ) -> bool:
        for side in (1, -1):
            case = {**signs, key: side}
            if _is_possible(case, positive) and not self.is_zero(formula, positive, case):
                return False
        if key.free_symbols & self.drawn:
            return True
        return self._is_zero_between(formula, positive, signs, key)

    def _is_zero_between(
        self, formula: sp.Expr, positive: tuple[sp.Expr, ...], signs: dict[sp.Expr, int], key: sp.Expr
    ) -> bool:
        """The case key = 0, solved for a symbol in which it is linear."""
        for symbol in sorted(key.free_symbols, key=str):
            slope = sp.diff(key, symbol)
            if slope.has(symbol) or not slope.is_nonzero:
                continue
            here = {symbol: sp.expand(-key.xreplace({symbol: sp.S.Zero}) / slope)}
            there = [
                *positive,
                *(sign * known for known, sign in signs.items()),
                *([symbol] * bool(symbol.is_positive)),
            ]
            positive_here = tuple(rewritten(fact.subs(here)) for fact in there)
            if any(fact.is_nonpositive for fact in positive_here) or exclude_each_other(positive_here):
                return True
            with_number = formula.subs(here)
            return not with_number.has(sp.nan, sp.zoo) and self.is_zero(rewritten(with_number), positive_here, {})
        return False


def _innermost(formula: sp.Expr) -> sp.Basic | None:
    for node in sp.postorder_traversal(formula):
        if isinstance(node, _SWITCHES):
            return node
    return None


def _keys(argument: sp.Expr) -> Iterator[tuple[sp.Expr, int]]:
    """(formula, side) whose signs make that of the argument: the factors to odd powers, with one sign for f and -f."""
    for base, exponent in factors(argument):
        if base.is_number:
            yield base, 1
        elif exponent.is_Integer and exponent % 2:
            turned = base.could_extract_minus_sign()
            yield (-base, -1) if turned else (base, 1)
        # An even power, a root, or a power with a symbol for its exponent, is positive where it is real.


def _sign(key: sp.Expr, signs: Mapping[sp.Expr, int]) -> int | None:
    if key in signs:
        return signs[key]
    return 1 if key.is_positive else -1 if key.is_negative else 0 if key.is_zero else None


def _sign_of(argument: sp.Expr, signs: Mapping[sp.Expr, int]) -> int | None:
    product = 1
    for key, side in _keys(argument):
        sign = _sign(key, signs)
        if sign is None:
            return None
        product *= side * sign
    return product


def _settled(node: sp.Basic, signs: Mapping[sp.Expr, int]) -> sp.Basic:
    """What a node is in the case that `signs` describe."""
    if isinstance(node, sp.Max | sp.Min):
        best = node.args[0]
        for other in node.args[1:]:
            side = _sign_of(other - best, signs)
            assert side is not None
            if side * (1 if isinstance(node, sp.Max) else -1) > 0:
                best = other
        return best
    (argument,) = _arguments(node)
    side = _sign_of(argument, signs)
    assert side is not None
    if isinstance(node, Relational):
        return sp.true if side in _COMPARED[type(node)] else sp.false
    if isinstance(node, sp.Heaviside):
        return {1: sp.S.One, -1: sp.S.Zero, 0: node.args[1]}[side]
    return sp.Integer(side) if isinstance(node, sp.sign) else side * argument


def _is_possible(case: Mapping[sp.Expr, int], positive: tuple[sp.Expr, ...]) -> bool:
    for fact in positive:
        if _sign_of(fact, case) in (0, -1):
            return False
    return not exclude_each_other([*positive, *(side * key for key, side in case.items())])


def _cancels(smooth: sp.Expr) -> bool:
    if smooth.has(sp.nan, sp.zoo, sp.oo, sp.Piecewise, *_SWITCHES):
        return False
    if readable(smooth) == 0:
        return True
    above, _ = sp.fraction(sp.together(smooth))
    return bool(readable(above) == 0)

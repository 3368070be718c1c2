"""Is a cost integrable beside a zero of one of its denominators? sin(x)/x and |x|^(-1/2) are, 1/x is not."""

from __future__ import annotations

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import evaluate, real_ball
from symbolic.enclosing.divergence import is_bounded_as, order_of
from symbolic.enclosing.removable import removable_at, vanishes_at
from symbolic.errors import NotCertified
from symbolic.places.pieces import pieces

__all__ = ["grows_like_a_pole", "is_integrable_beside", "is_pole"]

_HALVINGS = (60, 120)
_BITS = 128
_CLOSE = 40  # a disc of radius 2^-40 around the place


def is_integrable_beside(
    cost: sp.Expr, variable: sp.Symbol, place: sp.Expr, support: tuple[sp.Expr, sp.Expr]
) -> bool | None:
    """Whether int |cost| is finite on both sides of the place, as far as they belong to the support; None: not known.

    Symbols other than the variable stand for numbers in general, without relations among them.
    """
    # Distinct positive numbers; at special ones a pole may vanish, but none appears.
    numbers = {
        symbol: sp.Rational(7 + 10 * number, 11)
        for number, symbol in enumerate(sorted((cost.free_symbols | place.free_symbols) - {variable}, key=str))
    }
    if any(power.exp.free_symbols - {variable} for power in cost.atoms(sp.Pow)):
        return None
    cost, place = cost.xreplace(numbers), place.xreplace(numbers)
    low, high = (end.xreplace(numbers) for end in support)
    t = sp.Dummy("t", positive=True)
    sides: list[bool | None] = []
    try:
        for piece in pieces(cost, variable, (low, high)):
            left, right = _side(piece.left, place), _side(piece.right, place)
            if left <= 0 < right:
                sides.append(_on_one_side(piece.formula, variable, place, 1, t))
            if left < 0 <= right:
                sides.append(_on_one_side(piece.formula, variable, place, -1, t))
    except NotCertified:
        return None
    if False in sides:
        return False
    return True if sides and None not in sides else None


def _side(end: sp.Expr, place: sp.Expr) -> int:
    """The sign of end - place."""
    if end.is_infinite:
        return 1 if end is sp.oo else -1
    ball = real_ball(end - place, {})
    return 0 if ball.contains(0) else (1 if ball > 0 else -1)


def _on_one_side(formula: sp.Expr, variable: sp.Symbol, place: sp.Expr, direction: int, t: sp.Symbol) -> bool | None:
    """int^oo |formula(place +- 1/t)| t^-2 dt."""
    if is_pole(formula, variable, place):
        return False
    if place.has(sp.CRootOf):
        return None  # SymPy may take minutes over powers of such a number
    outward = sp.expand(formula.xreplace({variable: place + direction / t}))
    order = order_of(outward / t**2, t)
    if order is not None:
        return order.is_integrable
    return True if is_bounded_as(outward, t) or removable_at(formula, variable, place) is not None else None


def is_pole(formula: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    """Whether the formula is proven to be N/D there with N != 0 and D = 0: as large as 1/distance, or larger.

    Both are analytic around the place, so |D| is at most a multiple of the distance.
    """
    top, bottom = sp.fraction(sp.together(formula))
    if not bottom.has(variable) or not vanishes_at(bottom, variable, place):
        return False
    with ctx.workprec(_BITS):
        radius = arb(2) ** -_CLOSE
        disc = real_ball(place, {}) + acb(arb(0, radius), arb(0, radius))
        above, below = (evaluate(part, {variable: disc}, analytic=True) for part in (top, bottom))
    return bool(below.is_finite() and above.is_finite() and not above.contains(0))


def grows_like_a_pole(
    cost: sp.Expr, argument: sp.Expr, variable: sp.Symbol, left: sp.Rational, right: sp.Rational
) -> bool:
    """Whether |cost| is seen to grow like 1/distance, or faster, towards the zero of the argument in between."""
    sizes = []
    low, high = left, right
    try:
        sign = real_ball(argument, {variable: low}) > 0
        for halving in range(max(_HALVINGS) + 1):
            if halving in _HALVINGS:
                sizes.append(abs(real_ball(cost, {variable: low}, 5)))
            middle = (low + high) / 2
            low, high = (middle, high) if (real_ball(argument, {variable: middle}) > 0) == sign else (low, middle)
    except NotCertified:
        return False
    near, nearer = sizes
    return bool(nearer > near * 2 ** (max(_HALVINGS) - min(_HALVINGS) - 10))

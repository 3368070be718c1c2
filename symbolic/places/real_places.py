"""For which values of its symbols a place is real and inside a support: log(k) is above 0 for k > 0 and log(k) > 0."""

from __future__ import annotations

import sympy as sp

from symbolic.balls import evaluate, real_ball
from symbolic.errors import NotCertified
from symbolic.places.known_signs import KnownSigns
from symbolic.places.proven_zero import sample_values
from symbolic.places.simplified import simplified

__all__ = ["where_inside"]


def where_inside(place: sp.Expr, support: tuple[sp.Expr, sp.Expr]) -> KnownSigns | None:
    """What is > 0 just where the place is real and inside the open support; None if it never is.

    Raises NotCertified if that is not known.
    """
    needed = _needed_to_be_real(place)
    if needed is None or not _tells_the_real_ones(place, needed):
        raise NotCertified(f"for which values the place {place} is real is not known")
    low, high = support
    distances = ([] if low.is_infinite else [place - low]) + ([] if high.is_infinite else [high - place])
    signs = KnownSigns()
    for expression in (*needed, *distances):
        sign = signs.sign(expression) if expression.free_symbols else _sign(expression)
        if sign in (0, -1) or expression.is_nonpositive:
            return None
        signs = signs.given(expression) if sign is None else signs
    return signs


def _sign(number: sp.Expr) -> int:
    ball = real_ball(number, {})
    if not ball.contains(0):
        return 1 if ball > 0 else -1
    if simplified(number) == 0:
        return 0
    raise NotCertified(f"the sign of {number} is not known")


def _tells_the_real_ones(place: sp.Expr, needed: tuple[sp.Expr, ...]) -> bool:
    """At no values tried is the place real though one of those needed is not > 0: sqrt(a)*sqrt(b) at a, b < 0 is."""
    return not any(
        _is_real_number(place.xreplace(values))
        for values in (sample_values(place.free_symbols) if needed else ())
        if any(argument.xreplace(values).is_positive is False for argument in needed)
    )


def _is_real_number(number: sp.Expr) -> bool:
    value = evaluate(number, {})
    return bool(value.is_finite() and value.imag.contains(0))


def _needed_to_be_real(place: sp.Expr) -> tuple[sp.Expr, ...] | None:
    """Expressions, all of which > 0 make the place real; None if none are known."""
    if place.is_real:
        return ()
    needed = {node: (node.args[0],) for node in place.atoms(sp.log) if not node.is_real}
    roots = (node for node in place.atoms(sp.Pow) if node.exp.is_Rational and node.exp.q != 1 and not node.is_real)
    needed |= {node: (node.base,) for node in roots}
    inverses = (node for node in place.atoms(sp.erfinv) if not node.is_real)
    needed |= {node: (1 + node.args[0], 1 - node.args[0]) for node in inverses}
    dummies = {node: sp.Dummy(real=True) for node in (*needed, *place.atoms(sp.tan))}
    real = (place, *(argument for node in dummies for argument in needed.get(node, node.args)))
    if not all(_is_real_or_a_pole(expression.xreplace(dummies)) for expression in real):
        return None
    return tuple(dict.fromkeys(argument for arguments in needed.values() for argument in arguments))


def _is_real_or_a_pole(expression: sp.Expr) -> bool:
    return all(part.is_real for part in expression.as_numer_denom())

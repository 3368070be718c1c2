"""The sign of an expression just beside a place, from its value a little way off, before its next sign change.

Nothing need be known of its value at the place itself: sinh(log(1 + sqrt(2))) - 1 is 0, and no ball can say so.
"""

from __future__ import annotations

import sympy as sp
from flint import arb

from symbolic.balls import evaluate, exact_rational, real_ball
from symbolic.errors import NotCertified
from symbolic.places.breakpoints import formulas, symbolic_breakpoints
from symbolic.places.real_zeros import sign_changes
from symbolic.places.simplified import simplified

__all__ = ["sign_beside"]


def sign_beside(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr, direction: int) -> int:
    """-1 or 1, or 0 where the expression is 0 all the way; above the place for the direction 1, below it for -1.

    Raises NotCertified where symbols other than the variable have no value, where not all sign changes are found, and
    where one cannot be told from the place.
    """
    if expression.free_symbols != {variable} or place.free_symbols:
        raise _unknown(expression, variable, place)
    here = real_ball(place, {})
    changes = set(symbolic_breakpoints(expression, variable))
    for formula in formulas(expression):
        changes |= sign_changes(formula, variable)
    step = arb(1)
    for change in changes - {place}:
        if not evaluate(change, {}).imag.contains(0):
            continue
        distance = (real_ball(change, {}) - here) * direction
        if distance > 0:
            step = min(step, distance.lower() / 2)
        elif distance.contains(0) and simplified(change - place) != 0:
            raise _unknown(expression, variable, place)
    near = exact_rational(here.mid()) + direction * exact_rational(step.mid())
    if not (near - exact_rational(here.mid())) * direction > exact_rational(here.rad()):
        raise _unknown(expression, variable, place)
    ball = real_ball(expression, {variable: near})
    if not ball.contains(0):
        return 1 if ball > 0 else -1
    if all(simplified(formula) == 0 for formula in formulas(expression)):
        return 0
    raise _unknown(expression, variable, place)


def _unknown(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> NotCertified:
    return NotCertified(f"the sign of {expression} beside {variable}={place} is not known")

"""A law of somebody's own: do its path and its density belong together?

    p(g(epsilon)) |dg/d epsilon| = q(epsilon)

Exact answers integrate the density, and enclosures go along the path: where the two are different laws, both are right
and neither answers the question.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import BadParameter, NotCertified
from symbolic.law import Law
from symbolic.laws import LAWS

__all__ = ["refuse_inconsistent"]

_DIGITS = 40
_PLACES = tuple(sp.Rational(*pair) for pair in ((1, 7), (3, 5), (4, 3), (7, 3), (-1, 2), (-9, 5)))
_SIZES = (sp.Rational(3, 4), sp.Rational(7, 5))


def refuse_inconsistent(law: Law) -> None:
    """Raise BadParameter where the equation fails at one of a few points, beyond what 40 digits leave open.

    Agreement at points is no proof, but a factor that was lost or a parameter in another form shows at every point.
    """
    if not any((law.density, law.path, law.noise) == (known.density, known.path, known.noise) for known in LAWS):
        _refuse(law)


@lru_cache(maxsize=64)
def _refuse(law: Law) -> None:
    epsilon = law.noise.symbol
    pushed = law.density.xreplace({law.variable: law.path})
    speed = sp.diff(law.path, epsilon)
    low, high = law.noise.support
    for size in _SIZES:
        values = {parameter: size + sp.Rational(place, 2) for place, parameter in enumerate(law.parameters)}
        for noise in _PLACES:
            if not low < noise < high:
                continue
            here = {**values, epsilon: noise}
            try:
                made = real_ball(pushed, here, _DIGITS) * abs(real_ball(speed, here, _DIGITS))
                wanted = real_ball(law.noise.density, {epsilon: noise}, _DIGITS)
            except NotCertified:
                continue  # outside of the law, or a function that balls do not know
            if not made.overlaps(wanted):
                where = ", ".join(f"{symbol} = {value}" for symbol, value in here.items())
                raise BadParameter(
                    f"law={law}: its path is not drawn from its density: at {where}, p(g) |dg/d{epsilon}| is "
                    f"{made.str(6, radius=False)} and the density of the noise {wanted.str(6, radius=False)}; "
                    "correct one of them"
                )

"""Integrands that oscillate too often to be followed in the time that is left: a refusal at once, with the number."""

from __future__ import annotations

from itertools import pairwise

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import compile_ball, shortened
from symbolic.clock import seconds_left
from symbolic.enclosing.segments import Segment
from symbolic.errors import NotCertified

__all__ = ["refuse_endless_waves"]

_PER_SECOND = 20_000  # more than Arb can follow,
_FEW = 100_000  # and what is left to the clock
_STEPS = 64
_BITS = 256


def refuse_endless_waves(segment: Segment, left: arb, right: arb) -> None:
    """Raise NotCertified if a sine, cosine or Bessel function goes round too often between the ends.

    How often is seen from its argument at a few places, which can only count too few.
    """
    formula, variable = segment.formula, segment.variable
    waves = [node for node in formula.atoms(sp.sin, sp.cos, sp.besselj) if node.has(variable)]
    if not waves:
        return
    most = arb(max(_FEW, _PER_SECOND * seconds_left()))
    with ctx.workprec(_BITS):
        places = [acb(left + (right - left) * step / _STEPS) for step in range(_STEPS + 1)]
        for wave in sorted(waves, key=sp.default_sort_key):
            argument = compile_ball(wave.args[-1], (variable,))
            phases = [argument((place,), False).real for place in places]
            known = [phase for phase in phases if phase.is_finite()]
            rounds = sum((abs(after - before) for before, after in pairwise(known)), arb(0)) / (2 * arb.pi())
            if rounds > most:
                if segment.origin is not None:
                    raise NotCertified(
                        f"the integrand oscillates without end towards {segment.origin}, where it is singular; use "
                        "a cost without such a place"
                    )
                power = int(float((rounds.log() / arb(10).log()).mid()))
                raise NotCertified(
                    f"some 10^{power} oscillations of {shortened(wave)} lie within the reach of the law, too many to "
                    "follow; use smaller parameters, or a cost that oscillates less where the law has mass"
                )

"""Proven bounds of the tails of an integrand: how far out to integrate, and what is left beyond.

An integrand with its density inside is bounded as one expression, so exp(a x**2) and exp(-x**2/2) meet as the sum of
their exponents, whatever the law.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import arb, ctx

from symbolic.enclosing.envelope_rules import HalfLine
from symbolic.enclosing.envelope_terms import Term, log_tail
from symbolic.errors import NotCertified

__all__ = ["Envelope", "envelope"]

_BITS = 128
_FARTHEST = 200  # a tail that is not small at t = 2^200 has not been bounded


@dataclass(frozen=True)
class Envelope:
    """|h(direction * t)| <= sum of terms exp(log_c + b t + a t^2) (1 + t)^n, for t >= start."""

    terms: tuple[Term, ...]
    start: sp.Rational

    def log_tail(self, cut: sp.Rational) -> arb | None:
        """log of a bound of int_cut^oo |h|; None if this cut proves nothing."""
        with ctx.workprec(_BITS):
            return log_tail(self.terms, arb(int(cut.p)) / int(cut.q))

    def cut(self, log_target: arb) -> sp.Rational:
        """A place T >= start, not much farther out than needed, with int_T^oo |h| <= exp(log_target).

        Raises NotCertified if the terms do not prove that the tail is ever so small.
        """
        width = sp.Rational(1, 16)
        for _ in range(_FARTHEST):
            if self._reaches(self.start + width, log_target):
                break
            width *= 2
        else:
            raise NotCertified("the integrand is not proven to grow more slowly than the density decays")
        low, high = self.start + width / 2, self.start + width
        for _ in range(3):
            middle = (low + high) / 2
            low, high = (low, middle) if self._reaches(middle, log_target) else (middle, high)
        return high

    def _reaches(self, cut: sp.Rational, log_target: arb) -> bool:
        tail = self.log_tail(cut)
        return tail is not None and bool(tail <= log_target)


def envelope(expression: sp.Expr, variable: sp.Symbol, direction: int, start: sp.Rational = sp.S.Zero) -> Envelope:
    """A bound of |expression| at variable = direction * t for all t >= start >= 0.

    `direction` is 1 for the right tail and -1 for the left one. Raises NotCertified and names the part to blame.
    """
    with ctx.workprec(_BITS):
        return Envelope(HalfLine(variable, direction, start).upper(expression), start)

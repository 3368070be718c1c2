"""An estimator is one expression: the gradient contributed by a single draw, in the noise and the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from symbolic.law import Law, Noise
from symbolic.places.jumps import Jump

__all__ = ["Estimator", "Obstacle"]


@dataclass(frozen=True)
class Obstacle:
    """Why the estimator's mean is not the gradient, and by how much it is off, exactly.

    The bias is nan where that is not known before there are numbers, and where the term has no mean at all.
    """

    reason: str
    bias: sp.Expr
    has_mean: bool = True

    @property
    def is_known(self) -> bool:
        return self.bias is not sp.nan


@dataclass(frozen=True)
class Estimator:
    """g(epsilon; theta), epsilon drawn from `noise`; its moments, its kernel and its derivation come from `term`.

    `obstacle` is what can be said of jumps while there are symbols; `misses` is the part of the gradient that the term
    does not see of one jump, for numbers to decide.
    """

    name: str
    noise: Noise
    term: sp.Expr
    obstacle: Obstacle | None
    source: str
    misses: Callable[[Jump, Law, sp.Symbol], sp.Expr] | None = None

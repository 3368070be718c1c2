"""An estimator that is wrong on purpose, by how much, and which tiers must see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import mpmath
import numpy as np
import numpy.typing as npt
import sympy as sp

from verify.case import Case

__all__ = ["Batch", "Code", "Fault", "Floats", "Sampler", "case", "expected"]

Floats: TypeAlias = npt.NDArray[np.float64]
Sampler: TypeAlias = Callable[[np.random.Generator, Floats], None]
Code: TypeAlias = Callable[[sp.Expr], sp.Expr]
Batch: TypeAlias = Callable[[Floats], Floats]
"""(n, size) of standard normal noise -> (n,): one number from each batch."""


@dataclass(frozen=True)
class Fault:
    """Exactly one of `term`, `code`, `sampler` and `batch` takes the place of what is right.

    `term` is another term. `code` is what the compiler makes of the right term. `sampler` is another noise. `batch`
    makes one number of `size` draws of noise. `right` and `wrong` are the mean (for the check "variance": the variance)
    that the draws must have and the one that they do have, by a closed form of their own or by mpmath.
    `found_by` are the first letters of the tiers that must FAIL; every other one must not.
    """

    name: str
    case: Case
    right: mpmath.mpf
    wrong: mpmath.mpf
    found_by: str
    term: sp.Expr | None = None
    code: Code | None = None
    sampler: Sampler | None = None
    batch: Batch | None = None
    size: int = 1
    check: Literal["bias", "variance"] = "bias"
    resolution: float = 0.01


def case(cost: str, estimator: str, wrt: str, law: str = "normal", **at: str) -> Case:
    """A case of one cell."""
    return Case(cost, law, at, (wrt,), (estimator,))


def _normal_density(e: mpmath.mpf) -> mpmath.mpf:
    return mpmath.exp(-e * e / 2) / mpmath.sqrt(2 * mpmath.pi)


def expected(function: Callable[[mpmath.mpf], mpmath.mpf], *kinks: float) -> mpmath.mpf:
    """E[function(e)], e standard normal, by quadrature at 30 digits; split at the kinks. The tails lack 1e-40."""
    ends = sorted({-14.0, -6.0, -3.0, 0.0, 3.0, 6.0, 14.0, *kinks})
    with mpmath.workdps(30):
        return mpmath.quad(lambda e: function(e) * _normal_density(e), ends)

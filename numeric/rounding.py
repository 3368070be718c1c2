"""How far float64 is from exact arithmetic: what the rounding of parameters, constants and steps does to a term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import sympy as sp
from flint import acb, arb, ctx

from numeric.kernel import Kernel
from numeric.streams import Sampler, case_hash, fill_noise, generator
from symbolic.balls import compile_ball

__all__ = ["explainable_error", "rounding_error", "rounding_on_draws"]

PROBES = 64
"""Draws on which float64 is held against exact arithmetic."""

_BITS = 256
_DOUBLE_BITS = 53
_SLACK = 2.0**12
"""How many times the error bound of float64 a kernel may be off, as it takes other steps than the term does.

Measured: 10 times at most, over the catalogue and over powers up to 30 expanded beside a zero.
"""


def rounding_error(
    kernel: Kernel, terms: Sequence[sp.Expr], noise_symbol: sp.Symbol, noises: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """mean_i |kernel_k(noises[i]) - terms[k](noises[i])|, the second in 256 bits; shape (len(terms),).

    `terms` are what the kernel was compiled from, exact expressions in `noise_symbol` alone. Where the kernel is not
    finite, or the exact value is not certified to be, the mean is infinite.
    Raises NotCertified for a function that has no exact evaluation.
    """
    values = np.empty((len(terms), noises.size))
    kernel(noises, values)
    with ctx.workprec(_BITS):
        points = [acb(float(noise)) for noise in noises]
        exact = [compile_ball(term, (noise_symbol,)) for term in terms]
        return np.array(
            [
                np.mean(
                    [
                        _distance(float(value), function([point], False))
                        for value, point in zip(row, points, strict=True)
                    ]
                )
                for row, function in zip(values, exact, strict=True)
            ]
        )


def explainable_error(
    terms: Sequence[sp.Expr], noise_symbol: sp.Symbol, noises: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """mean_i of what float64 may do to terms[k](noises[i]), with room to spare: the radius of balls of 53 bits.

    Infinite where there is no such bound. A kernel that is further off does not compute its term.
    """
    with ctx.workprec(_DOUBLE_BITS):
        points = [acb(float(noise)) for noise in noises]
        bounds = [compile_ball(term, (noise_symbol,)) for term in terms]
        return np.array([_SLACK * np.mean([_radius(bound([point], False)) for point in points]) for bound in bounds])


def _radius(ball: acb) -> float:
    return float(ball.real.rad()) if ball.is_finite() else float("inf")


def _distance(value: float, exact: acb) -> float:
    if not (np.isfinite(value) and exact.is_finite()):
        return float("inf")
    return float((arb(value) - exact.real).abs_upper())


def rounding_on_draws(
    kernel: Kernel, terms: Sequence[sp.Expr], noise_symbol: sp.Symbol, sampler: Sampler, case_text: str
) -> list[float]:
    """rounding_error of each term on the first draws of the case's noise: by how much float64 moves a draw.

    No more than float64 explains: what lies beyond is no rounding but a fault, which the checks must see.
    """
    probes = np.empty(PROBES)
    fill_noise(generator(0, case_hash(case_text), 0), sampler, probes)
    errors = rounding_error(kernel, terms, noise_symbol, probes)
    explained = np.where(np.isfinite(errors), explainable_error(terms, noise_symbol, probes), np.inf)
    return [float(error) for error in np.minimum(errors, explained)]

"""Terms for the tests of this room: both estimators of d/dmu and d/dsigma E f(x), x = mu + sigma epsilon."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import sympy as sp

from numeric.kernel import compile_kernel

EPSILON = sp.Symbol("epsilon", real=True)
X = sp.Symbol("x", real=True)
HALF = sp.Rational(1, 2)

Floats = npt.NDArray[np.float64]


def four_terms(cost: sp.Expr, mu: sp.Expr, sigma: sp.Expr) -> list[sp.Expr]:
    """Score function for mu and sigma, pathwise for mu and sigma."""
    path = {X: mu + sigma * EPSILON}
    value, slope = cost.xreplace(path), sp.diff(cost, X).xreplace(path)
    return [value * EPSILON / sigma, value * (EPSILON**2 - 1) / sigma, slope, slope * EPSILON]


def evaluated(terms: list[sp.Expr], noise: Floats) -> Floats:
    out = np.empty((len(terms), noise.size))
    compile_kernel(terms, EPSILON)(noise, out)
    return out

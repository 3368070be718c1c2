"""Where a term may be narrow: beside the places that the cost itself names, seen from a wide law.

Under sigma = 10^6 all that exp(-x**2) does happens within 10^-6 units of the noise, where no even scan looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import sympy as sp

from verify.cell import Cell

__all__ = ["narrow_places"]

_MOST_PLACES = 16
_MOST_POWERS = 8
_DISTANCES = tuple(10.0**-k for k in range(1, 17))  # units of the noise; one that is larger is seen anyhow


def narrow_places(cell: Cell) -> list[float]:
    """Values of the noise, ever closer to those at which a polynomial inside the cost has a zero.

    Integrated piece by piece between them, what is narrow is seen at its own scale, whatever that is. None where the
    path is no multiple of the noise plus a constant.
    """
    law, values = cell.problem.law, dict(cell.values)
    epsilon = law.noise.symbol
    path = sp.expand(law.written_out(law.path).xreplace(values))
    if not path.is_polynomial(epsilon) or sp.degree(path, epsilon) != 1:
        return []
    scale, start = float(path.coeff(epsilon, 1)), float(path.coeff(epsilon, 0))
    cost = cell.problem.cost.xreplace(values)
    centres = sorted({(place - start) / scale for place in _zeros(cost, law.variable)}, key=abs)[:_MOST_PLACES]
    return [centre + step for centre in centres for distance in _DISTANCES for step in (-distance, 0.0, distance)]


def _zeros(cost: sp.Expr, variable: sp.Symbol) -> Iterator[float]:
    """Those of all polynomials that the cost is made of; of complex ones the real part, beside which they are least."""
    for part in sp.preorder_traversal(cost):
        if not (isinstance(part, sp.Expr) and part.has(variable) and part.is_polynomial(variable)):
            continue
        coefficients = [float(number) for number in sp.Poly(part, variable).all_coeffs()]
        if len(coefficients) <= _MOST_POWERS + 1 and all(map(math.isfinite, coefficients)):
            yield from np.roots(coefficients).real.tolist()

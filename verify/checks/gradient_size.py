"""How large the gradient of a cost of this size can be: |d/dtheta E f| <= sd(f) sd(d log p/dtheta) + E |df/dtheta|.

By the inequality of Cauchy and Schwarz, as d/dtheta E f = Cov(f, d log p/dtheta) + E df/dtheta. A score function whose
draws are a billion times that large says nothing about the gradient within a share of its standard deviation.
"""

from __future__ import annotations

import numpy as np
import sympy as sp

from numeric.estimation import case_text
from numeric.kernel import compile_kernel
from numeric.streams import LOOK, case_hash, fill_noise, generator
from verify.cell import Cell

__all__ = ["gradient_size"]


def gradient_size(cell: Cell) -> float:
    """The bound, from a look of draws of noise: for an order of magnitude, not for a proof. NaN if float64 fails."""
    asked, noise, wrt = cell.problem, cell.judged.noise, cell.problem.wrt
    law = asked.law
    log_density = sp.expand_log(sp.log(law.written_out(law.density)), force=True)
    at_noise = {law.variable: law.written_out(law.path)}
    parts = [
        part.xreplace(at_noise).xreplace(dict(cell.values))
        for part in (asked.cost, sp.diff(log_density, wrt), sp.diff(asked.cost, wrt))
    ]
    draws, seen = np.empty(LOOK), np.empty((len(parts), LOOK))
    fill_noise(generator(0, case_hash(case_text(asked, cell.values)), 0), noise.sampler, draws)
    with np.errstate(all="ignore"):
        compile_kernel(parts, noise.symbol)(draws, seen)
        costs, scores, slopes = seen
        return float(costs.std() * scores.std() + np.abs(slopes).mean())

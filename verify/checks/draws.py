"""Draws of several terms on one stream of noise, taken until every claim about them is decided."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from numeric.estimation import case_text
from numeric.kernel import Kernel, compile_kernel
from numeric.rounding import rounding_on_draws
from numeric.simulate import simulate
from numeric.streams import CHUNK, Sampler, case_hash, fill_noise, generator
from verify.case import Settings
from verify.cell import Cell
from verify.checks.claims import Claim

__all__ = ["Draws", "draws_of", "first_draws"]


@dataclass(frozen=True)
class Draws:
    """terms[k] at noise made by `sampler`, from the stream of noise that `text` names."""

    terms: tuple[sp.Expr, ...]
    noise: sp.Symbol
    sampler: Sampler
    text: str

    @cached_property
    def kernel(self) -> Kernel:
        return compile_kernel(self.terms, self.noise)

    def rounding(self) -> list[float]:
        """By how much float64 moves a draw of each term."""
        return rounding_on_draws(self.kernel, self.terms, self.noise, self.sampler, self.text)

    def judge(self, claims: Sequence[Claim], settings: Settings) -> None:
        """Draw until every claim is decided or has reached its bound. Raises NonFiniteDraw for NaN or infinity."""
        if not claims:
            return
        source = simulate(
            self.kernel,
            self.sampler,
            self.text,
            settings.seed,
            [claim.watch for claim in claims],
            chunks=-(-max(claim.most_draws for claim in claims) // CHUNK),
            workers=settings.workers,
            active=lambda: [place for place, claim in enumerate(claims) if not claim.finished],
        )
        # What has no finite square is seen by the tests themselves.
        with closing(source), np.errstate(over="ignore"):
            for chunk in source:
                for place, claim in enumerate(claims):
                    claim.take(chunk, place)
                if all(claim.finished for claim in claims):
                    return


def draws_of(cell: Cell) -> Draws:
    """The draws of the cell alone, on the noise that all estimators of its case share."""
    noise = cell.judged.noise
    return Draws((cell.term,), noise.symbol, noise.sampler, case_text(cell.problem, cell.values))


def first_draws(draws: Draws, seed: int) -> NDArray[np.float64]:
    """The first chunk of draws of the first term."""
    noise, values = np.empty(CHUNK), np.empty((len(draws.terms), CHUNK))
    fill_noise(generator(seed, case_hash(draws.text), 0), draws.sampler, noise)
    draws.kernel(noise, values)
    first: NDArray[np.float64] = values[0]
    return first

"""Draws of several terms on one stream of noise, taken until every claim about them is decided."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from numeric.kernel import Kernel, compile_kernel
from numeric.rounding import rounding_error
from numeric.simulate import simulate
from numeric.streams import CHUNK, Sampler, case_hash, fill_noise, generator
from verify.case import Settings
from verify.checks.claims import Claim

__all__ = ["Draws"]

PROBES = 64
"""Noise points at which float64 is held against exact arithmetic."""


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

    def rounding(self, seed: int) -> list[float]:
        """By how much float64 moves a draw of each term."""
        probes = np.empty(PROBES)
        fill_noise(generator(seed, case_hash(self.text), 0), self.sampler, probes)
        return [float(error) for error in rounding_error(self.kernel, list(self.terms), self.noise, probes)]

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
        with closing(source):
            for chunk in source:
                for place, claim in enumerate(claims):
                    claim.take(chunk, place)
                if all(claim.finished for claim in claims):
                    return

"""Draws from a mixture of affine images of a law's noise, and the weights that make them count as plain draws.

    e ~ sum_j p_j q_j,   q_j the law of a_j + b_j z,  z ~ q           E[w(e) h(e)] = E_q[h],   w = q / sum_j p_j q_j

One part is the noise itself, with the share p_0: the mixture is defensive, and no weight exceeds 1/p_0.
Source: Hesterberg (1995), Weighted average importance sampling and defensive mixture distributions, Technometrics 37.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import sympy as sp

from numeric.streams import LOOK, fill_noise
from symbolic.law import Noise

__all__ = ["Mixture", "Part"]


@dataclass(frozen=True)
class Part:
    """The share p of the draws that are made as shift + scale z. All three are exact in float64."""

    share: Fraction
    shift: Fraction
    scale: Fraction

    @property
    def is_plain(self) -> bool:
        return self.shift == 0 and self.scale == 1


@dataclass(frozen=True)
class Mixture:
    """sum_j p_j q_j, made of the noise that `method` of numpy.random.Generator draws; the first part is plain.

    Raises ValueError if it is not, if the shares are not positive with the sum 1, or for a scale that is not positive.
    """

    method: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.parts or not self.parts[0].is_plain:
            raise ValueError(f"parts={self.parts} is no defensive mixture: begin with the noise itself")
        if sum(part.share for part in self.parts) != 1 or any(part.share <= 0 for part in self.parts):
            raise ValueError(f"shares={[str(part.share) for part in self.parts]} must be positive with the sum 1")
        for part in self.parts:
            if part.scale <= 0:
                raise ValueError(f"scale={part.scale} turns the noise around or makes it a point: give a scale > 0")
            for number in (part.share, part.shift, part.scale):
                if Fraction(float(number)) != number:
                    raise ValueError(f"{number} is not exact in float64: give a multiple of a power of 1/2")

    @property
    def largest_weight(self) -> Fraction:
        """1/p_0, which w never exceeds."""
        return 1 / self.parts[0].share

    def __call__(self, stream: np.random.Generator, out: npt.NDArray[np.float64]) -> None:
        """Fill `out` with the next draws. What a draw is depends on its place alone if calls begin at whole looks."""
        shares, shifts, scales = (
            np.array([float(number) for number in numbers])
            for numbers in zip(*((part.share, part.shift, part.scale) for part in self.parts), strict=True)
        )
        ends = np.array(list(accumulate(shares[:-1])))
        for start in range(0, out.size, LOOK):
            draws = out[start : start + LOOK]
            # A whole look of choices even for a shorter one, so that its draws are the same.
            part = np.searchsorted(ends, stream.random(LOOK)[: draws.size], side="right")
            fill_noise(stream, self.method, draws)
            draws *= scales[part]
            draws += shifts[part]

    def weight(self, noise: Noise) -> sp.Expr:
        """w(e) = 1/(p_0 + sum_j p_j q((e - a_j)/b_j) / (b_j q(e))) as an expression in the noise symbol.

        It holds on the support of the noise, which every part has to keep: a line may be shifted and scaled, a half
        line from 0 scaled only. Raises ValueError for another support.
        """
        if not keeps_support(noise, any(part.shift != 0 for part in self.parts)):
            raise ValueError(f"support={noise.support} is not kept by shift and scale: use plain draws")
        ratios = (_rational(part.share) * _density_ratio(noise, part) for part in self.parts)
        return sp.S.One / sp.Add(*ratios)


def keeps_support(noise: Noise, shifted: bool) -> bool:
    """Whether scaling, and shifting if `shifted`, takes the support of the noise onto itself."""
    ends = set(noise.support)
    return ends == {-sp.oo, sp.oo} or (not shifted and 0 in ends and bool(ends & {-sp.oo, sp.oo}))


def _density_ratio(noise: Noise, part: Part) -> sp.Expr:
    """q((e - a)/b) / (b q(e)), the exponentials of both densities made one."""
    if part.is_plain:
        return sp.S.One
    shift, scale = _rational(part.shift), _rational(part.scale)
    moved = noise.density.xreplace({noise.symbol: (noise.symbol - shift) / scale})
    factors = sp.Mul.make_args(moved / (scale * noise.density))
    exponent = sp.expand(sp.Add(*(factor.exp for factor in factors if isinstance(factor, sp.exp))))
    return sp.Mul(*(factor for factor in factors if not isinstance(factor, sp.exp))) * sp.exp(exponent)


def _rational(number: Fraction) -> sp.Rational:
    return sp.Rational(number.numerator, number.denominator)

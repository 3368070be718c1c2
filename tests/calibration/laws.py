"""Laws of one draw with mean 0 and variance 1: what the estimators of this project look like, and worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import e, exp, sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["LAWS", "OF_NOISE", "Law", "TwoPoint"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Law:
    """`draw(rng, shape)` gives independent draws with mean 0 and variance 1."""

    name: str
    draw: Callable[[np.random.Generator, tuple[int, ...]], Array]


@dataclass(frozen=True)
class TwoPoint:
    """`up` with probability p, else `down`; mean 0 and variance 1. A small p is a rare jump."""

    p: float

    @property
    def up(self) -> float:
        return sqrt((1 - self.p) / self.p)

    @property
    def down(self) -> float:
        return -sqrt(self.p / (1 - self.p))


def _score_of_exp(z: Array) -> Array:
    """exp(2x) (x - mu)/sigma**2 at mu = 1/2, sigma = 1: kurtosis 1.4e8."""
    return (np.exp(1 + 2 * z) * z - 2 * exp(3)) / sqrt(17 * exp(10) - 4 * exp(6))


def _path_of_exp(z: Array) -> Array:
    """2 exp(2x) at mu = 1/2, sigma = 1."""
    return (2 * np.exp(1 + 2 * z) - 2 * exp(3)) / sqrt(4 * exp(10) - 4 * exp(6))


def _score_of_square(z: Array) -> Array:
    """x**2 (x - mu)/sigma**2 at mu = 1/2, sigma = 1."""
    return ((0.5 + z) ** 2 * z - 1) / sqrt(0.0625 + 18 * 0.25 + 15 - 1)


def _path_of_square(z: Array) -> Array:
    """2x at mu = 1/2, sigma = 1."""
    return z


def _lognormal(z: Array) -> Array:
    return (np.exp(z) - sqrt(e)) / sqrt((e - 1) * e)


# Functions of a standard normal, so that a quadrature can check their two moments.
OF_NOISE: dict[str, Callable[[Array], Array]] = {
    "score function of exp(2x)": _score_of_exp,
    "pathwise of exp(2x)": _path_of_exp,
    "score function of x**2": _score_of_square,
    "pathwise of x**2": _path_of_square,
    "lognormal": _lognormal,
}


def _of_noise(transform: Callable[[Array], Array]) -> Callable[[np.random.Generator, tuple[int, ...]], Array]:
    return lambda rng, shape: transform(rng.standard_normal(shape))


def _two_point(law: TwoPoint) -> Callable[[np.random.Generator, tuple[int, ...]], Array]:
    return lambda rng, shape: np.where(rng.random(shape) < law.p, law.up, law.down)


LAWS: tuple[Law, ...] = (
    *(Law(name, _of_noise(transform)) for name, transform in OF_NOISE.items()),
    Law("Student, 3 degrees of freedom", lambda rng, shape: rng.standard_t(3, shape) / sqrt(3)),
    Law("two points, p = 0.02", _two_point(TwoPoint(0.02))),
    Law("two points, p = 1e-4", _two_point(TwoPoint(1e-4))),
)

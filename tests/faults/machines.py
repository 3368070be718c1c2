"""The right term on a machine that is wrong: another noise, another compiled code, another way to average."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import sympy as sp
from mpmath import mpf

from tests.faults.fault import Fault, Floats, case, expected

__all__ = ["BATCHES", "CODES", "SAMPLERS", "SCORE", "right_mean", "right_noise"]

FROZEN = np.random.default_rng(7).standard_normal(1024)
FROZEN_MEAN = sum(map(Fraction, FROZEN.tolist()), Fraction(0)) / FROZEN.size
SQUARE = case("x**2", "pathwise", "mu", mu="1", sigma="1/2")  # its draws are 2 mu + 2 sigma e = 2 + e
FOURTH = case("x**4", "pathwise", "sigma", mu="0", sigma="1")  # its draws are 4 e^4


def too_wide(rng: np.random.Generator, out: Floats) -> None:
    out[:] = 1.1 * rng.standard_normal(out.size)


def rounded(rng: np.random.Generator, out: Floats) -> None:
    out[:] = np.rint(4 * rng.standard_normal(out.size)) / 4


def clipped(rng: np.random.Generator, out: Floats) -> None:
    np.clip(rng.standard_normal(out.size), -2.5, 2.5, out=out)


def student(rng: np.random.Generator, out: Floats) -> None:
    out[:] = rng.standard_t(10, out.size) * np.sqrt(8 / 10)


def repeated(_rng: np.random.Generator, out: Floats) -> None:
    out[:] = np.resize(FROZEN, out.size)


def biased_coin(rng: np.random.Generator, out: Floats) -> None:
    out[:] = np.abs(rng.standard_normal(out.size)) * np.where(rng.random(out.size) < 0.501, 1.0, -1.0)


def twelve_uniforms(rng: np.random.Generator, out: Floats) -> None:
    out[:] = rng.random((12, out.size)).sum(axis=0) - 6


def without_sign(rng: np.random.Generator, out: Floats) -> None:
    out[:] = np.abs(rng.standard_normal(out.size))


def share_of_step(j: int) -> mpmath.mpf:
    """P(noise is rounded to j/4)."""
    return mpmath.ncdf((j + mpf(1) / 2) / 4) - mpmath.ncdf((j - mpf(1) / 2) / 4)


SAMPLERS: tuple[Fault, ...] = (
    Fault(
        "the wrong sigma in the sampler",
        case("x**2", "score_function", "mu", mu="1", sigma="1/2"),
        right=mpf(2),
        wrong=2 * mpf("1.21"),
        found_by="d",
        sampler=too_wide,
    ),
    Fault(
        "noise rounded to 0.25",
        case("sin(25*x)", "pathwise", "mu", mu="0", sigma="1"),
        right=25 * mpmath.exp(-mpf(625) / 2),
        wrong=25 * sum(share_of_step(j) * mpmath.cos(mpf(25) * j / 4) for j in range(-60, 61)),
        found_by="d",
        sampler=rounded,
    ),
    Fault(
        "noise clipped at 2.5",
        FOURTH,
        right=mpf(12),
        wrong=4 * expected(lambda e: min(abs(e), mpf("2.5")) ** 4, -2.5, 2.5),
        found_by="d",
        sampler=clipped,
    ),
    Fault(
        "Student noise of variance 1",
        FOURTH,
        right=mpf(12),
        wrong=mpf(16),  # the kurtosis of Student's law with 10 degrees of freedom is 3 + 6/(10 - 4)
        found_by="d",
        sampler=student,
    ),
    Fault(
        "a seed used again for every 1024 draws",
        SQUARE,
        right=mpf(2),
        wrong=2 + mpf(FROZEN_MEAN.numerator) / FROZEN_MEAN.denominator,
        found_by="d",
        sampler=repeated,
    ),
    Fault(
        "a coin of 0.501 for the sign",
        SQUARE,
        right=mpf(2),
        wrong=2 + mpf("0.002") * mpmath.sqrt(2 / mpmath.pi),
        found_by="d",
        sampler=biased_coin,
        resolution=0.00075,
    ),
    Fault(
        "twelve uniforms for a normal",
        FOURTH,
        right=mpf(12),
        wrong=mpf("11.6"),  # the kurtosis is 3 - 6/(5*12)
        found_by="d",
        sampler=twelve_uniforms,
        resolution=0.005,
    ),
    Fault(
        "noise without its sign",
        SQUARE,
        right=mpf(2),
        wrong=2 + mpmath.sqrt(2 / mpmath.pi),
        found_by="d",
        sampler=without_sign,
    ),
)


def in_float32(term: sp.Expr) -> sp.Expr:
    """Every number of the term as float32."""
    return term.xreplace({n: sp.Rational(float(np.float32(float(n)))) for n in term.atoms(sp.Rational)})


def cubes_by_modulus(term: sp.Expr) -> sp.Expr:
    """b**3 as b**2 * |b|."""
    return term.replace(
        lambda part: part.is_Pow and part.exp == 3, lambda part: part.base**2 * sp.Abs(part.base, evaluate=False)
    )


CODES: tuple[Fault, ...] = (
    Fault(
        "constants compiled in float32",
        case("(x + 16777217)**2", "pathwise", "mu", mu="0", sigma="1"),
        right=mpf(2) * 16777217,
        wrong=mpf(2) * 16777216,
        found_by="qd",
        code=in_float32,
    ),
    Fault(
        "an odd power compiled as an even one",
        case("x**4", "pathwise", "mu", mu="1/4", sigma="1/2"),
        right=4 * (mpf(1) / 64 + mpf(3) / 16),
        wrong=4 * expected(lambda e: abs(mpf(1) / 4 + e / 2) ** 3, -0.5),
        found_by="qd",
        code=cubes_by_modulus,
    ),
)


def square_scores(noise: Floats) -> tuple[Floats, Floats]:
    """f(x) = x**2 and d/dmu log p(x) at mu = 1, sigma = 1/2."""
    return (1 + noise / 2) ** 2, 2 * noise


def right_noise(rng: np.random.Generator, out: Floats) -> None:
    rng.standard_normal(out=out)


def right_mean(noise: Floats) -> Floats:
    cost, score = square_scores(noise)
    means: Floats = (cost * score).mean(axis=1)
    return means


def own_baseline(noise: Floats) -> Floats:
    cost, score = square_scores(noise)
    means: Floats = ((cost - cost.mean(axis=1, keepdims=True)) * score).mean(axis=1)
    return means


def off_by_one(noise: Floats) -> Floats:
    cost, score = square_scores(noise)
    means: Floats = (cost * score).sum(axis=1) / (noise.shape[1] - 1)
    return means


def product_of_means(noise: Floats) -> Floats:
    cost, score = square_scores(noise)
    means: Floats = cost.mean(axis=1) * score.mean(axis=1)
    return means


def median(noise: Floats) -> Floats:
    """Of exp(x) at mu = 0, sigma = 1."""
    middles: Floats = np.median(np.exp(noise), axis=1)
    return middles


def clipped_gradient(noise: Floats) -> Floats:
    """3 x**2 at mu = 1, sigma = 1/2."""
    return np.minimum(3 * (1 + noise[:, 0] / 2) ** 2, 6.0)


def float32_total(noise: Floats) -> Floats:
    """1/(1 + x**2) at mu = 0, sigma = 1, added to a float32 that holds 2**24 already: it takes in nothing below 1."""
    totals = np.full(len(noise), 2**24, dtype=np.float32)
    for column in noise.T:
        totals += (1 / (1 + column**2)).astype(np.float32)
    means: Floats = (totals.astype(np.float64) - 2**24) / noise.shape[1]
    return means


SCORE = case("x**2", "score_function", "mu", mu="1", sigma="1/2")

BATCHES: tuple[Fault, ...] = (
    Fault(
        "a baseline that holds its own sample",
        SCORE,
        right=mpf(2),
        wrong=mpf("1.5"),  # 1 - 1/size
        found_by="d",
        batch=own_baseline,
        size=4,
    ),
    Fault(
        "an off-by-one in the batch mean",
        SCORE,
        right=mpf(2),
        wrong=mpf(16) / 7,
        found_by="d",
        batch=off_by_one,
        size=8,
    ),
    Fault(
        "the product of means for the mean of products",
        SCORE,
        right=mpf(2),
        wrong=mpf(1) / 4,  # 1/size, as E[score] = 0
        found_by="d",
        batch=product_of_means,
        size=8,
    ),
    Fault(
        "the median of three for the mean",
        case("exp(x)", "pathwise", "mu", mu="0", sigma="1"),
        right=mpmath.exp(0.5),
        wrong=6 * expected(lambda e: mpmath.exp(e) * mpmath.ncdf(e) * mpmath.ncdf(-e)),
        found_by="d",
        batch=median,
        size=3,
    ),
    Fault(
        "gradients clipped at 6",
        case("x**3", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf("3.75"),
        wrong=expected(lambda e: min(3 * (1 + e / 2) ** 2, mpf(6)), -2 - 2 * 2**0.5, -2 + 2 * 2**0.5),
        found_by="d",
        batch=clipped_gradient,
    ),
    Fault(
        "a float32 total that is full",
        case("atan(x)", "pathwise", "mu", mu="0", sigma="1"),
        right=expected(lambda e: 1 / (1 + e * e)),
        wrong=mpf(0),
        found_by="d",
        batch=float32_total,
        size=4,
    ),
)

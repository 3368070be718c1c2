"""Draws from a mixture follow its law, wherever they are cut, and its weights are the ratio of the densities."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

from numeric.mixture import Mixture, Part
from numeric.streams import CHUNK, LOOK, fill_noise, generator, noise_hash
from symbolic.law import Noise
from symbolic.laws import NORMAL

EPSILON = NORMAL.noise.symbol
EXPONENTIAL = Noise(EPSILON, sp.exp(-EPSILON), (sp.S.Zero, sp.oo), "standard_exponential")
UNIFORM = Noise(EPSILON, sp.S.One, (sp.S.Zero, sp.S.One), "random")
PLAIN = Part(Fraction(1, 4), Fraction(0), Fraction(1))

TWO_SIDED = Mixture(
    "standard_normal",
    (PLAIN, Part(Fraction(1, 2), Fraction(3), Fraction(1, 2)), Part(Fraction(1, 4), Fraction(-5, 4), Fraction(2))),
)
ONE_SIDED = Mixture("standard_exponential", (PLAIN, Part(Fraction(3, 4), Fraction(0), Fraction(3))))
CASES = ((TWO_SIDED, NORMAL.noise), (ONE_SIDED, EXPONENTIAL))
each_case = pytest.mark.parametrize(("mixture", "noise"), CASES, ids=("normal", "exponential"))

N = 2**17
CERTAIN = 1e-12


def drawn(mixture: Mixture, seed: int = 0, size: int = N) -> np.ndarray:
    out = np.empty(size)
    mixture(generator(seed, 7, 0), out)
    return out


def distribution(mixture: Mixture, places: np.ndarray) -> np.ndarray:
    """P(e <= place), from the distribution functions of the noises."""
    cdfs: dict[str, Callable[[float], float]] = {
        "standard_normal": lambda z: math.erfc(-z / math.sqrt(2)) / 2,
        "standard_exponential": lambda z: -math.expm1(-max(z, 0.0)),
    }
    cdf = cdfs[mixture.method]
    total = np.zeros(places.size)
    for part in mixture.parts:
        moved = (places - float(part.shift)) / float(part.scale)
        total += float(part.share) * np.array([cdf(z) for z in moved])
    return total


def distance(draws: np.ndarray, mixture: Mixture) -> float:
    """sup |empirical - P(e <= place)| over the draws."""
    ranks = np.arange(1, draws.size + 1) / draws.size
    expected = distribution(mixture, np.sort(draws))
    return float(np.maximum(ranks - expected, expected - ranks + 1 / draws.size).max())


def allowed(n: int) -> float:
    """Dvoretzky, Kiefer, Wolfowitz and Massart: P(sup > t) <= 2 exp(-2 n t^2)."""
    return math.sqrt(math.log(2 / CERTAIN) / (2 * n))


@each_case
@pytest.mark.parametrize("seed", range(3))
def test_the_draws_follow_the_law_of_the_mixture(mixture: Mixture, noise: Noise, seed: int) -> None:
    assert distance(drawn(mixture, seed), mixture) <= allowed(N)


@pytest.mark.parametrize(
    "other",
    [
        (
            PLAIN,
            Part(Fraction(9, 16), Fraction(3), Fraction(1, 2)),
            Part(Fraction(3, 16), Fraction(-5, 4), Fraction(2)),
        ),
        (PLAIN, Part(Fraction(1, 2), Fraction(25, 8), Fraction(1, 2)), TWO_SIDED.parts[2]),
        (PLAIN, TWO_SIDED.parts[1], Part(Fraction(1, 4), Fraction(-5, 4), Fraction(5, 2))),
    ],
    ids=("share", "shift", "scale"),
)
def test_the_draws_of_another_mixture_do_not(other: tuple[Part, ...]) -> None:
    assert distance(drawn(Mixture("standard_normal", other)), TWO_SIDED) > allowed(N)


@each_case
def test_a_draw_depends_on_its_place_alone(mixture: Mixture, noise: Noise) -> None:
    whole = drawn(mixture, size=CHUNK)
    stream = generator(0, 7, 0)
    pieces = [np.empty(size) for size in (LOOK, 4 * LOOK, LOOK // 2 + 3)]
    for piece in pieces:
        fill_noise(stream, mixture, piece)
    cut = np.concatenate(pieces)
    assert np.array_equal(cut, whole[: cut.size])


@each_case
def test_a_copy_in_another_process_draws_the_same(mixture: Mixture, noise: Noise) -> None:
    copy = pickle.loads(pickle.dumps(mixture))
    assert noise_hash(generator(1, 2, 3), copy) == noise_hash(generator(1, 2, 3), mixture)


def density(mixture: Mixture, place: mpmath.mpf) -> mpmath.mpf:
    """sum_j p_j q_j(place), from the densities of the noises."""
    pdf = {
        "standard_normal": mpmath.npdf,
        "standard_exponential": lambda z: mpmath.exp(-z) if z >= 0 else mpmath.mpf(0),
    }[mixture.method]
    total = mpmath.mpf(0)
    for share, shift, scale in (
        (mpmath.mpf(number.numerator) / number.denominator for number in (part.share, part.shift, part.scale))
        for part in mixture.parts
    ):
        total += share * pdf((place - shift) / scale) / scale
    return total


@each_case
def test_the_weight_is_the_ratio_of_the_densities_and_bounded(mixture: Mixture, noise: Noise) -> None:
    weight = mixture.weight(noise)
    plain = Mixture(mixture.method, (Part(Fraction(1), Fraction(0), Fraction(1)),))
    with mpmath.workdps(50):
        for place in [mpmath.mpf(k) / 8 for k in range(-80 if noise is NORMAL.noise else 1, 80)]:
            found = mpmath.mpf(weight.subs(noise.symbol, sp.Rational(int(place * 8), 8)).evalf(45))
            wanted = density(plain, place) / density(mixture, place)
            assert abs(found - wanted) <= mpmath.mpf(10) ** -40 * wanted
            assert found <= int(mixture.largest_weight)


def test_the_plain_mixture_has_the_weight_one() -> None:
    assert Mixture("standard_normal", (Part(Fraction(1), Fraction(0), Fraction(1)),)).weight(NORMAL.noise) == 1


@pytest.mark.parametrize(
    ("mixture", "noise"), [(TWO_SIDED, EXPONENTIAL), (ONE_SIDED, UNIFORM)], ids=("shifted half line", "interval")
)
def test_a_support_that_is_not_kept_has_no_weight(mixture: Mixture, noise: Noise) -> None:
    with pytest.raises(ValueError, match="support="):
        mixture.weight(noise)


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ((), "defensive"),
        ((Part(Fraction(1), Fraction(1), Fraction(1)),), "defensive"),
        ((PLAIN,), "shares="),
        (
            (PLAIN, Part(Fraction(1), Fraction(0), Fraction(2)), Part(Fraction(-1, 4), Fraction(1), Fraction(1))),
            "shares=",
        ),
        ((PLAIN, Part(Fraction(3, 4), Fraction(1), Fraction(0))), "scale="),
        ((PLAIN, Part(Fraction(3, 4), Fraction(1, 3), Fraction(1))), "1/3"),
    ],
)
def test_a_mixture_that_is_none_is_refused(parts: tuple[Part, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Mixture("standard_normal", parts)

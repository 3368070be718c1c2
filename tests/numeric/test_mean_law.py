"""The law of a mean, held against laws that have a name: normal, gamma, chi-square, binomial."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from numeric.inversion import FARTHEST, inverted_law, spread_of
from numeric.mean_law import Floats, MeanLaw, normal_law, two_point_law
from symbolic.law import Noise
from symbolic.laws import EXPONENTIAL, NORMAL

PLACES = (-6.0, -3.0, -1.0, -0.25, 0.0, 0.5, 1.0, 2.0, 4.0, 6.0, 12.0)


@dataclass(frozen=True)
class Known:
    """Draws whose mean has the upper tail `above(n, z)`, to 30 digits, in standard errors."""

    draw: Callable[[Floats], Floats]
    noise: Noise
    mean: float
    deviation: float
    above: Callable[[int, float], mpmath.mpf]


def _gamma_above(shape: float, scale_of_sum: float, mean: float, deviation: float, n: int, z: float) -> mpmath.mpf:
    total = n * mean + z * deviation * math.sqrt(n)
    return mpmath.gammainc(shape, max(total, 0) / scale_of_sum, regularized=True)


KNOWN = {
    "normal": Known(lambda e: 3 - 2 * e, NORMAL.noise, 3.0, 2.0, lambda n, z: mpmath.erfc(z / mpmath.sqrt(2)) / 2),
    "gamma": Known(lambda e: e, EXPONENTIAL.noise, 1.0, 1.0, lambda n, z: _gamma_above(n, 1.0, 1.0, 1.0, n, z)),
    "chi-square": Known(
        lambda e: e**2,
        NORMAL.noise,
        1.0,
        math.sqrt(2),
        lambda n, z: _gamma_above(n / 2, 2.0, 1.0, math.sqrt(2), n, z),
    ),
}


def inverted(known: Known, n: int, deviation: float | None = None) -> MeanLaw:
    spread = spread_of(known.draw, known.noise, [], known.mean, deviation or known.deviation)
    return inverted_law(spread, n)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("n", [2, 10, 1000, 10**7])
def test_an_inverted_law_is_right_within_its_own_error(name: str, n: int) -> None:
    known = KNOWN[name]
    law = inverted(known, n)
    assert law.error < (1e-9 if n >= 1000 else 0.01 if n >= 10 else 1)
    with mpmath.workdps(30):
        wanted = np.array([float(known.above(n, z)) for z in PLACES])
    # The oracle's own argument is a float, which moves a tail of the gamma law by 1e-16 n.
    allowed = law.error + 1e-15 * math.sqrt(n)
    assert np.abs(law.above(np.array(PLACES)) - wanted).max() <= allowed
    assert np.abs(law.below(np.array(PLACES)) - (1 - wanted)).max() <= allowed


def test_a_wrong_deviation_is_seen() -> None:
    law = inverted(KNOWN["normal"], 100, deviation=2.02)
    assert abs(law.outside(-1.5, 1.5) - math.erfc(1.5 / math.sqrt(2))) > 1000 * law.error


def test_a_bulk_far_narrower_than_the_standard_error_is_resolved() -> None:
    """exp(3 e): 90 % of its variance comes from e > 4.7. The mean of 50, in its bulk and in its tail, by simulation."""
    mean, deviation, n = math.exp(4.5), math.sqrt(math.exp(18) - math.exp(9)), 50
    law = inverted_law(spread_of(lambda e: np.exp(3 * e), NORMAL.noise, [], mean, deviation), n)
    assert law.error < 1e-3
    rng, runs = np.random.default_rng(), 40_000
    z = np.concatenate([np.exp(3 * rng.standard_normal((1000, n))).mean(axis=1) for _ in range(runs // 1000)])
    z = (z - mean) / deviation * math.sqrt(n)
    places = np.array([-0.07, -0.06, -0.04, 0.0, 0.1, 0.3, 1.0, 3.0])
    within = math.sqrt(math.log(2 * len(places) / 1e-9) / (2 * runs))  # Hoeffding, all shares at 1e-9 together
    seen = np.array([(z < place).mean() for place in places])
    assert np.abs(seen - law.below(places)).max() <= within
    assert seen[3] - seen[0] > 0.5  # the bulk is that narrow
    # One large draw makes the tail: P(Z > 3) is about n P(exp(3 e) > 3 s sqrt(n)).
    single = n * math.erfc(math.log(3 * deviation * math.sqrt(n)) / 3 / math.sqrt(2)) / 2
    assert law.above(np.array([3.0]))[0] == pytest.approx(single, rel=0.3)


def test_a_tail_beyond_the_farthest_place_is_the_one_there() -> None:
    law = inverted(KNOWN["gamma"], 50)
    there, beyond = law.above(np.array([FARTHEST, 10 * FARTHEST]))
    assert there == beyond
    assert law.below(np.array([-1e9]))[0] >= 0


@pytest.mark.parametrize("z", [-5.0, -1.0, 0.0, 0.3, 8.0])
def test_the_normal_law_to_the_last_digits(z: float) -> None:
    law = normal_law()
    assert law.is_exact
    wanted = float(mpmath.erfc(z / mpmath.sqrt(2)) / 2)
    assert law.above(np.array([z]))[0] == pytest.approx(wanted, rel=1e-13)
    assert law.below(np.array([-z]))[0] == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize(("n", "p"), [(2, 0.5), (7, 0.25), (40, 0.125), (200, 0.75)])
def test_the_binomial_law_is_a_sum_of_fractions(n: int, p: float) -> None:
    """Between two counts, and at a count itself, which belongs to the inside."""
    law, share = two_point_law(n, p), Fraction(p)
    masses = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    deviation = math.sqrt(n * p * (1 - p))
    for k in range(-1, n + 2):
        at, between = (k - n * p) / deviation, (k + 0.5 - n * p) / deviation
        fewer, more = float(sum(masses[: max(k, 0)])), float(sum(masses[max(k + 1, 0) :]))
        assert law.below(np.array([at]))[0] == pytest.approx(fewer, rel=1e-10, abs=1e-300)
        assert law.above(np.array([at]))[0] == pytest.approx(more, rel=1e-10, abs=1e-300)
        assert law.above(np.array([between]))[0] == pytest.approx(more, rel=1e-10, abs=1e-300)


def test_kinks_and_atoms_are_integrated() -> None:
    """Max(e, 0) under normal noise: an atom of 1/2 at 0; means of 200, against simulated ones."""
    mean = 1 / math.sqrt(2 * math.pi)
    deviation = math.sqrt(0.5 - mean**2)
    law = inverted_law(spread_of(lambda e: np.maximum(e, 0), NORMAL.noise, [0.0], mean, deviation), 200)
    assert law.error < 1e-10
    rng = np.random.default_rng()
    runs = 20_000
    means = np.array(
        [np.maximum(rng.standard_normal((1000, 200)), 0).mean(axis=1) for _ in range(runs // 1000)]
    ).ravel()
    z = (means - mean) / (deviation / math.sqrt(200))
    within = math.sqrt(math.log(2 * 3 / 1e-9) / (2 * runs))  # Hoeffding, for three shares at 1e-9 together
    for low, high in ((-1.0, 1.0), (-2.0, 0.5), (-0.1, 2.5)):
        seen = float(((z < low) | (z > high)).mean())
        assert abs(seen - law.outside(low, high)) <= within

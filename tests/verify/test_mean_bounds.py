"""How far a mean can be: the bounds against laws whose mean has a known distribution, so without sampling error."""

from __future__ import annotations

from fractions import Fraction
from math import comb, erfc, exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

import mpmath
import pytest
from scipy.optimize import brentq

from verify.regression.mean_bounds import mean_distance

POWERS = range(2, 17, 2)
RATES = (0.3, 1e-2, 1e-4, 1e-6, 1e-9)
SIZES = (1, 2, 10, 100, 400)


def two_point_norms(chance: Fraction, powers: range = POWERS) -> dict[int, float]:
    """(E|X - p|^k)^(1/k) of X = 1 with the probability p, else 0; rounded up in the last place."""
    moments = {k: chance * (1 - chance) ** k + (1 - chance) * chance**k for k in powers}
    return {k: float(mpmath.root(mpmath.mpf(m.numerator) / m.denominator, k)) * (1 + 1e-15) for k, m in moments.items()}


def two_point_tail(chance: Fraction, n: int, distance: float) -> Fraction:
    """P(|mean - p| > distance), exactly."""
    far = [k for k in range(n + 1) if abs(Fraction(k, n) - chance) > Fraction(distance)]
    p, q = chance.numerator, chance.denominator - chance.numerator
    return Fraction(sum(comb(n, k) * p**k * q ** (n - k) for k in far), chance.denominator**n)


@pytest.mark.parametrize("chance", [Fraction(1, 2), Fraction(1, 10), Fraction(1, 100), Fraction(1, 5000)])
@pytest.mark.parametrize("n", SIZES)
def test_a_share_is_seldom_further_than_the_bound(chance: Fraction, n: int) -> None:
    norms = two_point_norms(chance)
    for rate in RATES:
        assert two_point_tail(chance, n, mean_distance(n, rate, norms)) <= rate


def test_a_normal_quantile_in_its_place_is_found_out() -> None:
    """The same laws: standard errors of a quantile are too few where one outcome is rare."""
    chance, n, rate = Fraction(1, 100), 100, 1e-6
    error = sqrt(chance * (1 - chance) / n)
    assert two_point_tail(chance, n, -NormalDist().inv_cdf(rate / 2) * error) > 100 * rate


def test_norms_that_are_too_small_break_the_promise() -> None:
    """Every norm that of a coin with the same deviation: the bounds must notice, so they do use what they are given."""
    chance, n, rate = Fraction(1, 5000), 2000, 1e-6
    coin = dict.fromkeys(POWERS, sqrt(chance * (1 - chance)))
    assert two_point_tail(chance, n, mean_distance(n, rate, coin)) > rate


def normal_norms() -> dict[int, float]:
    """(E|Z|^k)^(1/k) = (2^(k/2) Gamma((k + 1)/2)/sqrt(pi))^(1/k)."""
    return {k: exp((k / 2 * log(2) + lgamma((k + 1) / 2) - log(pi) / 2) / k) * (1 + 1e-14) for k in POWERS}


@pytest.mark.parametrize("n", [1, 100, 10**5, 10**9])
@pytest.mark.parametrize("rate", RATES)
def test_the_mean_of_normal_draws_is_seldom_further_and_the_bound_is_not_far(n: int, rate: float) -> None:
    in_errors = mean_distance(n, rate, normal_norms()) * sqrt(n)
    quantile = -NormalDist().inv_cdf(rate / 2)
    assert erfc(in_errors / sqrt(2)) <= rate
    assert in_errors < 1.6 * quantile + 0.5


def test_without_higher_moments_it_is_chebyshev() -> None:
    assert mean_distance(400, 1e-4, {2: 3.0}) == pytest.approx(3.0 / sqrt(400 * 1e-4), rel=1e-9)


def test_the_fourth_moment_of_a_mean_is_used() -> None:
    """P(|S| > t n) <= E S^4/(t n)^4 and E S^4 = n E X^4 + 3 n (n - 1) V^2; at n = 10 nothing else is nearer."""
    fourth, variance, n, rate = 50.0, 4.0, 10, 1e-3
    expected = ((n * fourth + 3 * n * (n - 1) * variance**2) / rate) ** 0.25 / n
    assert mean_distance(n, rate, {2: 2.0, 4: fourth**0.25}) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("n", [10**4, 10**6])
@pytest.mark.parametrize("most", [4, 6, 8])
def test_truncation_is_used_where_many_draws_are_known_by_few_moments(n: int, most: int) -> None:
    """The best b on a fine grid, Bennett's inequality solved by another root finder: no nearer, and hardly further."""
    rate, norms = 1e-6, {k: normal_norms()[k] for k in range(2, most + 1, 2)}
    best = inf
    for step in range(400):
        b = norms[most] * (n / rate) ** (1 / most) * 10 ** (step / 200)
        left = rate - n * (norms[most] / b) ** most
        if left > 0:
            wanted = log(2 / left) * b**2 / n
            u = brentq(lambda u, wanted=wanted: (1 + u) * log1p(u) - u - wanted, 0, 1e9)
            best = min(best, u / b + norms[most] ** most / b ** (most - 1))
    assert best * (1 - 1e-3) <= mean_distance(n, rate, norms) <= best * (1 + 2e-3)


def test_more_is_known_and_the_bound_is_no_further() -> None:
    norms = normal_norms()
    bounds = [mean_distance(1000, 1e-6, {k: norms[k] for k in range(2, most + 1, 2)}) for most in POWERS]
    assert bounds == sorted(bounds, reverse=True)


def test_it_scales_with_the_draws_and_falls_with_their_number() -> None:
    norms = normal_norms()
    tenfold = {k: 10 * norm for k, norm in norms.items()}
    assert mean_distance(50, 1e-6, tenfold) == pytest.approx(10 * mean_distance(50, 1e-6, norms), rel=1e-9)
    distances = [mean_distance(n, 1e-6, norms) for n in (1, 10, 100, 1000, 10**4)]
    assert distances == sorted(distances, reverse=True)


@pytest.mark.parametrize("huge", [1e100, 1e300, inf])
def test_a_moment_that_is_too_large_is_done_without(huge: float) -> None:
    assert mean_distance(10, 1e-3, {2: 1.0, 4: huge}) <= mean_distance(10, 1e-3, {2: 1.0})


def test_draws_without_spread_are_never_off() -> None:
    assert mean_distance(10, 1e-6, {2: 0.0, 4: 0.0}) == 0


def test_a_deviation_is_needed() -> None:
    with pytest.raises(ValueError, match=r"norms\[2\]"):
        mean_distance(10, 1e-6, {4: 1.0})

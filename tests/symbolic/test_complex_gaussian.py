"""Waves of a quadratic phase: closed at numbers, whatever the number of their oscillations."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments, time_limit
from symbolic.enclosing.complex_gaussian import gaussian_waves
from symbolic.errors import Divergent, NotCertified
from symbolic.laws.normal import NORMAL
from symbolic.methods.enclosure import enclose

EPSILON = NORMAL.noise.symbol
MEAN = sp.Rational(1, 4)
INTEGRANDS = [
    sp.cos(EPSILON**2),
    EPSILON**3 * sp.sin(2 * EPSILON**2 - EPSILON + 1),
    sp.cos(EPSILON**2) ** 2 * sp.exp(-(EPSILON**2) + EPSILON) * (1 - EPSILON),
    sp.sin(EPSILON**2 / 3) * sp.cos(4 * EPSILON) + EPSILON**2,
    (sp.cos(EPSILON**2) + sp.sin(EPSILON) - 2) ** 3,
]


@pytest.mark.parametrize("integrand", INTEGRANDS, ids=str)
def test_the_closed_form_is_the_integral(integrand: sp.Expr) -> None:
    ball = gaussian_waves(integrand * NORMAL.noise.density, EPSILON, 25)
    assert ball is not None
    function = sp.lambdify(EPSILON, integrand * NORMAL.noise.density, "mpmath")
    with mpmath.workdps(32):
        wanted = mpmath.quad(function, [mpmath.mpf(place) / 2 for place in range(-26, 27)])
        middle = mpmath.mpf(str(ball.mid().str(35, radius=False)))
        assert abs(middle - wanted) < mpmath.mpf(10) ** -25
    assert ball.rad() <= abs(ball.mid()) * 1e-25


@pytest.mark.parametrize("sigma", [1, 100, 10**12], ids=str)
def test_oscillations_beyond_counting_cost_nothing(sigma: int) -> None:
    """E exp(i x^2) = exp(i mu^2/q)/sqrt(q), q = 1 - 2 i sigma^2 (the characteristic function of a chi-square)."""
    with time_limit(2):
        by_mean, by_deviation = (gradient("cos(x**2)", wrt).at(mu=MEAN, sigma=sigma) for wrt in ("mu", "sigma"))
    with mpmath.workdps(80):
        mu, q = mpmath.mpf(1) / 4, 1 - 2j * mpmath.mpf(sigma) ** 2
        mean = mpmath.exp(1j * mu**2 / q) / mpmath.sqrt(q)
        slope = mpmath.re(mean * 2j * mu / q)
        spread = mpmath.re(mean * (1j * mu**2 / q**2 + 1 / (2 * q)) * 4j * sigma)
        for value, wanted in ((by_mean, slope), (by_deviation, spread)):
            assert abs(value.midpoint - wanted) <= value.radius
            assert value.radius < abs(wanted) * mpmath.mpf(10) ** -28


def test_variances_and_kurtoses_follow() -> None:
    """Var(2 x sin(x^2)) from E x^2 = mu^2 + sigma^2 and E x^2 cos(2 x^2), by quadrature."""
    answer = moments("cos(x**2)", "pathwise")
    with mpmath.workdps(24):

        def power(n: int) -> mpmath.mpf:
            ends = [mpmath.mpf(place) / 2 for place in range(-22, 23)]
            return mpmath.quad(lambda x: (-2 * x * mpmath.sin(x**2)) ** n * mpmath.npdf(x, 0.25), ends)

        m, second, third, fourth = (power(n) for n in (1, 2, 3, 4))
        variance = second - m**2
        central = fourth - 4 * third * m + 6 * second * m**2 - 3 * m**4
        assert abs(answer.variance.at(mu=MEAN, sigma=1).midpoint - variance) < 1e-20
        assert abs(answer.kurtosis.at(mu=MEAN, sigma=1).midpoint - central / variance**2) < 1e-20


@pytest.mark.parametrize(
    "integrand",
    [sp.cos(EPSILON), sp.cos(EPSILON**3), sp.cos(EPSILON**2) * sp.Abs(EPSILON), sp.cos(EPSILON**2) / (1 + EPSILON**2)],
    ids=str,
)
def test_other_kinds_are_left_alone(integrand: sp.Expr) -> None:
    assert gaussian_waves(integrand * NORMAL.noise.density, EPSILON, 20) is None


def test_what_grows_like_the_density_falls_has_no_expectation() -> None:
    with pytest.raises((Divergent, NotCertified)):
        enclose(sp.cos(EPSILON**2) ** 2 * sp.exp(EPSILON**2), NORMAL.noise)


def test_an_odd_wave_is_exactly_zero() -> None:
    assert enclose(sp.sin(EPSILON**2) * EPSILON, NORMAL.noise).midpoint == 0

"""The second oracle against closed forms: right within its own error, and an infinite error where it cannot know."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import sympy as sp

from numeric.kernel import compile_kernel
from numeric.quadrature import QuadratureResult, moments_by_quadrature
from symbolic.law import Noise
from symbolic.laws.normal import NORMAL
from tests.numeric.terms import EPSILON, Floats

e = EPSILON
R = sp.Rational

EXPONENTIAL = Noise(symbol=e, density=sp.exp(-e), support=(sp.S.Zero, sp.oo), sampler="standard_exponential")


def moments(
    term: sp.Expr, breakpoints: tuple[float, ...] = (), centre: float = 0.0, noise: Noise = NORMAL.noise
) -> QuadratureResult:
    return moments_by_quadrature(compile_kernel([term], e), noise, breakpoints, centre)


def gaussian(a: float, b: float, c: float = 0.0) -> float:
    """E exp(a e^2 + b e + c) for a < 1/2."""
    with mpmath.workdps(50):
        q = 1 - 2 * mpmath.mpf(a)
        return float(mpmath.exp(mpmath.mpf(b) ** 2 / (2 * q) + c) / mpmath.sqrt(q))


def from_powers(mean: float, second: float) -> tuple[float, float]:
    return mean, second - mean * mean


def of_a_step(place: float) -> tuple[float, float]:
    above = math.erfc(place / math.sqrt(2)) / 2
    return above, above * (1 - above)


CLOSED = (
    (e, (0.0, 1.0)),
    (50 + e, (50.0, 1.0)),
    (e**2, (1.0, 2.0)),
    (e**20, (654729075.0, float(math.prod(range(1, 40, 2)) - 654729075**2))),
    (sp.exp(2 * e), from_powers(math.exp(2), math.exp(8))),
    (sp.exp(10 * e), from_powers(math.exp(50), math.exp(200))),
    (sp.exp(-10 * e**2), from_powers(gaussian(-10, 0), gaussian(-20, 0))),
    (sp.exp(-(10**4) * (e - 3) ** 2), from_powers(gaussian(-1e4, 6e4, -9e4), gaussian(-2e4, 12e4, -18e4))),
    (sp.exp(e**2 / 5), from_powers(gaussian(0.2, 0), gaussian(0.4, 0))),
    (sp.cos(e**2), from_powers(((1 - 2j) ** -0.5).real, (1 + ((1 - 4j) ** -0.5).real) / 2)),
    (sp.cos(3 * e), from_powers(math.exp(-4.5), (1 + math.exp(-18)) / 2)),
    (sp.cos(1000 * e), (0.0, 0.5)),
    (sp.erf(e) + 2, (2.0, 4 / math.pi * math.atan(math.sqrt(5)) - 1)),
)


@pytest.mark.parametrize(("term", "exact"), CLOSED, ids=str)
def test_moments_of_a_smooth_term(term: sp.Expr, exact: tuple[float, float]) -> None:
    found = moments(term, centre=exact[0])
    scale = abs(exact[0]) + math.sqrt(exact[1])
    assert abs(found.mean - exact[0]) <= found.mean_error + 1e-15 * abs(exact[0])
    assert abs(found.variance - exact[1]) <= found.variance_error + 1e-13 * exact[1]
    assert found.mean_error <= 1e-11 * scale
    assert found.variance_error <= 1e-11 * exact[1]


KINKED = (
    (sp.Abs(e), (0.0,), (math.sqrt(2 / math.pi), 1 - 2 / math.pi)),
    (sp.Max(e - 1, 0), (1.0,), None),
    (sp.Heaviside(e - R(1, 3)), (1 / 3,), of_a_step(1 / 3)),
    (sp.sign(e + 1), (-1.0,), from_powers(2 * of_a_step(-1.0)[0] - 1, 1.0)),
)
_DENSITY_AT_1 = math.exp(-0.5) / math.sqrt(2 * math.pi)
_ABOVE_1 = of_a_step(1.0)[0]
MAX_MOMENTS = from_powers(_DENSITY_AT_1 - _ABOVE_1, 2 * _ABOVE_1 - _DENSITY_AT_1)


@pytest.mark.parametrize(("term", "breakpoints", "exact"), KINKED, ids=str)
def test_moments_of_a_term_cut_at_its_breakpoints(
    term: sp.Expr, breakpoints: tuple[float, ...], exact: tuple[float, float] | None
) -> None:
    mean, variance = exact or MAX_MOMENTS
    found = moments(term, breakpoints)
    assert abs(found.mean - mean) <= found.mean_error <= 1e-12
    assert abs(found.variance - variance) <= found.variance_error <= 1e-12


@pytest.mark.parametrize(("term", "_", "exact"), KINKED, ids=str)
def test_a_breakpoint_kept_secret_costs_accuracy_and_the_error_says_so(
    term: sp.Expr, _: object, exact: tuple[float, float] | None
) -> None:
    mean, variance = exact or MAX_MOMENTS
    found = moments(term)
    assert abs(found.mean - mean) <= found.mean_error
    assert abs(found.variance - variance) <= found.variance_error


@pytest.mark.parametrize("place", [R(k, 37) + R(1, 1000 + k) for k in range(-40, 40, 3)], ids=str)
def test_a_secret_jump_anywhere_is_within_the_error(place: sp.Expr) -> None:
    found = moments(sp.Heaviside(e - place))
    mean, variance = of_a_step(float(place))
    assert abs(found.mean - mean) <= found.mean_error
    assert abs(found.variance - variance) <= found.variance_error


@pytest.mark.parametrize(("degree", "mean"), [(1, 1.0), (2, 2.0), (7, 5040.0)])
def test_moments_under_a_half_line(degree: int, mean: float) -> None:
    found = moments(e**degree, noise=EXPONENTIAL)
    variance = math.factorial(2 * degree) - mean**2
    assert abs(found.mean - mean) <= found.mean_error <= 1e-11 * mean
    assert abs(found.variance - variance) <= found.variance_error <= 1e-11 * variance


def test_a_spread_far_below_the_mean_is_measured() -> None:
    """Float64 rounds g to 1e-13, a ten-millionth of its spread 1e-6, and the error says so."""
    found = moments(R(8001, 10) + e / 10**6, centre=800.1)
    assert abs(found.mean - 800.1) <= found.mean_error <= 1e-12
    assert abs(found.variance - 1e-12) <= found.variance_error <= 1e-18


def test_a_constant_has_no_spread_and_no_error() -> None:
    assert moments(sp.Integer(3), centre=3.0) == QuadratureResult(3.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("term", "mean_is_known"),
    [
        (sp.exp(e**2), False),
        (sp.exp(sp.exp(e)), False),
        (1 / e, False),
        (sp.log(e), False),
        (sp.cos(10**7 * e), False),
        (sp.exp(e**2 / 4), True),
        (sp.exp(20 * e), True),
    ],
    ids=str,
)
def test_what_cannot_be_integrated_has_an_infinite_error(term: sp.Expr, mean_is_known: bool) -> None:
    found = moments(term)
    assert found.variance_error == math.inf
    assert math.isfinite(found.mean_error) == mean_is_known
    assert math.isfinite(found.mean)
    assert math.isfinite(found.variance)


def test_a_kernel_that_is_wrong_by_a_part_in_a_billion_is_seen() -> None:
    right = compile_kernel([sp.exp(e)], e)

    def wrong(noise: Floats, out: Floats) -> None:
        right(noise, out)
        out *= 1 + 1e-9

    found = moments_by_quadrature(wrong, NORMAL.noise, (), 0.0)
    assert abs(found.mean - math.exp(0.5)) > 100 * found.mean_error
    assert abs(found.variance - (math.exp(2) - math.exp(1))) > 100 * found.variance_error


def test_a_kernel_that_is_wrong_in_a_thousandth_of_the_mass_is_seen() -> None:
    def wrong(noise: Floats, out: Floats) -> None:
        out[0] = np.where(np.abs(noise - 3) < 0.1, 0.0, noise)

    found = moments_by_quadrature(wrong, NORMAL.noise, (), 0.0)
    assert abs(found.mean) > 100 * found.mean_error

"""verify.expected and verify.tolerance: against closed forms at 50 digits, exact tails, fresh draws, and the README."""

from __future__ import annotations

import importlib.util
import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import verify
from symbolic.errors import Divergent, SymbolicError
from verify.usage import UsageError

ROOT = Path(__file__).resolve().parents[2]
UNIT = {"mu": 1, "sigma": 2}


@pytest.mark.parametrize("mu", ["0.1", "-3", "7/3", "100"])
@pytest.mark.parametrize("k", ["1", "0.3", "5"])
def test_the_gradient_of_a_cosine_is_rounded_correctly(mu: str, k: str) -> None:
    """d/dmu E cos(k x) = -k exp(-k^2 sigma^2/2) sin(k mu)."""
    with mpmath.workdps(60):
        at_k, at_mu, sigma = (mpmath.mpf(v.numerator) / v.denominator for v in map(Fraction, (k, mu, "1/2")))
        truth = -at_k * mpmath.exp(-(at_k**2) * sigma**2 / 2) * mpmath.sin(at_k * at_mu)
        found = verify.expected("cos(k*x)", {"mu": mu, "sigma": "1/2", "k": k})
        assert abs(mpmath.mpf(found) - truth) <= mpmath.mpf(math.ulp(found)) / 2


@pytest.mark.parametrize(
    ("slope", "rounded"),
    [
        (1 + Fraction(1, 2**53) + Fraction(1, 2**300), 1 + 2.0**-52),
        (1 + Fraction(1, 2**53) - Fraction(1, 2**300), 1.0),
        (1 + Fraction(1, 2**53), 1.0),
        (1 + Fraction(3, 2**53), 1 + 2.0**-51),
        (-1 - Fraction(1, 2**53) - Fraction(1, 2**300), -1 - 2.0**-52),
        (Fraction(1, 3), 1 / 3),
        (Fraction(1, 10**330), 0.0),
        (Fraction(10**308 - 1), 1e308),
    ],
)
def test_a_gradient_next_to_the_middle_of_two_floats_goes_the_right_way(slope: Fraction, rounded: float) -> None:
    assert verify.expected("k*x", {"mu": 0, "sigma": 1, "k": slope}) == rounded


def test_a_gradient_with_noise_around_the_middle_is_rounded_like_a_fraction() -> None:
    """d/dmu E[k x^2] = 2 k mu with mu = 1/3, so no decimal holds it."""
    slope = (1 + Fraction(1, 2**53) + Fraction(1, 2**160)) * 3
    assert verify.expected("k*x**2", {"mu": "1/3", "sigma": 1, "k": slope}) == 2 * (1 + 2.0**-52)


def test_expected_takes_expressions_laws_and_costs_without_closed_form() -> None:
    x = sp.Symbol("x")
    assert verify.expected(x**2, {"rho": 0}, wrt="rho", law="normal(0, exp(rho))") == 2.0
    with mpmath.workdps(30):
        truth = mpmath.quad(
            lambda e: -mpmath.cos(1 / (1 + e**2)) * 2 * e / (1 + e**2) ** 2 * mpmath.npdf(e, mpmath.mpf(1), 1),
            [-12, -3, -1, 0, 1, 3, 12],
        )
    assert verify.expected("sin(1/(1 + x**2))", {"mu": 1, "sigma": 1}) == pytest.approx(float(truth), rel=1e-14)


def test_a_gradient_beyond_float64_is_refused() -> None:
    with pytest.raises(UsageError, match=r"3\.74011e\+139324"):
        verify.expected("exp(800*x)", {"mu": 1, "sigma": 1})
    assert verify.expected("exp(-x**2)", {"mu": 100, "sigma": "1/10"}) == 0.0
    with pytest.raises(Divergent):
        verify.expected("exp(x**2)", {"mu": 1, "sigma": 1})


@pytest.mark.parametrize("n", [1, 30, 10**4, 10**8])
@pytest.mark.parametrize("rate", [1e-2, 1e-6])
def test_normal_draws_are_seldom_further_than_the_tolerance(n: int, rate: float) -> None:
    """The pathwise draws of x^2 are normal with the deviation 2 sigma, so the tail of their mean is known."""
    distance = verify.tolerance("x**2", "pathwise", UNIT, "mu", n, rate)
    errors = distance * math.sqrt(n) / 4
    assert math.erfc(errors / math.sqrt(2)) <= rate
    assert errors < 1.6 * math.sqrt(2 * math.log(2 / rate))


def test_chi_square_draws_are_seldom_further_than_the_tolerance() -> None:
    """The pathwise draws of d/dsigma E[x^2] at mu = 0, sigma = 1 are 2 z^2, so their mean is 2 chi^2_n/n."""
    for n in (2, 20, 400):
        distance = verify.tolerance("x**2", "pathwise", {"mu": 0, "sigma": 1}, "sigma", n, 1e-4)
        above = mpmath.gammainc(mpmath.mpf(n) / 2, n * (2 + distance) / 4, regularized=True)
        below = mpmath.gammainc(mpmath.mpf(n) / 2, 0, max(0, n * (2 - distance) / 4), regularized=True)
        assert above + below <= 1e-4


@pytest.mark.parametrize("estimator", ["score_function", "pathwise"])
def test_fresh_draws_stay_within_it_and_a_scale_error_does_not(estimator: str) -> None:
    """Five fresh seeds: a false alarm once in 200,000 runs; 20 % is 30 standard errors here."""
    n = 100_000
    distance = verify.tolerance("x**2", estimator, UNIT, "mu", n)
    exact = verify.expected("x**2", UNIT)
    for _ in range(5):
        noise = np.random.default_rng().standard_normal(n)
        x = 1 + 2 * noise
        mean = float(np.mean(x**2 * noise / 2 if estimator == "score_function" else 2 * x))
        assert abs(mean - exact) <= distance
        assert abs(1.2 * mean - exact) > distance


@pytest.mark.parametrize("slope", ["3", "1/3", "0.1"])
def test_draws_without_variance_have_room_for_rounding_and_no_more(slope: str) -> None:
    n = 100_000
    at = {"mu": "0.1", "sigma": "0.7", "k": slope}
    distance = verify.tolerance("k*x", "pathwise", at, "mu", n)
    mean = np.full(n, float(Fraction(slope))).mean()
    assert abs(mean - verify.expected("k*x", at)) <= distance < 1e-13


REFUSED: dict[str, tuple[tuple[Any, ...], str]] = {
    "no draws": (("x", "pathwise", UNIT, "mu", 0), "n=0"),
    "half a draw": (("x", "pathwise", UNIT, "mu", 1.5), "n=1.5"),
    "a rate of 0": (("x", "pathwise", UNIT, "mu", 10, 0), "false_alarm_rate=0"),
    "a rate of 1": (("x", "pathwise", UNIT, "mu", 10, 1.0), "false_alarm_rate=1.0"),
    "an unknown estimator": (("x", "guess", UNIT, "mu", 10), "estimator=guess"),
    "an unknown wrt": (("x", "pathwise", UNIT, "tau", 10), "wrt=tau"),
    "a jump": (("Heaviside(x)", "pathwise", UNIT, "mu", 10), "jump"),
    "an infinite variance": (("exp(x**2/10)", "pathwise", UNIT, "mu", 10), "infinite variance"),
    "sigma = 0": (("x", "pathwise", {"mu": 1, "sigma": 0}, "mu", 10), "sigma=0"),
}


@pytest.mark.parametrize(("arguments", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_where_there_is_no_tolerance_it_says_why(arguments: tuple[Any, ...], named: str) -> None:
    with pytest.raises((UsageError, SymbolicError)) as caught:
        verify.tolerance(*arguments)
    assert named in str(caught.value)


def test_the_tests_in_the_readme_pass(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## In your own tests", 1)[1]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert code is not None
    path = tmp_path / "readme_example.py"
    path.write_text(code.group(1), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("readme_example", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [function for name, function in vars(module).items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test()


def test_the_public_names_are_there() -> None:
    assert {name for name in verify.__all__ if getattr(verify, name) is not None} >= {
        "Report",
        "VerificationError",
        "check",
        "expected",
        "tolerance",
    }
    with pytest.raises(AttributeError, match="guess"):
        verify.guess  # noqa: B018 - looking it up is the test

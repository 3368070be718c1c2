"""Costs and parameters at the edge of what exists: the right number, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest

from symbolic.errors import BadParameter, Divergent, NotCertified, SymbolicError, Undefined
from symbolic.exact import Number
from symbolic.exact_gradient import gradient
from symbolic.exact_moments import moments
from tests.symbolic.test_closed_class import reaches

At = dict[str, Number]
TINY, HUGE = Fraction(1, 10**12), 10**12


def cdf(z: mpmath.mpf) -> mpmath.mpf:
    return mpmath.erfc(-z / mpmath.sqrt(2)) / 2


def number(value: Number) -> mpmath.mpf:
    exact = Fraction(value)
    return mpmath.mpf(exact.numerator) / exact.denominator


# Each by hand: E|x|, E max(x - k, 0) and E max(exp(x) - K, 0) are those of the folded normal law and of Bachelier's and
# Black's formulas; clip with lo >= hi is hi everywhere.
KNOWN: list[tuple[str, str, str, At, Callable[[], mpmath.mpf]]] = [
    (
        "exp(x**2/(4*sigma**2))",
        "mu",
        "normal",
        {"mu": "1/2", "sigma": 1},
        lambda: mpmath.exp(mpmath.mpf(1) / 8) / mpmath.sqrt(2),
    ),
    ("Abs(x)", "mu", "normal", {"mu": 1, "sigma": HUGE}, lambda: mpmath.erf(1 / (HUGE * mpmath.sqrt(2)))),
    (
        "Abs(x)",
        "sigma",
        "normal",
        {"mu": 1, "sigma": TINY},
        lambda: mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-(mpmath.mpf(HUGE) ** 2) / 2),
    ),
    ("Max(x - k, 0)", "mu", "normal", {"mu": 800, "sigma": 1, "k": 0}, lambda: cdf(mpmath.mpf(800))),
    ("Max(x - k, 0)", "mu", "normal", {"mu": -30, "sigma": 1, "k": 0}, lambda: cdf(mpmath.mpf(-30))),
    # exp(x) - exp(2 x)/2 + ..., and the second term is smaller by a factor of 10^-347
    ("softplus(x)", "mu", "normal", {"mu": -800, "sigma": 1}, lambda: mpmath.exp(mpmath.mpf(-1599) / 2)),
    ("exp(x)", "mu", "normal", {"mu": 800, "sigma": 1}, lambda: mpmath.exp(mpmath.mpf(801) - mpmath.mpf(1) / 2)),
    (
        "cos(k*x)",
        "mu",
        "normal",
        {"mu": 1, "sigma": 1, "k": 10_000},
        lambda: -10_000 * mpmath.exp(-(mpmath.mpf(10) ** 8) / 2) * mpmath.sin(10_000),
    ),
    ("x**4", "sigma", "normal", {"mu": 800, "sigma": TINY}, lambda: 12 * (800**2 + number(TINY) ** 2) * number(TINY)),
    ("clip(x, lo, hi)", "mu", "normal", {"mu": 0, "sigma": 1, "lo": 2, "hi": 1}, lambda: mpmath.mpf(0)),
    ("clip(x, lo, hi)", "hi", "normal", {"mu": 0, "sigma": 1, "lo": 2, "hi": 1}, lambda: mpmath.mpf(1)),
    ("clip(x, lo, hi)", "lo", "normal", {"mu": 0, "sigma": 1, "lo": -1, "hi": 1}, lambda: cdf(mpmath.mpf(-1))),
    ("Max(exp(x) - K, 0)", "K", "normal", {"mu": 0, "sigma": 1, "K": -1}, lambda: mpmath.mpf(-1)),
    ("Max(exp(x) - K, 0)", "K", "normal", {"mu": 0, "sigma": 1, "K": 3}, lambda: -cdf(-mpmath.log(3))),
    ("Max(k - x, 0)*exp(a*x)", "a", "exponential", {"lam": 1, "a": 1, "k": 2}, lambda: mpmath.mpf(4) / 3),
    ("exp(a*x)*Heaviside(1 - x)", "a", "exponential", {"lam": 2, "a": 2}, lambda: mpmath.mpf(1)),
    ("Max(x - k, 0)", "lam", "exponential", {"lam": 2, "k": -1}, lambda: -mpmath.mpf(1) / 4),
]


@pytest.mark.parametrize(
    ("cost", "wrt", "law", "at", "wanted"), KNOWN, ids=lambda value: "" if callable(value) else str(value)[:30]
)
def test_the_gradient_is_known(cost: str, wrt: str, law: str, at: At, wanted: Callable[[], mpmath.mpf]) -> None:
    got = gradient(cost, wrt, law).at(at)
    with mpmath.workdps(60):
        truth = wanted()
        assert abs(got.midpoint - truth) <= got.radius + abs(truth) * mpmath.mpf(10) ** -50
        assert got.radius <= abs(truth) * mpmath.mpf(10) ** -29


# (a cost with branches that overlap or are idle, the same without)
REWRITTEN = [
    ("Piecewise((x, x < 1), (x**2, x < 2), (3, x < 1), (7, True))", "Piecewise((x, x < 1), (x**2, x < 2), (7, True))"),
    (
        "Piecewise((Piecewise((x, x > 0), (-x, x < 1), (5, True)), x < 2), (Abs(x - 5), x > 1), (9, True))",
        "Piecewise((-x, x < 0), (x, x < 2), (5 - x, x < 5), (x - 5, True))",
    ),
    (
        "Piecewise((1, (x > 0) & (x < 2)), (2, (x > 1) | (x < -1)), (x, True))",
        "Piecewise((2, x < -1), (x, x < 0), (1, x < 2), (2, True))",
    ),
    ("Max(0, Min(1, Max(0, x)))", "clip(x, 0, 1)"),
    ("Piecewise((x, x < a), (0, x < b), (1, True))", "Piecewise((x, x < 1), (1, True))"),
]


@pytest.mark.parametrize(("tangled", "plain"), REWRITTEN)
@pytest.mark.parametrize("wrt", ["mu", "sigma"])
def test_overlapping_branches_are_read_in_order(tangled: str, plain: str, wrt: str) -> None:
    at: At = {"mu": "1/3", "sigma": 2}
    extra: At = {"a": 1, "b": "1/2"} if "a)" in tangled else {}
    assert reaches(gradient(tangled, wrt).at({**at, **extra}).ball, gradient(plain, wrt).at(at).ball)
    for estimator in ("score_function", "pathwise"):
        one, other = moments(tangled, estimator, wrt).variance, moments(plain, estimator, wrt).variance
        assert reaches(one.at({**at, **extra}).ball, other.at(at).ball)


REFUSED: list[tuple[str, str, At, type[SymbolicError], str]] = [
    ("exp(x**2/(2*sigma**2))", "mu", {"mu": 0, "sigma": 1}, Divergent, r"does not exist.* needs 1 - sigma\*\*2 > 0"),
    ("exp(x**2/(2*sigma**2))", "sigma", {"mu": 0, "sigma": 1}, Divergent, "does not exist.* whatever the values"),
    ("exp(x**2/sigma**2)*Max(x, 0)", "sigma", {"mu": 0, "sigma": 1}, Divergent, "does not exist.* whatever the values"),
    ("exp(a*x**2)", "sigma", {"mu": 0, "sigma": 1, "a": 1}, Divergent, r"needs 1 - 2\*sigma\*\*2 > 0"),
    ("x**a", "mu", {"mu": 0, "sigma": 1, "a": "1/2"}, Undefined, "a root of x .* undefined for x < 0"),
    ("x**a", "mu", {"mu": 0, "sigma": 1, "a": -1}, Undefined, "1/x .* a pole at x = 0"),
    ("Abs(x)**a", "mu", {"mu": 0, "sigma": 1, "a": -1}, Undefined, r"1/Abs\(x\) .* a pole at x = 0"),
    ("Max(x, 0)**a", "mu", {"mu": 0, "sigma": 1, "a": -1}, Undefined, "is infinite for x < 0"),
    ("x**2/(k - 1)", "mu", {"mu": 1, "sigma": 1, "k": 1}, Undefined, "1/0"),
    ("x**2*y", "mu", {"mu": 0, "sigma": 1}, BadParameter, "y"),
    ("x**2", "mu", {"mu": 0, "sigma": 0}, BadParameter, "sigma=0"),
]


@pytest.mark.parametrize(("cost", "wrt", "at", "kind", "words"), REFUSED)
def test_what_does_not_exist_is_refused(cost: str, wrt: str, at: At, kind: type[SymbolicError], words: str) -> None:
    with pytest.raises(kind, match=words) as refusal:
        gradient(cost, wrt).at(at)
    assert not {"True", "False", "zoo", "nan"} & set(str(refusal.value).split())


def test_a_kurtosis_over_a_variance_near_zero_is_refused() -> None:
    with pytest.raises(NotCertified, match="cannot be told from zero"):
        moments("tanh(x)", "pathwise").kurtosis.at(mu=10**100, sigma=Fraction(1, 10**100))


def test_a_variance_that_does_not_exist_is_infinite() -> None:
    for estimator in ("score_function", "pathwise"):
        assert not moments("exp(x**2/(4*sigma**2))", estimator).variance.at(mu="1/2", sigma=1).is_finite
        assert moments("exp(x**2/(5*sigma**2))", estimator).variance.at(mu="1/2", sigma=1).is_finite


def _above(place: int) -> tuple[mpmath.mpf, ...]:
    """E[z**n; z > place] for n = 0 to 4 under N(0, 1), by parts."""
    density = mpmath.exp(-(mpmath.mpf(place) ** 2) / 2) / mpmath.sqrt(2 * mpmath.pi)
    found = [cdf(mpmath.mpf(-place)), density]
    for n in (2, 3, 4):
        found.append((n - 1) * found[n - 2] + mpmath.mpf(place) ** (n - 1) * density)
    return tuple(found)


def _variances_800_deviations_out() -> dict[tuple[str, str], mpmath.mpf]:
    """Of the terms for Max(x, 0) under N(-800, 1): 1, z, (z - 800) z and (z - 800)(z^2 - 1) where z > 800, else 0."""
    i0, i1, i2, i3, i4 = _above(800)
    i5, i6 = 4 * i3 + mpmath.mpf(800) ** 4 * i1, 5 * i4 + mpmath.mpf(800) ** 5 * i1
    raw = (i0, i1, i2, i3, i4, i5, i6)

    def mean_of(polynomial: list[int]) -> mpmath.mpf:
        return mpmath.fsum(c * raw[n] for n, c in enumerate(polynomial))

    return {
        ("pathwise", "mu"): i0 - i0**2,
        ("pathwise", "sigma"): i2 - i1**2,
        ("score_function", "mu"): mean_of([0, 0, 640_000, -1600, 1]) - mean_of([0, -800, 1]) ** 2,
        # (z - 800)^2 (z^2 - 1)^2 = (z^2 - 1600 z + 640000)(z^4 - 2 z^2 + 1)
        ("score_function", "sigma"): mean_of([640_000, -1600, 1 - 1_280_000, 3200, 640_000 - 2, -1600, 1])
        - mean_of([800, -1, -800, 1]) ** 2,
    }


def test_variances_of_a_millionth_of_nothing_have_thirty_digits() -> None:
    """They are near 10^-138975, a difference of numbers near 1."""
    with mpmath.workdps(120):
        for (estimator, wrt), truth in _variances_800_deviations_out().items():
            got = moments("Max(x, 0)", estimator, wrt).variance.at(mu=-800, sigma=1)
            assert abs(got.midpoint - truth) <= got.radius
            assert got.radius <= truth * mpmath.mpf(10) ** -29, (estimator, wrt)

"""Gradient, variances and kurtoses of a dense polynomial of degree 32 at numbers, against arithmetic of fractions."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from math import comb, prod
from random import Random

import pytest
from flint import arb, ctx, fmpq

from symbolic.exact_gradient import gradient
from symbolic.exact_moments import moments
from symbolic.value import Value

DEGREE = 32
BITS = 400
MANY_TIMES = 5  # what a busy machine is forgiven
AT = [(Fraction(1, 2), Fraction(1)), (Fraction(-7, 3), Fraction(4, 5))]

Polynomial = list[Fraction]  # coefficients of 1, e, e^2, ... in the noise e


def coefficients(seed: int) -> Polynomial:
    random = Random(seed)
    return [Fraction(random.randint(1, 99) * random.choice((1, -1)), random.randint(1, 9)) for _ in range(DEGREE + 1)]


def on_the_path(cost: Polynomial, mu: Fraction, sigma: Fraction) -> Polynomial:
    """The cost at x = mu + sigma e, by the binomial theorem."""
    return [
        sum((cost[n] * comb(n, j) * mu ** (n - j) * sigma**j for n in range(j, len(cost))), Fraction(0))
        for j in range(len(cost))
    ]


def times(left: Polynomial, right: Polynomial) -> Polynomial:
    product = [Fraction(0)] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            product[i + j] += a * b
    return product


def mean(polynomial: Polynomial) -> Fraction:
    """E e^n = (n-1)!! for even n."""
    return sum((c * prod(range(1, n, 2)) for n, c in enumerate(polynomial) if n % 2 == 0), Fraction(0))


def term(cost: Polynomial, estimator: str, wrt: str, mu: Fraction, sigma: Fraction) -> Polynomial:
    if estimator == "pathwise":
        slope = on_the_path([n * c for n, c in enumerate(cost)][1:], mu, sigma)
        return slope if wrt == "mu" else times(slope, [Fraction(0), Fraction(1)])
    weight = [Fraction(0), 1 / sigma] if wrt == "mu" else [-1 / sigma, Fraction(0), 1 / sigma]
    return times(on_the_path(cost, mu, sigma), weight)


def holds(value: Value, truth: Fraction) -> bool:
    """Whether the truth lies in the ball, and the ball is small."""
    with ctx.workprec(BITS):
        inside = value.ball.overlaps(arb(fmpq(truth.numerator, truth.denominator)))
    return bool(inside and value.radius <= abs(value.midpoint) / 10**29)


@pytest.mark.parametrize("wrt", ["mu", "sigma"])
@pytest.mark.parametrize(("mu", "sigma"), AT, ids=str)
def test_all_five_are_exact_and_quick(
    wrt: str, mu: Fraction, sigma: Fraction, record_property: Callable[[str, object], None]
) -> None:
    cost, at = coefficients(32), {"mu": mu, "sigma": sigma}
    text = " + ".join(f"({c})*x**{n}" for n, c in enumerate(cost))
    start = time.process_time()
    slope = gradient(text, wrt).at(at)
    found = {}
    for estimator in ("score_function", "pathwise"):
        of_term = moments(text, estimator, wrt)
        found[estimator] = of_term.variance.at(at), of_term.kurtosis.at(at)
    seconds = time.process_time() - start
    record_property("seconds", round(seconds, 3))
    for estimator, (variance, kurtosis) in found.items():
        draw = term(cost, estimator, wrt, mu, sigma)
        first = mean(draw)
        centred = [draw[0] - first, *draw[1:]]
        square = times(centred, centred)
        assert holds(slope, first)
        assert holds(variance, mean(square))
        assert holds(kurtosis, mean(times(square, square)) / mean(square) ** 2)
    assert seconds < 0.2 * MANY_TIMES


def test_an_answer_off_in_the_29th_digit_is_seen() -> None:
    right = gradient("x**32").at(mu=1, sigma=1)
    truth = mean(term([Fraction(0)] * DEGREE + [Fraction(1)], "pathwise", "mu", Fraction(1), Fraction(1)))
    assert holds(right, truth)
    assert not holds(right, truth * (1 + Fraction(1, 10**28)))

"""Costs that are unbounded at a place which moves with the parameter of the gradient.

The oracle integrates by the double-exponential rule, split at the place, and differentiates the result numerically.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import mpmath
import pytest

from symbolic import gradient
from symbolic.errors import NotCertified

Cost = Callable[[mpmath.mpf, mpmath.mpf], mpmath.mpf]
COSTS: list[tuple[str, str, Cost]] = [
    ("log(Abs(x - k))", "normal", lambda x, k: mpmath.log(abs(x - k))),
    ("Abs(x - k)**(-1/3)", "normal", lambda x, k: abs(x - k) ** (-mpmath.mpf(1) / 3)),
    ("log(Abs(x - k))*Heaviside(x)", "normal", lambda x, k: mpmath.log(abs(x - k)) if x > 0 else mpmath.mpf(0)),
    ("log(Abs(k*x - 1))", "normal", lambda x, k: mpmath.log(abs(k * x - 1))),
    ("cos(x)*log(Abs(x - k))", "normal", lambda x, k: mpmath.cos(x) * mpmath.log(abs(x - k))),
    ("log(Abs(x - k))", "exponential", lambda x, k: mpmath.log(abs(x - k))),
    ("(1 + k*x)*log(Abs(x - k))", "exponential", lambda x, k: (1 + k * x) * mpmath.log(abs(x - k))),
]
ENDS = {"normal": (-17, -11, -6, -2), "exponential": ()}


def _expectation(cost: Cost, law: str, k: mpmath.mpf, place: mpmath.mpf) -> mpmath.mpf:
    density = mpmath.npdf if law == "normal" else lambda x: mpmath.exp(-x)
    cuts = [*ENDS[law], 0, place / 2, place, place + 1, 5, 9, 17, *((33, 65, 90) if law == "exponential" else ())]
    return mpmath.fsum(mpmath.quad(lambda x: cost(x, k) * density(x), [a, b]) for a, b in pairwise(cuts))


@pytest.mark.parametrize(("text", "law", "cost"), COSTS, ids=[f"{text} {law}" for text, law, _ in COSTS])
def test_the_gradient_is_that_of_the_expectation(text: str, law: str, cost: Cost) -> None:
    at = {"k": "5/4", **({"mu": 0, "sigma": 1} if law == "normal" else {"lam": 1})}
    got = gradient(text, "k", law).at(at)
    with mpmath.workdps(40):
        k, step = mpmath.mpf(5) / 4, mpmath.mpf(10) ** -4

        def mean(k: mpmath.mpf) -> mpmath.mpf:
            return _expectation(cost, law, k, 1 / k if "k*x - 1" in text else k)

        # Two central differences, and Richardson's step: the error is of the fourth order.
        near, far = ((mean(k + h) - mean(k - h)) / (2 * h) for h in (step, 2 * step))
        assert abs(got.midpoint - (4 * near - far) / 3) < mpmath.mpf(10) ** -11
    assert got.radius < 1e-25


@pytest.mark.parametrize("text", ["log(Abs(x**2 - k))", "log(Abs(x - k)*Abs(x + k))"])
def test_two_places_that_move_apart_are_refused_for_that(text: str) -> None:
    with pytest.raises(NotCertified, match=r"whether .* has a derivative in k here is not known"):
        gradient(text, "k").at(mu=0, sigma=1, k=1)

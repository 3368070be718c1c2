"""Costs that oscillate: an answer, or the reason at once, and never the time limit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import mpmath
import pytest

from symbolic import gradient, time_limit
from symbolic.errors import NotCertified

ENDLESS = [
    ("sin(1/x)", {}, r"oscillates without end towards epsilon = -1/4"),
    ("cos(1/x**2)*x", {}, r"oscillates without end towards epsilon = -1/4"),
    ("besselj(0, x)", {"sigma": 10**12}, r"some 10\^12 oscillations of besselj\(0, "),
    ("cos(x**3)", {"sigma": 10**4}, r"some 10\^14 oscillations of cos\("),
    ("Abs(sin(10**9*x))*cos(10**9*x)", {}, r"some 10\^9 oscillations of "),
]


@pytest.mark.parametrize(("text", "at", "reason"), ENDLESS, ids=[text for text, _, _ in ENDLESS])
def test_what_cannot_be_followed_is_refused_at_once(text: str, at: dict[str, int], reason: str) -> None:
    with time_limit(5), pytest.raises(NotCertified, match=reason):
        gradient(text).at({"mu": "1/4", "sigma": 1, **at})


def test_what_can_be_followed_is_not_refused() -> None:
    """E J_0(X) under N(mu, sigma^2) falls like 1/sigma; its slope at mu = 0 is 0 by symmetry."""
    assert gradient("besselj(0, 300*x)").at(mu="1/4", sigma=1, digits=10).radius < 1e-12


TOUCHING: list[tuple[str, Callable[[mpmath.mpf], mpmath.mpf]]] = [
    ("sqrt(1 + sin(x))", lambda x: mpmath.sqrt(1 + mpmath.sin(x))),
    ("sqrt(1 - sin(x))", lambda x: mpmath.sqrt(1 - mpmath.sin(x))),
    ("sqrt(3 + 3*cos(x))", lambda x: mpmath.sqrt(3 + 3 * mpmath.cos(x))),
    ("(1 - cos(x))**(3/2)", lambda x: (1 - mpmath.cos(x)) ** 1.5),
]


@pytest.mark.parametrize(("text", "cost"), TOUCHING, ids=[text for text, _ in TOUCHING])
def test_a_root_that_touches_zero_again_and_again(text: str, cost: Callable[[mpmath.mpf], mpmath.mpf]) -> None:
    """All their kinks are multiples of pi/2, at which the oracle cuts."""
    with time_limit(5):
        value = gradient(text).at(mu="1/4", sigma=1)
    with mpmath.workdps(25):
        ends = sorted([mpmath.mpf(step) for step in range(-15, 17)] + [mpmath.pi / 2 * step for step in range(-9, 10)])
        wanted = mpmath.fsum(
            mpmath.quad(lambda x: cost(x) * (x - 0.25) * mpmath.npdf(x, 0.25), [left, right])
            for left, right in pairwise(ends)
        )
        assert abs(value.midpoint - wanted) < mpmath.mpf(10) ** -20
    assert value.radius < 1e-28

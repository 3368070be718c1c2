"""How far the mean of n independent draws can be from its expectation: bounds on |mean - m| that hold for every n.

With M_p = E|g - m|^p and S the sum of g - m over n draws, each of these has a probability of at most alpha, for every
even p and every b:

    moments       |S| > (E S^p / alpha)^(1/p)                                                               Markov
    truncation    |S| > s + n M_p / b^(p-1),   n M_p / b^p + 2 exp(-(n V / b^2) h(b s / (n V))) <= alpha    Bennett

h(u) = (1 + u) log(1 + u) - u. docs/statistics.md proves both.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import exp, factorial, log, log1p, sqrt

__all__ = ["mean_distance"]

_BISECTIONS = 60
_LARGEST_NORM = 1e15  # in standard deviations: what is larger gives no bound worth having, and its powers overflow
_ROUNDED_UP = 1 + 1e-12
_SHARES = (*(2.0**-k for k in range(6, 31)), *(k / 32 for k in range(1, 32)))  # of alpha, tried for the truncation


def mean_distance(n: int, false_alarm_rate: float, norms: Mapping[int, float]) -> float:
    """The smallest t known with P(|mean of n draws - m| > t) <= false_alarm_rate.

    norms[p] is not below (E|g - m|^p)^(1/p), for the even p = 2, 4, ... without a gap; they grow with p.
    Raises ValueError without norms[2].
    """
    if 2 not in norms:
        raise ValueError("norms[2], the standard deviation of a draw, is missing: without it there is no bound")
    deviation = norms[2]
    if deviation == 0:
        return 0.0
    scaled = {p: norm / deviation for p, norm in norms.items() if norm <= _LARGEST_NORM * deviation}
    best = min(
        min(
            _by_moments(n, false_alarm_rate, scaled, p),
            *(_by_truncation(n, false_alarm_rate, scaled[p], p, share) for share in _SHARES),
        )
        for p in scaled
    )
    return best * deviation * _ROUNDED_UP


def _by_moments(n: int, alpha: float, norms: Mapping[int, float], p: int) -> float:
    """(E S^p / alpha)^(1/p) / n, in standard deviations of a draw.

    E S^p / p! is the coefficient of t^p in (1 + sum_j E(g - m)^j t^j / j!)^n, whose terms are bounded by absolute
    moments; an odd one is at most the square root of the product of its neighbours.
    """
    absolute = {j: norms[j] ** j for j in range(2, p + 1, 2)}
    absolute |= {j: sqrt(absolute[j - 1]) * sqrt(absolute[j + 1]) for j in range(3, p, 2)}
    series = [Fraction(0), Fraction(0), *(Fraction(absolute[j]) / factorial(j) for j in range(2, p + 1))]
    power = [Fraction(1)]
    for m in range(1, p + 1):  # J. C. P. Miller's recurrence for a power of a series
        power.append(sum(((k * n - m + k) * series[k] * power[m - k] for k in range(2, m + 1)), Fraction(0)) / m)
    moment = power[p] * factorial(p) / Fraction(n) ** p
    return exp((log(moment.numerator) - log(moment.denominator) - log(alpha)) / p)


def _by_truncation(n: int, alpha: float, norm: float, p: int, share: float) -> float:
    """(s + n M_p / b^(p-1)) / n, in standard deviations of a draw, b such that n M_p / b^p is share * alpha."""
    b = norm * exp(log(n / (share * alpha)) / p)
    tail = share * alpha * b / n  # M_p / b^(p-1)
    wanted = log(2 / (alpha * (1 - share))) * b * b / n
    low, high = 0.0, 1.0
    while _bennett(high) < wanted:
        low, high = high, 2 * high
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if _bennett(middle) < wanted:
            low = middle
        else:
            high = middle
    return high / b + tail


def _bennett(u: float) -> float:
    return (1 + u) * log1p(u) - u

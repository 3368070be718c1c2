"""psi against 50-digit arithmetic and against the properties that the proofs use."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from verify.deciding.influence import LARGEST_PSI, psi

Array = NDArray[np.float64]

# From 1e-3 on, the gap to either bound (about t**4/8) is far wider than the rounding of psi.
MAGNITUDES = np.concatenate([np.geomspace(1e-3, 1e3, 4001), sqrt(2) + np.linspace(-1e-6, 1e-6, 101)])
BOTH_SIDES = np.concatenate([-MAGNITUDES, MAGNITUDES])


def breaks_a_bound(influence: Callable[[Array], Array]) -> bool:
    """Whether -log(1 - t + t**2/2) <= influence(t) <= log(1 + t + t**2/2) is wrong anywhere, at 50 digits."""
    with mpmath.workdps(50):
        for t, value in zip(BOTH_SIDES.tolist(), influence(BOTH_SIDES).tolist(), strict=True):
            exact = mpmath.mpf(t)
            if not -mpmath.log(1 - exact + exact**2 / 2) <= value <= mpmath.log(1 + exact + exact**2 / 2):
                return True
    return False


def test_the_two_bounds_hold() -> None:
    assert not breaks_a_bound(psi)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda t: t,
        lambda t: t - t**3 / 6,
        lambda t: np.clip(t, -LARGEST_PSI, LARGEST_PSI),
        lambda t: psi(t) * (1 + 1e-3),
        lambda t: np.sign(t) * np.log1p(np.abs(t) + t * t / 2) * 1.001,
    ],
    ids=["identity", "cubic not clipped", "identity clipped", "psi a little larger", "the upper bound exceeded"],
)
def test_a_wrong_influence_breaks_a_bound(wrong: Callable[[Array], Array]) -> None:
    assert breaks_a_bound(wrong)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_it_is_odd_and_never_decreases_and_never_outruns_its_argument(a: float, b: float) -> None:
    low, high = sorted((a, b))
    at_low, at_high, at_minus_low = psi(np.array([low, high, -low])).tolist()
    assert at_minus_low == -at_low
    assert at_high >= at_low - 4e-16
    assert at_high == at_low or at_high - at_low <= high - low + 4e-16


def test_known_values() -> None:
    """sqrt(2) - sqrt(2)**3/6 = 2 sqrt(2)/3, and psi(1) = 5/6."""
    given_t = np.array([0.0, 1.0, sqrt(2), 1.5, np.inf, -1.0, -np.inf])
    expected = np.array([0.0, 5 / 6, 0.942809041582063, 0.942809041582063, 0.942809041582063, -5 / 6, -LARGEST_PSI])
    np.testing.assert_allclose(psi(given_t), expected, rtol=4e-16, atol=0)


def test_nan_is_not_swallowed_and_the_argument_is_left_alone() -> None:
    given_t = np.array([[3.0, np.nan]])
    assert np.isnan(psi(given_t)[0, 1])
    assert given_t[0, 0] == 3.0

"""Somebody else's estimator as a source of draws: what is accepted unchanged, and what is refused with a reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from numeric.black_box import BlackBox, EstimatorFunction, first_not_finite
from numeric.errors import EstimatorError
from numeric.streams import CHUNK, case_hash, generator

PARAMS = {"mu": 0.1, "sigma": 2.0}


def box(function: EstimatorFunction, seed: int = 0) -> BlackBox:
    return BlackBox(function, PARAMS, "a case", seed)


def noise(params: dict[str, float], n: int, rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    return rng.standard_normal(n)


def test_the_function_gets_the_stream_of_its_chunk() -> None:
    drawn = box(noise, seed=7).draws(3, 1000)
    assert np.array_equal(drawn.values, generator(7, case_hash("a case"), 3).standard_normal(1000))


def test_parts_chunks_and_seeds_share_no_noise() -> None:
    seen = {
        box(noise, seed).draws(chunk, 10, part).values.tobytes()
        for seed in (0, 1)
        for chunk in (0, 1)
        for part in ("", "pilot", "probe")
    }
    assert len(seen) == 2 * 2 * 3


def test_the_function_gets_the_values_and_cannot_change_them() -> None:
    def greedy(params: dict[str, float], n: int, rng: np.random.Generator) -> list[float]:
        return [params.pop("mu")] * n

    asked = box(greedy)
    assert asked.draws(0, 2).values.tolist() == asked.draws(0, 2).values.tolist() == [0.1, 0.1]


def test_the_draws_are_a_copy() -> None:
    buffer = np.zeros(4)
    drawn = box(lambda params, n, rng: buffer).draws(0, 4)
    buffer[:] = 1
    assert drawn.values.tolist() == [0.0] * 4


@pytest.mark.parametrize(
    ("dtype", "spacing"),
    [("f2", 2.0**-10), ("f4", 2.0**-23), ("f8", 2.0**-52), (">f8", 2.0**-52), ("i4", 2.0**-52), ("u8", 2.0**-52)],
)
def test_numbers_that_float64_holds_are_taken_as_they_are(dtype: str, spacing: float) -> None:
    values = np.array([1, 3, 1000]).astype(dtype)
    if values.dtype.kind == "f":
        values /= 3
    drawn = box(lambda params, n, rng: values).draws(0, 3)
    assert drawn.values.dtype == np.float64
    assert [float(value) for value in values] == drawn.values.tolist()
    assert drawn.spacing == spacing


def test_a_list_of_numbers_will_do() -> None:
    assert box(lambda params, n, rng: [0.5] * n).draws(0, 3).values.tolist() == [0.5] * 3


WRONG: dict[str, tuple[Any, str]] = {
    "a number": (1.0, r"shape \(\)"),
    "one too few": (np.zeros(3), r"shape \(3,\)"),
    "a column": (np.zeros((4, 1)), r"shape \(4, 1\)"),
    "nothing": (None, r"shape \(\)"),
    "complex numbers": (np.zeros(4, complex), "complex128"),
    "texts": (["a"] * 4, "<U1"),
    "truth values": (np.zeros(4, bool), "bool"),
    "objects": (np.array([1, 2, 3, None]), "object"),
    "whole numbers too large": (np.full(4, 2**53 + 1), r"2\*\*53"),
    "whole numbers too small": (np.full(4, -(2**53) - 1), r"2\*\*53"),
}


@pytest.mark.parametrize(("returned", "named"), WRONG.values(), ids=WRONG.keys())
def test_what_are_no_draws_is_refused(returned: Any, named: str) -> None:
    with pytest.raises(EstimatorError, match=named) as caught:
        box(lambda params, n, rng: returned).draws(0, 4)
    assert "return" in str(caught.value)


def test_extended_precision_is_refused_where_float64_cannot_hold_it() -> None:
    values = np.zeros(4, np.longdouble)
    if np.can_cast(values.dtype, np.float64):
        pytest.skip("long double is float64 on this machine")
    with pytest.raises(EstimatorError, match=str(values.dtype)):
        box(lambda params, n, rng: values).draws(0, 4)


@pytest.mark.parametrize("theirs", [ZeroDivisionError("division by zero"), AssertionError("mine"), KeyError("tau")])
def test_what_the_function_raises_is_chained(theirs: Exception) -> None:
    def raising(params: dict[str, float], n: int, rng: np.random.Generator) -> float:
        raise theirs

    with pytest.raises(EstimatorError, match=type(theirs).__name__) as caught:
        box(raising).draws(0, 4)
    assert caught.value.__cause__ is theirs
    assert "raising" in str(caught.value)
    assert "mu=0.1, sigma=2.0" in str(caught.value)


def test_an_interruption_is_not_taken_for_an_error_of_the_function() -> None:
    def interrupted(params: dict[str, float], n: int, rng: np.random.Generator) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        box(interrupted).draws(0, 4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e200])
def test_the_first_value_that_is_not_finite_is_found(bad: float) -> None:
    values = np.zeros(CHUNK)
    assert first_not_finite(values) is None
    values[[70, 900]] = bad
    assert first_not_finite(values) == 70

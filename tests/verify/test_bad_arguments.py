"""Bad arguments of the functions: every kind of wrong number is refused, by an error that names it, before any draw."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from numeric import estimate
from symbolic.errors import SymbolicError
from verify import audit, check, expected, tolerance
from verify.usage import UsageError

AT = {"mu": 1, "sigma": 2}


def no_draws(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    raise AssertionError("called, though an argument is bad")


CALLS: dict[str, Callable[..., object]] = {
    "check": lambda **words: check(no_draws, "x**2", **{"at": AT, "claims": "pathwise", **words}),
    "check by name": lambda **words: check("pathwise", "x**2", **{"at": AT, **words}),
    "audit": lambda **words: audit("x", "score_function", **{"at": AT, "n": 100, "rtol": 0.1, **words}),
    "tolerance": lambda **words: tolerance("x", "pathwise", **{"at": AT, "wrt": "mu", "n": 100, **words}),
    "expected": lambda **words: expected("x", **{"at": AT, **words}),
    "estimate": lambda **words: estimate("x", "pathwise", **{"wrt": "mu", "at": AT, "n": 100, **words}),
}
NO_NUMBER: tuple[Any, ...] = ("1", None, True, [1], math.nan, 1 + 0j)
NO_SHARE: tuple[Any, ...] = ("much", "%", "5%%", "-1%", "0%", "nan%", "inf", "", *NO_NUMBER[1:], 0, -0.1, math.inf)
NO_RATE: tuple[Any, ...] = (*NO_NUMBER, 0, 1, 0.0, 1.0, -1e-6, 1.5, math.inf)
NO_RESOLUTION: tuple[Any, ...] = (*NO_NUMBER, 0, -0.01, 10.1, math.inf, -math.inf)
NO_WHOLE: tuple[Any, ...] = (*NO_NUMBER, -1, 2.5, 1e5, 10**40)
NO_LAW: tuple[Any, ...] = (None, 5, [], b"normal", ("normal",))
NO_VALUES: tuple[Any, ...] = (None, "mu=1,sigma=2", [("mu", 1)], 5)

WRONG: tuple[tuple[str, tuple[str, ...], tuple[Any, ...]], ...] = (
    ("resolution", ("check", "check by name"), NO_RESOLUTION),
    ("min_effect", ("check", "check by name"), ("1001%", *(value for value in NO_SHARE if value is not None))),
    ("false_alarm_rate", ("check", "check by name", "audit", "tolerance"), NO_RATE),
    ("miss_rate", ("check", "check by name", "audit"), NO_RATE),
    ("seed", ("check", "check by name", "audit", "estimate"), NO_WHOLE),
    ("max_draws", ("check", "check by name"), (*(value for value in NO_WHOLE if value is not None), 0, 1)),
    ("n", ("audit", "estimate"), (*NO_WHOLE, 0, 1)),
    ("n", ("tolerance",), (*NO_WHOLE, 0)),
    ("components", ("audit",), (*NO_WHOLE, 0)),
    ("simulate", ("audit",), NO_WHOLE),
    ("workers", ("estimate",), (*NO_WHOLE, 0)),
    ("rtol", ("audit",), tuple(value for value in NO_SHARE if value != 0)),
    ("atol", ("audit",), (*NO_NUMBER, -0.1, math.inf)),
    ("variance", ("check",), ("much", -1, math.nan, math.inf, 10**400)),
    ("at", tuple(CALLS), NO_VALUES),
    ("law", tuple(CALLS), NO_LAW),
)


@pytest.mark.parametrize(
    ("argument", "call", "values"),
    [(argument, call, values) for argument, calls, values in WRONG for call in calls],
    ids=[f"{argument} of {call}" for argument, calls, _ in WRONG for call in calls],
)
def test_a_bad_argument_is_named(argument: str, call: str, values: tuple[Any, ...]) -> None:
    for value in values:
        words = {argument: value} if argument != "variance" else {argument: value, "claims": None}
        with pytest.raises((UsageError, SymbolicError)) as refused:
            CALLS[call](**words)
        assert str(refused.value).startswith(f"{argument}="), f"{value!r}: {refused.value}"
        assert len(str(refused.value)) < 300


def test_what_other_libraries_call_a_number_is_one() -> None:
    """Python's types say int and float; at run time any whole or real number will do."""
    five: Any = np.int64(5)
    tenth: Any = Fraction(1, 10)
    assert estimate("x", "pathwise", "mu", AT, n=five, seed=five).n == 5
    assert audit("x", "score_function", AT, 100, rtol=tenth).rtol == 0.1
    assert tolerance("x", "score_function", AT, "mu", five, np.float64(1e-6)) > 0


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e200])
@pytest.mark.parametrize("place", [0, 777, 70_000])
def test_the_first_draw_that_is_no_number_is_named(wrong: float, place: int) -> None:
    """Not finite, or without a finite square. Two of them: the first is named, by its place in the stream."""
    calls = 0

    def spoiled(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        nonlocal calls
        draws = 2 * (params["mu"] + params["sigma"] * rng.standard_normal(n))
        chunk = calls - 3  # after the two streams that are probed, and the first of them again
        calls += 1
        if chunk == place // 2**16:
            draws[[place % 2**16, place % 2**16 + 5]] = wrong
        return draws

    report = check(spoiled, "x**2", at=AT, claims="pathwise")
    (found,) = [finding for finding in report.findings if finding.check == "draws"]
    assert (report.verdict, found.verdict) == ("FAIL", "FAIL")
    assert found.message.startswith(f"draw {place} is {wrong!r}")

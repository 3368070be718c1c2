"""Values for symbols: exact, complete, and refused with the name in the message."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symbolic.errors import BadParameter
from symbolic.parsing.values import exact_rational, read_values, values_for

a = sp.Symbol("a", real=True)
mu = sp.Symbol("mu", real=True)
sigma = sp.Symbol("sigma", positive=True)
TENTH = sp.Rational(1, 10)

EXACT: tuple[tuple[object, sp.Rational], ...] = (
    (3, sp.Integer(3)),
    (-0.0, sp.Integer(0)),
    (0.1, TENTH),
    (0.1 + 0.2, sp.Rational(30000000000000004, 10**17)),
    (1e300, sp.Integer(10) ** 300),
    (5e-324, sp.Rational(5, 10**324)),
    ("0.1", TENTH),
    (" 1/3 ", sp.Rational(1, 3)),
    ("-2 / 6", sp.Rational(-1, 3)),
    ("+.5", sp.S.Half),
    ("7.", sp.Integer(7)),
    ("1e-3", sp.Rational(1, 1000)),
    ("-2.5E+2", sp.Integer(-250)),
    ("1e400", sp.Integer(10) ** 400),
    (Fraction(1, 3), sp.Rational(1, 3)),
    (Decimal("0.1"), TENTH),
    (sp.Rational(2, 7), sp.Rational(2, 7)),
    (sp.Float(0.1), TENTH),
    (sp.Float(0.1 + 0.2), sp.Rational(30000000000000004, 10**17)),
    (sp.Float("0.1", 5), TENTH),
    (sp.Float("0.1", 50), TENTH),
    (np.float64(0.1), TENTH),
    (np.float32(0.1), TENTH),
    (np.longdouble("0.1"), TENTH),
    (np.int64(-3), sp.Integer(-3)),
    (np.uint8(200), sp.Integer(200)),
)


@pytest.mark.parametrize(("value", "expected"), EXACT, ids=[repr(value)[:30] for value, _ in EXACT])
def test_a_number_is_read_exactly(value: object, expected: sp.Rational) -> None:
    assert exact_rational(value) == expected
    assert exact_rational(value).is_Rational


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_decimal_that_it_prints(value: float) -> None:
    expected = Fraction(repr(value))
    for form in (value, repr(value), np.float64(value), Decimal(repr(value)), sp.Float(value)):
        found = exact_rational(form)
        assert Fraction(int(found.p), int(found.q)) == expected


NOT_NUMBERS: tuple[tuple[object, str], ...] = (
    ("", "the value is empty"),
    ("nan", "nan is not a finite number; write a number such as"),
    ("-Infinity", "not a finite number"),
    ("oo", "not a finite number"),
    (float("nan"), "nan is not a finite number"),
    (float("-inf"), "-inf is not a finite number"),
    (np.float64("nan"), "not a finite number"),
    (Decimal("NaN"), "not a finite number"),
    (Decimal("sNaN"), "not a number"),
    (sp.nan, "not a real number"),
    (sp.oo, "not a real number"),
    (sp.pi, "not a real number"),
    (sp.Symbol("x"), "not a real number"),
    (True, "True is a truth value"),
    (np.bool_(False), "not a real number"),
    (1j, "not a real number"),
    (np.complex128(1), "not a real number"),
    (np.array(0.5), "not a real number"),
    (None, "not a real number"),
    ("1/0", "divides by zero"),
    ("1/3/5", "not a number"),
    ("0.5/2", "not a number"),
    ("pi", "pi is not a number"),
    ("2*3", "not a number"),
    ("1_000", "not a number"),
    ("0x10", "not a number"),
    ("1 000", "not a number"),
    ("\u0661", "\\u0661 is not a number"),
    ("1e401", "has an exponent beyond 400"),
    ("1e-99999999999", "has an exponent beyond 400"),
    (Decimal("1e-5000"), "has an exponent beyond 400"),
    (sp.Float(10.0) ** 500, "has an exponent beyond 400"),
    (sp.Float(10.0) ** -700, "has an exponent beyond 400"),
    (10**1000, "more than 2048 bits"),
    ("9" * 650, "more than 2048 bits"),
    ("9" * 100_000, "100000 characters is too long"),
)


@pytest.mark.parametrize(("value", "words"), NOT_NUMBERS, ids=[repr(value)[:30] for value, _ in NOT_NUMBERS])
def test_what_is_no_number_is_refused(value: object, words: str) -> None:
    with pytest.raises(BadParameter) as refusal:
        exact_rational(value)
    assert words in str(refusal.value)
    assert len(str(refusal.value)) < 120


def test_values_come_in_any_order_and_grouping() -> None:
    expected = {mu: sp.S.Half, sigma: sp.Rational(1, 3), a: sp.Integer(2)}
    assert read_values(["mu=0.5,sigma=1/3", "a=2"], [mu, sigma, a]) == expected
    assert read_values([" a = 2 , sigma=1/3", "mu=5e-1"], {a, mu, sigma}) == expected
    assert values_for({"mu": 0.5, "sigma": Fraction(1, 3), "a": "2"}, [mu, sigma, a]) == expected
    assert values_for({mu: Decimal("0.5"), sigma: sp.Rational(1, 3), a: 2}, [mu, sigma, a]) == expected
    assert read_values([], []) == {}
    assert values_for({}, []) == {}


def test_a_symbol_of_the_users_own_stands_for_ours() -> None:
    assert values_for({sp.Symbol("sigma"): 2}, [sigma]) == {sigma: 2}


BAD_PAIRS: tuple[tuple[list[str], str], ...] = (
    ([], "no value for a, mu, sigma: every name needs one; give them, such as a=0.5,mu=0.5,sigma=0.5"),
    (["mu=1"], "no value for a, sigma"),
    (["mu"], "mu gives no value; write name=value"),
    (["=1"], "=1 gives no value"),
    ([""], "an empty text gives no value"),
    (["mu=1,,a=2"], "an empty text gives no value"),
    (["mu="], "mu=: the value is empty"),
    (["mu=nan,sigma=1,a=1"], "mu=nan: nan is not a finite number"),
    (["mu=-inf"], "mu=-inf: -inf is not a finite number"),
    (["mu=1/0"], "mu=1/0: 1/0 divides by zero"),
    (["mu==1"], "mu==1: =1 is not a number"),
    (["mu=1e999"], "mu=1e999: 1e999 has an exponent beyond 400"),
    (["mu=1;sigma=2"], "mu=1;sigma=2: 1;sigma=2 is not a number"),
    (["mu=__import__('os')"], "is not a number"),
    (["mu=1,sigma=1,a=1,mu=2"], "mu=2: mu has the value 1 already; give it once"),
    (["mu=1", "mu=1"], "mu=1: mu has the value 1 already"),
    (["b=1"], "b=1: nothing is called b; the names are a, mu, sigma"),
    (["sgima=1"], "nothing is called sgima; did you mean sigma? the names are a, mu, sigma"),
    (["\u03bc=1"], "nothing is called \\u03bc"),
    (["mu=1,sigma=0,a=1"], "sigma=0: sigma must be > 0; give a positive value"),
    (["mu=1,sigma=-1/2,a=1"], "sigma=-1/2: sigma must be > 0"),
)


@pytest.mark.parametrize(("pairs", "words"), BAD_PAIRS)
def test_bad_values_are_refused_by_name(pairs: list[str], words: str) -> None:
    with pytest.raises(BadParameter) as refusal:
        read_values(pairs, [mu, sigma, a])
    assert words in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


def test_bad_values_of_the_python_interface_are_refused_by_name() -> None:
    for values, words in (
        ({"mu": float("nan"), "sigma": 1}, "mu=nan: nan is not a finite number"),
        ({"mu": True, "sigma": 1}, "mu=True: True is a truth value"),
        ({"mu": 1, "sigma": -1.5}, "sigma=-1.5: sigma must be > 0"),
        ({"mu": 1}, "no value for sigma"),
        ({"mu": 10**5000, "sigma": 1}, "mu=int of 16610 bits: a number of more than 2048 bits is too long"),
        ({"nu": 1}, "nu=1: nothing is called nu; the names are mu, sigma"),
        ({"mu": 1, mu: 2, "sigma": 1}, "mu=2: mu has a value already"),
    ):
        with pytest.raises(BadParameter) as refusal:
            values_for(values, [mu, sigma])
        assert words in str(refusal.value)


def test_a_value_where_nothing_needs_one_is_refused() -> None:
    with pytest.raises(BadParameter, match="mu=1: nothing is called mu; no name needs a value here"):
        read_values(["mu=1"], [])

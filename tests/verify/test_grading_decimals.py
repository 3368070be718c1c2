"""Decimal answers: right to all of their digits, or to too few, or wrong; and shown as they were written."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from verify import grade
from verify.grading.decimals import ENOUGH, between, matches, written
from verify.grading.verdict import Grade

AT = {"mu": 1, "sigma": 1}
with mpmath.workdps(60):
    TRUTH = Decimal(mpmath.nstr(-mpmath.sin(1) * mpmath.exp(-0.5), 50))  # d/dmu E[cos x] = -sin(mu) exp(-sigma^2/2)
PLACES = (1, 2, 3, 4, 7, 12, 30)


def graded(answer: str) -> Grade:
    return grade("cos(x)", "mu", answer=answer, at=AT)


@pytest.mark.parametrize("places", PLACES)
def test_rounded_or_cut_off_is_right_and_one_digit_off_is_wrong(places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    with localcontext(prec=60):
        rounded, cut = (TRUTH.quantize(unit, how) for how in (ROUND_HALF_EVEN, ROUND_DOWN))
        beside = (min(rounded, cut) - unit, max(rounded, cut) + unit)
    for number in {rounded, cut}:
        found = graded(str(number))
        digits = f"{places} digits" if places > 1 else "1 digit"
        assert f"right to {'its ' if places >= ENOUGH else ''}{digits}" in found.explanation
        assert ("cut off" in found.explanation) == (number != rounded and places >= ENOUGH)
        assert found.verdict == ("equivalent" if places >= ENOUGH else "wrong")
        assert (found.counterexample is None) == (places >= ENOUGH)
    for off in beside:
        found = graded(str(off))
        assert (found.verdict, "digit" in found.explanation) == ("wrong", False)
        assert found.counterexample is not None
        assert found.counterexample.answer == str(off)


@pytest.mark.parametrize("text", ["-0.5104", "-.5104", "- 0.5104", "-5.104e-1", "-51.04E-2", "-0.51037795", "-0.5103"])
def test_the_same_number_in_any_writing(text: str) -> None:
    assert graded(text).verdict == "equivalent"


@pytest.mark.parametrize("text", ["-0.5105", "-0.500", "0.5104", "-319/625", "-0.5104 + 0", "-0.0", "-51.04"])
def test_no_other_number_is_right_to_its_digits(text: str) -> None:
    found = graded(text)
    assert (found.verdict, "digit" in found.explanation) == ("wrong", False)


def test_a_decimal_is_shown_as_it_was_written() -> None:
    for text in ("-0.5105", "-0.51", "-5.1E-1"):
        shown = graded(text).counterexample
        assert shown is not None
        assert (shown.answer, shown.right) == (text, "-0.51037795")


def test_a_decimal_term_is_shown_as_it_was_written() -> None:
    shown = grade("cos(x)", "mu", answer_term="-0.5104", at=AT).counterexample
    assert shown is not None
    assert (shown.answer, shown.right) == ("-0.5104", "-0.51037795")


def test_a_named_mistake_is_told_rather_than_two_digits() -> None:
    """E[x**3] by mu is 3 (mu**2 + sigma**2) = 3.03, and at the mean 3."""
    found = grade("x**3", "mu", answer="3.0", at={"mu": 1, "sigma": "1/10"})
    assert (found.verdict, found.mistake) == ("wrong", "gradient at the mean")
    assert grade("x**3", "mu", answer="3.03", at={"mu": 1, "sigma": "1/10"}).verdict == "right"


def test_without_values_a_decimal_is_right_only_where_the_gradient_is_a_number() -> None:
    assert grade("cos(x)", "mu", answer="-0.5104").verdict == "wrong"
    assert grade("k*Abs(x)", "k", "normal(0, 1)", answer="0.798").verdict == "equivalent"  # sqrt(2/pi) = 0.79788...


def test_without_a_closed_form_the_digits_are_certified() -> None:
    """d/dmu E[tanh x] = E[1 - tanh(x)**2] at mu = 0, sigma = 1, by quadrature to 30 digits."""
    with mpmath.workdps(30):
        truth = mpmath.quad(lambda x: mpmath.sech(x) ** 2 * mpmath.npdf(x), [-12, -4, 0, 4, 12])
    rounded = Decimal(mpmath.nstr(truth, 25)).quantize(Decimal("1e-6"), ROUND_HALF_EVEN)
    at = {"mu": 0, "sigma": 1}
    assert "right to its 6 digits" in grade("tanh(x)", "mu", answer=str(rounded), at=at).explanation
    for text, words in (
        (str(rounded + Decimal("2e-6")), "no closed form"),
        (str(rounded)[:4], "right to 2 digits only"),
    ):
        found = grade("tanh(x)", "mu", answer=text, at=at)
        assert (found.verdict, words in found.explanation) == ("wrong", True)
        assert found.counterexample is not None
        assert found.counterexample.answer == text
    assert grade("tanh(x)", "mu", answer=str(rounded), at={"mu": 0}).verdict != "equivalent"


@pytest.mark.parametrize(
    ("text", "digits", "unit"),
    [("0.0510", 3, "1/10000"), ("510.", 3, "1"), ("-1.50e2", 3, "1"), (".05", 1, "1/100"), ("10.0e-3", 3, "1/10000")],
)
def test_how_many_digits_are_written(text: str, digits: int, unit: str) -> None:
    found = written(text)
    assert found is not None
    assert (found.digits, found.unit, found.number) == (digits, Fraction(unit), Fraction(text))


@pytest.mark.parametrize("text", ["510", "1/3", "0.00", "1e3", ".", "0.5*mu", "1.2.3", "", "-"])
def test_what_is_no_decimal_number(text: str) -> None:
    assert written(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "matched"),
    [
        ("0.126", "0.1255", "0.1255", True),
        ("0.125", "0.1255", "0.1255", True),
        ("0.126", "0.12549", "0.12551", False),
        ("0.126", "0.1264", "0.1266", True),
        ("0.126", "0.1264", "0.1271", False),
        ("-0.126", "-0.1269", "-0.1269", True),
        ("-0.126", "-0.1254", "-0.1254", False),
    ],
)
def test_only_what_is_certain_matches(text: str, low: str, high: str, matched: bool) -> None:
    found = written(text)
    assert found is not None
    assert matches(found, (Fraction(low), Fraction(high))) is matched


def test_bounds_are_those_of_the_number() -> None:
    found = written("1.41421356237309504880168872420969807856967187537694")
    assert found is not None
    bounds = between(sp.sqrt(2), found)
    assert bounds is not None
    assert bounds[0] ** 2 < 2 < bounds[1] ** 2
    assert matches(found, bounds)

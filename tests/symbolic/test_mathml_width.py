"""Where a line may end in a formula: nothing is lost or moved, and what is wide becomes narrower."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import sympy as sp

from symbolic.typesetting.mathml import as_mathml
from symbolic.typesetting.mathml_width import parts_of_sum, width_in_em

X, MU, SIGMA = sp.symbols("x mu sigma", real=True)
LONG_SUM = sp.Add(*((k + 7) * X**k * MU ** (12 - k) * SIGMA ** (2 * k) for k in range(1, 12)))
FORMULAS = {
    "a sum": LONG_SUM,
    "a sum in brackets": sp.exp(X) * LONG_SUM,
    "a sum in a root": sp.sqrt(LONG_SUM) + LONG_SUM,
    "a sum in a fraction": 1 / LONG_SUM + X,
    "a function of a sum": sp.cos(LONG_SUM - MU) + sp.erf(LONG_SUM),
    "cases": sp.Piecewise((LONG_SUM, X < 0), (-X, True)),
    "short": MU + SIGMA,
}


def letters(mathml: str) -> str:
    return "".join(ET.fromstring(f"<mrow>{mathml}</mrow>").itertext())


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS.keys())
@pytest.mark.parametrize("before", ["", "<mo>=</mo>"], ids=["alone", "behind an equals sign"])
def test_parts_are_the_formula_in_order(formula: sp.Expr, before: str) -> None:
    whole = before + as_mathml(formula)
    parts = parts_of_sum(whole)
    assert letters("".join(parts)) == letters(whole)
    assert all(letters(part).strip() for part in parts)
    assert not any(letters(part).endswith(("+", "=", "\N{MINUS SIGN}", "(")) for part in parts)
    for wide in ("mfrac", "msqrt", "mtable"):
        assert "".join(parts).count(f"<{wide}") == whole.count(f"<{wide}")


@pytest.mark.parametrize("name", ["a sum", "a sum in brackets", "a function of a sum"])
def test_a_wide_sum_becomes_narrow(name: str) -> None:
    whole = as_mathml(FORMULAS[name])
    assert width_in_em(whole) > 40
    assert max(map(width_in_em, parts_of_sum(whole))) < 40


def test_a_short_formula_is_left_as_it_is() -> None:
    whole = as_mathml(FORMULAS["short"])
    assert parts_of_sum(whole) == [whole]


def test_a_fraction_is_as_wide_as_its_wider_side_and_a_script_is_small() -> None:
    wide = width_in_em(as_mathml(LONG_SUM))
    assert wide < width_in_em(as_mathml(1 / LONG_SUM)) < wide + 2
    assert width_in_em("<msup><mi>a</mi><mi>b</mi></msup>") < width_in_em("<mi>a</mi><mi>b</mi>") + 0.2

"""Powers a**x with a number or a symbol below: the moment generating functions of the textbooks at log a.

E a^X = exp(mu L + sigma^2 L^2 / 2) under the normal law and lam/(lam - L) under the exponential one, with L = log a.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.conditions import is_met
from symbolic.constant_base import in_exponentials
from symbolic.deriving import derive
from symbolic.errors import Divergent, Undefined
from symbolic.laws import EXPONENTIAL, NORMAL
from tests.symbolic.quadrature_oracle import over_pieces, over_the_line

X = NORMAL.variable
MU, SIGMA = NORMAL.parameters
(LAM,) = EXPONENTIAL.parameters
A, B, K = sp.symbols("a b k", real=True)
L = sp.log(A)
BOTH = L + sp.log(B)
MEAN = sp.exp(MU * L + SIGMA**2 * L**2 / 2)
TWO = sp.exp(MU * sp.log(2) + SIGMA**2 * sp.log(2) ** 2 / 2)

GRADIENTS = [
    ("normal", "a**x", "mu", L * MEAN, "a > 0"),
    ("normal", "a**x", "sigma", SIGMA * L**2 * MEAN, "a > 0"),
    ("normal", "a**x", "a", (MU + SIGMA**2 * L) * MEAN / A, "a > 0"),
    ("normal", "a**(k*x)", "mu", K * L * sp.exp(K * MU * L + (K * SIGMA * L) ** 2 / 2), "a > 0"),
    ("normal", "2**x", "mu", sp.log(2) * TWO, "True"),
    ("normal", "a**x*b**x", "mu", BOTH * sp.exp(MU * BOTH + SIGMA**2 * BOTH**2 / 2), "(a > 0) & (b > 0)"),
    ("exponential", "a**x", "lam", -L / (LAM - L) ** 2, "(a > 0) & (-lam + log(a) < 0)"),
    ("exponential", "a**x", "a", LAM / (A * (LAM - L) ** 2), "(a > 0) & (-lam + log(a) < 0)"),
    ("exponential", "x*a**x", "lam", -(LAM + L) / (LAM - L) ** 3, "(a > 0) & (-lam + log(a) < 0)"),
    ("exponential", "(1/2)**x", "lam", sp.log(2) / (LAM + sp.log(2)) ** 2, "True"),
]  # fmt: skip


@pytest.mark.parametrize(("law", "cost", "wrt", "expected", "conditions"), GRADIENTS)
def test_the_gradient_is_that_of_the_textbook(
    law: str, cost: str, wrt: str, expected: sp.Expr, conditions: str
) -> None:
    answer = gradient(cost, wrt, law)
    assert sp.simplify(answer.expression - expected) == 0
    assert answer.method == "exponential_polynomial"
    assert str(answer.conditions) == conditions


VARIANCES = [
    ("normal", "a**x", "mu", {"a": Fraction(5, 3), "mu": Fraction(1, 2), "sigma": Fraction(3, 4)}),
    ("normal", "x*a**x", "a", {"a": Fraction(2, 5), "mu": Fraction(-1, 2), "sigma": Fraction(1, 2)}),
    ("normal", "a**(k*x)", "sigma", {"a": 3, "k": Fraction(-1, 3), "mu": 1, "sigma": Fraction(4, 5)}),
    ("exponential", "a**x", "lam", {"a": Fraction(5, 4), "lam": 2}),
    ("exponential", "a**x", "a", {"a": Fraction(1, 3), "lam": Fraction(3, 2)}),
]


@pytest.mark.parametrize("estimator", ["score_function", "pathwise"])
@pytest.mark.parametrize(("law", "cost", "wrt", "at"), VARIANCES)
def test_the_variance_against_quadrature(
    law: str, cost: str, wrt: str, at: dict[str, int | Fraction], estimator: str
) -> None:
    asked = moments(cost, estimator, wrt, law)
    values = {symbol: sp.Rational(at[str(symbol)]) for symbol in asked.problem.symbols}
    noise = asked.estimator.noise
    draw = sp.lambdify(noise.symbol, asked.estimator.term.xreplace(values), "mpmath")
    weight = sp.lambdify(noise.symbol, noise.density, "mpmath")

    def raw(power: int) -> mpmath.mpf:
        if law == "normal":
            return over_the_line(lambda e: draw(e) ** power * weight(e), reach=22)[0]
        return over_pieces(lambda e: draw(e) ** power * weight(e), [mpmath.mpf(k) for k in (0, 4, 20, 80, 400, 1600)])[
            0
        ]

    with mpmath.workdps(50):
        truth = raw(2) - raw(1) ** 2
        form = asked.variance.expression
        assert form is not None
        assert is_met(asked.variance.conditions, values) is True
        assert abs(mpmath.mpf(form.xreplace(values).evalf(40)) - truth) < mpmath.mpf(10) ** -35 * truth
        value = asked.variance.at(at)
        assert abs(value.midpoint - truth) <= value.radius + mpmath.mpf(10) ** -40 * truth


def test_a_base_that_is_not_positive_is_refused() -> None:
    for base in ("-1", "0", "-1/2"):
        with pytest.raises(Undefined):
            gradient("a**x").at(a=base, mu=1, sigma=1)
    with pytest.raises(Divergent, match="log"):
        gradient("a**x", "lam", "exponential").at(a=10, lam=1)
    assert str(moments("a**x", "pathwise", "lam", "exponential").variance.at(a=2, lam=1)) == "inf"


def test_what_is_rewritten() -> None:
    assert in_exponentials(A**X + X**3 * K**2, X) == (sp.exp(X * L) + X**3 * K**2, sp.Gt(A, 0))
    assert in_exponentials(SIGMA**X, X) == (sp.exp(X * sp.log(SIGMA)), sp.true)
    assert in_exponentials(X**K, X) == (X**K, sp.true)


def test_a_strike_under_a_power() -> None:
    """Max(2**x - K, 0) is cut at log(K)/log(2), as Max(exp(x) - K, 0) is at log(K)."""
    answer = gradient("Max(2**x - K, 0)")
    assert (answer.method, str(answer.conditions)) == ("piecewise", "K > 0")
    at = {"mu": "1/2", "sigma": "3/4", "K": "3/2"}
    values = {symbol: sp.Rational(at[str(symbol)]) for symbol in answer.symbols}
    assert answer.expression is not None
    assert abs(answer.expression.xreplace(values).evalf(30) - sp.Float(str(answer.at(at)), 30)) < 1e-27


def test_a_condition_that_has_no_value_is_not_met() -> None:
    condition = sp.And(A > 0, sp.Gt(LAM, L))
    assert is_met(condition, {A: sp.Integer(2), LAM: sp.Integer(1)}) is True
    assert is_met(condition, {A: sp.Integer(3), LAM: sp.Integer(1)}) is False
    assert is_met(condition, {A: sp.Integer(-1), LAM: sp.Integer(1)}) is False
    assert is_met(condition, {LAM: sp.Integer(1)}) is None


@pytest.mark.parametrize(("law", "wrt"), [("normal", "mu"), ("normal", "a"), ("exponential", "lam")])
def test_it_is_derived_line_by_line(law: str, wrt: str) -> None:
    derivation = derive("a**x", wrt, law, ["pathwise"])
    assert not [stop for stop in derivation.stops if "Gaussian" not in stop.topic]
    assert {"add up", "exact gradient", "variance"} <= {step.rule for step in derivation.steps}
    assert "a > 0" in derivation.conclusion[0]

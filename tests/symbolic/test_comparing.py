"""Equal, different or not known: identities in odd forms, differences that live on a small part, and what is undecided.

The oracle is the table itself: each line is an identity of a textbook (DLMF chapters 4, 7 and 10), or breaks one.
"""

from __future__ import annotations

import pytest
import sympy as sp

from symbolic.comparing import Comparison, Domain, compare
from symbolic.comparing.contradiction import exclude_each_other
from symbolic.parsing import Parsed, parse_cost
from symbolic.problem import Problem, problem

ASKED = problem("x**2 + a*x + k", "mu", "normal")


def read(text: str, asked: Problem = ASKED) -> Parsed:
    return parse_cost(text, asked.law)


def compared(left: str, right: str, conditions: sp.Basic = sp.true, *, draws: bool = False) -> Comparison:
    first, second = read(left), read(right)
    drawn = frozenset({ASKED.law.variable}) if draws else frozenset()
    domain = Domain(ASKED, conditions, (*first.guards, *second.guards), drawn)
    symbols = sorted(ASKED.symbols | drawn, key=str)
    return compare(first.expression, second.expression, domain, symbols)


EQUAL = [
    ("(mu**2 - 1)/(mu - 1)", "mu + 1"),
    ("(mu + k)**3", "mu**3 + 3*mu**2*k + 3*mu*k**2 + k**3"),
    ("1/(mu*(mu + 1))", "1/mu - 1/(mu + 1)"),
    ("sin(2*mu)", "2*sin(mu)*cos(mu)"),
    ("sin(2*mu)/cos(mu)", "2*sin(mu)"),
    ("cos(mu)**2", "(1 + cos(2*mu))/2"),
    ("sin(mu + k)", "sin(mu)*cos(k) + cos(mu)*sin(k)"),
    ("sqrt(2)*sin(mu + pi/4)", "sin(mu) + cos(mu)"),
    ("tan(mu + pi/3)", "(tan(mu) + sqrt(3))/(1 - sqrt(3)*tan(mu))"),
    ("1 + tan(mu)**2", "1/cos(mu)**2"),
    ("cosh(mu)", "(exp(mu) + exp(-mu))/2"),
    ("cosh(mu)**2 - sinh(mu)**2", "1"),
    ("tanh(mu/2)", "2*sigmoid(mu) - 1"),
    ("1 - tanh(mu)**2", "1/cosh(mu)**2"),
    ("(1 - tanh(sigma**2))/(1 + tanh(sigma**2))", "exp(-2*sigma**2)"),
    ("sigmoid(mu)*(1 - sigmoid(mu))", "exp(mu)/(1 + exp(mu))**2"),
    ("softplus(-mu)", "softplus(mu) - mu"),
    ("exp(mu)**2*exp(-k)", "exp(2*mu - k)"),
    ("2**mu", "exp(mu*log(2))"),
    ("exp(2*log(sigma) + mu)", "sigma**2*exp(mu)"),
    ("log(sigma**3/2)", "3*log(sigma) - log(2)"),
    ("log(mu**2)", "2*log(Abs(mu))"),
    ("log(mu**2 + 2*mu*k + k**2)", "2*log(Abs(mu + k))"),
    ("sqrt(mu**2 - 2*mu + 1)", "Abs(1 - mu)"),
    ("(1 + sigma)**(3/2)", "sqrt(1 + sigma)*(1 + sigma)"),
    ("sqrt(1 - mu**2)", "sqrt(1 - mu)*sqrt(1 + mu)"),
    ("erfc(mu/sqrt(2))/2", "1 - Phi(mu)"),
    ("Phi((k - mu)/sigma)", "1 - Phi((mu - k)/sigma)"),
    ("erf(-mu - sigma**2 + log(sigma))", "-erf(mu + sigma**2 - log(sigma))"),
    ("atan(k - mu)", "-atan(mu - k)"),
    ("besselj(2, mu)", "2*besselj(1, mu)/mu - besselj(0, mu)"),
    ("Abs(mu)", "sqrt(mu**2)"),
    ("Abs(mu)", "mu*sign(mu)"),
    ("Abs(mu*k)", "Abs(mu)*Abs(k)"),
    ("Max(mu, k)", "(mu + k + Abs(mu - k))/2"),
    ("Max(mu, 0)", "Piecewise((mu, mu > 0), (0, True))"),
    ("Max(mu, 0)", "mu*Heaviside(mu)"),
    ("Max(mu, 0) + Min(mu, 0)", "mu"),
    ("sign(mu)", "2*Heaviside(mu) - 1"),
    ("clip(mu, 0, 1)", "Max(0, Min(mu, 1))"),
    ("Abs(Abs(mu) - 1)", "Piecewise((Abs(mu + 1), mu < 0), (Abs(mu - 1), True))"),
    ("Max(mu, mu + 1)", "mu + 1"),
    ("Heaviside(mu - 1)*Heaviside(mu + 1)", "Heaviside(mu - 1) + 0*k"),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_an_identity_is_proven(left: str, right: str) -> None:
    assert compared(left, right).equal is True
    assert compared(right, left).equal is True


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_an_identity_that_is_a_little_off_is_refuted(left: str, right: str) -> None:
    found = compared(left, f"({right}) + 1/10**9")
    assert found.equal is False
    assert found.point is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Heaviside(mu - 1000)", "0"),
        ("Max(mu, -77)", "mu"),
        ("Piecewise((1, mu < 50), (Piecewise((2, mu < 51), (1, True)), True))", "1"),
        ("Piecewise((mu, mu < 0), (mu, mu > 0), (5, True))", "mu"),
        ("sqrt(mu**2)", "mu"),
        ("log(mu**2)", "2*log(mu) + Abs(k) - k"),
        ("Heaviside(mu - k) + Heaviside(k - mu - 1/10)", "Heaviside(mu - k)"),
    ],
)
def test_a_difference_on_a_small_part_is_found(left: str, right: str) -> None:
    found = compared(left, right)
    assert found.equal is False
    assert found.point is not None
    # The point is a proof: the two values differ there, by SymPy's own arithmetic.
    here = [float(read(text).expression.subs(found.point)) for text in (left, right)]
    assert here[0] != here[1]


def test_single_draws_do_not_count() -> None:
    assert compared("Heaviside(x)", "Piecewise((1, x >= 0), (0, True))", draws=True).equal is True
    assert compared("Heaviside(mu)", "Piecewise((1, mu >= 0), (0, True))").equal is not True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("atan(1/2) + atan(1/3)", "pi/4"),
        ("atan(mu) + atan(1/mu)", "sign(mu)*pi/2"),
        ("sqrt(3 + 2*sqrt(2))", "1 + sqrt(2)"),
    ],
)
def test_what_cannot_be_proven_is_not_called_equal(left: str, right: str) -> None:
    """True equations, but of a kind that no identity here covers."""
    assert compared(left, right).equal is None


def test_agreement_is_counted_where_nothing_is_proven() -> None:
    found = compared("atan(mu) + atan(1/mu)", "sign(mu)*pi/2")
    assert found.equal is None
    assert found.agreed >= 12
    assert found.digits >= 50


def test_a_formula_without_a_value_anywhere_is_not_equal_to_anything() -> None:
    found = compared("mu + 0*log(sigma - exp(sigma))", "mu")
    assert found.equal is None
    assert found.agreed == 0


def test_conditions_help_and_bound() -> None:
    k = sp.Symbol("k", real=True)
    assert compared("sqrt(k**2)", "k", k > 0).equal is True
    assert compared("sqrt(k**2)", "k", k < 0).equal is False
    assert compared("sqrt(k**2)", "k").equal is False


def test_the_same_question_has_the_same_answer() -> None:
    assert compared("mu", "k") == compared("mu", "k")


X, Y, S = sp.Symbol("x", real=True), sp.Symbol("y", real=True), sp.Symbol("s", positive=True)


@pytest.mark.parametrize(
    ("formulas", "excluded"),
    [
        ((X - 1, -X), True),
        ((X - 1, -X - 1), True),
        ((X - 1, -X + 2), False),
        ((X - Y, Y - 2, 1 - X), True),
        ((X - Y, Y - X), True),
        ((-S,), True),
        ((X**2 - 2, 1 - X**2), True),
        ((X - S, -X), True),
        ((X,), False),
        ((sp.S.Zero,), True),
    ],
    ids=str,
)
def test_formulas_that_cannot_all_be_positive(formulas: tuple[sp.Expr, ...], excluded: bool) -> None:
    assert exclude_each_other(formulas) is excluded

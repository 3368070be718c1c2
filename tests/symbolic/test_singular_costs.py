"""Costs with a denominator that vanishes where the law has mass: an answer where there is one, or the reason."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import pytest
import sympy as sp

from symbolic.clock import time_limit
from symbolic.enclosing.removable import removable_at
from symbolic.errors import Undefined
from symbolic.exact_gradient import gradient
from symbolic.exact_moments import moments
from symbolic.laws.normal import NORMAL
from symbolic.parsing import parse_cost
from symbolic.value import Value

X = sp.Symbol("x", real=True)
MEAN, DEVIATION, RATE = sp.Rational(1, 2), sp.Rational(5, 4), sp.Rational(3, 2)
DENSITY = {
    "normal": sp.exp(-((X - MEAN) ** 2) / (2 * DEVIATION**2)) / (DEVIATION * sp.sqrt(2 * sp.pi)),
    "exponential": RATE * sp.exp(-RATE * X),
}
ENDS = {
    "normal": (-19, -12, -7, -4, -2, -1, 0, 1, 2, 3, 5, 8, 13, 20),
    "exponential": (0, 1, 2, 3, 5, 8, 12, 20, 34, 66),
}
SCORE = {"normal": (X - MEAN) / DEVIATION**2, "exponential": 1 / RATE - X}
SPEED = {"normal": sp.S.One, "exponential": -X / RATE}  # of the path, dx/d theta
ASKED: dict[str, tuple[str, dict[str, str]]] = {
    "normal": ("mu", {"mu": "1/2", "sigma": "5/4"}),
    "exponential": ("lam", {"lam": "3/2"}),
}

FILLED = [
    "sin(x)/x",
    "(1 - cos(x))/x**2",
    "(exp(x/3) - 1)/x",
    "x/(exp(x) - 1)",
    "tanh(x)/x",
    "besselj(1, x)/x",
    "log(1 + x**2)/x",
    "(x - 1)/(exp(x) - E)",
    "Piecewise((sin(x)/x, Ne(x, 0)), (1, True))",
]
# Integrable, while the square of the term of an estimator is not.
INTEGRABLE = ["Abs(x)**(-1/2)", "Abs(x - 1)**(-1/2)", "log(Abs(x))/Abs(x)**(1/2)", "sqrt(Abs(x))/x"]


def _expectation(integrand: sp.Expr, law: str, digits: int = 40) -> mpmath.mpf:
    """By the double-exponential rule between the integers, at which all that is singular here lies.

    It comes within 10^-digits of the singular place, where a root has half as many digits left.
    """
    function = sp.lambdify(X, integrand * DENSITY[law], "mpmath")

    def precise(x: mpmath.mpf) -> mpmath.mpf:
        with mpmath.workdps(150):  # beside the place digits cancel
            return mpmath.mpf(function(x))

    with mpmath.workdps(digits):
        return mpmath.fsum(
            mpmath.quad(precise, [left, right], method="tanh-sinh", maxdegree=9) for left, right in pairwise(ENDS[law])
        )


def _agrees(value: Value, truth: mpmath.mpf) -> bool:
    with mpmath.workdps(40):
        return bool(value.radius < 1e-25 and abs(value.midpoint - truth) <= value.radius + mpmath.mpf(10) ** -22)


@pytest.mark.parametrize("law", ["normal", pytest.param("exponential", marks=pytest.mark.prove)])
@pytest.mark.parametrize("text", [*FILLED, *INTEGRABLE])
def test_the_gradient_is_the_integral(text: str, law: str) -> None:
    wrt, at = ASKED[law]
    cost = parse_cost(text, NORMAL).expression
    digits = 90 if text in INTEGRABLE else 40
    assert _agrees(gradient(text, wrt, law).at(at), _expectation(cost * SCORE[law], law, digits))


@pytest.mark.parametrize(("text", "law"), [("sin(x)/x", "normal"), (FILLED[1], "exponential")])
def test_the_variances_are_the_integrals(text: str, law: str) -> None:
    wrt, at = ASKED[law]
    cost = parse_cost(text, NORMAL).expression
    terms = {"score_function": cost * SCORE[law], "pathwise": sp.diff(cost, X) * SPEED[law]}
    for name, term in terms.items():
        with mpmath.workdps(40):
            wanted = _expectation(term**2, law) - _expectation(term, law) ** 2
        assert _agrees(moments(text, name, wrt, law).variance.at(at), wanted), name


@pytest.mark.parametrize("text", INTEGRABLE)
def test_a_variance_that_does_not_exist_is_infinite(text: str) -> None:
    wrt, at = ASKED["normal"]
    for name in ("score_function", "pathwise"):
        assert not moments(text, name, wrt, "normal").variance.at(at).is_finite


@pytest.mark.parametrize(
    "text", ["1/x", "x**2/x**3", "cos(x)/x", "sin(x)/x**2", "1/(x - k)", "Abs(x)**(-1)", "exp(x)/x", "1/(1 - exp(-x))"]
)
def test_a_pole_is_refused_for_its_place(text: str) -> None:
    with pytest.raises(Undefined, match=r"has a pole at x = (0|k), where the law has mass"):
        gradient(text)


@pytest.mark.parametrize(
    ("text", "at", "answer"),
    [
        ("x**a", {"mu": 1, "sigma": 2, "a": 3}, 3 * (1 + 4)),
        ("Abs(x)**a", {"mu": 1, "sigma": 2, "a": 2}, 2),
        ("Max(x, 0)**a", {"mu": 0, "sigma": 3, "a": 2}, None),
        ("x**2/x*a", {"mu": 0, "sigma": 3, "a": 2}, 2),
    ],
)
def test_what_hangs_on_an_exponent_is_told_by_its_value(text: str, at: dict[str, int], answer: int | None) -> None:
    value = gradient(text).at(at)
    if answer is None:  # d/dmu E max(x, 0)^2 = 2 E max(x, 0) = 2 sigma/sqrt(2 pi) at mu = 0
        with mpmath.workdps(40):
            assert _agrees(value, 6 / mpmath.sqrt(2 * mpmath.pi))
    else:
        assert value.midpoint == answer


TOUCHED = [
    ("1/(4*x**2 + 4*x + 1)", {}, "-1/2"),
    ("1/(x**2 - 2*x + 1)", {}, "1"),
    ("1/(x**2 + 2*k*x + k**2)", {"k": "1/3"}, "-k"),
    ("1/(x**2 - 2*sqrt(2)*x + 2)", {}, r"sqrt\(2\)"),
    ("1/(x**4 - 2*x**2 + 1)", {}, "-1"),
    ("1/(exp(2*x) - 2*exp(x) + 1)", {}, "0"),
    ("1/(1 - cos(x))", {}, "0"),
    ("x/(1 - cos(x))", {}, r"-2\*pi"),
    ("1/(1 + sin(x))", {}, "-pi/2"),
    ("1/(1 + cos(k*x))", {"k": 2}, "-pi/2"),
    ("1/(exp(x) - 1 - x)", {}, "0"),
    ("1/(sqrt(Abs(x)) - 1)", {}, "-1"),
    ("1/log(Abs(x))", {}, "-1"),
]


@pytest.mark.parametrize(("text", "at", "place"), TOUCHED, ids=[text for text, _, _ in TOUCHED])
def test_a_pole_without_a_change_of_sign_is_refused_at_once(text: str, at: dict[str, int | str], place: str) -> None:
    with time_limit(2), pytest.raises(Undefined, match=rf"has a pole at x = {place}, where the law has mass"):
        gradient(text).at({"mu": "1/4", "sigma": 1, **at})


@pytest.mark.parametrize(
    "text", ["1/(x**2 - 2*x + 2)", "1/(2 - cos(x))", "(x - 1)**2/(x**2 - 2*x + 1)", "1/(1 + x**4)"]
)
def test_a_denominator_that_comes_near_zero_is_none_of_these(text: str) -> None:
    assert gradient(text).at(mu="1/4", sigma=1).radius < 1e-25


# Their slope is like 1/sqrt(distance) at a kink, and its square has no integral.
ROOTED = [
    "tanh(Abs(x - 1))*sqrt(Abs(x + 2))",
    "x*erfc(sqrt(Abs(x + 1)/2))",
    "cos(x) + tanh(sqrt(Abs(3*x/2 - 5/4)))",
    "log(Abs(x/2 + 5/4) + 1)/((sqrt(Abs(3*x/4 - 1))/2 + 1/2)**2 + 1)",
]
# A function that vanishes with the root makes up for it.
MENDED = ["cos(sqrt(Abs(x)))", "besselj(0, sqrt(Abs(x)))", "sqrt(Abs(x))*atan(sqrt(Abs(x)))", "sin(sqrt(Abs(x)))**2"]


@pytest.mark.parametrize("text", ROOTED)
def test_the_square_of_one_over_a_root_has_no_integral(text: str) -> None:
    assert not moments(text, "pathwise").variance.at(mu="1/2", sigma="5/4", digits=10).is_finite


@pytest.mark.parametrize("text", [MENDED[0], *(pytest.param(text, marks=pytest.mark.prove) for text in MENDED[1:])])
def test_what_vanishes_with_the_root_mends_it(text: str) -> None:
    slope = sp.diff(parse_cost(text, NORMAL).expression.subs(sp.Abs(X), X * sp.sign(X)), X).replace(
        sp.DiracDelta, lambda *_: sp.S.Zero
    )
    with mpmath.workdps(40):
        wanted = _expectation(slope**2, "normal") - _expectation(slope, "normal") ** 2
        got = moments(text, "pathwise").variance.at(ASKED["normal"][1], digits=20)
        assert abs(got.midpoint - wanted) <= got.radius + abs(wanted) * mpmath.mpf(10) ** -18


def test_a_pole_that_sympy_does_not_see_is_no_gap() -> None:
    """sinh(log(1 + sqrt(2))) is 1, and SymPy leaves it as it is, times k too."""
    k = sp.Symbol("k", positive=True)
    pole, place = 1 / (k * (sp.sinh(X) - 1)), sp.log(1 + sp.sqrt(2))
    assert removable_at(pole, X, place) is None
    assert removable_at((sp.sinh(X) - 1) * pole, X, place) is not None

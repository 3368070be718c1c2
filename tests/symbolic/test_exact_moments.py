"""Exact moments of the estimators against closed forms from the literature and against 50-digit quadrature.

For f = (x - k)^2, d = mu - k: Mohamed, Rosca, Figurnov, Mnih (2020), JMLR 21(132), section 3 and figure 2.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.equality import equal
from symbolic.errors import BadParameter, Divergent, Undefined
from symbolic.exact_moments import moments_of
from symbolic.laws import NORMAL

MU, SIGMA = NORMAL.parameters
K = sp.Symbol("k", real=True)
D = MU - K

QUADRATIC = [
    ("score_function", "mu", 2 * D, D**4 / SIGMA**2 + 14 * D**2 + 15 * SIGMA**2),
    ("score_function", "sigma", 2 * SIGMA, 2 * D**4 / SIGMA**2 + 60 * D**2 + 74 * SIGMA**2),
    ("pathwise", "mu", 2 * D, 4 * SIGMA**2),
    ("pathwise", "sigma", 2 * SIGMA, 4 * D**2 + 8 * SIGMA**2),
]


@pytest.mark.parametrize(("estimator", "wrt", "mean", "variance"), QUADRATIC)
def test_the_quadratic(estimator: str, wrt: str, mean: sp.Expr, variance: sp.Expr) -> None:
    got = moments("(x - k)**2", estimator, wrt)
    assert equal(got.mean.expression, mean) is True
    assert equal(got.variance.expression, variance) is True
    assert equal(gradient("(x - k)**2", wrt).expression, mean) is True


@pytest.mark.parametrize("cost", ["cos(k*x)", "exp(-k*x**2)"])
@pytest.mark.parametrize(("wrt", "crossing"), [("mu", ("1.0638", ".8700")), ("sigma", ("1.2973", "1.0028"))])
def test_where_pathwise_begins_to_lose(cost: str, wrt: str, crossing: tuple[str, str]) -> None:
    """Figure 3 of the same paper: at N(1, 1) the score function wins from these k on."""
    k = Fraction(crossing[0] if cost == "cos(k*x)" else crossing[1])
    score, path = (moments(cost, name, wrt).variance for name in ("score_function", "pathwise"))
    step = Fraction(2, 10**4)
    assert float(score.at(mu=1, sigma=1, k=k - step)) > float(path.at(mu=1, sigma=1, k=k - step))
    assert float(score.at(mu=1, sigma=1, k=k + step)) < float(path.at(mu=1, sigma=1, k=k + step))


AT = {"mu": Fraction(2, 5), "sigma": Fraction(4, 5), "k": Fraction(3, 2), "a": Fraction(-1, 4)}
COSTS = ["x**3 - 2*x", "exp(a*x)", "x*cos(k*x)", "exp(-k*x**2)", "x**2*exp(a*x)", "cosh(x/2)"]


def central_moment(term: sp.Expr, power: int, mean: mpmath.mpf) -> mpmath.mpf:
    epsilon = NORMAL.noise.symbol
    function = sp.lambdify(epsilon, term, "mpmath")
    marks = [mpmath.mpf(mark) for mark in (-25, -9, -4, -2, 0, 2, 4, 9, 25)]
    return mpmath.quad(lambda e: (function(e) - mean) ** power * mpmath.npdf(e), marks)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("wrt", ["mu", "sigma"])
@pytest.mark.parametrize("estimator", ["score_function", "pathwise"])
def test_mean_variance_and_kurtosis_against_quadrature(cost: str, wrt: str, estimator: str) -> None:
    got = moments(cost, estimator, wrt)
    values = {name: AT[name] for name in map(str, got.problem.symbols)}
    term = got.estimator.term.subs({symbol: sp.Rational(AT[str(symbol)]) for symbol in got.problem.symbols})
    with mpmath.workdps(50):
        mean = central_moment(term, 1, mpmath.mpf(0))
        variance = central_moment(term, 2, mean)
        fourth = central_moment(term, 4, mean)
        for exact, wanted in (
            (got.mean, mean),
            (got.variance, variance),
            (got.kurtosis, fourth / variance**2),
            (gradient(cost, wrt), mean),
        ):
            value = exact.at(values, digits=30)
            assert abs(value.midpoint - wanted) <= value.radius + abs(wanted) * mpmath.mpf(10) ** -35
            assert value.radius <= abs(wanted) * mpmath.mpf(10) ** -29


ENCLOSED = ["tanh(x)", "softplus(-2*x)", "-log(1 + x**2)", "sqrt(1 + x**2)", "cos(x**2)", "1/(1 + x**2)"]


@pytest.mark.parametrize("cost", ENCLOSED)
@pytest.mark.parametrize("estimator", [pytest.param("score_function", marks=pytest.mark.prove), "pathwise"])
def test_what_has_no_closed_form_is_enclosed(cost: str, estimator: str) -> None:
    """The means have both signs: a centre of the wrong sign would spoil the variance."""
    for wrt in ("mu", "sigma"):
        got = moments(cost, estimator, wrt)
        assert moments_of(got.problem, estimator).variance.expression is None
        values = {name: AT[name] for name in ("mu", "sigma")}
        term = got.estimator.term.subs({symbol: sp.Rational(AT[str(symbol)]) for symbol in got.problem.symbols})
        with mpmath.workdps(30):
            mean = central_moment(term, 1, mpmath.mpf(0))
            variance = central_moment(term, 2, mean)
            fourth = central_moment(term, 4, mean)
            for exact, wanted in (
                (got.mean, mean),
                (got.variance, variance),
                (got.kurtosis, fourth / variance**2),
                (gradient(cost, wrt), mean),
            ):
                value = exact.at(values, digits=20)
                # mpmath's rule is good to about 1e-12 on these, Arb's balls to 1e-20: hence the one-sided comparison.
                assert abs(value.midpoint - wanted) < 1e-9 * abs(wanted)
                assert value.radius < 1e-18 * abs(wanted)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("estimator", ["score_function", "pathwise"])
def test_closed_form_and_number_agree(cost: str, estimator: str) -> None:
    """`.expression` is derived with symbols and `.at` with numbers in place: two runs of the algebra, one answer."""
    for exact in (moments(cost, estimator, "sigma").variance, moments(cost, estimator, "sigma").kurtosis):
        values = {symbol: sp.Rational(AT[str(symbol)]) for symbol in exact.symbols}
        assert exact.expression is not None
        from_expression = exact.expression.subs(values).evalf(40)
        assert abs(from_expression - sp.Float(str(exact.at(values)), 40)) < abs(from_expression) * sp.Float("1e-27", 40)


def test_an_infinite_variance_comes_with_its_condition() -> None:
    variance = moments("exp(a*x**2)", "score_function").variance
    assert not variance.at(mu=0, sigma=1, a="1/4").is_finite
    assert variance.at(mu=0, sigma=1, a="0.2499").is_finite
    a = sp.Symbol("a", real=True)
    assert variance.conditions.subs({a: sp.Rational(1, 4), SIGMA: 1}) == sp.false
    assert variance.conditions.subs({a: sp.Rational(1, 5), SIGMA: 1}) == sp.true


def test_a_gradient_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Divergent, match="it needs"):
        gradient("exp(a*x**2)").at(mu=0, sigma=1, a="1/2")


def test_a_term_without_variance_has_no_kurtosis() -> None:
    linear = moments("3*x", "pathwise")
    assert float(linear.variance.at(mu=1, sigma=1)) == 0
    with pytest.raises(Undefined, match="variance of the term is 0"):
        linear.kurtosis.at(mu=1, sigma=1)


def test_a_gradient_with_respect_to_a_symbol_of_the_cost() -> None:
    assert equal(gradient("(x - k)**2", wrt="k").expression, 2 * (K - MU)) is True
    assert equal(moments("(x - k)**2", "score_function", wrt="k").variance.expression, 4 * SIGMA**2) is True


def test_a_log_scale_gradient() -> None:
    rho = sp.Symbol("rho", real=True)
    answer = gradient("x**2", wrt="rho", law="normal(mu, exp(rho))")
    assert equal(answer.expression, 2 * sp.exp(2 * rho)) is True


def test_the_reference_method_agrees() -> None:
    for cost in ("x**4 - x", "exp(a*x)"):
        ours, reference = gradient(cost), gradient(cost, method="sympy_integral")
        assert reference.method == "sympy_integral"
        values = {str(symbol): AT[str(symbol)] for symbol in ours.symbols}
        # SymPy's form may differ from ours beyond what algebra proves; balls at a point must overlap.
        assert equal(ours.expression, reference.expression) is not False
        assert abs(float(ours.at(values)) - float(reference.at(values))) <= 1e-15 * abs(float(ours.at(values)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mu": 1}, "sigma"),
        ({"mu": 1, "sigma": 0}, "sigma=0"),
        ({"mu": 1, "sigma": -2}, "sigma=-2"),
        ({"mu": float("nan"), "sigma": 1}, "nan"),
        ({"mu": 1, "sigma": 1, "tau": 1}, "tau"),
    ],
)
def test_bad_values_are_named(values: dict[str, float], message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        gradient("x**2").at(values)


def test_unknown_names_are_refused_with_the_choice() -> None:
    with pytest.raises(BadParameter, match="mu, sigma"):
        gradient("x**2", wrt="tau")
    with pytest.raises(BadParameter, match="pathwise"):
        moments("x**2", "reinforce")
    with pytest.raises(BadParameter, match="sympy_integral"):
        gradient("x**2", method="magic")


def test_floats_are_read_by_their_decimals() -> None:
    assert str(gradient("x**2").at(mu=0.1, sigma=1)) == str(gradient("x**2").at(mu=Fraction(1, 10), sigma=1))

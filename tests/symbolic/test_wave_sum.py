"""Integrals and derivatives that stay polynomials in letters, against SymPy's and the integral by parts."""

from __future__ import annotations

import time

import pytest
import sympy as sp
from flint import fmpq

from symbolic.balls import real_ball
from symbolic.errors import Divergent, NotInClass
from symbolic.estimators import ESTIMATORS
from symbolic.estimators import estimator as estimator_of
from symbolic.exact_gradient import gradient, gradient_of
from symbolic.exact_moments import moments
from symbolic.exponential_integral import integrate_sum
from symbolic.exponential_sum import read
from symbolic.gaussian_integral import integrate_powers, integrate_whole_line
from symbolic.laws import NORMAL
from symbolic.problem import problem
from symbolic.readable.laurent import Ring, TooLong
from symbolic.wave_sum import WaveSum

DIGITS = 50

x = NORMAL.variable
mu, sigma = NORMAL.parameters
a, b, k = sp.symbols("a b k", real=True)
POINT = {
    mu: sp.Rational(-7, 11),
    sigma: sp.Rational(5, 13),
    a: sp.Rational(3, 17),
    b: sp.Rational(-19, 23),
    k: sp.Rational(29, 31),
}

COSTS: tuple[sp.Expr, ...] = (
    sp.Integer(0),
    x**7 - k * x,
    (x - k) ** 33,
    (mu * x + sigma) ** 3,
    sp.exp(a * x) * x**5,
    sp.exp(-k * x**2 / 3 + b * x + a),
    sp.exp(-(x**2) / (1 + k**2)) * x**2 * sp.cos(a * x + b),
    sp.exp(-((x * sp.sqrt(1 + k**2) - sp.log(1 + k**2)) ** 2)) * x,
    sp.sin(a * x) ** 2 * sp.cos(b * x + k) * sp.sin(x),
    sp.sin(x / sigma + mu) * sp.cosh(a * x),
    sp.sinh(b * x - k) ** 3,
    sp.Integer(2) ** (a * x) * sp.erf(k / sigma) * x,
    sp.Abs(k - mu) * sp.sqrt(2 + sp.sqrt(sigma)) * x**3,
    sp.cos(x) ** 33,
)


def whole(cost: sp.Expr) -> WaveSum:
    form = integrate_whole_line(cost * NORMAL.density, x).form
    assert isinstance(form, WaveSum)
    return form


def agree(one: sp.Expr, other: sp.Expr) -> bool:
    """Whether the balls at the point, small to 50 digits, meet."""
    return bool(real_ball(one, POINT, DIGITS).overlaps(real_ball(other, POINT, DIGITS)))


@pytest.mark.parametrize("cost", COSTS, ids=str)
def test_the_integral_is_the_one_by_parts(cost: sp.Expr) -> None:
    by_parts = integrate_sum(read(cost * NORMAL.density, x), x, -sp.oo, sp.oo)
    integral = integrate_whole_line(cost * NORMAL.density, x)
    assert agree(integral.expression, by_parts.expression)
    assert agree(integral.shortest, by_parts.expression)
    assert integral.conditions == by_parts.conditions


@pytest.mark.parametrize("symbol", [sigma, k], ids=str)
@pytest.mark.parametrize("cost", COSTS, ids=str)
def test_the_derivative_is_that_of_the_expression(cost: sp.Expr, symbol: sp.Symbol) -> None:
    wave_sum = whole(cost)
    derived = wave_sum.derivative(symbol)
    wanted = sp.diff(wave_sum.expression, symbol)
    assert agree(derived.expression, wanted)
    assert agree(derived.shortest, wanted)


def test_a_derivative_has_a_derivative() -> None:
    once = whole(COSTS[6]).derivative(k)
    assert agree(once.derivative(sigma).expression, sp.diff(once.expression, sigma))


@pytest.mark.parametrize("scale", [sp.exp(k), 2**k, sp.exp(k) / 3, 1 + k**2, sp.sqrt(1 + k**2) / 2, sp.E], ids=str)
def test_the_scale_of_the_noise_may_be_any_expression(scale: sp.Expr) -> None:
    """The same under N(mu, scale^2) in the noise, by parts."""
    noise = NORMAL.noise
    draw = mu + scale * noise.symbol
    term = draw**5 * sp.exp(a * draw)
    by_parts = integrate_sum(read(term.xreplace(POINT) * noise.density, noise.symbol), noise.symbol, -sp.oo, sp.oo)
    first, _ = integrate_powers(term, noise.density, noise.symbol, (1, 2))
    assert agree(first.expression, by_parts.expression)
    assert agree(first.shortest, by_parts.expression)


def test_a_rate_that_is_an_exponential_is_refused() -> None:
    with pytest.raises(NotInClass, match="factor of its square"):
        integrate_whole_line(sp.exp(-sp.exp(k) * x**2), x)


def test_a_small_difference_is_seen() -> None:
    expression = whole(COSTS[4]).expression
    assert agree(expression, expression)
    assert not agree(expression, expression * (1 + sp.Rational(1, 10**44)))
    assert not agree(expression, -expression)


@pytest.mark.parametrize(
    "cost",
    [1 / x, x**k, sp.sqrt(x**2 + 1), sp.exp(x**3), sp.cos(x**2), sp.cos(x) ** -2, sp.log(x**2), sp.erf(x), sp.Abs(x)],
    ids=str,
)
def test_what_is_no_such_sum_is_refused(cost: sp.Expr) -> None:
    with pytest.raises(NotInClass):
        integrate_whole_line(cost * NORMAL.density, x)


@pytest.mark.parametrize("cost", [sp.exp(x**2 / (2 * sigma**2)), sp.exp(x**2 / sigma**2) * sp.cos(x)], ids=str)
def test_what_does_not_decay_is_refused(cost: sp.Expr) -> None:
    with pytest.raises(Divergent):
        integrate_whole_line(cost * NORMAL.density, x)


def test_what_does_not_decay_is_named_in_the_variable_of_the_integrand() -> None:
    noise = NORMAL.noise
    with pytest.raises(Divergent, match=r"exp\(0\*\(epsilon\*sigma \+ mu\)\*\*2\) does not decay"):
        integrate_whole_line(NORMAL.path**5 * sp.exp(NORMAL.path**2 / (2 * sigma**2)) * noise.density, noise.symbol)


def test_where_an_integral_exists_comes_with_it() -> None:
    assert integrate_whole_line(sp.exp(k * x**2) * NORMAL.density, x).conditions == (1 - 2 * k * sigma**2 > 0)


def test_a_power_of_a_long_sum_is_not_multiplied_out() -> None:
    """d/dmu E (x + s)^40 = sum_j 40!/((2j)! (39-2j)!) (2j-1)!! sigma^(2j) (mu + s)^(39-2j)."""
    many = sp.Add(*sp.symbols("a:6", real=True))
    start = time.process_time()
    answer = gradient((x + many) ** 40).expression
    assert time.process_time() - start < 1
    assert answer is not None
    assert sp.count_ops(answer) < 400
    wanted = sp.Add(
        *(
            sp.binomial(40, 2 * j)
            * (40 - 2 * j)
            * sp.factorial2(2 * j - 1)
            * sigma ** (2 * j)
            * (mu + many) ** (39 - 2 * j)
            for j in range(20)
        )
    )
    values = {symbol: sp.Rational(place + 1, 7) for place, symbol in enumerate(sorted(many.free_symbols, key=str))}
    assert agree(answer.xreplace(values), wanted.xreplace(values))


LONG = (
    sp.exp(-k * x**2 + b * x) * x**8 * sp.cos(a * x),
    (x - k) ** 8 * sp.exp(a * x) * sp.sin(b * x),
    x**5 * sp.exp(-(x**2) / (1 + k**2)) * sp.cos(a * x + b),
    x**2 * (x - k) ** 4 * sp.cos(a * x) * sp.cos(b * x),
)


def test_a_long_answer_is_no_longer_than_it_was() -> None:
    """Operations in the gradient and both variances; multiplied out there are 4,603, 108,727 and 118,978."""
    answers = [gradient(LONG[0], sigma), *(moments(LONG[0], name, sigma).variance for name in ESTIMATORS)]
    lengths = [sp.count_ops(answer.expression) for answer in answers]
    assert all(length <= before for length, before in zip(lengths, (1932, 9811, 16244), strict=True)), lengths


@pytest.mark.parametrize("estimator", ["score_function", pytest.param("pathwise", marks=pytest.mark.prove)])
@pytest.mark.parametrize("cost", LONG, ids=str)
def test_what_stays_in_powers_of_means_has_the_value_of_what_is_multiplied_out(cost: sp.Expr, estimator: str) -> None:
    """The form that is shown, against E g^2 - (E g)^2 by parts, at the point from the beginning."""
    variance = moments(cost, estimator, sigma).variance
    term, noise = estimator_of(estimator, problem(cost, sigma, NORMAL)).term.xreplace(POINT), NORMAL.noise
    first, second = (
        integrate_sum(read(term**order * noise.density, noise.symbol), noise.symbol, -sp.oo, sp.oo).expression
        for order in (1, 2)
    )
    assert agree(variance.expression, second - first**2)


@pytest.mark.parametrize("most_terms", [0, 2000])
def test_what_is_zero_is_found_to_be_so(most_terms: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The integral of a derivative, x^7 exp(a x) cos(b x) p(x), in whatever letters it is kept."""
    monkeypatch.setattr("symbolic.wave_sum.MOST_TERMS", most_terms)
    antiderivative = x**7 * sp.exp(a * x - k * x**2) * sp.cos(b * x) * NORMAL.density
    slope = sp.expand(sp.cancel(sp.diff(antiderivative, x) / NORMAL.density)) * NORMAL.density
    integral = integrate_whole_line(slope, x)
    assert integral.expression == 0
    assert integral.shortest == 0
    assert integrate_whole_line(slope + NORMAL.density, x).shortest == 1


def test_what_is_too_long_to_be_multiplied_out_is_refused_at_once() -> None:
    """In C nothing stops a product: it must not be begun."""
    many = sp.Add(*sp.symbols("a:6", real=True))
    start = time.process_time()
    with pytest.raises(TooLong):
        integrate_whole_line((many * x + many) ** 30 * NORMAL.density, x)
    assert time.process_time() - start < 5
    assert gradient_of(problem((many * x + many) ** 30, "mu", "normal")).expression is None


def test_a_power_is_the_product_of_its_factors() -> None:
    ring = Ring.of(2)
    base = ring.laurent({(-1, 0): fmpq(2, 3), (0, 2): fmpq(-1), (3, 1): fmpq(5)})
    product = ring.constant(fmpq(1))
    for power in range(12):
        assert (base**power).terms() == product.terms()
        product = product * base

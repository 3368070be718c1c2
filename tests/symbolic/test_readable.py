"""A shorter form has the same value, is not longer than it was, and is the same in every process."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic.exact_gradient import gradient, gradient_of
from symbolic.exact_moments import moments_of
from symbolic.expectation import expectation_under_law, expectation_under_noise
from symbolic.laws import NORMAL
from symbolic.problem import Problem
from symbolic.readable import readable
from symbolic.score import score

ROOT = Path(__file__).resolve().parents[2]
WORKING, AGREED = 100, 50  # digits; what may cancel between the two is lost without harm

x = NORMAL.variable
mu, sigma = NORMAL.parameters
a, b, k, rho = sp.symbols("a b k rho", real=True)

COSTS: dict[str, sp.Expr] = {
    "x^2": x**2,
    "x^4-3x^2+x": x**4 - 3 * x**2 + x,
    "exp(ax)": sp.exp(a * x),
    "exp(x/2)": sp.exp(x / 2),
    "cos(kx)": sp.cos(k * x),
    "x^2exp(ax)": x**2 * sp.exp(a * x),
    "exp(-kx^2)": sp.exp(-k * x**2),
    "x^2sin(kx)": x**2 * sp.sin(k * x),
    "exp(x)sin(x)": sp.exp(x) * sp.sin(x),
    "cosh(x)": sp.cosh(x),
    "x^20": x**20,
    "dense": sp.Add(*((i + 1) * x**i for i in range(25))),
    "(x-k)^2": (x - k) ** 2,
    "xexp(-x^2)": x * sp.exp(-(x**2)),
    "sin(x)^2": sp.sin(x) ** 2,
    "cos(x)^4": sp.cos(x) ** 4,
    "exp(ax-kx^2)": sp.exp(a * x - k * x**2),
    "xcosh(x)": x * sp.cosh(x),
}

# SymPy's operations in the gradient and in both variances (score function, pathwise), for mu and then for sigma.
# They may only fall.
LENGTHS: dict[str, tuple[int, ...]] = {
    "x^2": (1, 11, 2, 1, 12, 5),
    "x^4-3x^2+x": (9, 72, 20, 8, 74, 42),
    "exp(ax)": (8, 22, 15, 10, 30, 24),
    "exp(x/2)": (6, 15, 10, 7, 20, 15),
    "cos(kx)": (10, 30, 19, 12, 36, 32),
    "x^2exp(ax)": (19, 77, 67, 24, 111, 101),
    "exp(-kx^2)": (19, 51, 45, 27, 97, 88),
    "x^2sin(kx)": (28, 130, 124, 34, 166, 167),
    "exp(x)sin(x)": (9, 36, 19, 7, 42, 33),
    "cosh(x)": (5, 20, 11, 6, 24, 20),
    "x^20": (46, 101, 93, 46, 102, 95),
    "dense": (695, 2954, 2489, 640, 2954, 2715),
    "(x-k)^2": (2, 13, 2, 1, 14, 6),
    "xexp(-x^2)": (19, 67, 63, 22, 112, 106),
    "sin(x)^2": (6, 34, 14, 8, 43, 23),
    "cos(x)^4": (15, 66, 49, 16, 80, 66),
    "exp(ax-kx^2)": (27, 67, 67, 36, 103, 101),
    "xcosh(x)": (11, 53, 42, 12, 65, 56),
}


@cache
def answers(name: str, wrt: sp.Symbol) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """The gradient and the variances of the score-function and of the pathwise term, as they are derived."""
    cost = COSTS[name]
    path = cost.xreplace({x: NORMAL.path})
    weight = sp.expand(score(NORMAL, wrt).xreplace({x: NORMAL.path}))
    gradient = sp.diff(expectation_under_law(cost, NORMAL).expression, wrt)
    return gradient, variance(path * weight), variance(sp.diff(path, wrt))


def variance(term: sp.Expr) -> sp.Expr:
    first, second = (expectation_under_noise(term**power, NORMAL.noise).expression for power in (1, 2))
    return second - first**2


FUNCTIONS: dict[type[sp.Expr], Callable[[mpmath.mpf], mpmath.mpf]] = {
    sp.exp: mpmath.exp,
    sp.cos: mpmath.cos,
    sp.sin: mpmath.sin,
    sp.cosh: mpmath.cosh,
    sp.sinh: mpmath.sinh,
    sp.log: mpmath.log,
    sp.tanh: mpmath.tanh,
    sp.erf: mpmath.erf,
    sp.Abs: abs,
}


class TooLarge(Exception):
    """A value of which the working precision leaves no digits."""


def number(node: sp.Expr, values: Mapping[sp.Symbol, sp.Rational]) -> mpmath.mpf:
    """The value in the working precision, read off the tree."""
    if node in values:
        return number(values[node], {})
    if node.is_Rational:
        return mpmath.mpf(int(node.p)) / int(node.q)
    if node == sp.pi:
        return mpmath.pi()
    if node == sp.E:
        return mpmath.e()
    arguments = [number(argument, values) for argument in node.args]
    if isinstance(node, sp.exp | sp.cosh | sp.sinh) and abs(arguments[0]) > 10**6:
        raise TooLarge
    if node.is_Add:
        return mpmath.fsum(arguments)
    if node.is_Mul:
        return mpmath.fprod(arguments)
    if node.is_Pow:
        return arguments[0] ** int(node.exp) if node.exp.is_Integer else mpmath.power(*arguments)
    return FUNCTIONS[node.func](*arguments)


def assert_same_value(before: sp.Expr, after: sp.Expr, values: Mapping[sp.Symbol, sp.Rational]) -> None:
    with mpmath.workdps(WORKING):
        try:
            expected = number(before, values)
        except (ZeroDivisionError, TooLarge):
            return
        difference = abs(expected - number(after, values))
        assert difference <= mpmath.mpf(10) ** -AGREED * (1 + abs(expected)), f"{before} became {after} at {values}"


def somewhere(generator: random.Random, *symbols: sp.Symbol) -> dict[sp.Symbol, sp.Rational]:
    """Rational values of order one, positive where the symbol must be; 4 k sigma^2 + 1 > 0 for the Gaussian costs."""
    return {
        symbol: sp.Rational(
            generator.randint(1, 40) * (1 if symbol.is_positive or symbol == k else generator.choice((1, -1))), 23
        )
        for symbol in symbols
    }


@pytest.mark.parametrize("wrt", [mu, sigma], ids=str)
@pytest.mark.parametrize("name", COSTS)
def test_an_answer_keeps_its_value(name: str, wrt: sp.Symbol) -> None:
    generator = random.Random(f"{name} {wrt}")
    for derived in answers(name, wrt):
        assert_same_value(derived, readable(derived), somewhere(generator, mu, sigma, a, k))


@pytest.mark.parametrize("wrt", [mu, sigma], ids=str)
@pytest.mark.parametrize("name", COSTS)
def test_an_answer_is_no_longer_than_it_was(name: str, wrt: sp.Symbol) -> None:
    recorded = LENGTHS[name][:3] if wrt == mu else LENGTHS[name][3:]
    lengths = tuple(sp.count_ops(readable(derived)) for derived in answers(name, wrt))
    assert all(length <= before for length, before in zip(lengths, recorded, strict=True)), lengths


def test_the_oracle_sees_a_small_difference() -> None:
    value = {mu: sp.Rational(2, 3)}
    for wrong in (mu + sp.Rational(1, 10**45), -mu, mu**2, sp.exp(mu), sp.Integer(0)):
        with pytest.raises(AssertionError):
            assert_same_value(mu, wrong, value)


@pytest.mark.parametrize(
    ("name", "wrt", "answer", "expected"),
    [
        ("x^2", mu, 0, "2*mu"),
        ("x^2", mu, 1, "(mu**4 + 14*mu**2*sigma**2 + 15*sigma**4)/sigma**2"),
        ("x^2", sigma, 2, "4*mu**2 + 8*sigma**2"),
        ("(x-k)^2", sigma, 2, "4*(2*sigma**2 + (k - mu)**2)"),
        ("exp(ax)", mu, 0, "a*exp(a**2*sigma**2/2 + a*mu)"),
        ("exp(ax)", mu, 2, "a**2*(exp(a**2*sigma**2) - 1)*exp(a**2*sigma**2 + 2*a*mu)"),
        ("cos(kx)", mu, 0, "-k*exp(-k**2*sigma**2/2)*sin(k*mu)"),
        ("cos(kx)", mu, 2, "k**2*(1 + exp(-k**2*sigma**2)*cos(2*k*mu))*(1 - exp(-k**2*sigma**2))/2"),
        ("cosh(x)", mu, 0, "exp(sigma**2/2)*sinh(mu)"),
        ("exp(-kx^2)", mu, 0, "-2*k*mu*exp(-k*mu**2/(2*k*sigma**2 + 1))/(2*k*sigma**2 + 1)**(3/2)"),
    ],
)
def test_known_answers_look_as_in_a_textbook(name: str, wrt: sp.Symbol, answer: int, expected: str) -> None:
    assert str(readable(answers(name, wrt)[answer])) == expected


def test_the_kurtosis_of_a_lognormal_is_the_known_one() -> None:
    """exp(4 s) + 2 exp(3 s) + 3 exp(2 s) - 3 with s = sigma^2."""
    m, second, third, fourth = (sp.exp(n * mu + n**2 * sigma**2 / 2) for n in (1, 2, 3, 4))
    central = readable(fourth - 4 * third * m + 6 * second * m**2 - 3 * m**4)
    kurtosis = readable(central / readable(second - m**2) ** 2)
    assert str(kurtosis) == "exp(4*sigma**2) + 2*exp(3*sigma**2) + 3*exp(2*sigma**2) - 3"


B = 2 * k**2 * sigma**2 + 1


@pytest.mark.parametrize(
    "zero",
    [
        sp.cos(a) ** 2 + sp.sin(a) ** 2 - 1,
        sp.cosh(a * mu) ** 2 - sp.sinh(a * mu) ** 2 - 1,
        2 * sp.sin(a) * sp.cos(b) - sp.sin(a + b) - sp.sin(a - b),
        sp.exp(a) * sp.exp(b * (a + 1)) - sp.exp(a + b) * sp.exp(a * b),
        1 / (a + b) + 1 / (a - b) - 2 * a / (a**2 - b**2),
        B ** sp.Rational(-3, 2) * B - 1 / sp.sqrt(B),
        (B - 1) / sp.sqrt(B) - 2 * k**2 * sigma**2 * B ** sp.Rational(-1, 2),
        sp.sqrt(2 * a + 2 * b) - sp.sqrt(2) * sp.sqrt(a + b),
        sp.sqrt(2) * (a + sp.sqrt(2)) ** 2 - sp.sqrt(2) * a**2 - 4 * a - 2 * sp.sqrt(2),
        sp.erf((a - b) / sigma) - sp.erf(a / sigma - b / sigma),
        sp.Integer(2) ** mu * sp.Integer(2) ** (a - mu) - sp.Integer(2) ** a,
    ],
    ids=str,
)
def test_a_hidden_zero_is_found(zero: sp.Expr) -> None:
    assert readable(zero) == 0


@pytest.mark.parametrize(
    "expression",
    [
        mu * sp.sin(a - mu) + mu**2 * sp.sin(a + mu),
        mu + sp.sin(a - mu) * sp.cos(a + mu) + sp.sin(a + mu) * sp.sin(a - mu) ** 2,
        mu * sp.cosh(a - mu) + a * sp.sinh(a - mu) + sp.exp(mu - a) * sp.sin(a - mu),
        sp.exp(mu) * sp.sinh(a - 2 * mu) * sp.cos(a) - mu * sp.exp(-mu) * sp.cos(a - mu),
        (a - mu) ** 3 * sp.exp(a - mu) / (mu - a + 2) + 1 / (a - mu - 2) ** 2,
    ],
    ids=str,
)
def test_signs_of_arguments_are_kept_whichever_letter_comes_first(expression: sp.Expr) -> None:
    for form in (expression, sp.expand(expression), sp.expand(b * expression)):
        assert_same_value(form, readable(form), somewhere(random.Random(str(form)), mu, a, b))


@pytest.mark.parametrize(
    "expression",
    [
        (a + b) ** 1000,
        (a + b + k) ** 30 * (a - mu) ** 30,
        (a + b + k + mu) ** 30 * (a - b + k - sigma) ** 30,
        a ** (10**6) - 1,
        1 / (a ** (10**6) - 1) + 1,
        (a + b + k + 1) ** -1000 + 1,
        a ** (10**30) * b + a**2,
        sp.exp(a / 7) + sp.exp(a / 1000003),
        sp.Piecewise((a, a > 0), (b, True)) * (a + b),
        sp.oo,
        -sp.oo,
        sp.nan,
        sp.pi,
        sp.Integer(0),
    ],
    ids=lambda expression: str(expression)[:30],
)
def test_what_is_short_is_left_alone(expression: sp.Expr) -> None:
    assert readable(expression) == expression


def test_a_denominator_is_tidied_up_too() -> None:
    assert readable(1 / (a + 2 + sp.exp(mu) * (b + 1) - sp.exp(mu) * b)) == 1 / (a + 2 + sp.exp(mu))
    assert readable(a + 1 / (1 + sp.exp(mu) * (b + 1) - sp.exp(mu) * b - sp.exp(mu))) == a + 1
    grouped = 1 / ((a + b + 1) * sp.exp(mu) + (a - b) * sp.cos(k))
    assert readable(grouped) == grouped


def test_arguments_of_the_law_may_be_expressions() -> None:
    law = NORMAL.with_arguments(a * b, sp.exp(rho))
    for cost, wrt in ((x**2 * sp.cos(k * x), rho), (sp.exp(x / 2), a), (x**4, rho)):
        derived = sp.diff(expectation_under_law(cost, law).expression, wrt)
        assert_same_value(derived, readable(derived), somewhere(random.Random(str(cost)), a, b, k, rho))
        assert sp.count_ops(readable(derived)) <= sp.count_ops(derived)


def test_the_trace_of_a_kink_is_tidied_up() -> None:
    """d/d mu E[exp(a x) Heaviside(x - k)] as it comes out of the derivation: two exponentials become one."""
    edge = (-a * sigma**2 + k - mu) / (sp.sqrt(2) * sigma)
    growth = sp.exp(a**2 * sigma**2 / 2 + a * mu)
    derived = a * (1 - sp.erf(edge)) / 2 * growth + sp.exp(-(edge**2)) * growth / (sp.sqrt(2 * sp.pi) * sigma)
    shorter = readable(derived)
    assert len(shorter.atoms(sp.exp)) == 2
    assert shorter.has(sp.exp(a * k - (k - mu) ** 2 / (2 * sigma**2)))
    assert_same_value(derived, shorter, somewhere(random.Random(0), mu, sigma, a, k))


@pytest.mark.parametrize("name", ["x^2", "dense", "x^2exp(ax)", "cos(x)^4", "exp(-kx^2)"])
def test_what_is_written_is_what_sympy_would_write(name: str) -> None:
    """SymPy, asked to evaluate the answer once more, finds nothing to do: the parts are in its own order."""
    for derived in answers(name, sigma):
        written = readable(derived)
        for node in sp.preorder_traversal(written):
            number_before_a_sum = node.is_Mul and len(node.args) == 2 and node.args[0].is_Number and node.args[1].is_Add
            assert number_before_a_sum or not node.args or node.func(*node.args) == node, node


def numbers() -> st.SearchStrategy[sp.Expr]:
    return st.builds(sp.Rational, st.integers(-6, 6), st.integers(1, 4))


def polynomials() -> st.SearchStrategy[sp.Expr]:
    """Small sums of monomials in the symbols: arguments of functions, and what stands below a fraction line."""
    monomials = st.builds(
        lambda value, factors: sp.Mul(value, *factors),
        numbers(),
        st.lists(st.sampled_from([mu, sigma, a, k]), max_size=3),
    )
    return st.builds(lambda terms: sp.Add(*terms), st.lists(monomials, min_size=1, max_size=3))


def expressions() -> st.SearchStrategy[sp.Expr]:
    """Sums, products and powers of what integrals are made of, and of what is not read further (tanh, Abs, log)."""
    functions = st.builds(
        lambda function, argument: function(argument),
        st.sampled_from([sp.exp, sp.exp, sp.cos, sp.sin, sp.cosh, sp.sinh, sp.tanh, sp.Abs, sp.erf]),
        st.one_of(polynomials(), st.sampled_from([a - mu, a + mu, 2 * mu - a])),
    )
    powers = st.builds(
        lambda base, power: base**power,
        st.one_of(polynomials(), st.just(B)),
        st.sampled_from([-2, -1, 2, 3, *(sp.Rational(top, 2) for top in (-5, -3, -1, 1, 3)), sp.Rational(2, 3)]),
    )
    constants = st.sampled_from([sp.pi, sp.sqrt(2), sp.sqrt(2 * sp.pi), sp.E, sp.log(2), sp.Integer(2) ** mu, 3**a])
    leaves = st.one_of(polynomials(), functions, powers, constants, numbers())
    return st.recursive(
        leaves,
        lambda children: st.one_of(
            st.builds(lambda parts: sp.Add(*parts), st.lists(children, min_size=2, max_size=3)),
            st.builds(lambda parts: sp.Mul(*parts), st.lists(children, min_size=2, max_size=3)),
            st.builds(lambda base, power: base**power, children, st.sampled_from([-2, -1, 2, 3])),
            st.builds(sp.exp, children),
        ),
        max_leaves=8,
    ).filter(lambda expression: not expression.has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I))


@settings(max_examples=100, deadline=None)
@given(expressions(), st.integers(0, 2**30))
def test_no_expression_changes_its_value(expression: sp.Expr, seed: int) -> None:
    assert_same_value(expression, readable(expression), somewhere(random.Random(seed), mu, sigma, a, k))


@settings(max_examples=50, deadline=None)
@given(expressions())
def test_a_second_time_does_not_make_it_longer(expression: sp.Expr) -> None:
    once = readable(expression)
    assert sp.count_ops(readable(once)) <= sp.count_ops(once)


def test_every_process_writes_the_same() -> None:
    """Whatever the seed of the hashes."""
    program = (
        "import sympy as sp\n"
        "from symbolic.expectation import expectation_under_noise as expectation\n"
        "from symbolic.laws import NORMAL\n"
        "from symbolic.readable import readable\n"
        "a, k = sp.symbols('a k', real=True)\n"
        "for cost in (sp.cos, sp.cosh, lambda x: x**2 * sp.exp(a * x - k * x**2), lambda x: x**3 * sp.sin(k * x)):\n"
        "    term = sp.diff(cost(NORMAL.path), NORMAL.parameters[1])\n"
        "    first, second = (expectation(term**power, NORMAL.noise).expression for power in (1, 2))\n"
        "    print(sp.srepr(readable(second - first**2)))\n"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(written) == 1
    assert "exp" in written.pop()


def test_an_answer_is_written_at_once() -> None:
    """Processor seconds for the six answers of a cost, at many times what they take on a machine of one's own."""
    for name in COSTS:
        derived = [*answers(name, mu), *answers(name, sigma)]
        begin = time.process_time()
        for expression in derived:
            readable(expression)
        assert time.process_time() - begin < (2 if name == "dense" else 1), name


@pytest.mark.parametrize("wrt", [mu, sigma], ids=str)
@pytest.mark.parametrize("name", COSTS)
def test_what_a_user_is_given_is_no_longer(name: str, wrt: sp.Symbol) -> None:
    """The same record for `gradient` and `moments`, which need not make a SymPy expression on the way."""
    asked = Problem(COSTS[name], NORMAL, wrt)
    exact = [
        gradient_of(asked),
        *(moments_of(asked, estimator).variance for estimator in ("score_function", "pathwise")),
    ]
    lengths = tuple(int(sp.count_ops(answer.expression)) for answer in exact)
    recorded = LENGTHS[name][:3] if wrt == mu else LENGTHS[name][3:]
    # The 2 in front of 150 terms, all of them even, is one operation more, and nicer.
    spare = 1 if name == "dense" else 0
    assert all(length <= before + spare for length, before in zip(lengths, recorded, strict=True)), lengths
    for answer, derived in zip(exact, answers(name, wrt), strict=True):
        assert answer.expression is not None
        assert_same_value(derived, answer.expression, somewhere(random.Random(f"{name} {wrt}"), mu, sigma, a, k))


@pytest.mark.parametrize("wrt", ["mu", "K"])
def test_an_option_has_the_greeks_of_the_textbook(wrt: str) -> None:
    """Black and Scholes (1973): in delta and in d/dK the two densities cancel, as K exp(A) is exp(A + log(K))."""
    answer = gradient("Max(exp(x) - K, 0)", wrt).expression
    mu, sigma, strike = sp.Symbol("mu", real=True), sp.Symbol("sigma", positive=True), sp.Symbol("K", real=True)
    known = {
        "mu": sp.exp(mu + sigma**2 / 2) * (1 + sp.erf((mu + sigma**2 - sp.log(strike)) / (sigma * sp.sqrt(2)))) / 2,
        "K": -(1 + sp.erf((mu - sp.log(strike)) / (sigma * sp.sqrt(2)))) / 2,
    }[wrt]
    assert answer is not None
    assert not any(power.has(sp.log) for power in answer.atoms(sp.exp))
    at = {mu: sp.Rational(1, 3), sigma: sp.Rational(3, 4), strike: sp.Rational(5, 4)}
    assert abs((answer - known).subs(at).evalf(40)) < sp.Float("1e-35", 40)

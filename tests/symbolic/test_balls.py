"""Balls contain the truth: held against mpmath, which shares no code with Arb."""

from __future__ import annotations

import random
from collections.abc import Callable

import mpmath
import pytest
import sympy as sp
from flint import acb, arb, ctx, fmpq

from symbolic.balls import compile_ball, evaluate, real_ball
from symbolic.errors import BadParameter, NotCertified

x, y = sp.symbols("x y", real=True)

# name -> (expression in x, the same function in mpmath, where it is defined)
FUNCTIONS: dict[str, tuple[sp.Expr, Callable[[mpmath.mpf], mpmath.mpf], tuple[int, int]]] = {
    "polynomial": (3 * x**5 - x / 7 + 2, lambda v: 3 * v**5 - v / 7 + 2, (-9, 9)),
    "cube root": (x ** sp.Rational(1, 3), lambda v: mpmath.root(v, 3), (0, 9)),
    "negative power": (x ** sp.Rational(-5, 2), lambda v: 1 / (mpmath.sqrt(v) * v**2), (1, 9)),
    "power of a symbol": (sp.Integer(3) ** x, lambda v: mpmath.power(3, v), (-9, 9)),
    "exp": (sp.exp(-(x**2)), lambda v: mpmath.exp(-v * v), (-30, 30)),
    "log": (sp.log(1 + x**2), lambda v: mpmath.log(1 + v * v), (-9, 9)),
    "trigonometric": (
        sp.sin(x) * sp.cos(2 * x) + sp.tan(x / 9),
        lambda v: mpmath.sin(v) * mpmath.cos(2 * v) + mpmath.tan(v / 9),
        (-9, 9),
    ),
    "hyperbolic": (sp.sinh(x) - sp.cosh(2 * x), lambda v: mpmath.sinh(v) - mpmath.cosh(2 * v), (-9, 9)),
    "tanh and coth": (sp.tanh(x) + sp.coth(x), lambda v: mpmath.tanh(v) + mpmath.coth(v), (1, 9)),
    "secants": (
        sp.sech(x) + sp.csch(x) + sp.sec(x / 9) + sp.csc(x / 9) + sp.cot(x / 9),
        lambda v: mpmath.sech(v) + mpmath.csch(v) + mpmath.sec(v / 9) + mpmath.csc(v / 9) + mpmath.cot(v / 9),
        (1, 9),
    ),
    "atan": (sp.atan(x), mpmath.atan, (-9, 9)),
    "error functions": (
        sp.erf(x) + sp.erfc(2 * x) + sp.erfi(x / 3),
        lambda v: mpmath.erf(v) + mpmath.erfc(2 * v) + mpmath.erfi(v / 3),
        (-9, 9),
    ),
    "besselj": (sp.besselj(3, x), lambda v: mpmath.besselj(3, v), (-9, 9)),
    "besselj of a rational order": (
        sp.besselj(sp.Rational(7, 3), x),
        lambda v: mpmath.besselj(mpmath.mpf(7) / 3, v),
        (0, 9),
    ),
    "derivative of besselj": (sp.besselj(2, x).diff(x), lambda v: mpmath.besselj(2, v, 1), (-9, 9)),
    "gamma": (sp.gamma(x), mpmath.gamma, (1, 9)),
    "softplus": (sp.log(1 + sp.exp(x)), lambda v: mpmath.log(1 + mpmath.exp(v)), (-90, 90)),
    "sign and Heaviside": (sp.sign(x) + sp.Heaviside(x - 1), lambda v: mpmath.sign(v) + (v > 1), (-9, 9)),
    "Abs, Max, Min": (
        sp.Abs(x) + sp.Max(x, 1, x**2) - sp.Min(x, 2),
        lambda v: abs(v) + max(v, 1, v * v) - min(v, 2),
        (-9, 9),
    ),
    "Piecewise": (
        sp.Piecewise((x**2, (x > 1) & (x < 3)), (sp.pi, x <= -1), (x, True)),
        lambda v: v * v if 1 < v < 3 else (+mpmath.pi if v <= -1 else v),
        (-9, 9),
    ),
}


def _mpf(ball: arb) -> mpmath.mpf:
    return mpmath.mpf(ball.mid().str(70, radius=False))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_real_ball_holds_the_truth_to_thirty_digits(name: str) -> None:
    expression, oracle, (low, high) = FUNCTIONS[name]
    generator = random.Random()
    for _ in range(10):
        point = sp.Rational(generator.randint(low * 1000 + 1, high * 1000 - 1), 1000)
        ball = real_ball(expression, {x: point})
        with mpmath.workdps(120):
            truth = oracle(mpmath.mpf(int(point.p)) / int(point.q))
            distance = abs(_mpf(ball) - truth)
            assert distance <= _mpf(ball.rad()) + mpmath.mpf(10) ** -60 * abs(truth), point
            assert _mpf(ball.rad()) <= mpmath.mpf(10) ** -30 * abs(truth), point


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_wide_ball_holds_the_image_of_every_point_in_it(name: str) -> None:
    expression, oracle, (low, high) = FUNCTIONS[name]
    generator = random.Random()
    for _ in range(10):
        middle, width = (
            sp.Rational(generator.randint(low * 100 + 1, high * 100 - 1), 100),
            generator.choice([100, 10, 2, 1]),
        )
        image = evaluate(expression, {x: arb(fmpq(int(middle.p), int(middle.q)), arb(1) / width)}).real
        for step in range(-10, 11):
            with mpmath.workdps(30):
                point = mpmath.mpf(int(middle.p)) / int(middle.q) + mpmath.mpf(step) / (10 * width)
                if low < point < high and image.is_finite():
                    truth = oracle(point)
                    slack = mpmath.mpf(10) ** -12 * (1 + abs(truth))
                    assert _mpf(image.lower()) - slack <= truth <= _mpf(image.upper()) + slack, (middle, width, step)


@pytest.mark.parametrize(
    ("expression", "middle"),
    [
        (sp.log(x), acb(-1)),
        (sp.sqrt(x), acb(-1)),
        (x ** sp.Rational(1, 3), acb(-1)),
        (x ** sp.Rational(-3, 2), acb(-1)),
        (x**y, acb(-1)),
        (sp.atan(x), acb(0, 2)),
        (sp.atan(x), acb(0, -2)),
        (sp.besselj(sp.Rational(1, 2), x), acb(-1)),
        (sp.Abs(x), acb(0, 1)),
        (sp.sign(x), acb(0)),
        (sp.Heaviside(x), acb(0, 1)),
        (sp.Max(x, 1), acb(1)),
        (sp.Min(x, x**2), acb(1)),
        (sp.Piecewise((x, x > 1), (x**2, True)), acb(1, 3)),
        (sp.Piecewise((0, sp.Eq(x, 1)), (x, True)), acb(1)),
        (1 / x, acb(0)),
        (sp.tan(x), acb(arb.pi() / 2)),
        (sp.log(1 + sp.exp(x)), acb(0, 0) + acb(0, 1) * acb.pi()),
    ],
)
def test_no_finite_ball_where_the_function_is_not_analytic(expression: sp.Expr, middle: acb) -> None:
    """The analytic flag of acb.integral: without it, quadrature crosses branch cuts in silence."""
    ball = middle + acb(arb(0, 0.25), arb(0, 0.25))
    values = {x: ball, y: acb(fmpq(1, 3))}
    assert not evaluate(expression, values, analytic=True).is_finite()
    beside = middle + acb(0.5, 0.5) + acb(arb(0, 0.0625), arb(0, 0.0625))
    assert evaluate(expression, {x: beside, y: acb(fmpq(1, 3))}, analytic=True).is_finite()


def test_an_undecided_condition_gives_the_union() -> None:
    ball = evaluate(sp.Piecewise((7, x > 0), (-3, x > -1), (100, True)), {x: arb(0, 0.5)}).real
    assert ball.contains(7)
    assert ball.contains(-3)
    assert not ball.contains(50)


def test_a_condition_on_the_boundary_is_decided_exactly() -> None:
    closed = sp.Piecewise((1, x >= 1), (0, True))
    opened = sp.Piecewise((1, x > 1), (0, True))
    assert real_ball(closed, {x: sp.Integer(1)}) == 1
    assert real_ball(opened, {x: sp.Integer(1)}) == 0
    assert real_ball(sp.Heaviside(x), {x: sp.Integer(0)}) == arb(1) / 2


def test_real_ball_raises_the_precision_against_cancellation() -> None:
    expression = sp.exp(x) - sum(x**n / sp.factorial(n) for n in range(12))
    ball = real_ball(expression, {x: sp.Rational(1, 1000)})
    with mpmath.workdps(120):
        small = mpmath.mpf(10) ** -3
        truth = mpmath.exp(small) - mpmath.fsum(small**n / mpmath.factorial(n) for n in range(12))
        assert abs(mpmath.mpf(ball.mid().str(60, radius=False)) / truth - 1) < mpmath.mpf(10) ** -29


def test_real_ball_gives_up_on_zero_with_an_honest_radius() -> None:
    ball = real_ball(sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, {x: sp.Rational(1, 3)})
    assert ball.contains(0)
    assert ball.rad() <= arb(10) ** -50


def test_a_real_sum_of_complex_terms_is_real() -> None:
    ball = real_ball(sp.erf(x + sp.I) + sp.erf(x - sp.I), {x: sp.Rational(1, 3)})
    with mpmath.workdps(50):
        truth = 2 * mpmath.erf(mpmath.mpf(1) / 3 + 1j).real
        assert abs(mpmath.mpf(ball.mid().str(40, radius=False)) - truth) < mpmath.mpf(10) ** -29


def test_an_algebraic_number_is_enclosed() -> None:
    root = sp.CRootOf(x**5 - x - 1, 0)
    ball = real_ball(root, {}, digits=60)
    assert (ball**5 - ball - 1).contains(0)
    assert ball.rad() < arb(10) ** -59


def test_a_constant_is_enclosed_at_the_precision_of_compilation() -> None:
    with ctx.workprec(300):
        function = compile_ball(sp.pi * x, (x,))
        assert function((acb(1),), False).real.rel_accuracy_bits() > 290


@pytest.mark.parametrize(
    ("expression", "error", "word"),
    [
        (sp.LambertW(x), NotCertified, "LambertW"),
        (sp.DiracDelta(x), NotCertified, "DiracDelta"),
        (sp.zeta(x), NotCertified, "zeta"),
        (sp.Float("0.1") * x, NotCertified, "exact number"),
        (1 / (x - 2), NotCertified, "pole"),
        (sp.log(x - 3), NotCertified, "not real"),
        (x + y, BadParameter, "y has no value"),
    ],
)
def test_refusals_name_the_cause(expression: sp.Expr, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word):
        real_ball(expression, {x: sp.Integer(2)})

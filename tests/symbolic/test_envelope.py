"""Bounds of tails hold at every point looked at, and their integrals are above the true ones."""

from __future__ import annotations

import random
from dataclasses import replace

import mpmath
import pytest
import sympy as sp
from flint import arb

from symbolic.enclosing.divergence import order_of, refuse_divergent
from symbolic.enclosing.envelope import Envelope, envelope
from symbolic.enclosing.envelope_rules import HalfLine
from symbolic.enclosing.envelope_terms import Term
from symbolic.errors import Divergent, NotCertified

R = sp.Rational
x = sp.Symbol("x", real=True)
NORMAL = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
EXPONENTIAL = sp.exp(-x)

# expressions of x with two random rationals a in (0, 2], k in [-2, 2]; bounded on both sides
a, k = sp.symbols("a k", real=True)
EXPRESSIONS = [
    x**7 - a * x**4 + k,
    (a * x - k) ** 2 * x,
    sp.exp(a * x + k),
    sp.exp(k * x**2 - a * x),
    sp.exp(-a * x**4 + x**3 + k * x**2),
    sp.exp(a * sp.sin(x) - sp.tanh(x)),
    sp.exp(-sp.Abs(x - k)),
    sp.exp(-a * sp.sqrt(1 + x**2)),
    sp.exp(sp.log(1 + sp.exp(x)) / 2),
    sp.exp(-x * sp.atan(x)),
    R(5, 2) ** (a * x),
    sp.sin(x) * sp.cos(a * x) + sp.erf(x) - sp.erfc(k * x),
    sp.sinh(a * x) - 3 * sp.cosh(x - k),
    1 / sp.cosh(a * x - k) + sp.sech(x),
    sp.atan(a * x) * sp.tanh(x) * x**2,
    sp.log(1 + a * (x - k) ** 2),
    sp.log(1 + sp.exp(a * x + k)),
    sp.log(2 + 3 * sp.exp(a * x**4 + k * x)),
    sp.log(2 + sp.sin(x)),
    sp.log((1 + sp.erf(x / 4)) / 2),
    sp.log(3 + sp.exp(-x)) ** 2,
    sp.sqrt(1 + a * x**2) + (1 + x**4) ** R(1, 3),
    1 / (1 + a * (x - k) ** 2),
    x / sp.sqrt(1 + x**2),
    1 / (2 + sp.sin(a * x)),
    1 / (1 + sp.exp(-a * x)),
    1 / (1 + sp.exp(x) + x**2),
    1 / (1 + sp.log(1 + x**2)),
    1 / sp.erfc(x / 3),
    sp.Abs(x - k) ** R(3, 2),
    sp.Max(x, k, x**2) - sp.Min(x, -(x**2)),
    sp.Piecewise((x**2, x < k), (sp.exp(x / 3), True)),
    sp.Heaviside(x - k) * x - sp.sign(x + k),
    sp.besselj(0, a * x) - sp.besselj(3, x - k) * x,
    sp.erfi(x / 4) * a,
    sp.exp(sp.Max(x, -x) / 2) + sp.exp(sp.Min(x, 3)),
    1 / (sp.exp(-a * x**2) + 1) ** 3,
    sp.exp(2 * x - a * sp.exp(x / 2)) + sp.exp(k * x - sp.exp(-a * x)),
    sp.log(1 - sp.exp(-a * sp.exp(-x))) * x,
    (3 - 3 * sp.exp(-sp.exp(-x))) ** R(-1, 2),
]


def _instance(expression: sp.Expr, generator: random.Random) -> sp.Expr:
    values = {a: R(generator.randint(1, 16), 8), k: R(generator.randint(-16, 16), 8)}
    return expression.xreplace(values)


def _violations(bound: Envelope, expression: sp.Expr, direction: int, generator: random.Random) -> list[mpmath.mpf]:
    """Places at which the expression is larger than its bound, by mpmath at 40 digits."""
    function = sp.lambdify(x, expression, "mpmath")
    found = []
    with mpmath.workdps(60):
        for _ in range(40):
            t = mpmath.mpf(int(bound.start)) + mpmath.mpf(generator.randint(0, 2**20)) / 2 ** generator.randint(15, 22)
            size = abs(function(direction * t))
            limit = mpmath.fsum(
                mpmath.exp(_mpf(term.log_c) + _mpf(term.b) * t + _mpf(term.a) * t**2) * (1 + t) ** _mpf(term.n)
                for term in bound.terms
            )
            if size > limit * (1 + mpmath.mpf(10) ** -15):
                found.append(t)
    return found


def _mpf(ball: arb) -> mpmath.mpf:
    return mpmath.mpf(ball.mid().str(30, radius=False))


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_no_point_of_the_tail_lies_above_its_bound(expression: sp.Expr) -> None:
    generator = random.Random()
    for direction in (1, -1):
        for _ in range(3):
            instance = _instance(expression, generator)
            bound = envelope(instance, x, direction, sp.Integer(generator.randint(0, 3)))
            assert not _violations(bound, instance, direction, generator), (instance, direction)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_lower_bounds_and_signs_hold(expression: sp.Expr) -> None:
    generator = random.Random()
    for direction in (1, -1):
        instance = _instance(expression, generator)
        function = sp.lambdify(x, instance, "mpmath")
        line = HalfLine(x, direction, sp.S.One)
        lower, sign = line.lower(instance), line.sign(instance)
        above, below = line.above(instance, 1), line.above(instance, -1)
        with mpmath.workdps(60):
            for _ in range(20):
                t = 1 + mpmath.mpf(generator.randint(0, 2**20)) / 2 ** generator.randint(15, 22)
                value = function(direction * t)
                slack = mpmath.mpf(10) ** -15 * (1 + abs(value))
                if lower is not None:
                    least = mpmath.exp(_mpf(lower.log_c) + _mpf(lower.b) * t + _mpf(lower.a) * t**2)
                    assert abs(value) * (1 + mpmath.mpf(10) ** -15) >= least * (1 + t) ** _mpf(lower.n), (instance, t)
                if sign is not None:
                    assert sign * value >= -slack, (instance, t)
                for bound, s in ((above, 1), (below, -1)):
                    if bound is not None:
                        assert s * value <= _mpf(bound.c) + _mpf(bound.b) * t + _mpf(bound.a) * t**2 + slack, (
                            instance,
                            t,
                        )


def test_a_bound_that_is_too_small_is_seen() -> None:
    generator = random.Random()
    for expression in (sp.exp(x / 2), sp.sqrt(1 + x**2), 1 / (2 + sp.sin(x)), x**3):
        bound = envelope(expression, x, 1)
        assert not _violations(bound, expression, 1, generator)
        shrunken = replace(bound, terms=tuple(replace(term, log_c=term.log_c - 3) for term in bound.terms))
        assert _violations(shrunken, expression, 1, generator)


@pytest.mark.parametrize("case", range(20))
def test_the_tail_of_a_term_is_below_its_bound(case: int) -> None:
    generator = random.Random()
    rate = R(generator.randint(1, 16), 8)
    square = R(generator.randint(0, 8), 8) if case % 2 else R(0)
    slope = R(generator.randint(-8, 24), 8) if square else -rate
    n, start = R(generator.randint(-4, 12), 2), R(generator.randint(0, 80), 4)
    term = Term(arb(0), _arb(n), _arb(slope), _arb(-square))
    bound = term.log_tail(_arb(start))
    if bound is None:
        assert _slope_at(start, n, slope, square) >= 0
        return
    with mpmath.workdps(30):
        ends = [mpmath.mpf(int(start.p)) / int(start.q) + d for d in (0, 1, 3, 10, 30, 100, 300)]
        truth = mpmath.quad(
            lambda t: (1 + t) ** _number(n) * mpmath.exp(_number(slope) * t - _number(square) * t**2), ends
        )
        assert mpmath.log(truth) <= _mpf(bound) + mpmath.mpf(10) ** -12


def _arb(number: sp.Rational) -> arb:
    return arb(int(number.p)) / int(number.q)


def _number(number: sp.Rational) -> mpmath.mpf:
    return mpmath.mpf(int(number.p)) / int(number.q)


def _slope_at(t: sp.Rational, n: sp.Rational, slope: sp.Rational, square: sp.Rational) -> sp.Rational:
    return max(n, R(0)) / (1 + t) + slope - 2 * square * t


@pytest.mark.parametrize("density", [NORMAL, EXPONENTIAL])
@pytest.mark.parametrize("cost", [x**4, sp.log(1 + sp.exp(x)), sp.exp(x / 2) * sp.tanh(x), 1 / (1 + x**2)])
def test_the_cut_leaves_less_than_the_target(cost: sp.Expr, density: sp.Expr) -> None:
    bound = envelope(cost * density, x, 1)
    function = sp.lambdify(x, cost * density, "mpmath")
    for log_target in (-5, -40, -200):
        cut = bound.cut(arb(log_target))
        with mpmath.workdps(30):
            ends = [_number(cut) + d for d in (0, 1, 3, 10, 30, 100, 400)]
            assert mpmath.log(mpmath.quad(lambda t: abs(function(t)), ends)) <= log_target


def test_the_cut_is_not_far_out() -> None:
    """softplus under the normal noise: 36 digits are reached at 13, and 13 it is."""
    bound = envelope(sp.log(1 + sp.exp(x)) * NORMAL, x, 1)
    assert 12 <= bound.cut(-36 * arb(10).log()) <= 15


def test_a_tail_far_away_keeps_its_place() -> None:
    bound = envelope(sp.exp(-((800 + x) ** 2)) * NORMAL, x, -1)
    assert 500 <= bound.cut(arb(-213400)) <= 700


@pytest.mark.parametrize(
    ("expression", "direction", "words"),
    [
        (sp.tan(x), 1, "tan"),
        (sp.gamma(x), 1, "gamma"),
        (1 / (x - 5), 1, "bounded"),
        (1 / sp.sin(x), 1, "bounded"),
        (sp.log(x), -1, "positive argument"),
        (sp.log(x - 5), 1, "positive argument"),
        (sp.exp(x**3), 1, "Gaussian"),
        (sp.exp(sp.exp(x)), 1, "Gaussian"),
        (x ** (x**2), 1, "exponent"),
        (sp.besselj(R(1, 2), x), -1, "besselj"),
    ],
)
def test_what_has_no_proven_bound_is_refused(expression: sp.Expr, direction: int, words: str) -> None:
    with pytest.raises(NotCertified, match=words):
        envelope(expression, x, direction)


def test_a_bound_may_begin_farther_out() -> None:
    assert not _violations(envelope(1 / (x - 5), x, 1, sp.Integer(6)), 1 / (x - 5), 1, random.Random())
    assert not _violations(
        envelope(1 / (sp.exp(x) - 20), x, 1, sp.Integer(8)), 1 / (sp.exp(x) - 20), 1, random.Random()
    )


# --- divergence ---

GROWING = [
    sp.exp(x**4),
    sp.exp(x**2 / 2),
    sp.exp(x**2 / 2) * x,
    sp.exp(x**2 / 2 + x),
    sp.exp(x**2) - x**4,
    sp.exp(sp.exp(x)) * x,
    sp.cosh(x**2) ** 2,
    sp.exp(x**2 + sp.sin(x)) * sp.tanh(x),
    sp.exp(sp.Abs(x) ** 3),
    1 / (sp.exp(-(x**2)) + sp.exp(-2 * x**2)),
    sp.exp(x**2 / 2) * sp.log(1 + x**2),
    (x + sp.exp(x**2)) ** 2,
]


@pytest.mark.parametrize("cost", GROWING, ids=str)
def test_divergence_is_proven(cost: sp.Expr) -> None:
    with pytest.raises(Divergent, match=r"x -> oo"):
        refuse_divergent(cost * NORMAL, x, 1)


@pytest.mark.parametrize(
    "cost",
    [
        *(expression.xreplace({a: R(1, 5), k: R(1, 5)}) for expression in EXPRESSIONS),
        sp.exp(x**2 / 2) / (1 + x**2),
        sp.exp(x**2 / 2 - x),
        sp.exp(x**2) * sp.sin(x),
        sp.exp(x**2) - sp.exp(x**2 + sp.sin(x)),
    ],
    ids=str,
)
def test_divergence_is_not_claimed_without_proof(cost: sp.Expr) -> None:
    """The first two converge, the next two oscillate or might cancel."""
    refuse_divergent(cost * NORMAL, x, 1)


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        (sp.exp(2 * x**2 - x) * (x**3 + 1), sp.exp(2 * x**2 - x) * x**3),
        (sp.sqrt(1 + x**2) + sp.sin(x), x),
        (sp.log(1 + x**2) * x, x * sp.log(x)),
        (sp.log(1 + sp.exp(3 * x)), x),
        (-sp.sinh(x) * x**2, -sp.exp(x) * x**2),
        ((1 + x) ** R(-3, 2), x ** R(-3, 2)),
        (sp.tanh(x) * sp.erf(x) - sp.exp(-x), sp.S.One),
    ],
)
def test_an_order_is_right_up_to_a_bounded_factor(expression: sp.Expr, limit: sp.Expr) -> None:
    order = order_of(expression, x)
    assert order is not None
    ratio = sp.lambdify(x, expression / limit, "mpmath")
    assert order.sign == mpmath.sign(sp.lambdify(x, expression, "mpmath")(mpmath.mpf(50)))
    with mpmath.workdps(50):
        assert all(mpmath.mpf("0.05") < ratio(mpmath.mpf(t)) < 20 for t in (30, 100, 300))
    assert str(order) in {
        str(sp.Abs(limit).xreplace({x: sp.Symbol("t")})),
        str(limit.xreplace({x: sp.Symbol("t")})).lstrip("-"),
    }

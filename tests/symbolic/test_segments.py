"""What is integrated is the cost: however it is written anew, cut or filled, it stays the same function."""

from __future__ import annotations

import random

import pytest
import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import compile_ball, real_ball
from symbolic.enclosing.removable import filled, removable_at
from symbolic.enclosing.segments import _steadied
from tests.symbolic.random_costs import random_cost

R = sp.Rational
x = sp.Symbol("x", real=True)
E = sp.exp(x)
WITH_AN_EXPONENTIAL = (
    2 + E, 2 + 3 * E, 1 + E + E**2, 2 + 1 / (1 + E), 2 + sp.sin(E), x**2 + 1 + E, 3 - sp.tanh(E), 2 + E * sp.cosh(x),
    2 + x**2 * E, 1 + E * sp.exp(x / 2), sp.log(2 + E) + E, 3 + sp.cos(E) + E, 1 + sp.exp(E), E + sp.sqrt(1 + E),
)  # fmt: skip
REWRITTEN = [
    *(sp.exp(n * x) * base**-n for base in WITH_AN_EXPONENTIAL for n in (1, 2, R(1, 2))),
    1 - 1 / (1 + E), 3 - 3 / (1 + 2 * E), 1 - 2 / (1 + E), 1 - 2 / (2 + E), 1 - 1 / (1 + E) ** 2,
    1 - 1 / (1 + sp.sin(E) ** 2), sp.log(1 - 1 / (1 + E)),
    1 + sp.tanh(x), 2 - 2 * sp.tanh(3 * x), 1 + 2 * sp.tanh(x), (1 + sp.tanh(x) * x) * E,
]  # fmt: skip


def assert_the_same(one: sp.Expr, other: sp.Expr, seed: int) -> None:
    places = random.Random(seed)
    for _ in range(3):
        here = {x: R(places.randint(-400, 400), 97)}
        assert real_ball(one, here, 40).overlaps(real_ball(other, here, 40)), (seed, one, here)


@pytest.mark.parametrize("number", range(len(REWRITTEN)))
def test_what_is_steadied_stays_the_same_function(number: int) -> None:
    assert_the_same(REWRITTEN[number], _steadied(REWRITTEN[number]), number)


def test_random_costs_stay_the_same_function() -> None:
    seed = random.SystemRandom().getrandbits(32)
    generator = random.Random(seed)
    for _ in range(100):
        cost = random_cost(generator, 2) * sp.exp(generator.randint(-1, 1) * x)
        assert_the_same(cost, _steadied(cost), seed)


GAPS: list[tuple[sp.Expr, sp.Expr, sp.Expr]] = [
    (sp.sin(x) / x, sp.S.Zero, sp.S.One),
    ((1 - sp.cos(x)) / x**2, sp.S.Zero, sp.S.Half),
    ((E - 1 - x) / (x * sp.sin(x)), sp.S.Zero, sp.S.Half),
    (sp.besselj(1, x) / x, sp.S.Zero, sp.S.Half),
    ((x - sp.sin(x)) / x**3, sp.S.Zero, R(1, 6)),
    (sp.sin(x - R(1, 3)) / (3 * x - 1), R(1, 3), R(1, 3)),
    (sp.log(x) / (x - 1), sp.S.One, sp.S.One),
    (sp.sin(x**2 - 2) / (x - sp.sqrt(2)), sp.sqrt(2), 2 * sp.sqrt(2)),
]


@pytest.mark.parametrize(("formula", "place", "limit"), GAPS, ids=str)
def test_a_filled_gap_holds_the_limit_and_the_values_around_it(
    formula: sp.Expr, place: sp.Expr, limit: sp.Expr
) -> None:
    gap = removable_at(formula, x, place)
    assert gap is not None
    with ctx.workprec(200):
        plain = compile_ball(formula, (x,))
        whole = filled(plain, (gap,))
        centre = real_ball(place, {})
        held = whole((acb(centre),), True)
        for k in range(2, 40, 4):
            disc = acb(centre + arb(0, arb(2) ** -k), arb(0, arb(2) ** -k))
            held = whole((disc,), True)
            assert held.is_finite()
            assert held.real.contains(real_ball(limit, {}).mid())
            for direction in (acb(1), acb(-1), acb(0, 1), acb(1, 1) / 2):
                assert held.overlaps(plain((centre + direction * arb(2) ** -k,), False))
        assert held.rad() < 1e-9


@pytest.mark.parametrize("formula", [sp.cos(x) / x, sp.sin(x) / x**2, 1 / (E - 1), (E - 1) / x**3], ids=str)
def test_a_pole_is_no_gap(formula: sp.Expr) -> None:
    assert removable_at(formula, x, sp.S.Zero) is None

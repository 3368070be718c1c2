"""Breakpoints are complete, pieces are the expression itself, and one-sided limits are limits."""

from __future__ import annotations

import random
from itertools import pairwise

import mpmath
import pytest
import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import NotCertified
from symbolic.places.breakpoints import breakpoints, symbolic_breakpoints, symbolic_jump_places
from symbolic.places.one_sided_limit import one_sided
from symbolic.places.pieces import cut_at, pieces, zeros_of_denominators
from symbolic.places.real_zeros import sign_changes

R = sp.Rational
x, a, k, m = sp.symbols("x a k m", real=True)
sigma = sp.Symbol("sigma", positive=True)
LINE = (-sp.oo, sp.oo)
H = sp.Heaviside


@pytest.mark.parametrize(
    ("expression", "places"),
    [
        (H(x - k), {k}),
        (sp.Abs(sigma * x + k), {-k / sigma}),
        (sp.Max(x, k) * sp.sign(x - m), {k, m}),
        (sp.Min(x, k, 3), {k, sp.Integer(3)}),
        (sp.Max(sp.exp(x) - k, 0), {sp.log(k)}),
        (sp.Piecewise((x, x < k), (x**2, x <= 2), (0, True)), {k, sp.Integer(2)}),
        (sp.Piecewise((1, (x > k) & (x < m)), (0, True)), {k, m}),
        (sp.Abs(sp.Abs(x) - k), {sp.S.Zero, k, -k}),
        (sp.sqrt(x - k) + sp.log(a * x), {k, sp.S.Zero}),
        (x**3 + sp.tanh(x), set()),
        (H(k) * x, set()),
    ],
)
def test_places_with_symbols(expression: sp.Expr, places: set[sp.Expr]) -> None:
    assert set(symbolic_breakpoints(expression, x)) == places


@pytest.mark.parametrize(
    ("expression", "roots"),
    [
        (x**2 - 2, [-(2**0.5), 2**0.5]),
        (x**5 - x - 1, [1.1673039782614187]),
        (x**4 + 1, []),
        (x**3 * (x - 1) ** 2, [0, 1]),
        (sp.sqrt(2) * x**2 - sp.pi, [-1.4904506488, 1.4904506488]),
        (sp.exp(2 * x + 1) - 3, [0.0493061443]),
        (sp.exp(x) + 1, []),
        (sp.exp(2 * x) - 5 * sp.exp(x) + 6, [0.6931471806, 1.0986122887]),
        (sp.sinh(x) - 2, [1.4436354752]),
        (sp.exp(x) - sp.exp(-x / 2) - 1, [2 * 0.2811995743]),
        (sp.cosh(x) - 2, [-1.3169578969, 1.3169578969]),
        (sp.cosh(x) - 1, [0]),
        (sp.cosh(x) + 2, []),
        (sp.log(1 + x**2) - 1, [-1.3108324944, 1.3108324944]),
        (sp.tanh(x) - R(1, 2), [0.5493061443]),
        (sp.tanh(x) + 1, []),
        (sp.atan(x) - 1, [1.5574077247]),
        (sp.erf(x) - R(1, 2), [0.4769362762]),
        (sp.erfc(x) - R(3, 2), [-0.4769362762]),
        (1 / (1 + sp.exp(-x)) - R(1, 3), [-0.6931471806]),
        (sp.sqrt(1 + x**2) - 2, [-(3**0.5), 3**0.5]),
        ((x - 1) ** 3 + 8, [-1]),
        (sp.tanh(x) ** 3 + R(1, 8), [-0.5493061443]),
        (sp.exp(x) ** 2 - 4, [0.6931471806]),
        (sp.Abs(x - 1) - 2, [-1, 3]),
        (1 / (x - 1) - 2, [1, 1.5]),
        (x * sp.exp(x) * (x - 2), [0, 2]),
        (sp.sin(x) - 2, []),
    ],
)
def test_all_real_zeros_and_poles(expression: sp.Expr, roots: list[float]) -> None:
    found = sorted(float(real_ball(place, {}).mid()) for place in sign_changes(expression, x))
    distinct = [place for before, place in zip([None, *found], found, strict=False) if place != before]
    assert distinct == pytest.approx(roots, abs=1e-6)


PIECEWISE = [
    sp.Abs(x - k) * sp.sign(x**2 - 2),
    sp.Max(x, k, x**2) - sp.Min(x, -x, k),
    H(sp.Abs(x) - 1) * x + sp.Abs(sp.Max(x, k) - 1),
    sp.Piecewise((x**2, x < k), (sp.exp(x), x <= 2), (sp.Abs(x), True)),
    sp.Piecewise((1, (x > k) & (x < 2)), (sp.Max(x, 0), sp.Or(x < -1, x > 3)), (x, True)),
    sp.Piecewise((sp.Piecewise((x, x > 0), (-x, True)), x**2 < 3), (k, True)),
    sp.Max(sp.exp(x) - 2, k) * sp.sign(sp.tanh(x) - R(1, 3)),
    sp.sign(sp.sign(x) + H(x - k) - R(1, 2)),
    sp.Abs(sp.exp(x) - sp.exp(-x) - k),
    sp.Min(sp.Max(x, -1), 1) ** 3 + sp.Abs(sp.log(1 + x**2) - 1),
]


@pytest.mark.parametrize("expression", PIECEWISE, ids=str)
def test_each_piece_is_the_expression_there(expression: sp.Expr) -> None:
    """Every point lies in a piece whose smooth formula has the value of the expression: no breakpoint is missing."""
    generator = random.Random()
    numeric = expression.xreplace({k: R(generator.randint(-20, 20), 8)})
    cut = pieces(numeric, x, LINE)
    for _ in range(60):
        point = R(generator.randint(-(10**6), 10**6), 2 ** generator.randint(14, 20))
        formula = next(piece.formula for piece in cut if piece.left < point < piece.right)
        assert not formula.has(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.Piecewise)
        assert real_ball(numeric, {x: point}).overlaps(real_ball(formula, {x: point})), (numeric, point)


def test_a_forgotten_breakpoint_is_seen() -> None:
    """The check above, on pieces of which two were run together."""
    numeric = PIECEWISE[0].xreplace({k: R(1, 2)})
    cut = pieces(numeric, x, LINE)
    point, merged = R(-1), cut[0].formula
    assert not real_ball(numeric, {x: point}).overlaps(real_ball(merged, {x: point}))


def test_pieces_keep_to_the_support() -> None:
    cut = pieces(sp.Abs(x - 1) + sp.Abs(x + 1), x, (sp.S.Zero, sp.oo))
    assert [(piece.left, piece.right, piece.formula) for piece in cut] == [(0, 1, sp.Integer(2)), (1, sp.oo, 2 * x)]


def test_breakpoints_are_sorted_balls() -> None:
    found = breakpoints(sp.Abs(x**2 - 2) + sp.Max(x, sp.pi), x)
    assert [point.place for point in found] == [-sp.sqrt(2), sp.sqrt(2), sp.pi]
    assert all(left.ball < right.ball for left, right in pairwise(found))


def test_equal_places_written_in_two_ways_are_one() -> None:
    expression = sp.Abs(x - sp.sqrt(2) - sp.sqrt(3)) + H(x - sp.sqrt(5 + 2 * sp.sqrt(6)))
    assert len(breakpoints(expression, x)) == 1


@pytest.mark.parametrize("expression", PIECEWISE, ids=str)
@pytest.mark.parametrize("side", ["-", "+"])
def test_one_sided_limits_are_limits(expression: sp.Expr, side: str) -> None:
    numeric = expression.xreplace({k: R(3, 8)})
    function = sp.lambdify(x, numeric, "mpmath")
    for point in breakpoints(numeric, x):
        limit = real_ball(one_sided(numeric, x, point.place, side), {})
        with mpmath.workdps(60):
            place = mpmath.mpf(real_ball(point.place, {}, 50).mid().str(50, radius=False))
            beside = function(place + (1 if side == "+" else -1) * mpmath.mpf(10) ** -25)
            assert abs(mpmath.mpf(limit.mid().str(30, radius=False)) - beside) < mpmath.mpf(10) ** -15, point.place


@pytest.mark.parametrize(
    ("expression", "place", "height"),
    [
        (H(x - k), k, 1),
        (x**2 * H(k - x), k, -(k**2)),
        (sp.sign(sigma * x - k), k / sigma, 2),
        (sp.Abs(x - k), k, 0),
        (sp.Max(x, k) * m, k, 0),
        (sp.Piecewise((x, x < k), (x**2, True)), k, k**2 - k),
        (sp.sign((x - k) ** 3), k, 2),
        (H((x - k) ** 2), k, 0),
        (H(a * x - k), k / a, H(a) - H(-a)),
        (H(x - k) * H(x - m), k, H(k - m)),
    ],
)
def test_jumps_with_symbols(expression: sp.Expr, place: sp.Expr, height: sp.Expr) -> None:
    jump = one_sided(expression, x, place, "+") - one_sided(expression, x, place, "-")
    assert sp.simplify(jump - height) == 0


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (sp.sign(sp.sin(x)), "infinitely many"),
        (sp.Abs(sp.cos(3 * x) - R(1, 2)), "infinitely many"),
        (H(x + sp.sin(x)), "can be found"),
        (sp.Abs(x * sp.exp(x) - 1), "can be found"),
        (H(x**4 - k), "can be found"),
        (sp.Abs(x**5 - k * x - 1), "can be found"),
    ],
)
def test_an_incomplete_list_is_refused(expression: sp.Expr, words: str) -> None:
    with pytest.raises(NotCertified, match=words):
        symbolic_breakpoints(expression, x)


@pytest.mark.parametrize(
    ("expression", "places"),
    [
        (sp.Abs(sp.sin(x)) + H(x - k), {k}),
        (sp.Max(sp.sin(x), 0), set()),
        (sp.sign(sp.Abs(x) - k), {k, -k}),
        (sp.Piecewise((sp.Abs(sp.cos(x)), (x > 1) & (x < k)), (0, True)), {sp.S.One, k}),
        (sp.log(sp.Abs(x)), set()),
    ],
)
def test_places_of_jumps_alone(expression: sp.Expr, places: set[sp.Expr]) -> None:
    assert set(symbolic_jump_places(expression, x)) == places


def test_a_piece_is_cut_at_its_poles() -> None:
    (piece,) = pieces(1 / (x - 1) + 1 / (x**2 - 2) ** 2 + 1 / (2 + sp.sin(x)), x, LINE)
    cut = cut_at([zero.place for zero in zeros_of_denominators(piece, x)], piece)
    assert [part.right for part in cut] == [-sp.sqrt(2), 1, sp.sqrt(2), sp.oo]
    assert {part.formula for part in cut} == {piece.formula}


def test_nesting_without_end_is_refused() -> None:
    nested = x
    for level in range(5):
        nested = sp.Abs(nested - level * x) - sp.Max(nested, x**2 - level)
    with pytest.raises(NotCertified, match="nested too deeply"):
        symbolic_breakpoints(sp.sign(nested), x)

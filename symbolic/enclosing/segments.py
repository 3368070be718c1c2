"""An integral over the line as a sum of integrals of analytic functions over segments.

An end at which the integrand is singular, p, is stretched to infinity: on (p, p + w) by epsilon = p + w exp(-t), with
t in (0, oo). There log(epsilon - p) is a straight line and a root an exponential, so the tail can be bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import evaluate, exact_rational, real_ball, shortened
from symbolic.enclosing.beside_poles import is_pole
from symbolic.enclosing.divergence import refuse_divergent
from symbolic.enclosing.envelope import Envelope, envelope
from symbolic.enclosing.ranges import range_of
from symbolic.enclosing.removable import Removable, removable_at
from symbolic.enclosing.singular_end import stays_away_from_zero
from symbolic.errors import Divergent, NotCertified, Undefined
from symbolic.places.breakpoints import Piece
from symbolic.places.pieces import cut_at, pieces, zeros_of_denominators

__all__ = ["Segment", "segments"]

_STARTS = (0, 4, 16, 64, 256)
_NEIGHBOURHOOD = 20  # a singularity nearer than 2^-20 to an end counts as being there


@dataclass(frozen=True)
class Segment:
    """int_left^right formula d variable; an infinite end has its envelope, a finite one None.

    `gaps` are places where the formula has no value of its own, but a limit; `origin` names the singular end that was
    stretched to infinity.
    """

    formula: sp.Expr
    variable: sp.Symbol
    left: sp.Expr
    right: sp.Expr
    left_tail: Envelope | None
    right_tail: Envelope | None
    gaps: tuple[Removable, ...] = ()
    origin: str | None = None


def segments(
    cost: sp.Expr, density: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]
) -> tuple[Segment, ...]:
    """What to integrate for E[cost] under the density, at numeric parameters.

    It is cut at its breakpoints and at poles, as far as they can be found; removable singularities are filled.

    Raises Divergent if a tail provably has no integral, NotCertified if one has no proven bound, Undefined if the cost
    is not real somewhere.
    """
    return tuple(
        _with_tails(part)
        for piece in _pieces(_steadied(cost) * density, variable, support)
        if piece.formula != 0
        for part in _between_poles(piece, variable)
    )


def _between_poles(piece: Piece, variable: sp.Symbol) -> Iterator[_Part]:
    bases = (power.base for power in piece.formula.atoms(sp.Pow) if power.exp.is_negative and power.base.has(variable))
    if all(range_of(base).excludes_zero for base in bases):
        yield from _stretched(piece, variable)
        return
    zeros = [zero.place for zero in zeros_of_denominators(piece, variable)]
    gaps = [gap for place in zeros if (gap := removable_at(piece.formula, variable, place)) is not None]
    harmless = {gap.place for gap in gaps}
    for place in zeros:
        if place not in harmless and is_pole(piece.formula, variable, place):
            raise Divergent(f"the expectation does not exist: the integrand is not integrable at {variable} = {place}")
    for between in cut_at([place for place in zeros if place not in harmless], piece):
        yield from _stretched(between, variable, tuple(gaps))


def _steadied(cost: sp.Expr) -> sp.Expr:
    """The cost written so that nothing cancels or explodes far out.

    exp(n v) (c + k exp(v))^-n as (c exp(-v) + k)^-n, c + s c tanh(v) as 2 c/(1 + exp(-2 s v)) for s = 1 or -1, and
    c - c a/(a + b exp(v)) as c b/(a exp(-v) + b). A root of c (1 + sin(v)), c > 0, as one of 2 c sin(v/2 + pi/4)^2.
    """
    cost = cost.replace(lambda node: isinstance(node, sp.Pow) and not node.exp.is_integer, _without_double_zeros)
    cost = cost.replace(sp.Add, lambda *terms: _without_complement(sp.Add(*terms)))
    cost = cost.replace(lambda node: isinstance(node, sp.Add) and node.has(sp.tanh), _without_tanh)
    return cost.replace(lambda node: isinstance(node, sp.Mul) and node.has(sp.exp), _without_quotient)


def _without_tanh(node: sp.Add) -> sp.Expr:
    c, rest = node.as_coeff_Add()
    k, function = rest.as_coeff_Mul()
    if isinstance(function, sp.tanh) and c != 0 and abs(c) == abs(k):
        return 2 * c / (1 + sp.exp(-2 * (k / c) * function.args[0]))
    return node


def _without_double_zeros(node: sp.Pow) -> sp.Expr:
    c, rest = node.base.as_coeff_Add()
    k, wave = rest.as_coeff_Mul()
    if not (isinstance(wave, sp.sin | sp.cos) and c.is_positive and abs(k) == c):
        return node
    quarter = sp.pi / 4 if isinstance(wave, sp.sin) else sp.pi / 2
    half = sp.sin(wave.args[0] / 2 + (quarter if k > 0 else quarter - sp.pi / 2))
    return (2 * c) ** node.exp * sp.Abs(half) ** (2 * node.exp)


def _without_complement(node: sp.Expr) -> sp.Expr:
    if len(node.args) != 2 or not node.is_Add:
        return node
    c, rest = node.as_coeff_Add()
    k, quotient = rest.as_coeff_Mul()
    if not (quotient.is_Pow and quotient.exp == -1 and quotient.base.is_Add and len(quotient.base.args) == 2):
        return node
    a, share = quotient.base.as_coeff_Add()
    b, exponential = share.as_coeff_Mul()
    if not isinstance(exponential, sp.exp) or a == 0 or c * a + k != 0:
        return node
    return c * b / (a * sp.exp(-exponential.exp) + b)


def _without_quotient(node: sp.Mul) -> sp.Expr:
    for factor in node.args:
        base, power = factor.as_base_exp()
        exponentials = base.atoms(sp.exp) if isinstance(base, sp.Add) and power.is_Rational and power < 0 else ()
        for exponential in exponentials:
            numerator = sp.exp(-power * exponential.exp)
            k = base.coeff(exponential)
            c = base - k * exponential
            if numerator in node.args and k != 0 and not c.has(exponential):
                folded = (c * sp.exp(-exponential.exp) + k) ** power
                return sp.Mul(*(folded if part == factor else part for part in node.args if part != numerator))
    return node


def _pieces(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> tuple[Piece, ...]:
    """Cut at the breakpoints; uncut if they cannot all be found, which costs time but proves as much."""
    try:
        return pieces(integrand, variable, support)
    except NotCertified:
        return (Piece(*support, integrand),)


@dataclass(frozen=True)
class _Part:
    formula: sp.Expr
    variable: sp.Symbol
    left: sp.Expr
    right: sp.Expr
    origin: str | None = None  # the singular end that was stretched to infinity
    gaps: tuple[Removable, ...] = ()


def _stretched(piece: Piece, variable: sp.Symbol, gaps: tuple[Removable, ...] = ()) -> Iterator[_Part]:
    """The piece in parts of which none has a singular end at a finite place.

    Raises Undefined if it is not real at a place inside.
    """
    middle = _between(piece.left, piece.right)
    value = evaluate(piece.formula, {variable: middle})
    if value.is_finite() and not value.imag.contains(0):
        raise Undefined(
            f"{shortened(piece.formula)} has no real value at {variable} = {middle}, where the law has mass: "
            "use a cost or parameters for which it has"
        )
    filled_in = {gap.place for gap in gaps}
    singular = [
        not (end.is_infinite or end in filled_in) and _is_singular(piece.formula, variable, end)
        for end in (piece.left, piece.right)
    ]
    if not any(singular):
        yield _Part(piece.formula, variable, piece.left, piece.right, gaps=gaps)
        return
    for end, is_singular in zip((piece.left, piece.right), singular, strict=True):
        if is_singular:
            yield _stretch(piece.formula, variable, end, middle)
        elif end == piece.left:
            yield _Part(piece.formula, variable, end, middle, gaps=gaps)
        else:
            yield _Part(piece.formula, variable, middle, end, gaps=gaps)


def _stretch(formula: sp.Expr, variable: sp.Symbol, end: sp.Expr, middle: sp.Rational) -> _Part:
    t = sp.Symbol("t", real=True)
    width = middle - end
    moved = formula.subs(variable, end + width * sp.exp(-t))
    # Only once end has cancelled in the argument of a root or a logarithm does its singularity disappear.
    moved = moved.replace(
        lambda node: isinstance(node, sp.log) or (isinstance(node, sp.Pow) and not node.exp.is_integer),
        lambda node: sp.expand_log(node.func(sp.factor_terms(sp.expand(node.args[0])), *node.args[1:])),
    )
    return _Part(moved * sp.Abs(width) * sp.exp(-t), t, sp.S.Zero, sp.oo, f"{variable} = {end}")


def _is_singular(formula: sp.Expr, variable: sp.Symbol, end: sp.Expr) -> bool:
    """Not proven analytic on a small disc around the end."""
    with ctx.workprec(128):
        radius = arb(2) ** -_NEIGHBOURHOOD
        disc = real_ball(end, {}) + acb(arb(0, radius), arb(0, radius))
        return not evaluate(formula, {variable: disc}, analytic=True).is_finite()


def _between(left: sp.Expr, right: sp.Expr) -> sp.Rational:
    """A rational inside the piece: half-way, or one to two units away from its only finite end."""
    if left.is_infinite and right.is_infinite:
        return sp.S.Zero
    if right.is_infinite:
        return sp.floor(left) + 2
    if left.is_infinite:
        return sp.ceiling(right) - 2
    return exact_rational(((real_ball(left, {}) + real_ball(right, {})) / 2).mid())


def _with_tails(part: _Part) -> Segment:
    left_tail = _tail(part, -1, part.right) if part.left.is_infinite else None
    right_tail = _tail(part, 1, part.left) if part.right.is_infinite else None
    return Segment(part.formula, part.variable, part.left, part.right, left_tail, right_tail, part.gaps, part.origin)


def _tail(part: _Part, direction: int, near_end: sp.Expr) -> Envelope:
    """An envelope that begins at the near end of the segment (at 0 if it lies on the other side), or farther out."""
    begin = sp.S.Zero if near_end.is_infinite else sp.Max(0, sp.ceiling(direction * near_end))
    refusal: NotCertified | None = None
    for farther in _STARTS:
        try:
            tail = envelope(part.formula, part.variable, direction, begin + farther)
            tail.cut(arb(0))
            return tail
        except NotCertified as reason:
            refusal = refusal or reason
    try:
        refuse_divergent(part.formula, part.variable, direction)
    except Divergent as reason:
        if part.origin is None:
            raise
        raise Divergent(f"the expectation does not exist: the integrand is not integrable at {part.origin}") from reason
    if part.origin is not None and stays_away_from_zero(part.formula, part.variable):
        raise Divergent(f"the expectation does not exist: the integrand is not integrable at {part.origin}")
    assert refusal is not None
    raise refusal

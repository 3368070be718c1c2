"""The integral over one segment as a ball: a finite path by Arb, its tails by their envelopes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from flint import acb, arb, ctx

from symbolic.balls import BallFunction, compile_ball, evaluate
from symbolic.clock import check_time, undisturbed
from symbolic.enclosing.envelope import Envelope
from symbolic.enclosing.removable import filled
from symbolic.enclosing.segments import Segment
from symbolic.enclosing.waves import refuse_endless_waves
from symbolic.errors import NotCertified, SymbolicError, TimedOut, Undefined

__all__ = ["integrated", "Scale", "scale_of"]

_SPREAD = range(-6, 12)  # samples lie 2^k away from 0 and from the ends,
_CLOSE = (-8, -12, -16, -24, -32, -48, -64)  # and closer to the ends, where an integrand may fall off at once
_TALLEST = 100  # times the precision, in bits: on a disc with more than that over the target, Arb counts too long
_SAMPLE_BITS = 256
_UNLIMITED = 10**9  # evaluations; the clock stops sooner


@dataclass(frozen=True)
class Scale:
    """A size of the integrand that was seen, no bound; and how many bits its evaluation loses there."""

    size: arb
    lost_bits: int


def integrated(segment: Segment, target: arb, bits: int) -> arb:
    """A ball around the integral; its radius is near `target` where `bits` of precision suffice for that.

    Raises NotCertified where the integrand is not bounded or oscillates beyond counting, Undefined where it is not
    real, TimedOut.
    """
    with ctx.workprec(bits):
        function = filled(compile_ball(segment.formula, (segment.variable,)), segment.gaps)
        left, left_rest = _end(segment.left, segment.left_tail, -1, function, target)
        right, right_rest = _end(segment.right, segment.right_tail, 1, function, target)
        refuse_endless_waves(segment, left, right)
        ball = _path(function, left, right, target) + left_rest + right_rest
    if not ball.is_finite():
        raise NotCertified("the integrand is not proven to be bounded at the ends of its smooth pieces")
    return ball


def scale_of(parts: tuple[Segment, ...]) -> Scale:
    """The greatest size of the integrands at a few places around 0 and around the ends of the segments."""
    size, lost = arb(0), 0
    with ctx.workprec(_SAMPLE_BITS):
        for part in parts:
            function = compile_ball(part.formula, (part.variable,))
            for place in _samples(part):
                value = function((acb(place),), False)
                if value.is_finite() and value.abs_lower() > size:
                    size, lost = value.abs_lower(), max(0, _SAMPLE_BITS - int(value.rel_accuracy_bits()))
    return Scale(size if size > 0 else arb(2) ** -_SAMPLE_BITS, lost)


def _samples(part: Segment) -> Iterator[arb]:
    ends = [evaluate(end, {}).real for end in (part.left, part.right) if not end.is_infinite]
    for centre, spread in ((arb(0), _SPREAD), *((end, (*_SPREAD, *_CLOSE)) for end in ends)):
        for distance in (arb(0), *(side * arb(2) ** k for k in spread for side in (1, -1))):
            place = centre + distance
            if (part.left.is_infinite or place > ends[0]) and (part.right.is_infinite or place < ends[-1]):
                yield place


def _path(function: BallFunction, left: arb, right: arb, target: arb) -> arb:
    smallest = arb(2) ** -ctx.prec * (1 + abs(left).max(abs(right)))
    tallest = target * arb(2) ** (_TALLEST * ctx.prec)
    refusals: list[SymbolicError | KeyboardInterrupt] = []

    def watched(z: acb, analytic: bool) -> acb:
        if refusals:
            return acb(0)  # an exception would not stop Arb, but with nothing left to integrate it soon ends
        try:
            check_time()
            value = function((z,), analytic)
        except (TimedOut, KeyboardInterrupt) as reason:
            refusals.append(reason)
            return acb(0)
        if analytic and not value.abs_upper() < tallest:
            return acb(arb.nan(), arb.nan())
        if not analytic and not value.is_finite() and z.real.rad() < smallest:
            refusals.append(NotCertified(f"the integrand is not proven to be bounded near {float(z.real.mid()):.6g}"))
        if not analytic and value.is_finite() and not value.imag.contains(0):
            refusals.append(Undefined(f"the integrand has no real value near {float(z.real.mid()):.6g}"))
        return value

    try:
        integral = undisturbed(
            lambda: acb.integral(
                watched, acb(left), acb(right), abs_tol=target, rel_tol=arb(2) ** -ctx.prec, eval_limit=_UNLIMITED
            )
        )
    except SystemError as lost:  # what is raised while Arb runs comes out as the cause of this
        if isinstance(lost.__cause__, KeyboardInterrupt):
            raise lost.__cause__ from None
        raise
    if refusals:
        raise refusals[0]
    if not integral.is_finite() or not integral.imag.contains(0):
        raise NotCertified("the integral over the finite path did not converge")
    return integral.real


def _end(end: sp.Expr, tail: Envelope | None, side: int, function: BallFunction, target: arb) -> tuple[arb, arb]:
    """Where the path ends, an exact number, and a ball around the integral from there to the end of the segment."""
    if tail is not None:
        cut = tail.cut(target.log())
        bound = tail.log_tail(cut)
        assert bound is not None
        return side * arb(int(cut.p)) / int(cut.q), arb(0, bound.exp().abs_upper())
    place = evaluate(end, {}).real
    inner, outer = (place.lower(), place.upper()) if side > 0 else (place.upper(), place.lower())
    if inner == outer:
        return inner, arb(0)
    gap = abs(outer - inner).union(arb(0)) * function((acb(place),), False).real
    return inner, gap

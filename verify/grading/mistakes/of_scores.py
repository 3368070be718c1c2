"""Mistakes in f(x) d log p/d theta + df/d theta."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from verify.grading.mistakes.mistake import Mistake
from verify.grading.setting import Setting

__all__ = ["MISTAKES_IN_SCORES"]


def _term(q: Setting, weight: sp.Expr) -> sp.Expr:
    return q.cost * weight + q.explicit


def _scaled(q: Setting, factor: sp.Expr) -> Iterator[sp.Expr]:
    """The score, or the whole term, times a factor."""
    yield _term(q, q.score * factor)
    yield _term(q, q.score) * factor


def _missing_square(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.score != 0:
        yield from _scaled(q, q.scale**2)


def _scale_for_square(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.divides_by_square:
        yield from _scaled(q, q.scale)


def _square_for_cube(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.scale == q.wrt:
        yield from _scaled(q, q.scale)


def _missing_division(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.score != 0:
        yield from _scaled(q, q.scale)


def _missing_cube(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.scale.has(q.wrt):
        yield from _scaled(q, q.scale**3)


def _one_scale_too_many(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.score != 0:
        yield from _scaled(q, 1 / q.scale)


def _by_the_variance(q: Setting) -> Iterator[sp.Expr]:
    if q.scale == q.wrt:
        yield from _scaled(q, 1 / (2 * q.wrt))


def _constant(q: Setting) -> Iterator[sp.Expr]:
    """The score without what the normalising constant adds, with its sign turned, or with 1 in its place."""
    constant = q.score - q.kernel_score
    if sp.expand(constant) != 0:
        for wrong in (0, -constant, -1, 1):
            yield _term(q, q.kernel_score + wrong)


def _not_centred(q: Setting) -> Iterator[sp.Expr]:
    yield _term(q, q.score.xreplace({q.x: q.x + q.mean_of_x}))


def _density(q: Setting) -> Iterator[sp.Expr]:
    yield _term(q, q.score * q.density)
    yield _term(q, sp.expand_log(sp.log(q.density), force=True))
    yield _term(q, q.density)


def _inner_derivative(q: Setting) -> Iterator[sp.Expr]:
    """normal(mu, exp(rho)): the score of sigma for that of rho."""
    for bare in q.textbook:
        yield _term(q, Setting(bare).score.xreplace(q.law.substitution))


def _without_explicit(q: Setting) -> Iterator[sp.Expr]:
    if q.explicit != 0:
        yield q.cost * q.score


def _only_explicit(q: Setting) -> Iterator[sp.Expr]:
    if q.explicit != 0:
        yield q.explicit


def _without_cost(q: Setting) -> Iterator[sp.Expr]:
    if q.score != 0:
        yield q.score
        yield _term(q, 0) + q.score


def _without_score(q: Setting) -> Iterator[sp.Expr]:
    yield q.cost


def _slope_times_score(q: Setting) -> Iterator[sp.Expr]:
    if q.score != 0:
        yield q.slope * q.score
        yield q.slope * q.score + q.explicit


def _sign(q: Setting) -> Iterator[sp.Expr]:
    if q.score != 0:
        yield -_term(q, q.score)
        yield _term(q, -q.score)


def _sign_without_score(q: Setting) -> Iterator[sp.Expr]:
    if q.score == 0:
        yield -q.explicit


def _factor_two(q: Setting) -> Iterator[sp.Expr]:
    yield from _scaled(q, sp.Integer(2))
    yield from _scaled(q, sp.S.Half)


def _other_parameter(q: Setting) -> Iterator[sp.Expr]:
    for other in q.others:
        there = Setting(other)
        yield there.cost * there.score + there.explicit


MISTAKES_IN_SCORES: tuple[Mistake, ...] = (
    Mistake("sign", "A sign is turned around: the score of {q.wrt} is {q.shown_score}.", _sign),
    Mistake("sign", "Its sign is turned around.", _sign_without_score),
    Mistake(
        "missing 1/sigma**2",
        "A division by {q.square} is missing: the score of {q.wrt} is {q.shown_score}.",
        _missing_square,
        "missing division by the scale's square",
    ),
    Mistake(
        "sigma for sigma**2",
        "The score of {q.wrt} is {q.shown_score}: this divides by {q.scale} once less.",
        _scale_for_square,
        "scale for its square",
    ),
    Mistake(
        "sigma**2 for sigma**3",
        "The score of {q.wrt} is {q.shown_score}: this divides by {q.scale} once less, as that of log {q.wrt} does.",
        _square_for_cube,
        "scale's square for its cube",
    ),
    Mistake(
        "missing 1/sigma",
        "A division by {q.scale} is missing: the score of {q.wrt} is {q.shown_score}.",
        _missing_division,
        "missing division by the scale",
    ),
    Mistake(
        "missing 1/sigma**3",
        "A division by {q.cube} is missing: the score of {q.wrt} is {q.shown_score}.",
        _missing_cube,
        "missing division by the scale's cube",
    ),
    Mistake(
        "one 1/sigma too many",
        "This divides by {q.scale} once more than the score of {q.wrt}, which is {q.shown_score}.",
        _one_scale_too_many,
        "one division by the scale too many",
    ),
    Mistake(
        "d/dsigma**2 for d/dsigma",
        "This takes the derivative by {q.square}: d/d{q.wrt} = 2*{q.wrt}*d/d({q.square}).",
        _by_the_variance,
        "derivative by the scale's square",
    ),
    Mistake(
        "normalising constant",
        "The density's normalising constant holds {q.wrt} too: its logarithm adds {q.shown_constant} to the score.",
        _constant,
    ),
    Mistake(
        "x for x - mu",
        "The score is about how far x lies from its mean {q.mean_of_x}, not about x.",
        _not_centred,
        "x for its distance from the mean",
    ),
    Mistake(
        "density for its logarithm",
        "The weight is d log p/d{q.wrt} = (dp/d{q.wrt})/p: with p itself, or without the derivative, the mean is "
        "another.",
        _density,
    ),
    Mistake(
        "lost chain rule",
        "A parameter of the law is a function of {q.wrt}: its own derivative is a factor of the score, which is "
        "{q.shown_score}.",
        _inner_derivative,
    ),
    Mistake(
        "forgot the cost",
        "The cost holds {q.wrt} as well: df/d{q.wrt} at fixed x has to be added.",
        _without_explicit,
    ),
    Mistake(
        "forgot the law",
        "The law holds {q.wrt} as well: differentiating the cost alone leaves f times the score out.",
        _only_explicit,
    ),
    Mistake("score without the cost", "The score alone has mean 0: it has to be weighted by the cost.", _without_cost),
    Mistake("cost without the score", "The cost alone estimates E[f], not its gradient.", _without_score),
    Mistake(
        "f' for f",
        "The score is weighted by the cost f, not by its derivative: f' belongs to the pathwise term.",
        _slope_times_score,
    ),
    Mistake("other parameter", "This is the term for another symbol.", _other_parameter),
    Mistake("factor 2", "A factor 2 is missing, or there is one too many.", _factor_two),
)

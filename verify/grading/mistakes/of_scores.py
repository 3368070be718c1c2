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
    if q.scale is not None:
        yield from _scaled(q, q.scale**2)


def _scale_for_square(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and not q.scale.has(q.wrt):
        yield from _scaled(q, q.scale)


def _square_for_cube(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.scale.has(q.wrt):
        yield from _scaled(q, q.scale)


def _missing_cube(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.scale.has(q.wrt):
        yield from _scaled(q, q.scale**3)


def _one_scale_too_many(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None:
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
    yield q.score
    yield _term(q, 0) + q.score


def _without_score(q: Setting) -> Iterator[sp.Expr]:
    yield q.cost


def _slope_times_score(q: Setting) -> Iterator[sp.Expr]:
    yield q.slope * q.score
    yield q.slope * q.score + q.explicit


def _sign(q: Setting) -> Iterator[sp.Expr]:
    yield -_term(q, q.score)
    yield _term(q, -q.score)


def _factor_two(q: Setting) -> Iterator[sp.Expr]:
    yield from _scaled(q, sp.Integer(2))
    yield from _scaled(q, sp.S.Half)


def _other_parameter(q: Setting) -> Iterator[sp.Expr]:
    for other in q.others:
        there = Setting(other)
        yield there.cost * there.score + there.explicit


MISTAKES_IN_SCORES: tuple[Mistake, ...] = (
    Mistake(
        "sign", "Its sign is turned around: the score of a mean is (x - mu)/sigma**2, not (mu - x)/sigma**2.", _sign
    ),
    Mistake("missing 1/sigma**2", "The score divides by sigma**2, and this does not.", _missing_square),
    Mistake("sigma for sigma**2", "The score of mu is (x - mu)/sigma**2: this divides by sigma.", _scale_for_square),
    Mistake(
        "sigma**2 for sigma**3",
        "The score of sigma is ((x - mu)**2 - sigma**2)/sigma**3: this has one sigma less below, as d/dlog sigma has.",
        _square_for_cube,
    ),
    Mistake(
        "missing 1/sigma**3",
        "The score of sigma is ((x - mu)**2 - sigma**2)/sigma**3: this does not divide by sigma**3.",
        _missing_cube,
    ),
    Mistake("one 1/sigma too many", "This divides by sigma once more than the score does.", _one_scale_too_many),
    Mistake(
        "d/dsigma**2 for d/dsigma",
        "This is the derivative by the variance: d/dsigma = 2*sigma*d/dsigma**2.",
        _by_the_variance,
    ),
    Mistake(
        "normalising constant",
        "The density's normalising constant holds the parameter too: its logarithm adds -1/sigma to the score of sigma "
        "(1/lam to that of a rate lam).",
        _constant,
    ),
    Mistake("x for x - mu", "The score is about the distance x - mu from the mean, not about x.", _not_centred),
    Mistake(
        "density for its logarithm",
        "The weight is d log p/dtheta = (dp/dtheta)/p: with p itself, or without the derivative, the mean is another.",
        _density,
    ),
    Mistake(
        "lost chain rule",
        "A parameter of the law is a function of the symbol: its own derivative is a factor of the score.",
        _inner_derivative,
    ),
    Mistake(
        "forgot df/dtheta",
        "The cost holds the parameter as well: df/dtheta at fixed x has to be added.",
        _without_explicit,
    ),
    Mistake(
        "forgot the law",
        "The law holds the parameter as well: differentiating the cost alone leaves f times the score out.",
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
    Mistake("factor 2", "It is twice or half of what it should be.", _factor_two),
)

"""Mistakes in d/d theta E[f(x)], the exact gradient."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from symbolic.derivative import derivative
from symbolic.exact_gradient import gradient_of
from verify.grading.mistakes.mistake import Mistake
from verify.grading.mistakes.slips import without_chain_rule, without_power_rule, without_product_rule
from verify.grading.setting import Setting

__all__ = ["MISTAKES_IN_GRADIENTS"]


def _sign(q: Setting) -> Iterator[sp.Expr]:
    yield -q.gradient


def _expectation(q: Setting) -> Iterator[sp.Expr]:
    yield q.mean_cost


def _at_the_mean(q: Setting) -> Iterator[sp.Expr]:
    yield derivative(q.cost.xreplace({q.x: q.mean_of_x}), q.wrt)


def _slope_at_the_mean(q: Setting) -> Iterator[sp.Expr]:
    if q.speed != 0:
        yield q.slope.xreplace({q.x: q.mean_of_x})


def _other_parameter(q: Setting) -> Iterator[sp.Expr]:
    for other in q.others:
        expression = gradient_of(other).expression
        if expression is not None:
            yield expression


def _without_explicit(q: Setting) -> Iterator[sp.Expr]:
    if q.explicit != 0:
        yield q.gradient - q.mean(q.explicit)


def _only_explicit(q: Setting) -> Iterator[sp.Expr]:
    if q.explicit != 0:
        yield q.mean(q.explicit)


def _chain_rule(q: Setting) -> Iterator[sp.Expr]:
    for bare in q.textbook:
        expression = gradient_of(bare).expression
        if expression is not None:
            yield expression.xreplace(q.law.substitution)
    yield from without_chain_rule(q.mean_cost, q.wrt)
    yield from without_chain_rule(sp.expand(q.mean_cost), q.wrt)
    for slope in without_chain_rule(q.cost, q.x):
        if not q.speed.has(q.epsilon):
            yield q.mean(slope * q.speed)
        yield q.mean(slope)
        yield q.mean(slope * q.in_x(q.speed))


def _by_the_variance(q: Setting) -> Iterator[sp.Expr]:
    if q.scale == q.wrt:
        yield q.gradient / (2 * q.wrt)


def _by_the_logarithm(q: Setting) -> Iterator[sp.Expr]:
    if q.scale == q.wrt:
        yield q.gradient * q.wrt


def _missing_scale(q: Setting) -> Iterator[sp.Expr]:
    if q.scale == q.wrt:
        yield q.gradient / q.wrt


def _missing_square(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.score != 0:
        yield q.gradient * q.scale**2


def _root_for_scale(q: Setting) -> Iterator[sp.Expr]:
    """normal(mu, sigma) read as mean and variance."""
    if q.scale is not None and q.scale.is_Symbol:
        yield from _with_scale(q, sp.sqrt(q.scale))


def _scale_for_square(q: Setting) -> Iterator[sp.Expr]:
    """E[f (x - mu)]/sigma for E[f (x - mu)]/sigma**2."""
    if q.scale is not None and q.divides_by_square:
        yield q.gradient * q.scale


def _missing_division(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.scale != q.wrt and q.score != 0:
        yield q.gradient * q.scale


def _square_for_scale(q: Setting) -> Iterator[sp.Expr]:
    if q.scale is not None and q.scale.is_Symbol:
        yield from _with_scale(q, q.scale**2)


def _with_scale(q: Setting, other: sp.Expr) -> Iterator[sp.Expr]:
    replaced = {q.scale: other}
    yield q.gradient.subs(replaced)
    yield derivative(q.mean_cost.subs(replaced), q.wrt)


def _product_rule(q: Setting) -> Iterator[sp.Expr]:
    if not q.mean_cost.is_Add:  # in a sum the summands are an accident of how it is written
        yield from without_product_rule(q.mean_cost, q.wrt)
    for slope in without_product_rule(q.cost, q.x):
        yield q.mean(slope * q.in_x(q.speed))


def _product_of_means(q: Setting) -> Iterator[sp.Expr]:
    """E[u v] = E[u] E[v], which only independent u and v obey."""
    moving = [factor for factor in sp.Mul.make_args(q.cost) if factor.has(q.x)]
    if len(moving) == 1 and moving[0].is_Pow and moving[0].exp.is_Integer:
        moving = [moving[0].base] * int(moving[0].exp)
    if len(moving) >= 2:
        fixed = sp.Mul(*(factor for factor in sp.Mul.make_args(q.cost) if not factor.has(q.x)))
        yield derivative(fixed * sp.Mul(*(q.mean(factor) for factor in moving)), q.wrt)


def _power_rule(q: Setting) -> Iterator[sp.Expr]:
    yield from without_power_rule(q.mean_cost, q.wrt)
    for slope in without_power_rule(q.cost, q.x):
        yield q.mean(slope * q.in_x(q.speed))


def _logarithm(q: Setting) -> Iterator[sp.Expr]:
    yield q.gradient / q.mean_cost


def _second_derivative(q: Setting) -> Iterator[sp.Expr]:
    yield derivative(q.gradient, q.wrt)


def _factor_two(q: Setting) -> Iterator[sp.Expr]:
    yield 2 * q.gradient
    yield q.gradient / 2


MISTAKES_IN_GRADIENTS: tuple[Mistake, ...] = (
    Mistake("sign", "Its sign is turned around.", _sign),
    Mistake("E[f] for its gradient", "This is the expectation itself, before it is differentiated.", _expectation),
    Mistake(
        "gradient at the mean",
        "This is the derivative of f(E[x]), and E[f(x)] is another function unless f is linear (Jensen).",
        _at_the_mean,
    ),
    Mistake(
        "d/dsigma**2 for d/dsigma",
        "This is the derivative by {q.square}: d/d{q.wrt} = 2*{q.wrt}*d/d({q.square}).",
        _by_the_variance,
        "derivative by the scale's square",
    ),
    Mistake(
        "d/dlog sigma for d/dsigma",
        "This is {q.wrt}*d/d{q.wrt}, the derivative by log {q.wrt}.",
        _by_the_logarithm,
        "derivative by the scale's logarithm",
    ),
    Mistake("other parameter", "This is the gradient with respect to another symbol.", _other_parameter),
    Mistake(
        "forgot the cost",
        "The cost holds {q.wrt} as well: E[df/d{q.wrt}] has to be added.",
        _without_explicit,
    ),
    Mistake(
        "forgot the law",
        "The law holds {q.wrt} as well: this differentiates the cost alone.",
        _only_explicit,
    ),
    Mistake(
        "gradient at the mean",
        "This is f'(E[x]): f' has to be averaged over the draws, together with dx/d{q.wrt}.",
        _slope_at_the_mean,
    ),
    Mistake(
        "lost chain rule",
        "h(u)' = h'(u) u': the derivative of what stands inside is a factor of its own.",
        _chain_rule,
    ),
    Mistake(
        "missing 1/sigma**2",
        "A division by {q.square} is missing: the score of {q.wrt} is {q.shown_score}.",
        _missing_square,
        "missing division by the scale's square",
    ),
    Mistake(
        "sigma for sigma**2",
        "This has sqrt({q.scale}) in the place of {q.scale}, and with it {q.scale} in that of {q.square}.",
        _root_for_scale,
        "scale for its square",
    ),
    Mistake(
        "sigma for sigma**2",
        "This divides by {q.scale} once less than the score of {q.wrt}, which is {q.shown_score}.",
        _scale_for_square,
        "scale for its square",
    ),
    Mistake(
        "missing 1/sigma",
        "A division by {q.scale} is missing: the score of {q.wrt} is {q.shown_score}.",
        _missing_division,
        "missing division by the scale",
    ),
    Mistake(
        "sigma**2 for sigma",
        "x ~ {q.law} is {q.path}: this has {q.square} in the place of {q.scale}.",
        _square_for_scale,
        "scale's square for the scale",
    ),
    Mistake("missing sigma", "A factor {q.scale} is missing.", _missing_scale, "missing factor of the scale"),
    Mistake("product rule", "(u v)' = u' v + u v': one of the summands is missing.", _product_rule),
    Mistake(
        "product of expectations",
        "E[u v] = E[u] E[v] holds for independent u and v, and these depend on the same x.",
        _product_of_means,
    ),
    Mistake("factor 2", "It is twice or half of what it should be.", _factor_two),
    Mistake("power rule", "(u**n)' = n*u**(n - 1)*u': the factor n, or the lower exponent, is missing.", _power_rule),
    Mistake("gradient of the logarithm", "This is the gradient of log E[f], not of E[f].", _logarithm),
    Mistake("second derivative", "This is differentiated once too often.", _second_derivative),
)

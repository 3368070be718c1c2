"""Mistakes in f'(x) dx/d theta + df/d theta, x = g(epsilon; theta)."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from symbolic.derivative import derivative
from verify.grading.mistakes.mistake import Mistake
from verify.grading.mistakes.slips import without_chain_rule, without_power_rule, without_product_rule
from verify.grading.setting import Setting

__all__ = ["MISTAKES_IN_PATHS"]


def _along(q: Setting, slope: sp.Expr) -> sp.Expr:
    return slope * q.speed + q.explicit


def _chain_rule(q: Setting) -> Iterator[sp.Expr]:
    """f' without dx/dtheta, without the derivative of an argument inside f, or without both."""
    if q.speed != 1:
        yield q.slope + q.explicit
        yield q.slope
        yield q.slope * q.mean_of_x
    for slope in without_chain_rule(q.cost, q.x):
        yield _along(q, slope)
        yield slope + q.explicit
        if q.explicit != 0:
            for explicit in without_chain_rule(q.cost, q.wrt):
                yield slope * q.speed + explicit
                yield q.slope * q.speed + explicit
    for bare in q.textbook:
        yield q.slope * Setting(bare).speed.xreplace(q.law.substitution) + q.explicit


def _inverted_speed(q: Setting) -> Iterator[sp.Expr]:
    if q.speed not in (0, 1):
        yield _along(q, q.slope / q.speed**2)


def _cost_for_slope(q: Setting) -> Iterator[sp.Expr]:
    yield _along(q, q.cost)
    if q.speed != 0:
        yield q.cost * q.speed


def _product_rule(q: Setting) -> Iterator[sp.Expr]:
    for slope in without_product_rule(q.cost, q.x):
        yield _along(q, slope)


def _power_rule(q: Setting) -> Iterator[sp.Expr]:
    for slope in without_power_rule(q.cost, q.x):
        yield _along(q, slope)


def _variance_in_path(q: Setting) -> Iterator[sp.Expr]:
    """x = mu + sigma**2 epsilon."""
    if q.scale is None:
        return
    path = q.path - q.scale * q.epsilon + q.scale**2 * q.epsilon
    yield derivative(q.cost.xreplace({q.x: path}), q.wrt)
    yield q.slope * sp.diff(path, q.wrt) + q.explicit


def _missing_scale(q: Setting) -> Iterator[sp.Expr]:
    """x - mu for epsilon = (x - mu)/sigma."""
    if q.scale is not None and q.speed.has(q.epsilon):
        yield _along(q, q.slope * q.scale)


def _draw_for_noise(q: Setting) -> Iterator[sp.Expr]:
    if q.speed.has(q.epsilon):
        yield q.slope * q.speed.xreplace({q.epsilon: q.x}) + q.explicit


def _noise_for_draw(q: Setting) -> Iterator[sp.Expr]:
    noise = {q.x: q.epsilon}
    yield q.slope.xreplace(noise) * q.speed + q.explicit.xreplace(noise)


def _at_the_mean(q: Setting) -> Iterator[sp.Expr]:
    mean = {q.x: q.mean_of_x}
    yield q.slope.xreplace(mean) * q.speed + q.explicit.xreplace(mean)
    yield derivative(q.cost.xreplace(mean), q.wrt)


def _without_explicit(q: Setting) -> Iterator[sp.Expr]:
    if q.explicit != 0:
        yield q.slope * q.speed


def _second_derivative(q: Setting) -> Iterator[sp.Expr]:
    yield _along(q, derivative(q.slope, q.x))


def _right(q: Setting) -> sp.Expr:
    return _along(q, q.slope)


def _sign(q: Setting) -> Iterator[sp.Expr]:
    yield -_right(q)
    yield -q.slope * q.speed + q.explicit


def _factor_two(q: Setting) -> Iterator[sp.Expr]:
    yield 2 * _right(q)
    yield _right(q) / 2


def _other_parameter(q: Setting) -> Iterator[sp.Expr]:
    for other in q.others:
        yield _right(Setting(other))


MISTAKES_IN_PATHS: tuple[Mistake, ...] = (
    Mistake("sign", "A sign is turned around.", _sign),
    Mistake(
        "lost chain rule",
        "h(u)' = h'(u) u': the derivative of what stands inside is a factor, also in f(x), where dx/d{q.wrt} is "
        "{q.speed}.",
        _chain_rule,
    ),
    Mistake("f for f'", "The path carries the derivative f' of the cost, not the cost itself.", _cost_for_slope),
    Mistake("product rule", "(u v)' = u' v + u v': one of the summands is missing.", _product_rule),
    Mistake(
        "sigma**2 for sigma",
        "x = {q.path}: this has {q.square} in the place of {q.scale}.",
        _variance_in_path,
        "scale's square for the scale",
    ),
    Mistake(
        "missing 1/sigma",
        "dx/d{q.wrt} is {q.speed} = {q.shown_speed}: a division by {q.scale} is missing.",
        _missing_scale,
        "missing division by the scale",
    ),
    Mistake(
        "x for epsilon",
        "dx/d{q.wrt} is {q.speed}: it holds the noise {q.epsilon}, and this the draw x in its place.",
        _draw_for_noise,
    ),
    Mistake("epsilon for x", "f' is taken at the draw x = {q.path}, not at its noise {q.epsilon}.", _noise_for_draw),
    Mistake(
        "gradient at the mean",
        "f' is taken at the draw x, and this has the mean {q.mean_of_x} in its place.",
        _at_the_mean,
    ),
    Mistake(
        "forgot the cost",
        "The cost holds {q.wrt} as well: df/d{q.wrt} at fixed x has to be added.",
        _without_explicit,
    ),
    Mistake(
        "inverse of the path's slope",
        "f' is multiplied by dx/d{q.wrt} = {q.speed}, not divided by it.",
        _inverted_speed,
    ),
    Mistake("power rule", "(u**n)' = n*u**(n - 1)*u': the factor n, or the lower exponent, is missing.", _power_rule),
    Mistake("second derivative", "This has f'' in the place of f'.", _second_derivative),
    Mistake("other parameter", "This is the term for another symbol.", _other_parameter),
    Mistake("factor 2", "It is twice or half of what it should be.", _factor_two),
)

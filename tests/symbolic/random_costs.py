"""Random costs put together from everything in the grammar: sums, products and functions inside functions.

Each is real and continuous up to jumps on the whole line, falls or grows no faster than an exponential, and comes as a
SymPy expression without parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import sympy as sp

__all__ = ["random_cost"]

X = sp.Symbol("x", real=True)


def _sigmoid(u: sp.Expr) -> sp.Expr:
    return 1 / (1 + sp.exp(-u))


def _softplus(u: sp.Expr) -> sp.Expr:
    return sp.log(1 + sp.exp(u))


_BOUNDED: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.sin, sp.cos, sp.tanh, sp.atan, sp.erf, sp.erfc, _sigmoid, sp.sign, sp.Heaviside,
    lambda u: sp.besselj(0, u), lambda u: sp.besselj(1, u), lambda u: 1 / (1 + u**2), lambda u: 1 / sp.cosh(u),
    lambda u: sp.exp(-(u**2)), lambda u: sp.exp(-sp.Abs(u)), lambda u: sp.Min(sp.Max(u, -1), 1),
    lambda u: 1 - _sigmoid(u), lambda u: 1 / sp.sqrt(1 + u**2), lambda u: (1 + sp.erf(u / sp.sqrt(2))) / 2,
)  # fmt: skip
_MILD: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    lambda u: u, sp.Abs, lambda u: sp.Max(u, 0), _softplus, lambda u: sp.sqrt(1 + u**2), lambda u: sp.log(1 + u**2),
    lambda u: sp.log(1 + sp.Abs(u)), lambda u: sp.sqrt(sp.Abs(u)), lambda u: sp.Min(u, 1), lambda u: u * _sigmoid(u),
    lambda u: sp.log(sp.cosh(u)), lambda u: sp.Piecewise((u, u < 0), (1 - sp.exp(-u), True)),
)  # fmt: skip
_POSITIVE: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.exp, lambda u: 2 + u**2, lambda u: 3 + sp.sin(u), _softplus, _sigmoid, lambda u: 1 + sp.exp(u), sp.cosh,
    lambda u: 2 + sp.tanh(u), lambda u: 1 + sp.Abs(u), lambda u: sp.erfc(u / 3),
)  # fmt: skip


def _line(random: Random) -> sp.Expr:
    slope = sp.Rational(random.choice((-8, -4, -2, -1, 1, 2, 3, 4, 6)), 4)
    return slope * X + sp.Rational(random.randint(-6, 6), 4)


def random_cost(random: Random, depth: int = 3) -> sp.Expr:
    """A cost with functions nested up to `depth` deep."""
    return _bounded(random, depth) * random.choice((sp.S.One, X, _mild(random, 1))) if depth > 1 else _mild(random, 1)


def _mild(random: Random, depth: int) -> sp.Expr:
    """Grows no faster than a multiple of |x|."""
    return random.choice(_MILD)(_line(random) if depth < 2 else _mild(random, depth - 1))


def _bounded(random: Random, depth: int) -> sp.Expr:
    kind = random.randrange(6) if depth > 1 else 0
    if kind in (0, 1):
        return random.choice(_BOUNDED)(_mild(random, max(1, depth - 1)))
    if kind == 2:
        return _bounded(random, depth - 1) * _bounded(random, depth - 1)
    if kind == 3:
        return _bounded(random, depth - 1) + random.randint(-3, 3) * _bounded(random, depth - 1)
    above, below = (random.choice(_POSITIVE)(_mild(random, depth - 1)) for _ in range(2))
    if kind == 4:  # between 0 and 1
        return above / (above + below)
    return random.choice(_BOUNDED)(above / (1 + _bounded(random, depth - 1) ** 2))

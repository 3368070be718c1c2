"""The functions of a cost, as data: the name in a text, the arguments, how each is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from symbolic.parsing.construction import Construction

__all__ = ["BY_NAME", "BY_SYMPY", "CONSTANTS", "FUNCTIONS", "OTHER_WORDS", "PIECEWISE", "TAKEN", "Function"]


@dataclass(frozen=True)
class Function:
    """`build(construction, *arguments)` makes the expression; `sympy` is SymPy's class of the same meaning, if any."""

    usage: str
    arguments: range
    build: Callable[..., sp.Expr]
    sympy: type[sp.Expr] | None = None

    @property
    def name(self) -> str:
        return self.usage.partition("(")[0]


def _smooth(function: Callable[[sp.Expr], sp.Expr]) -> Callable[..., sp.Expr]:
    return lambda construction, u: construction.smooth(function, u)


def _simple(function: Callable[[sp.Expr], sp.Expr]) -> Callable[..., sp.Expr]:
    return lambda construction, u: construction.checked(function(u))


def _choice(kind: type[sp.Expr]) -> Callable[..., sp.Expr]:
    return lambda construction, *arguments: construction.choice(kind, arguments)


def _normal_cdf(u: sp.Expr) -> sp.Expr:
    return (1 + sp.erf(u / sp.sqrt(2))) / 2


def _sigmoid(construction: Construction, u: sp.Expr) -> sp.Expr:
    return construction.checked(1 / (1 + construction.exp(-u)))


def _softplus(construction: Construction, u: sp.Expr) -> sp.Expr:
    return construction.checked(sp.log(1 + construction.exp(u)))


def _clip(construction: Construction, u: sp.Expr, low: sp.Expr, high: sp.Expr) -> sp.Expr:
    return construction.choice(sp.Min, (construction.choice(sp.Max, (u, low)), high))


_ONE, _TWO, _THREE = range(1, 2), range(2, 3), range(3, 4)
_SOME = range(1, 9)

FUNCTIONS: tuple[Function, ...] = (
    Function("exp(u)", _ONE, Construction.exp, sp.exp),
    Function("log(u)", _ONE, Construction.log, sp.log),
    Function("sqrt(u)", _ONE, Construction.sqrt),
    Function("sin(u)", _ONE, _smooth(sp.sin), sp.sin),
    Function("cos(u)", _ONE, _smooth(sp.cos), sp.cos),
    Function("tan(u)", _ONE, Construction.tan, sp.tan),
    Function("sinh(u)", _ONE, _smooth(sp.sinh), sp.sinh),
    Function("cosh(u)", _ONE, _smooth(sp.cosh), sp.cosh),
    Function("tanh(u)", _ONE, _smooth(sp.tanh), sp.tanh),
    Function("atan(u)", _ONE, _simple(sp.atan), sp.atan),
    Function("erf(u)", _ONE, _smooth(sp.erf), sp.erf),
    Function("erfc(u)", _ONE, _smooth(sp.erfc), sp.erfc),
    Function("Phi(u)", _ONE, _smooth(_normal_cdf)),
    Function("sigmoid(u)", _ONE, _sigmoid),
    Function("softplus(u)", _ONE, _softplus),
    Function("Abs(u)", _ONE, _simple(sp.Abs), sp.Abs),
    Function("abs(u)", _ONE, _simple(sp.Abs)),
    Function("Max(u, v, ...)", _SOME, _choice(sp.Max), sp.Max),
    Function("max(u, v, ...)", _SOME, _choice(sp.Max)),
    Function("Min(u, v, ...)", _SOME, _choice(sp.Min), sp.Min),
    Function("min(u, v, ...)", _SOME, _choice(sp.Min)),
    Function("sign(u)", _ONE, _simple(sp.sign), sp.sign),
    # Heaviside(0) = 1/2. A single point has no mass, so no answer depends on it.
    Function("Heaviside(u)", _ONE, _simple(sp.Heaviside), sp.Heaviside),
    Function("clip(u, low, high)", _THREE, _clip),
    Function("besselj(n, u)", _TWO, Construction.besselj, sp.besselj),
)
PIECEWISE = "Piecewise"
CONSTANTS: dict[str, sp.Expr] = {"pi": sp.pi, "E": sp.E}

BY_NAME = {function.name: function for function in FUNCTIONS}
BY_SYMPY = {function.sympy: function for function in FUNCTIONS if function.sympy is not None}
TAKEN = {name: f"{name} is a function; write {name}(...)" for name in (*BY_NAME, PIECEWISE)} | {
    name: f"{name} is a constant; use another name" for name in CONSTANTS
}
"""The names that no symbol may have, each with the reason."""

OTHER_WORDS = {
    "ln": "log(u)",
    "log2": "log(u)/log(2)",
    "log10": "log(u)/log(10)",
    "log1p": "log(1 + u)",
    "expm1": "exp(u) - 1",
    "pow": "u**v",
    "square": "u**2",
    "arctan": "atan(u)",
    "logistic": "sigmoid(u)",
    "expit": "sigmoid(u)",
    "relu": "Max(u, 0)",
    "where": "Piecewise((v, condition), (w, True))",
}

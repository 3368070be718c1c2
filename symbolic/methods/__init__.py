"""The closed-form methods, in the order in which they are tried. A new method is one new file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from symbolic.errors import BadParameter
from symbolic.integral import Integral
from symbolic.methods import error_function, exponential_polynomial, piecewise, sympy_integral

__all__ = ["CLOSED_FORM", "REFERENCE", "Method", "methods_named"]


@dataclass(frozen=True)
class Method:
    """int f(x) dx over a support, as an expression.

    Raises NotInClass where the method does not apply, Divergent only with the proof that this error asks for.
    """

    name: str
    integrate: Callable[[sp.Expr, sp.Symbol, tuple[sp.Expr, sp.Expr]], Integral]


CLOSED_FORM: tuple[Method, ...] = (
    Method(exponential_polynomial.NAME, exponential_polynomial.integrate),
    Method(piecewise.NAME, piecewise.integrate),
    Method(error_function.NAME, error_function.integrate),
)

# Slow and not always right alone: asked for by name, and held against the others by the tests.
REFERENCE: tuple[Method, ...] = (Method(sympy_integral.NAME, sympy_integral.integrate),)


def methods_named(name: str) -> tuple[Method, ...]:
    """The one method of this name. Raises BadParameter for another name."""
    for method in CLOSED_FORM:
        if method.name == name:
            return (method,)
    if name == sympy_integral.NAME:
        return REFERENCE
    known = ", ".join(method.name for method in (*CLOSED_FORM, *REFERENCE))
    raise BadParameter(f"method={name} is unknown; choose from: {known}")

"""All real zeros of a smooth expression, and all its poles: every place at which its sign can change.

Polynomials by exact real-root isolation; sums c + k F(u) with a monotone F by its inverse; products factor by factor;
sums of exponentials as polynomials in the one exponential. What none of these proves complete is refused.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import NotCertified

__all__ = ["sign_changes"]

_Inverse = Callable[[sp.Expr], sp.Expr]

# F -> (its inverse, the ends of its range) for the strictly monotone functions of a cost
_MONOTONE: dict[type[sp.Function], tuple[_Inverse, sp.Expr, sp.Expr]] = {
    sp.exp: (sp.log, sp.S.Zero, sp.oo),
    sp.log: (sp.exp, -sp.oo, sp.oo),
    sp.sinh: (lambda v: sp.log(v + sp.sqrt(v**2 + 1)), -sp.oo, sp.oo),
    sp.tanh: (lambda v: sp.log((1 + v) / (1 - v)) / 2, -sp.S.One, sp.S.One),
    sp.atan: (sp.tan, -sp.pi / 2, sp.pi / 2),
    sp.erf: (sp.erfinv, -sp.S.One, sp.S.One),
    sp.erfc: (lambda v: sp.erfinv(1 - v), sp.S.Zero, sp.Integer(2)),
}
_NEVER_ZERO = (sp.exp, sp.cosh, sp.sech, sp.erfc)
_ZERO_WITH_THEIR_ARGUMENT = (sp.sinh, sp.tanh, sp.erf, sp.erfi, sp.atan, sp.Abs)
_PERIODIC = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)


def sign_changes(expression: sp.Expr, variable: sp.Symbol) -> frozenset[sp.Expr]:
    """Exact places that hold every real zero and pole of the expression, as a function of `variable`.

    Other symbols may stand in it where the equation is affine or quadratic, or a monotone function of such a one; then
    a place is one only where it is real. Raises NotCertified if not all can be found.
    """
    if not expression.has(variable):
        return frozenset()
    expression = sp.together(expression)
    numerator, denominator = expression.as_numer_denom()
    if denominator.has(variable):
        return sign_changes(numerator, variable) | sign_changes(denominator, variable)
    if isinstance(expression, sp.Mul):
        return frozenset().union(*(sign_changes(factor, variable) for factor in expression.args))
    if isinstance(expression, sp.Pow) and not expression.exp.has(variable):
        return sign_changes(expression.base, variable)
    if isinstance(expression, _NEVER_ZERO) or expression.is_positive or expression.is_negative:
        return frozenset()
    if isinstance(expression, _PERIODIC):
        raise _periodic(expression)
    if isinstance(expression, _ZERO_WITH_THEIR_ARGUMENT):
        return sign_changes(expression.args[0], variable)
    if isinstance(expression, sp.log):
        return sign_changes(expression.args[0] - 1, variable) | sign_changes(expression.args[0], variable)
    if expression.is_polynomial(variable):
        return _of_polynomial(sp.Poly(expression, variable))
    if isinstance(expression, sp.Add):
        return _of_sum(expression, variable)
    raise _unknown(expression)


def _of_polynomial(polynomial: sp.Poly) -> frozenset[sp.Expr]:
    if all(c.is_Rational for c in polynomial.all_coeffs()):
        return frozenset(root for root, _ in sp.real_roots(polynomial, multiple=False))
    if polynomial.degree() == 1:
        slope, offset = polynomial.all_coeffs()
        return frozenset({sp.cancel(-offset / slope)})
    if polynomial.degree() == 2:
        a, b, c = polynomial.all_coeffs()
        discriminant = sp.expand(b**2 - 4 * a * c)
        return (
            frozenset()
            if _sign(discriminant) == -1
            else frozenset({(-b + s * sp.sqrt(discriminant)) / (2 * a) for s in (1, -1)})
        )
    raise _unknown(polynomial.as_expr())


def _of_sum(expression: sp.Add, variable: sp.Symbol) -> frozenset[sp.Expr]:
    constant, rest = expression.as_independent(variable, as_Add=True)
    factor, function = rest.as_independent(variable, as_Add=False)
    if isinstance(function, sp.Add):
        return _of_exponentials(expression, variable)
    level = -constant / factor
    if isinstance(function, sp.Abs):
        inner = function.args[0]
        return sign_changes(inner - level, variable) | sign_changes(inner + level, variable)
    if isinstance(function, sp.cosh):
        return _of_cosh(function.args[0], level, variable)
    if isinstance(function, _PERIODIC):
        if isinstance(function, sp.sin | sp.cos) and _sign(level**2 - 1) == 1:
            return frozenset()
        raise _periodic(expression)
    if isinstance(function, sp.Pow) and function.exp.is_Rational:
        if _sign(level) == -1 and (function.exp.q % 2 == 0 or function.exp.p % 2 == 0):
            return sign_changes(function.base, variable) if function.exp < 0 else frozenset()
        odd_power = function.exp.q == 1 and function.exp.p % 2 == 1
        size = sp.Abs(level) if odd_power else level
        root = sp.Pow(size, 1 / function.exp) * (sp.sign(level) if odd_power else 1)
        others = sign_changes(function.base + root, variable) if function.exp.p % 2 == 0 else frozenset()
        return sign_changes(function.base - root, variable) | others
    for kind, (inverse, low, high) in _MONOTONE.items():
        if isinstance(function, kind):
            if _sign(level - low) in (-1, 0) or _sign(high - level) in (-1, 0):
                return frozenset()
            return sign_changes(function.args[0] - inverse(level), variable)
    raise _unknown(expression)


def _of_cosh(argument: sp.Expr, level: sp.Expr, variable: sp.Symbol) -> frozenset[sp.Expr]:
    if _sign(level - 1) == -1:
        return frozenset()
    root = sp.log(level + sp.sqrt(level**2 - 1))
    return sign_changes(argument - root, variable) | sign_changes(argument + root, variable)


def _of_exponentials(expression: sp.Add, variable: sp.Symbol) -> frozenset[sp.Expr]:
    """A polynomial in y = exp(c x): its positive roots y give x = log(y)/c."""
    written = sp.expand(expression.rewrite([sp.sinh, sp.cosh], sp.exp))
    exponents = {
        node.exp.as_independent(variable, as_Add=True)[1] for node in written.atoms(sp.exp) if node.has(variable)
    }
    rates = {sp.cancel(exponent / variable) for exponent in exponents}
    if not rates or not all(rate.is_Rational for rate in rates):
        raise _unknown(expression)
    unit = sp.Rational(sp.gcd_list([rate.p for rate in rates]), sp.lcm_list([rate.q for rate in rates]))
    y = sp.Dummy("y", positive=True)
    low = min(0, *(rate / unit for rate in rates))
    terms = sp.expand(written.replace(sp.exp, lambda u: _power_of(y, u, variable, unit)) * y**-low)
    if terms.has(variable):
        raise _unknown(expression)
    roots = sign_changes(terms.xreplace({y: variable}), variable)
    return frozenset(sp.log(root) / unit for root in roots if _sign(root) not in (-1, 0))


def _power_of(y: sp.Symbol, exponent: sp.Expr, variable: sp.Symbol, unit: sp.Rational) -> sp.Expr:
    constant, rest = exponent.as_independent(variable, as_Add=True)
    return sp.exp(constant) * y ** sp.cancel(rest / (variable * unit))


def _sign(number: sp.Expr) -> int | None:
    """-1, 0 or 1, or None if it depends on symbols without a value or is too close to zero."""
    if number.is_positive or number is sp.oo:
        return 1
    if number.is_negative or number is -sp.oo:
        return -1
    if number.is_zero:
        return 0
    if number.free_symbols:
        return None
    ball = real_ball(number, {})
    return 1 if ball > 0 else (-1 if ball < 0 else None)


def _periodic(expression: sp.Expr) -> NotCertified:
    return NotCertified(f"{expression} changes its sign at infinitely many places")


def _unknown(expression: sp.Expr) -> NotCertified:
    return NotCertified(f"not every place where {expression} changes its sign can be found")

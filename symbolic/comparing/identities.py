"""A formula in fewer functions, by identities that hold wherever it has a real value, so that equal ones cancel.

erfc u = 1 - erf u,  erf(-u) = -erf u,  atan(-u) = -atan u
sin(u + r pi) = sin u cos r pi + cos u sin r pi,  cos alike,  tan u = sin u / cos u
tanh u = (e^u - e^-u)/(e^u + e^-u),  sinh and cosh alike
J_n(u) = 2 (n-1)/u J_{n-1}(u) - J_{n-2}(u)             (DLMF 10.6.1)
log u = sum of e log|f|,   u^r = product of |f|^(e r)  over the factors f^e of u, as u > 0
exp(c log f + v) = f^c exp(v)
"""

from __future__ import annotations

import sympy as sp

__all__ = ["factors", "rewritten"]

_LONGEST = 200  # operations of what is factored


def rewritten(node: sp.Basic) -> sp.Basic:
    """The formula after the identities, from the inside out."""
    if not node.args:
        return node
    arguments = [rewritten(argument) for argument in node.args]
    if isinstance(node, sp.Pow) and node.exp.is_Rational and not node.exp.is_Integer:
        return _root(arguments[0], node.exp)
    if isinstance(node, sp.log):
        return _logarithm(arguments[0])
    if isinstance(node, sp.exp):
        return _exponential(arguments[0])
    match node:
        case sp.erf():
            return _odd(sp.erf, arguments[0])
        case sp.erfc():
            return 1 - _odd(sp.erf, arguments[0])
        case sp.atan():
            return _odd(sp.atan, arguments[0])
        case sp.sin() | sp.cos():
            return _circular(node.func, arguments[0])
        case sp.tan():
            return _circular(sp.sin, arguments[0]) / _circular(sp.cos, arguments[0])
        case sp.sinh() | sp.cosh() | sp.tanh():
            return _hyperbolic(node.func, arguments[0])
        case sp.besselj():
            return _bessel(*arguments)
    return node.func(*arguments)


def factors(formula: sp.Expr) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    """(base, exponent) of each factor; what is long stays as it is."""
    if formula.is_Add and sp.count_ops(formula) <= _LONGEST:
        formula = sp.factor(sp.together(formula))
    return tuple(factor.as_base_exp() for factor in sp.Mul.make_args(formula))


def _root(base: sp.Expr, exponent: sp.Rational) -> sp.Expr:
    return sp.Mul(*(_size(factor) ** (own * exponent) for factor, own in factors(base)))


def _logarithm(argument: sp.Expr) -> sp.Expr:
    return sp.Add(*(own * sp.log(_size(factor)) for factor, own in factors(argument)))


def _size(factor: sp.Expr) -> sp.Expr:
    return factor if factor.is_nonnegative else sp.Abs(factor)


def _exponential(argument: sp.Expr) -> sp.Expr:
    summands = sp.Add.make_args(sp.expand(argument))
    powers: list[sp.Expr] = []
    rest: list[sp.Expr] = []
    for summand in summands:
        coefficient, factor = summand.as_coeff_Mul()
        if isinstance(factor, sp.log):
            powers.append(factor.args[0] ** coefficient)
        else:
            rest.append(summand)
    return sp.Mul(sp.exp(sp.Add(*rest)), *powers)


def _odd(function: type[sp.Function], argument: sp.Expr) -> sp.Expr:
    """f(u) with one form for u, and f(-u) = -f(u) with one choice between u and -u."""
    above, below = sp.fraction(sp.together(argument))
    above = sp.expand(above)
    side = -1 if above.could_extract_minus_sign() else 1
    return side * function(side * above / below)


def _circular(function: type[sp.Function], argument: sp.Expr) -> sp.Expr:
    """The sum u + r pi with a rational r, multiplied out."""
    shift = sp.Add(*(summand for summand in sp.Add.make_args(argument) if (summand / sp.pi).is_Rational))
    rest = argument - shift
    if shift == 0:
        return function(argument)
    if function is sp.sin:
        return sp.sin(rest) * sp.cos(shift) + sp.cos(rest) * sp.sin(shift)
    return sp.cos(rest) * sp.cos(shift) - sp.sin(rest) * sp.sin(shift)


def _hyperbolic(function: type[sp.Function], argument: sp.Expr) -> sp.Expr:
    """In exponentials; SymPy's own rewriting would turn the squares in an argument into exponentials, too."""
    growing, falling = sp.exp(argument), sp.exp(-argument)
    if function is sp.tanh:
        return (growing - falling) / (growing + falling)
    return (growing - falling if function is sp.sinh else growing + falling) / 2


def _bessel(order: sp.Expr, argument: sp.Expr) -> sp.Expr:
    if not (order.is_Integer and order >= 2):
        return sp.besselj(order, argument)
    return 2 * (order - 1) / argument * _bessel(order - 1, argument) - _bessel(order - 2, argument)

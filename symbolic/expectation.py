"""The ladder: closed-form methods, tried in order; what none can integrate is refused with every reason."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import sympy as sp
from sympy.logic.boolalg import Boolean

from symbolic.constant_base import in_exponentials
from symbolic.errors import Divergent, NotInClass
from symbolic.gaussian_integral import integrate_powers
from symbolic.integral import Integral
from symbolic.law import Law, Noise
from symbolic.methods import CLOSED_FORM, REFERENCE, Method

__all__ = ["expectation_under_law", "expectation_under_noise", "first_closed_form", "raw_moments_under_noise"]


def expectation_under_law(cost: sp.Expr, law: Law, methods: Sequence[Method] = CLOSED_FORM) -> Integral:
    """E[f(x)] = int f(x) p(x; theta) dx, from the density alone.

    Raises NotInClass with the reason of each method if none has a closed form, Divergent if there is no expectation.
    """
    if methods is not REFERENCE and all(_keeps_the_form(*pair) for pair in law.substitution.items()):
        with suppress(Divergent):  # which is said below, in the names of the parameters
            bounds = (law.written_out(law.support[0]), law.written_out(law.support[1]))
            integral = first_closed_form(cost * law.written_out(law.density), law.variable, bounds, methods)
            if sp.false not in (integral.conditions, integral.form_holds):
                return integral
    # Stand-ins keep the textbook form during the integration (sigma > 0, and no clash with a cost that holds
    # the name too); the arguments, such as exp(rho), come in afterwards.
    stand_ins = {
        parameter: sp.Dummy(str(parameter), real=True, positive=parameter.is_positive) for parameter in law.parameters
    }
    if methods is REFERENCE:
        # SymPy closes many more integrals in standard units; the density of the noise is free of parameters.
        integrand = (cost.subs(law.variable, law.path.xreplace(stand_ins))) * law.noise.density
        integral = first_closed_form(integrand, law.noise.symbol, law.noise.support, methods)
    else:
        bounds = (law.support[0].xreplace(stand_ins), law.support[1].xreplace(stand_ins))
        integral = first_closed_form(cost * law.density.xreplace(stand_ins), law.variable, bounds, methods)
    arguments = {stand_ins[parameter]: argument for parameter, argument in law.substitution.items()}
    conditions = integral.conditions.xreplace(arguments)
    if conditions == sp.false:
        raise Divergent(f"E[{cost}] does not exist under {law}{_unmet(integral.conditions, stand_ins, law)}")
    if integral.form_holds == sp.false:
        raise NotInClass(f"{integral.method}: its form holds for no values")
    form_holds = integral.form_holds.xreplace(arguments)
    if form_holds == sp.false:
        raise NotInClass(f"{integral.method}: its form does not hold{_unmet(integral.form_holds, stand_ins, law)}")
    return Integral(integral.expression.xreplace(arguments), conditions, integral.method, form_holds)


def expectation_under_noise(term: sp.Expr, noise: Noise, methods: Sequence[Method] = CLOSED_FORM) -> Integral:
    """E[h(epsilon)] = int h(epsilon) q(epsilon) d epsilon. Raises as expectation_under_law does."""
    return first_closed_form(term * noise.density, noise.symbol, noise.support, methods)


def first_closed_form(
    integrand: sp.Expr,
    variable: sp.Symbol,
    bounds: tuple[sp.Expr, sp.Expr],
    methods: Sequence[Method] = CLOSED_FORM,
) -> Integral:
    """int integrand dx between the bounds, by the first of the methods that has a closed form. Raises likewise."""
    refusals: list[str] = []
    exponential, real = in_exponentials(integrand, variable)
    for method in methods:
        try:
            return _where(method.integrate(exponential, variable, bounds), real)
        except NotInClass as refusal:
            refusals.append(f"{method.name}: {refusal}")
    raise NotInClass("; ".join(refusals))


def raw_moments_under_noise(
    term: sp.Expr, noise: Noise, orders: Sequence[int], methods: Sequence[Method] = CLOSED_FORM
) -> list[Integral]:
    """E[h(epsilon)^n] for each order n, in the same letters where they are read together. Raises likewise."""
    if noise.support == (-sp.oo, sp.oo):
        exponential, real = in_exponentials(term, noise.symbol)
        with suppress(NotInClass):
            raw = integrate_powers(exponential, noise.density, noise.symbol, orders)
            return [_where(integral, real) for integral in raw]
    return [expectation_under_noise(term**order, noise, methods) for order in orders]


def _unmet(conditions: sp.Basic, stand_ins: dict[sp.Symbol, sp.Symbol], law: Law) -> str:
    """What would be needed, in the names of the law's parameters; in words, where no values can meet it."""
    named = conditions.xreplace({stand_in: parameter for parameter, stand_in in stand_ins.items()})
    if named == sp.false:
        return ", whatever the values: the cost grows as fast as the density decays, or faster"
    given = [f"{name} = {value}" for name, value in law.substitution.items() if named.has(name) and value != name]
    return f": it needs {named}{', but here ' + ', '.join(given) if given else ''}"


def _keeps_the_form(parameter: sp.Symbol, argument: sp.Expr) -> bool:
    """Whether the density looks the same with the argument in the place of the parameter."""
    return bool((argument.is_Symbol or argument.is_Rational) and (argument.is_positive or not parameter.is_positive))


def _where(integral: Integral, condition: Boolean) -> Integral:
    return replace(integral, form_holds=integral.form_holds & condition)

"""The ladder: closed-form methods, tried in order; what none can integrate is refused with every reason."""

from __future__ import annotations

import sympy as sp

from symbolic.errors import BadParameter, Divergent, NotInClass
from symbolic.integral import Integral
from symbolic.law import Law, Noise
from symbolic.methods import CLOSED_FORM, REFERENCE, Method

__all__ = ["expectation_under_law", "expectation_under_noise"]


def expectation_under_law(cost: sp.Expr, law: Law, method: str | None = None) -> Integral:
    """E[f(x)] = int f(x) p(x; theta) dx, from the density alone.

    Raises NotInClass with the reason of each method if none has a closed form, Divergent if there is no expectation.
    """
    # Stand-ins keep the textbook form during the integration (sigma > 0, and no clash with a cost that holds
    # the name too); the arguments, such as exp(rho), come in afterwards. Where they are the parameters themselves,
    # there is nothing to stand in for.
    hidden = () if law.arguments == law.parameters else law.parameters
    stand_ins = {parameter: sp.Dummy(str(parameter), real=True, positive=parameter.is_positive) for parameter in hidden}
    chosen = _methods(method)
    if chosen is REFERENCE:
        # SymPy closes many more integrals in standard units; the density of the noise is free of parameters.
        integrand = (cost.subs(law.variable, law.path.xreplace(stand_ins))) * law.noise.density
        integral = _first(chosen, integrand, law.noise.symbol, law.noise.support)
    else:
        bounds = (law.support[0].xreplace(stand_ins), law.support[1].xreplace(stand_ins))
        integral = _first(chosen, cost * law.density.xreplace(stand_ins), law.variable, bounds)
    arguments = {stand_in: law.substitution[parameter] for parameter, stand_in in stand_ins.items()}
    conditions = integral.conditions.xreplace(arguments)
    if conditions == sp.false:
        raise Divergent(f"E[{cost}] does not exist under {law}{_unmet(integral.conditions, stand_ins, law)}")
    form_holds = integral.form_holds.xreplace(arguments)
    if form_holds == sp.false:
        raise NotInClass(f"{integral.method}: its form does not hold{_unmet(integral.form_holds, stand_ins, law)}")
    if not arguments:
        return integral
    return Integral(integral.expression.xreplace(arguments), conditions, integral.method, form_holds)


def expectation_under_noise(term: sp.Expr, noise: Noise, method: str | None = None) -> Integral:
    """E[h(epsilon)] = int h(epsilon) q(epsilon) d epsilon. Raises as expectation_under_law does."""
    return _first(_methods(method), term * noise.density, noise.symbol, noise.support)


def _unmet(conditions: sp.Basic, stand_ins: dict[sp.Symbol, sp.Symbol], law: Law) -> str:
    """What would be needed, in the names of the law's parameters; in words, where no values can meet it."""
    named = conditions.xreplace({stand_in: parameter for parameter, stand_in in stand_ins.items()})
    if named == sp.false:
        return ", whatever the values: the cost grows as fast as the density decays, or faster"
    given = [f"{name} = {value}" for name, value in law.substitution.items() if named.has(name) and value != name]
    return f": it needs {named}{', but here ' + ', '.join(given) if given else ''}"


def _methods(name: str | None) -> tuple[Method, ...]:
    if name is None:
        return CLOSED_FORM
    for group in (CLOSED_FORM, REFERENCE):
        for method in group:
            if method.name == name:
                return group if group is REFERENCE else (method,)
    known = ", ".join(method.name for method in (*CLOSED_FORM, *REFERENCE))
    raise BadParameter(f"method={name} is unknown; choose from: {known}")


def _first(
    methods: tuple[Method, ...], integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]
) -> Integral:
    refusals: list[str] = []
    for method in methods:
        try:
            return method.integrate(integrand, variable, support)
        except NotInClass as refusal:
            refusals.append(f"{method.name}: {refusal}")
    raise NotInClass("; ".join(refusals))

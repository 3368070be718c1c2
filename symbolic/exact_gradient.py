"""The exact gradient d/d theta E[f(x)]: integrate cost times density first, differentiate second.

Where no closed form exists, the derivative is taken under the integral (the density is smooth in its parameters),

    d/d theta E[f] = int (f dp/d theta + p df/d theta) dx - sum over jumps J p(c) dc/d theta,

and the integral is enclosed at numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sympy as sp
from flint import ctx

from symbolic.balls import real_ball
from symbolic.clock import limited
from symbolic.confirmation import Truth, closed_or_confirmed, confirmed
from symbolic.derivative import derivative
from symbolic.errors import Divergent, NotCertified, NotInClass
from symbolic.exact import Exact
from symbolic.expectation import expectation_under_law
from symbolic.integral import Integral
from symbolic.law import Law
from symbolic.methods import CLOSED_FORM, REFERENCE, Method, methods_named
from symbolic.methods.enclosure import enclose
from symbolic.moving_singularity import carried_along
from symbolic.places.jumps import missed_by_score_function
from symbolic.places.jumps_at_numbers import jumps_at, refuse_if_not_differentiable
from symbolic.problem import Problem, problem
from symbolic.value import Value

__all__ = ["gradient", "gradient_of", "gradient_or_confirmed"]

GUARD_BITS = 64


@limited("the gradient")
def gradient(
    cost: str | sp.Expr, wrt: str | sp.Symbol = "mu", law: str | Law = "normal", method: str | None = None
) -> Exact:
    """d/d wrt E[cost], exact.

    `method` names one method of integration ("sympy_integral" is SymPy's own, the slow reference); the default tries
    each in order. SymPy's answer is given only if it is confirmed by certified values; numbers never come from it.
    Raises ParseError, BadParameter, Undefined or Divergent with the reason; with a `method` of one's own choice also
    NotInClass, if it has no closed form.
    """
    asked = problem(cost, wrt, law)
    if method is None:
        return gradient_or_confirmed(asked)
    exact = gradient_of(asked, methods_named(method))
    if exact.refusal is not None:
        raise NotInClass(exact.refusal)
    return exact


def gradient_of(problem: Problem, methods: Sequence[Method] = CLOSED_FORM) -> Exact:
    """The exact gradient of a validated problem, without SymPy's integral unless that is the method."""
    if methods is REFERENCE:
        return _exact(problem, lambda: confirmed(_closed_form(problem, REFERENCE), problem, _truth(problem)))
    return _exact(problem, lambda: _closed_form(problem, methods), methods)


def gradient_or_confirmed(problem: Problem) -> Exact:
    """The same, but with SymPy's closed form where our methods have none and certified values confirm it."""
    return _exact(
        problem,
        lambda: closed_or_confirmed(
            problem, lambda: _closed_form(problem), lambda: _closed_form(problem, REFERENCE), _truth(problem)
        ),
    )


def _exact(problem: Problem, derive: Callable[[], Integral], methods: Sequence[Method] = CLOSED_FORM) -> Exact:
    return Exact(problem=problem, _derive=derive, _evaluate=_truth(problem, methods))


def _truth(problem: Problem, methods: Sequence[Method] = CLOSED_FORM) -> Truth:
    return lambda numbers, digits: _value(problem, numbers, digits, methods)


def _closed_form(problem: Problem, methods: Sequence[Method] = CLOSED_FORM) -> Integral:
    return expectation_under_law(problem.cost, problem.law, methods).derivative(problem.wrt)


def _value(problem: Problem, numbers: Mapping[sp.Symbol, sp.Rational], digits: int, methods: Sequence[Method]) -> Value:
    """The ladder again with numbers in place, where more costs have a closed form (x**n at n = 3)."""
    fixed = {symbol: number for symbol, number in numbers.items() if symbol != problem.wrt}
    at_numbers = Problem(
        problem.cost.subs(fixed),
        problem.law.with_arguments(*(a.subs(fixed) for a in problem.law.arguments)),
        problem.wrt,
    )
    here = {problem.wrt: numbers[problem.wrt]}
    refuse_if_not_differentiable(at_numbers.cost, at_numbers.law, problem.wrt, here)
    try:
        closed = _closed_form(at_numbers, methods)
    except NotInClass:
        return _enclosed(at_numbers, here, digits)
    if closed.conditions.xreplace(here) == sp.false:
        where = ", ".join(f"{symbol}={number}" for symbol, number in sorted(numbers.items(), key=str))
        raise Divergent(f"{problem} does not exist at {where}: it needs {closed.conditions}")
    if closed.holds.xreplace(here) != sp.true:
        return _enclosed(at_numbers, here, digits)
    return Value.from_ball(real_ball(closed.expression, here, digits), digits)


def _enclosed(problem: Problem, here: Mapping[sp.Symbol, sp.Rational], digits: int) -> Value:
    cost, law, wrt = problem.cost, problem.law, problem.wrt
    density = law.written_out(law.density)
    change = cost * sp.cancel(sp.diff(density, wrt) / density) + derivative(cost, wrt)
    integrand = change.xreplace({law.variable: law.written_out(law.path)}).subs(here)
    try:
        inside = enclose(integrand, law.noise, digits)
    except (Divergent, NotCertified) as refusal:
        return carried_along(cost, law, wrt, here, digits, refusal)
    moving = jumps_at(cost, law, wrt, here, moving=True)
    if not moving:
        return inside
    at_the_jumps = sp.Add(*(missed_by_score_function(jump, law, wrt) for jump in moving))
    with ctx.workprec(4 * digits + GUARD_BITS):
        return Value.from_ball(inside.ball + real_ball(at_the_jumps, here, digits), digits)

"""What a line of a derivation means: its expectations and derivatives carried out, or enclosed at numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

import sympy as sp
from flint import acb, arb, ctx, fmpq
from sympy.logic.boolalg import Boolean

from symbolic.balls import evaluate
from symbolic.derivative import derivative
from symbolic.deriving.unevaluated import Density, Mean
from symbolic.errors import NotCertified, NotInClass
from symbolic.expectation import expectation_under_law, expectation_under_noise, first_closed_form
from symbolic.integral import Integral
from symbolic.law import Law
from symbolic.methods.enclosure import enclose

__all__ = ["Meaning"]

_HELD = (Mean, sp.Integral)
_BITS = 300
_DIGITS = 40
_STEP = sp.Rational(1, 200)
_HALF_WIDTH = 6


class Meaning:
    """The value of expressions that hold E_x[...], E_epsilon[...], integrals and derivatives, under one law.

    It remembers what it has integrated, and under which conditions: `conditions`.
    """

    def __init__(self, law: Law) -> None:
        self.law = law
        self.conditions: set[Boolean] = set()
        self._closed: dict[sp.Basic, sp.Expr] = {}
        self._enclosed: dict[sp.Basic, arb] = {}

    def assume(self, condition: Boolean) -> None:
        """Lines are looked at where it holds: the condition of a form that was not found by integrating here."""
        self.conditions |= {condition} - {sp.true}

    def closed(self, node: sp.Expr) -> sp.Expr:
        """The expression with everything carried out. Raises NotInClass where no method has a closed form."""
        if not node.has(*_HELD, Density, sp.Derivative):
            return node
        if node not in self._closed:
            self._closed[node] = self._carried_out(node)
        return self._closed[node]

    def _carried_out(self, node: sp.Expr) -> sp.Expr:
        if isinstance(node, Mean):
            return self._kept(self._expectation(self.closed(node.term), node.variable))
        if isinstance(node, Density):
            return self.law.written_out(self.law.density).xreplace({self.law.variable: node.place})
        if isinstance(node, sp.Integral):
            variable, low, high = node.limits[0]
            integrand = self.closed(node.function)
            if self._is_over_the_law(node):
                return self._kept(self._expectation(self._without_density(integrand), variable))
            return self._kept(first_closed_form(integrand, variable, (low, high)))
        if isinstance(node, sp.Derivative):
            inner = self.closed(node.expr)
            ((symbol, count),) = node.variable_count
            for _ in range(int(count)):
                inner = sp.diff(inner, symbol) if node.expr.has(*_HELD) else derivative(inner, symbol)
            return inner
        return node.func(*(self.closed(argument) for argument in node.args))

    def _expectation(self, term: sp.Expr, variable: sp.Symbol) -> Integral:
        if variable == self.law.noise.symbol:
            return expectation_under_noise(term, self.law.noise)
        return expectation_under_law(term, self.law)

    def _kept(self, integral: Integral) -> sp.Expr:
        self.conditions |= {integral.conditions, integral.form_holds} - {sp.true}
        return integral.expression

    def _is_over_the_law(self, node: sp.Integral) -> bool:
        variable, *bounds = node.limits[0]
        return bool(variable == self.law.variable and tuple(bounds) == self.law.support)

    def _without_density(self, integrand: sp.Expr) -> sp.Expr:
        density = self.law.written_out(self.law.density)
        return sp.Add(*(part / density for part in sp.Add.make_args(sp.expand_mul(integrand))))

    def ball(self, node: sp.Expr, values: Mapping[sp.Symbol, sp.Rational]) -> arb:
        """A ball around the expression at numbers; around a derivative of what has no closed form, an estimate of it.

        Raises NotCertified, Divergent or TimedOut as `enclose` does.
        """
        held: dict[sp.Symbol, acb] = {}
        written = self._named(node, values, held)
        with ctx.workprec(_BITS):
            ball = evaluate(written, {**dict(values), **held})
            if not ball.is_finite() or not ball.imag.contains(0):
                raise NotCertified(f"{node} has no finite real value at {dict(values)}")
            return ball.real

    def _named(self, node: sp.Expr, values: Mapping[sp.Symbol, sp.Rational], held: dict[sp.Symbol, acb]) -> sp.Expr:
        """The expression with a name in place of each integral and each derivative of one; `held` has their balls."""
        if not node.has(*_HELD):
            return self.closed(node)
        if isinstance(node, (*_HELD, sp.Derivative)):
            name = sp.Dummy(real=True)
            held[name] = acb(self._ball_of(node, values))
            return name
        return node.func(*(self._named(argument, values, held) for argument in node.args))

    def _ball_of(self, node: sp.Expr, values: Mapping[sp.Symbol, sp.Rational]) -> arb:
        if isinstance(node, sp.Derivative):
            return self._difference_quotient(node, values)
        if isinstance(node, sp.Integral):
            if not self._is_over_the_law(node):
                raise NotInClass(f"{node} is enclosed over the whole support only")
            term, variable = self._without_density(self.closed(node.function)), self.law.variable
        else:
            term, variable = self.closed(node.term), node.variable
        if variable == self.law.variable:
            term = term.xreplace({variable: self.law.written_out(self.law.path)})
        at_numbers = term.subs(dict(values))
        if at_numbers not in self._enclosed:
            self._enclosed[at_numbers] = enclose(at_numbers, self.law.noise, _DIGITS).ball
        return self._enclosed[at_numbers]

    def _difference_quotient(self, node: sp.Derivative, values: Mapping[sp.Symbol, sp.Rational]) -> arb:
        """d/ds from 2 n values at s + j h, of order h^(2 n): the weights are (-1)^(j+1) n!^2 / (j (n-j)! (n+j)!)."""
        symbol, n = node.variables[0], _HALF_WIDTH
        total = arb(0)
        for j in range(1, n + 1):
            weight = fmpq((-1) ** (j + 1) * comb(2 * n, n - j), j * comb(2 * n, n))
            ahead, behind = (
                self.ball(node.expr, {**values, symbol: values[symbol] + side * j * _STEP}) for side in (1, -1)
            )
            with ctx.workprec(_BITS):
                total += weight * (ahead - behind)
        with ctx.workprec(_BITS):
            return total * int(1 / _STEP)

"""A term that is to be graded: in the noise, with the places at which it is compared."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

import sympy as sp

from symbolic.comparing import Comparison, Domain, compare
from symbolic.definedness import is_defined
from symbolic.errors import BadParameter, NotCertified, NotDifferentiable, NotInClass, Undefined
from symbolic.estimator import Estimator
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.law import Law, Noise
from symbolic.parsing import Guard
from symbolic.places.symbolic_pieces import symbolic_pieces
from symbolic.readable import readable
from verify.grading.asked import Asked
from verify.grading.judgement import needs_of
from verify.grading.setting import Setting

__all__ = ["Term"]

_KINKED = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.Piecewise)


class Term:
    """The answer at x = g(epsilon; theta). It remembers what it was compared with.

    Raises Undefined for a term without a value where the law has mass, Divergent where there is no gradient.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.setting = Setting(asked.problem)
        self.formula = self.setting.in_noise(asked.formula).xreplace(asked.fixed)
        self.exact: Exact = gradient_of(asked.problem)
        self._open_guards = _open_guards(asked, self.setting)
        self._seen: dict[str, Comparison] = {}
        if self.exact.expression is None:
            self._refuse_divergence()

    @property
    def noise(self) -> Noise:
        return self.asked.problem.law.noise

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """Of the parameters and of one draw."""
        return (*self.asked.symbols, self.noise.symbol)

    @cached_property
    def domain(self) -> Domain:
        """Where one draw is compared with another formula for one."""
        path = {self.asked.problem.law.variable: self.setting.path}
        guards = tuple(guard.at(path) for guard in self.asked.guards)
        return self.asked.domain(self.exact.conditions, guards, frozenset({self.noise.symbol}))

    def mean_domain(self, conditions: sp.Basic) -> Domain:
        """Where formulas are compared in which the draw is integrated out."""
        drawn = {self.asked.problem.law.variable, self.noise.symbol}
        guards = tuple(guard for guard in self.asked.guards if not guard.argument.free_symbols & drawn)
        return self.asked.domain(conditions & self.exact.conditions, guards)

    def right(self, estimator: Estimator) -> sp.Expr:
        """The term of the estimator, at the values that the answer was written for."""
        return estimator.term.xreplace(self.asked.fixed)

    def compared_with(self, estimator: Estimator) -> Comparison:
        """Draw by draw."""
        if estimator.name not in self._seen:
            self._seen[estimator.name] = compare(self.formula, self.right(estimator), self.domain, self.symbols)
        return self._seen[estimator.name]

    def shown(self, estimator: Estimator) -> str:
        """The right term, in the noise if the answer is, else in x."""
        term = self.right(estimator)
        in_noise = self.asked.formula.has(self.noise.symbol)
        return str(readable(term if in_noise else self.setting.in_x(term)))

    @property
    def needs(self) -> tuple[str, ...]:
        """Under which conditions there is a gradient, and the term has a value."""
        return needs_of(self._open_guards, self.exact.conditions.xreplace(self.asked.fixed), self.asked.problem)

    def _refuse_divergence(self) -> None:
        """Without a closed form only numbers tell that there is no gradient. Raises Divergent."""
        for point in islice(self.mean_domain(sp.true).points(self.asked.symbols), 1):
            try:
                self.exact.at({str(symbol): str(number) for symbol, number in point.items()}, digits=10)
            except (BadParameter, NotCertified, NotDifferentiable, Undefined):
                return


def _open_guards(asked: Asked, setting: Setting) -> tuple[Guard, ...]:
    """What the term needs beyond single draws, and is not proven. Raises Undefined where it fails with mass."""
    law = asked.problem.law
    found = []
    for guard in asked.guards:
        in_x = guard if setting.noise_of_x is None else guard.at({setting.epsilon: setting.noise_of_x})
        if guard.kind in ("reciprocal", "tan") and in_x.argument.has(law.variable):
            known = _fails_at_single_places(in_x, law)
        else:
            known = is_defined(in_x, law)
        if known is None:
            found.append(guard)
    return tuple(found)


def _fails_at_single_places(guard: Guard, law: Law) -> bool | None:
    """1/|x| has no value at x = 0 only, but 1/Max(x, 0) has none for half of the draws. Raises Undefined for that."""
    if guard.kind == "tan" or not guard.argument.has(*_KINKED):
        return True
    try:
        cut = symbolic_pieces(guard.argument, law.variable, law.support)
    except (NotCertified, NotInClass):
        return None
    if any(piece.formula == 0 for piece in cut.pieces):
        raise Undefined(
            f"1/({guard.argument}) has no value for a part of the draws of {law}; write the term without this division"
        )
    return True if cut.condition == sp.true else None

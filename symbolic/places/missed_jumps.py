"""How much of the gradient a term misses at the jumps that count: where their place is real and inside the support.

Heaviside(x**2 - k) jumps at -sqrt(k) and sqrt(k) for k > 0, and nowhere for k < 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symbolic.law import Law
from symbolic.places.jumps import Jump, is_proven_zero
from symbolic.places.known_signs import KnownSigns
from symbolic.places.real_places import where_inside

__all__ = ["missed_jumps"]

_STEPS = (sp.Heaviside, sp.sign, Relational)

Misses = Callable[[Jump, Law, sp.Symbol], sp.Expr]


def missed_jumps(found: Iterable[Jump], misses: Misses, law: Law, wrt: sp.Symbol) -> tuple[tuple[Jump, ...], sp.Expr]:
    """Those of the jumps of which the term misses something, and the sum of that, for all values of the symbols.

    Raises NotCertified if it is not known for which values a jump is there, or whether anything is missed.
    """
    missed: list[Jump] = []
    amounts: dict[Boolean, sp.Expr] = {}
    for jump in found:
        signs = where_inside(jump.place, law.support)
        if signs is None:
            continue
        amount = _for_real_values(misses(jump, law, wrt), signs)
        if is_proven_zero(amount, f"how much is missed of the jump at {law.variable} = {jump.place} is not known"):
            continue
        missed.append(jump)
        amounts[signs.condition] = amounts.get(signs.condition, sp.S.Zero) + amount
    total = sp.Add(
        *(
            amount if condition == sp.true else sp.Piecewise((amount, condition), (0, True))
            for condition, amount in amounts.items()
        )
    )
    return tuple(missed), total


def _for_real_values(expression: sp.Expr, signs: KnownSigns) -> sp.Expr:
    """Shorter where a symbol is known to be positive, or an inverse to be real: Heaviside(2*sqrt(k)) is 1 there."""
    known = {symbol: sp.Dummy(symbol.name, positive=True) for symbol in signs.positive if symbol.is_Symbol}
    known |= {inverse: sp.Dummy(real=True) for inverse in expression.atoms(sp.erfinv)}
    shorter = expression.xreplace(known).xreplace({dummy: node for node, dummy in known.items()})
    return shorter.replace(lambda node: isinstance(node, _STEPS), _with_real_arguments)


def _with_real_arguments(step: sp.Basic) -> sp.Basic:
    """The same where its logarithms and roots are real; elsewhere, where it does not count, SymPy refuses it else."""
    real = {node: sp.log(sp.Abs(node.args[0])) for node in step.atoms(sp.log) if not node.is_real}
    roots = (node for node in step.atoms(sp.Pow) if not node.exp.is_Integer and not node.is_real)
    return step.xreplace(real | {node: sp.Pow(sp.Abs(node.base), node.exp) for node in roots})

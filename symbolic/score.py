"""The score of a law: d/d theta log p(x; theta)."""

from __future__ import annotations

import sympy as sp

from symbolic.law import Law

__all__ = ["score"]


def score(law: Law, wrt: sp.Symbol) -> sp.Expr:
    """d/d wrt log p(x; theta), at fixed x: (x - mu)/sigma^2 for the mean of a normal."""
    log_density = sp.expand_log(sp.log(law.density), force=True)
    return sp.Add(
        *(
            sp.diff(log_density, parameter).xreplace(law.substitution) * sp.diff(argument, wrt)
            for parameter, argument in law.substitution.items()
            if argument.has(wrt)
        )
    )

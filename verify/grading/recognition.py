"""A wrong answer held against what the classic mistakes lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from symbolic.comparing import Domain, compare
from symbolic.errors import BadParameter, Divergent, NotCertified, NotInClass, Undefined
from verify.grading.mistakes import Mistake
from verify.grading.setting import Setting

__all__ = ["Recognised", "recognised"]


@dataclass(frozen=True)
class Recognised:
    """A mistake's name and explanation, in the words of the problem in which it was made."""

    name: str
    why: str


def recognised(
    answer: sp.Expr, setting: Setting, mistakes: Iterable[Mistake], domain: Domain, symbols: Sequence[sp.Symbol]
) -> Recognised | None:
    """The first mistake one of whose forms is proven to be the answer, which is known to be wrong."""
    fixed = dict(domain.fixed)
    for mistake in mistakes:
        for form in _forms(mistake, setting):
            mistaken = setting.in_noise(form) if domain.drawn else form
            if _is_formula(mistaken) and compare(answer, mistaken.xreplace(fixed), domain, symbols).equal:
                return Recognised(mistake.named(setting), mistake.explained(setting))
    return None


def _forms(mistake: Mistake, setting: Setting) -> Iterator[sp.Expr]:
    """A form that needs an integral without closed form is left out, and the rest of its kind."""
    try:
        yield from mistake.forms(setting)
    except (BadParameter, Divergent, NotCertified, NotInClass, Undefined):
        return


def _is_formula(form: sp.Expr) -> bool:
    return not form.has(sp.nan, sp.zoo, sp.oo)

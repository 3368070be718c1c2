"""A classic mistake: what it makes of the right answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy as sp

from verify.grading.setting import Setting

__all__ = ["Mistake"]


@dataclass(frozen=True)
class Mistake:
    """`forms` are the wrong formulas that it leads to; `why` is a sentence for whoever made it.

    A form that happens to be right does no harm: only what is not right is ever held against it.
    """

    name: str
    why: str
    forms: Callable[[Setting], Iterator[sp.Expr]]

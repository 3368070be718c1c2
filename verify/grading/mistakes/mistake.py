"""A classic mistake: what it makes of the right answer, and how it is told about the problem at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy as sp

from verify.grading.setting import Setting

__all__ = ["Mistake"]

_OF_THE_NORMAL = re.compile("mu|sigma")


@dataclass(frozen=True)
class Mistake:
    """`forms` are the wrong formulas that it leads to; `why` is a sentence about the Setting q, for whoever made it.

    A form that happens to be right does no harm: only what is not right is ever held against it. A `name` that holds
    mu or sigma is told only where these are the law's own arguments; `in_words` is its name under any other law.
    """

    name: str
    why: str
    forms: Callable[[Setting], Iterator[sp.Expr]]
    in_words: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which it may be told."""
        return (self.name,) if self.in_words is None else (self.name, self.in_words)

    def named(self, q: Setting) -> str:
        """Its name, in the symbols of the problem."""
        plain = {
            str(parameter) for parameter, argument in q.law.substitution.items() if str(argument) == str(parameter)
        }
        if self.in_words is None or plain.issuperset(_OF_THE_NORMAL.findall(self.name)):
            return self.name
        return self.in_words

    def explained(self, q: Setting) -> str:
        """The sentence, with the problem's own score, path and symbols."""
        return self.why.format(q=q)

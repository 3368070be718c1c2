"""What an expression is taken apart into: letters, and sums of products of letters and waves."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp
from flint import fmpq

from symbolic.readable.waves import Linear

__all__ = ["Alphabet", "Root", "Sum", "Term"]


@dataclass(frozen=True)
class Term:
    """coefficient * letters^powers * exp(exponent) * functions * sums^powers, the sums not multiplied out."""

    coefficient: fmpq
    powers: dict[int, int]
    exponent: Linear
    functions: tuple[tuple[str, Linear], ...]
    factors: tuple[tuple[tuple[Term, ...], int], ...]


Sum = tuple[Term, ...]


@dataclass(frozen=True)
class Root:
    """root^order = the letter at `base`, or `value` where there is none."""

    order: int
    base: int | None
    value: fmpq


@dataclass(frozen=True)
class Alphabet:
    """The letters in the order in which they are met, and what is known about some of them."""

    letters: dict[sp.Expr, int] = field(default_factory=dict)
    roots: dict[int, Root] = field(default_factory=dict)
    sums: dict[int, Sum] = field(default_factory=dict)
    means: set[int] = field(default_factory=set)  # sums that are letters only as long as that is shorter
    written: dict[sp.Expr, sp.Expr] = field(default_factory=dict)  # functions with their arguments made short

    def place(self, letter: sp.Expr) -> int:
        return self.letters.setdefault(letter, len(self.letters))

    def copy(self) -> Alphabet:
        """Another one that knows the same and grows on its own."""
        return Alphabet(dict(self.letters), dict(self.roots), dict(self.sums), set(self.means), dict(self.written))

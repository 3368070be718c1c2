"""A derivation: lines before = after, each with its rule and its reason, none of them unchecked.

`Lines.add` is the one place where a line is made, and it makes only lines that hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import sympy as sp

from symbolic.deriving.line_check import Checked, check_line
from symbolic.deriving.meaning import Meaning
from symbolic.problem import Problem

__all__ = ["Checker", "Derivation", "Lines", "Step", "Stop"]

Checker = Callable[[sp.Expr, sp.Expr], Checked]


@dataclass(frozen=True)
class Step:
    """before = after, by `rule`, because `why`; `needs` says under which condition, "" for none.

    `number` counts the lines of the derivation from 1. A line that `continues` begins where the one above it ends.
    `main` lines make the short form.
    """

    number: int
    topic: str
    before: sp.Expr
    after: sp.Expr
    rule: str
    why: str
    needs: str
    checked: Checked
    continues: bool = False
    main: bool = False


@dataclass(frozen=True)
class Stop:
    """Where a derivation, or one topic of it, ends early, and why."""

    topic: str
    why: str


@dataclass(frozen=True)
class Derivation:
    """What is derived, its lines in order, where it stops, and what follows from it in words.

    `problem` is None for the identities that hold for every cost. `numbers` holds values at the point asked for.
    Raises ValueError if the lines are not those that were made, in the order in which they were made.
    """

    title: str
    problem: Problem | None
    given: tuple[str, ...]
    steps: tuple[Step, ...]
    stops: tuple[Stop, ...] = ()
    conclusion: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for place, step in enumerate(self.steps, 1):
            if step.number != place:
                raise ValueError(f"line {step.number} stands in the place of line {place}")
            if step.continues and (place == 1 or self.steps[place - 2].after != step.before):
                raise ValueError(f"line {place} does not begin where line {place - 1} ends")

    @property
    def short(self) -> tuple[Step, ...]:
        """The main lines. One that continued a line left out begins where its chain of equal sides begins."""
        kept: list[Step] = []
        head = self.steps[0].before if self.steps else sp.S.Zero
        for step in self.steps:
            head = head if step.continues else step.before
            if step.main:
                goes_on = step.continues and bool(kept) and kept[-1].after == step.before
                kept.append(step if goes_on else replace(step, before=head, continues=False))
        return tuple(kept)

    def _repr_html_(self) -> str:
        """For Jupyter, as the two below; set there, because how a line is set is no part of what it says."""
        from symbolic.typesetting.pages.notebook import notebook_html

        return notebook_html(self)

    def _repr_latex_(self) -> str:
        from symbolic.typesetting.pages.notebook import notebook_latex

        return notebook_latex(self)

    def _repr_markdown_(self) -> str:
        from symbolic.typesetting.pages.notebook import notebook_markdown

        return notebook_markdown(self)


class Lines:
    """The lines made so far; `add` checks the next one and refuses it if it does not hold."""

    def __init__(self, check: Checker) -> None:
        self._check = check
        self._made: list[Step] = []

    @classmethod
    def under(cls, meaning: Meaning) -> Lines:
        """Lines about one law."""
        return cls(lambda before, after: check_line(before, after, meaning))

    @property
    def made(self) -> tuple[Step, ...]:
        return tuple(self._made)

    def add(
        self, topic: str, before: sp.Expr, after: sp.Expr, rule: str, why: str, needs: str = "", *, main: bool = False
    ) -> None:
        """before = after. Raises WrongLine if it does not hold, Undecided if that cannot be told."""
        checked = self._check(before, after)
        self._made.append(
            Step(len(self._made) + 1, topic, before, after, rule, why, needs, checked, continues=False, main=main)
        )

    def then(self, after: sp.Expr, rule: str, why: str, needs: str = "", *, main: bool = False) -> None:
        """= after, going on from the last line. Raises as `add` does."""
        last = self._made[-1]
        checked = self._check(last.after, after)
        self._made.append(
            Step(
                len(self._made) + 1, last.topic, last.after, after, rule, why, needs, checked, continues=True, main=main
            )
        )

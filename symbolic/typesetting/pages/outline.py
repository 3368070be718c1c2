"""The parts that every form of a derivation shares: which lines, and under which topic."""

from __future__ import annotations

from itertools import groupby

from symbolic.deriving.derivation import Derivation, Step

__all__ = ["at_numbers", "closing", "topics"]


def topics(derivation: Derivation, short: bool) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    """(topic, its lines) in order; the short form has the main lines only."""
    steps = derivation.short if short else derivation.steps
    return tuple((topic, tuple(group)) for topic, group in groupby(steps, key=lambda step: step.topic))


def closing(derivation: Derivation) -> str:
    """How many lines were checked, and in which way."""
    kinds = [str(step.checked) for step in derivation.steps]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(sorted(kinds)))
    return f"{len(kinds)} lines, each checked when it was made: {counted}."


def at_numbers(derivation: Derivation) -> tuple[str, ...]:
    """The values at the point asked for, one sentence each."""
    return tuple(f"{name} = {number}" for name, number in derivation.numbers.items())

"""A judgement, before it is put into words about the whole question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from symbolic.comparing import Comparison, Domain
from symbolic.parsing import Guard
from symbolic.problem import Problem
from verify.grading.verdict import Counterexample, Verdict

__all__ = ["Judgement", "needs_of", "undecided"]

_SIGNS = {"log": "> 0", "power": ">= 0", "reciprocal": "!= 0"}


@dataclass(frozen=True)
class Judgement:
    """The verdict with its evidence; `right` maps what was asked for to the right formulas."""

    verdict: Verdict
    explanation: str
    right: Mapping[str, str]
    mistake: str | None = None
    counterexample: Counterexample | None = None
    needs: tuple[str, ...] = ()
    variance_difference: Mapping[str, str] = field(default_factory=dict)


def undecided(seen: Comparison, right: Mapping[str, str], what: str) -> Judgement:
    """Neither equal nor different could be proven; how far the two agree."""
    if seen.agreed:
        points = "1 point" if seen.agreed == 1 else f"{seen.agreed} points"
        so_far = f"they agree at {points} to {seen.digits} digits after the point at least"
    else:
        so_far = "no point was found at which both have a certified value"
    return Judgement(
        Verdict.UNDECIDED, f"It could not be decided whether {what}: {so_far}, which proves nothing.", right
    )


def needs_of(guards: tuple[Guard, ...], conditions: sp.Basic, problem: Problem) -> tuple[str, ...]:
    """The conditions in words: those of the right formula, then those under which the answer has a value."""
    found = [str(condition) for condition in _parts(conditions)]
    domain = Domain(problem, conditions)
    for guard in guards:
        if guard.kind in _SIGNS and guard.where == sp.true and not domain.implies(guard):
            found.append(f"{guard.argument} {_SIGNS[guard.kind]}")
    return tuple(dict.fromkeys(found))


def _parts(conditions: sp.Basic) -> tuple[sp.Basic, ...]:
    if conditions in (sp.true, sp.false):
        return ()
    return tuple(sorted(conditions.args, key=str)) if isinstance(conditions, sp.And) else (conditions,)

"""The derivations that a report shows: each made again from the texts of its findings, each line checked."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from symbolic.clock import limited
from symbolic.deriving import derive_problem
from symbolic.deriving.derivation import Derivation
from symbolic.deriving.line_check import WrongLine
from symbolic.errors import SymbolicError
from symbolic.laws import LAWS
from symbolic.parsing import parse_law
from symbolic.problem import problem
from verify.finding import Finding

__all__ = ["MOST", "Shown", "derivations"]

MOST = 20
"""Derivations in one report: it is to stay a page that can be mailed, and written while one waits."""


@dataclass(frozen=True)
class Shown:
    """A derivation of d/d wrt E[f(x)], or in its place the `reason` why there is none; the command that prints it."""

    wrt: str
    derivation: Derivation | None
    reason: str
    command: str


def derivations(cases: Sequence[Sequence[Finding]]) -> Mapping[int, tuple[Shown, ...]]:
    """Those of each case by its place: the first derivative of every case, then the second, as long as they fit."""
    symbols = [list(dict.fromkeys(finding.wrt for finding in case)) for case in cases]
    rounds = max(map(len, symbols), default=0)
    turns = [[(place, own[at]) for place, own in enumerate(symbols) if at < len(own)] for at in range(rounds)]
    wanted: list[tuple[int, str]] = []
    for turn in turns:
        if wanted and len(wanted) + len(turn) > MOST:
            break
        wanted += turn[:MOST]
    found: dict[int, tuple[Shown, ...]] = {}
    for place, wrt in tqdm(wanted, file=sys.stderr, disable=None, leave=False, unit="derivation"):
        found[place] = (*found.get(place, ()), _shown(cases[place][0], wrt))
    return found


def _shown(first: Finding, wrt: str) -> Shown:
    cost = ["--", first.cost] if first.cost.startswith("-") else [first.cost]
    command = shlex.join(["python", "-m", "verify", "derive", "--law", first.law, "--wrt", wrt, *cost])
    try:
        made = _made(first.cost, wrt, first.law)
    except (SymbolicError, WrongLine) as error:
        return Shown(wrt, None, str(error), command)
    return Shown(wrt, made, "", command)


@limited("the derivation")
def _made(cost: str, wrt: str, law: str) -> Derivation:
    return derive_problem(problem(cost, wrt, parse_law(law, LAWS)))

"""All faults, and the table of them that the documentation shows."""

from __future__ import annotations

import math

import mpmath

from tests.faults.fault import Fault
from tests.faults.judging import right_cell
from tests.faults.machines import BATCHES, CODES, SAMPLERS
from tests.faults.terms import TERMS
from verify.cell import Cell

__all__ = ["FAULTS", "KINDS", "row", "size_of", "table"]

KINDS: dict[str, tuple[Fault, ...]] = {
    "Terms: what somebody wrote is wrong": TERMS,
    "Noise: the right term, drawn from something else": SAMPLERS,
    "Code: the right term, compiled into something else": CODES,
    "Batches: right draws, made into one number wrongly": BATCHES,
}
FAULTS: tuple[Fault, ...] = tuple(fault for faults in KINDS.values() for fault in faults)
HEAD = (
    "| fault | cost | estimator | right | wrong | error | identity | quadrature | draws |",
    "|---|---|---|---|---|---|---|---|---|",
)


def size_of(fault: Fault, cell: Cell) -> float:
    """The error in standard deviations of a draw; of a variance, as a share of it."""
    if fault.check == "variance":
        return abs(float(fault.wrong / fault.right) - 1)
    return abs(float(fault.wrong - fault.right)) / math.sqrt(float(cell.variance))


def row(fault: Fault, cell: Cell) -> str:
    """The fault's line of the table."""
    size = size_of(fault, cell)
    variance = fault.check == "variance"
    marks = ["found" if letter in fault.found_by else "–" for letter in "iqd"]
    right, wrong = (mpmath.nstr(number, 5) for number in (fault.right, fault.wrong))
    if right == wrong:
        right, wrong = (mpmath.nstr(number, 12) for number in (fault.right, fault.wrong))
    columns = [
        fault.name,
        f"`{fault.case.cost}`",
        f"{fault.case.estimators[0]}, d/d{fault.case.wrt[0]}",
        ("variance " if variance else "") + right,
        wrong,
        f"{100 * size:.2g} %" if variance else f"{size:.2g} sd",
        *marks,
    ]
    return f"| {' | '.join(columns)} |"


def table() -> str:
    """Every fault, by kind."""
    parts = []
    for title, faults in KINDS.items():
        parts += [f"## {title}", "", *HEAD, *(row(fault, right_cell(fault)) for fault in faults), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    print(table())

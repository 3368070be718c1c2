"""The columns of a case and of the controls, for forms that set their tables without regard to width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.finding import Verdict
from verify.formats.contract import ControlText
from verify.formats.rows import Line
from verify.formats.words import mark

__all__ = ["CASE_COLUMNS", "CONTROL_COLUMNS", "Header", "case_cells", "control_cells"]


@dataclass(frozen=True)
class Header:
    """What stands above a column, and whether it holds numbers."""

    text: str
    numbers: bool = False


CASE_COLUMNS = (
    Header("d/d"),
    Header("estimator"),
    Header("exact gradient", True),
    Header("estimate ± standard error", True),
    Header("exact variance", True),
    Header("measured variance", True),
    Header("score / pathwise", True),
    Header("draws", True),
    Header("smallest bias: sd, share", True),
    Header("bias: i q d"),
    Header("var.: q d"),
    Header("verdict"),
)
CONTROL_COLUMNS = (
    Header("wrong on purpose"),
    Header("cost"),
    Header("d/d"),
    Header("check"),
    Header("exact", True),
    Header("seen", True),
    Header("off by", True),
    Header("draws", True),
    Header("verdict"),
)


def case_cells(line: Line) -> list[str]:
    """The texts under CASE_COLUMNS; a line repeats what it shares with the one above, so that it can be read alone."""
    return [
        line.wrt,
        line.estimator,
        line.exact,
        line.estimate,
        line.exact_variance,
        line.measured_variance,
        line.ratio,
        line.draws,
        " ".join(line.smallest_bias.split()),
        _marks(line.bias),
        _marks(line.variance),
        " ".join([str(line.verdict).replace("_", " "), *(f"[{number}]" for number in line.notes)]),
    ]


def control_cells(control: ControlText) -> list[str]:
    """The texts under CONTROL_COLUMNS."""
    return [
        control.estimator,
        control.cost,
        control.wrt,
        control.check,
        control.exact,
        control.seen,
        control.off_by,
        control.draws,
        str(control.verdict).replace("_", " "),
    ]


def _marks(verdicts: Sequence[Verdict | None]) -> str:
    return " ".join(mark(verdict) for verdict in verdicts)

"""The report as text for a terminal: a table for each case, then the counts, the controls and the contract."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.finding import Finding, Tier, worst
from verify.formats.closing import closing
from verify.formats.form import Format
from verify.formats.grid import Column, grid
from verify.formats.notes import Notes
from verify.formats.numbers import MISSING, draws, percent, significant, with_error
from verify.formats.words import case_title, in_ascii, is_weighted, mark, word
from verify.terminal import Look

__all__ = ["TABLE"]

WIDTH = 130
COLUMNS = (
    Column("d/d", width=5),
    Column("exact\ngradient", "right", 10),
    Column("estimator", width=14),
    Column("estimate ±\nstandard error", "right", 18),
    Column("exact\nvariance", "right", 9),
    Column("measured\nvariance", "right", 9),
    Column("score /\npathwise", "right"),
    Column("draws", "right", 6),
    Column("smallest bias\nsd, share", "right", 15),
    Column("bias\ni q d"),
    Column("var.\nq d"),
    Column("verdict"),
)
BIAS = (("bias", Tier.IDENTITY), ("bias", Tier.QUADRATURE), ("bias", Tier.MONTE_CARLO))
VARIANCE = (("variance", Tier.QUADRATURE), ("variance", Tier.MONTE_CARLO))

Checks = Mapping[tuple[str, Tier], Finding]


@dataclass(frozen=True)
class _Row:
    """The findings of one estimator of one derivative, by check and tier."""

    wrt: str
    estimator: str
    checks: Checks

    def first(self, field: str, *order: tuple[str, Tier]) -> float | None:
        """The field of the first finding that has it: those named, then the others."""
        named = [self.checks[key] for key in order if key in self.checks]
        found = (getattr(finding, field) for finding in (*named, *self.checks.values()))
        return next((value for value in found if value is not None), None)

    @property
    def exact_variance(self) -> float | None:
        return self.first("exact_variance")


def _case(findings: Sequence[Finding], look: Look) -> str:
    rows = _rows(findings)
    notes = Notes(WIDTH)
    cells = []
    for index, row in enumerate(rows):
        group = [other for other in rows if other.wrt == row.wrt]
        opens = index == 0 or rows[index - 1].wrt != row.wrt
        cells.append(_cells(row, group, opens, notes, look))
    title = textwrap.fill(case_title(findings[0]), WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    parts = [title, *_closed_forms(rows), "", grid(COLUMNS, cells, look)]
    return in_ascii("\n".join([*parts, *notes.lines()]), look) + "\n\n"


def _rows(findings: Sequence[Finding]) -> list[_Row]:
    grouped: dict[tuple[str, str], dict[tuple[str, Tier], Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.wrt, finding.estimator), {})[finding.check, finding.tier] = finding
    return [_Row(wrt, estimator, checks) for (wrt, estimator), checks in grouped.items()]


def _closed_forms(rows: Sequence[_Row]) -> list[str]:
    """d/dmu E[f(x)] = ..., one line each, cut where the table ends."""
    forms = {row.wrt: finding.exact_expression for row in rows for finding in row.checks.values()}
    lines = [
        f"d/d{wrt} E[f(x)] = {form or 'no closed form: integrated with a certified error'}"
        for wrt, form in forms.items()
    ]
    return [line if len(line) <= WIDTH else f"{line[: WIDTH - 2]} …" for line in lines]


def _cells(row: _Row, group: Sequence[_Row], opens: bool, notes: Notes, look: Look) -> list[str]:
    drawn = row.checks.get(("bias", Tier.MONTE_CARLO))
    weighted = any(is_weighted(finding) for finding in row.checks.values())
    numbers = notes.numbers(list(row.checks.values()))
    return [
        row.wrt if opens else "",
        significant(row.first("exact")) if opens else "",
        row.estimator,
        with_error(row.first("estimate", BIAS[2], BIAS[1]), row.first("standard_error", BIAS[2])),
        significant(row.exact_variance),
        "w " * weighted + significant(row.first("measured_variance", VARIANCE[1], BIAS[2], VARIANCE[0])),
        _ratio(row, group, opens),
        draws(None if drawn is None else drawn.n),
        _detectable(drawn, row.exact_variance),
        _marks(row.checks, BIAS),
        _marks(row.checks, VARIANCE),
        " ".join([word(worst(finding.verdict for finding in row.checks.values()), look), *numbers]),
    ]


def _ratio(row: _Row, group: Sequence[_Row], opens: bool) -> str:
    """Score over pathwise variance beside the first row of the derivative; where pathwise loses, its row says so."""
    by_name = {other.estimator: other.exact_variance for other in group}
    score, pathwise = by_name.get("score_function"), by_name.get("pathwise")
    if score is None or pathwise is None:
        return ""
    if opens:
        return f"{score / pathwise:.3g}" if pathwise else ("∞" if score else MISSING)
    return "loses" if row.estimator == "pathwise" and score < pathwise else ""


def _detectable(finding: Finding | None, variance: float | None) -> str:
    if finding is None or finding.detectable_bias is None:
        return MISSING
    share = finding.detectable_bias_relative
    relative = MISSING if share is None else percent(share)
    if not variance or math.isinf(variance):
        return relative
    return f"{finding.detectable_bias / math.sqrt(variance):.2g}, {relative:>7}"


def _marks(checks: Checks, wanted: Sequence[tuple[str, Tier]]) -> str:
    return " ".join(mark(checks[key].verdict if key in checks else None) for key in wanted)


TABLE = Format(
    name="table",
    about="a table for each cost, for a terminal",
    suffixes=(".txt",),
    rest=closing,
    case=_case,
)

"""What a report says of a case, as texts: every form lays out the same rows, and only the layout is its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from verify.finding import Finding, Tier, Verdict, worst
from verify.formats.notes import Notes
from verify.formats.numbers import MISSING, draws, exactly, of_any_size, percent, significant, with_error
from verify.formats.words import is_weighted, mark

__all__ = ["BIAS", "VARIANCE", "CaseText", "Line", "case_text", "cases"]

Key = tuple[str, Tier]

BIAS: tuple[Key, ...] = (("bias", Tier.IDENTITY), ("bias", Tier.QUADRATURE), ("bias", Tier.MONTE_CARLO))
VARIANCE: tuple[Key, ...] = (("variance", Tier.QUADRATURE), ("variance", Tier.MONTE_CARLO))
_NO_FORM = "no closed form: integrated with a certified error"


@dataclass(frozen=True)
class Line:
    """One estimator of one derivative. `opens` is the first line of a derivative, which tells what its lines share.

    `bias` and `variance` have a verdict for each of BIAS and VARIANCE, None for a check that was not made. `notes` are
    the numbers of the card and the notes of the line.
    """

    opens: bool
    wrt: str
    exact: str
    estimator: str
    estimate: str
    exact_variance: str
    measured_variance: str
    ratio: str
    draws: str
    smallest_bias: str
    bias: tuple[Verdict | None, ...]
    variance: tuple[Verdict | None, ...]
    verdict: Verdict
    notes: tuple[int, ...]


@dataclass(frozen=True)
class CaseText:
    """The lines of a case, the closed form of each derivative, and the cards and notes that the lines point to."""

    forms: Mapping[str, str]
    lines: tuple[Line, ...]
    notes: Notes
    verdict: Verdict


@dataclass(frozen=True)
class _Row:
    """The findings of one estimator of one derivative, by check and tier."""

    wrt: str
    estimator: str
    checks: Mapping[Key, Finding]

    def first(self, field: str, *order: Key) -> float | None:
        """The field of the first finding that has it: those named, then the others."""
        named = [self.checks[key] for key in order if key in self.checks]
        found = (getattr(finding, field) for finding in (*named, *self.checks.values()))
        return next((value for value in found if value is not None), None)

    def digits(self, field: str) -> str | None:
        """The digits of an exact value, the same in every finding."""
        found = (getattr(finding, field) for finding in self.checks.values())
        return next((digits for digits in found if digits is not None), None)

    @property
    def exact_variance(self) -> float | None:
        return self.first("exact_variance")


def cases(findings: Sequence[Finding]) -> list[tuple[Finding, ...]]:
    """The findings of each case, in order. A new one begins where the problem changes, or where a check comes again."""
    parted: list[list[Finding]] = []
    seen: set[object] = set()
    problem: object = None
    for finding in findings:
        this = (finding.cost, finding.law, dict(finding.at))
        key = (finding.wrt, finding.estimator, finding.check, finding.tier)
        if this != problem or key in seen:
            parted.append([])
            problem = this
            seen.clear()
        seen.add(key)
        parted[-1].append(finding)
    return [tuple(part) for part in parted]


def case_text(findings: Sequence[Finding]) -> CaseText:
    """The texts of the findings of one case."""
    rows = _rows(findings)
    notes = Notes()
    lines = []
    for index, row in enumerate(rows):
        group = [other for other in rows if other.wrt == row.wrt]
        opens = index == 0 or rows[index - 1].wrt != row.wrt
        lines.append(_line(row, group, opens, notes))
    forms = {row.wrt: finding.exact_expression or _NO_FORM for row in rows for finding in row.checks.values()}
    return CaseText(forms, tuple(lines), notes, worst(line.verdict for line in lines))


def _rows(findings: Sequence[Finding]) -> list[_Row]:
    grouped: dict[tuple[str, str], dict[Key, Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.wrt, finding.estimator), {})[finding.check, finding.tier] = finding
    return [_Row(wrt, estimator, checks) for (wrt, estimator), checks in grouped.items()]


def _line(row: _Row, group: Sequence[_Row], opens: bool, notes: Notes) -> Line:
    drawn = row.checks.get(("bias", Tier.MONTE_CARLO))
    weighted = any(is_weighted(finding) for finding in row.checks.values())
    return Line(
        opens=opens,
        wrt=row.wrt,
        exact=exactly(row.first("exact"), row.digits("exact_digits")),
        estimator=row.estimator,
        estimate=with_error(row.first("estimate", BIAS[2], BIAS[1]), row.first("standard_error", BIAS[2])),
        exact_variance=exactly(row.exact_variance, row.digits("exact_variance_digits")),
        measured_variance="w " * weighted
        + significant(row.first("measured_variance", VARIANCE[1], BIAS[2], VARIANCE[0])),
        ratio=_ratio(row, group, opens),
        draws=draws(None if drawn is None else drawn.n),
        smallest_bias=_detectable(drawn, row.exact_variance),
        bias=_verdicts(row, BIAS),
        variance=_verdicts(row, VARIANCE),
        verdict=worst(finding.verdict for finding in row.checks.values()),
        notes=tuple(notes.numbers(list(row.checks.values()))),
    )


def _ratio(row: _Row, group: Sequence[_Row], opens: bool) -> str:
    """Score over pathwise variance beside the first row of the derivative; where pathwise loses, its row says so.

    A dash where one of them has no finite variance, or is not the gradient on average: the note of its row says why.
    """
    by_name = {other.estimator: other for other in group}
    score, pathwise = by_name.get("score_function"), by_name.get("pathwise")
    if score is None or pathwise is None:
        return ""
    above, below = (_variance_of_right(one) for one in (score, pathwise))
    if above is None or below is None:
        return mark(Verdict.NOT_APPLICABLE) if opens else ""
    if opens:
        return of_any_size(above / below, 3) if below else ("∞" if above else MISSING)
    return "loses" if row.estimator == "pathwise" and above < below else ""


def _variance_of_right(row: _Row) -> Decimal | None:
    """The exact variance, of any size, unless no check of the bias applies."""
    bias = [finding.verdict for finding in row.checks.values() if finding.check == "bias"]
    if bias and set(bias) == {Verdict.NOT_APPLICABLE}:
        return None
    digits = row.digits("exact_variance_digits")
    if digits is not None:
        return Decimal(digits)
    return None if row.exact_variance is None else Decimal(row.exact_variance)


def _detectable(finding: Finding | None, variance: float | None) -> str:
    if finding is None or finding.detectable_bias is None:
        return MISSING
    share = finding.detectable_bias_relative
    relative = MISSING if share is None else percent(share)
    if not variance or math.isinf(variance):
        return relative
    return f"{finding.detectable_bias / math.sqrt(variance):.2g}, {relative:>7}"


def _verdicts(row: _Row, wanted: Sequence[Key]) -> tuple[Verdict | None, ...]:
    return tuple(row.checks[key].verdict if key in row.checks else None for key in wanted)

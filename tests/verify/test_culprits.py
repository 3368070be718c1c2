"""Holm's list of culprits in a report: who is on it, when it is printed, and that it never changes a verdict."""

from __future__ import annotations

import json

import pytest

from tests.verify.samples import a_finding, a_report
from verify.finding import Finding, Verdict
from verify.formats import FORMATS, Format
from verify.formats.json_report import JSON
from verify.formats.table import TABLE
from verify.report import Report
from verify.shell.terminal import Look

PLAIN = Look(colour=False, unicode=True)
PROSE = ("table", "html", "markdown", "latex")


def report_of(*p_values: float | None) -> Report:
    """8 hypotheses at 1e-6, the one control rejected: alone, each of the others FAILs at 1e-6/8."""
    findings = tuple(
        a_finding(
            wrt=f"theta{place}",
            p_value=p_value,
            verdict=Verdict.FAIL if p_value is not None and p_value <= 1e-6 / 8 else Verdict.INCONCLUSIVE,
        )
        for place, p_value in enumerate(p_values)
    )
    return a_report(*findings, controls=(control(),))


def control() -> Finding:
    return a_finding(estimator="wrong on purpose", verdict=Verdict.FAIL, p_value=0.0)


@pytest.mark.parametrize(
    ("p_values", "culprits"),
    [
        ((1.0, None), ()),
        ((1e-9, 0.5), (0,)),
        ((1e-9, 1e-12), (1, 0)),
        # The control and theta0 are rejected, so 1e-6/6 is left for the next; 1e-6/8 alone would not do.
        ((1e-9, 1.6e-7), (0, 1)),
        ((1e-9, 1.7e-7), (0,)),
        ((1.4e-7, None), (0,)),
        ((None, None), ()),
    ],
)
def test_the_list_is_that_of_holm(p_values: tuple[float | None, ...], culprits: tuple[int, ...]) -> None:
    report = report_of(*p_values)
    assert report.culprits == culprits
    assert json.loads(JSON.rest(report, PLAIN))["culprits"] == list(culprits)


def test_it_is_printed_where_it_says_more_than_the_verdicts() -> None:
    assert "Holm" not in TABLE.rest(report_of(1e-9, 0.5), PLAIN)  # one FAIL, and no more
    assert "Holm" not in TABLE.rest(report_of(None, 1.0), PLAIN)
    several = TABLE.rest(report_of(1e-9, 1e-301), PLAIN)
    first, second = (several.index(name) for name in ("d/dtheta1, bias", "d/dtheta0, bias"))
    assert several.index("Holm") < first < second
    assert "p < 1e-300" in several
    assert "p = 1e-09" in several
    added = TABLE.rest(report_of(1.4e-7), PLAIN)
    assert "d/dtheta0, bias" in added
    assert "by itself INCONCLUSIVE" in added


@pytest.mark.parametrize("form", [form for form in FORMATS if form.name in PROSE], ids=lambda form: form.name)
def test_every_page_has_the_list(form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.formats.derivations.derivations", lambda _cases: {})  # not what is asked here
    several, one = form.rest(report_of(1e-9, 1e-301), PLAIN), form.rest(report_of(1e-9, 0.5), PLAIN)
    assert "Rejected together (Holm)" in several
    assert "Rejected together (Holm)" not in one


def test_it_changes_no_verdict() -> None:
    assert report_of(1.4e-7).verdict == Verdict.INCONCLUSIVE


def test_a_card_tells_the_p_value() -> None:
    assert TABLE.case is not None
    text = TABLE.case((a_finding(verdict=Verdict.FAIL, message="off", p_value=3.21e-12),), PLAIN)
    assert "off; p = 3.2e-12 at any number of draws" in text

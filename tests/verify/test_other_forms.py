"""Markdown, LaTeX, CSV and JUnit: all that the report says is there, and no name in it is taken for a command."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.verify.nasty import a_nasty_report
from tests.verify.samples import a_case, a_finding, a_report, long_case, troubled_case
from verify.finding import Finding, Verdict
from verify.formats import FORMATS, Format
from verify.formats.contract import meanings
from verify.formats.csv_report import CSV
from verify.formats.escaping import for_latex, for_markdown, on_one_line, visible
from verify.formats.json_report import FINDING_KEYS
from verify.formats.junit import JUNIT
from verify.formats.latex import LATEX
from verify.formats.markdown import MARKDOWN
from verify.formats.rows import cases
from verify.report import Report
from verify.shell.terminal import Look

LOOK = Look(colour=False, unicode=True)
WHOLE = tuple(form for form in FORMATS if form.case is None and form.name != "json")


@pytest.fixture(autouse=True)
def without_derivations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's derivations have tests of their own; that of a long cost takes many seconds."""
    monkeypatch.setattr("verify.formats.derivations.derivations", lambda _cases: {})


def everything() -> Report:
    return a_report(*a_case(), *long_case(), *troubled_case())


def broken_report() -> Report:
    return a_report(*a_case(), controls=(a_finding(estimator="wrong", message="not seen"),))


@pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.name)
@pytest.mark.parametrize("report", [everything(), a_report(), a_nasty_report()], ids=["all", "empty", "nasty"])
def test_the_same_report_gives_the_same_bytes(form: Format, report: Report) -> None:
    text = form.rest(report, LOOK)
    assert form.rest(report, Look(colour=True, unicode=False)) == text
    assert text.encode().endswith(b"\n")
    assert "\x1b" not in text


@pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.name)
def test_every_verdict_is_a_word(form: Format) -> None:
    text = form.rest(everything(), LOOK).replace("_", " ")
    assert all(verdict.replace("_", " ") in text for verdict in Verdict)


@pytest.mark.parametrize(("form", "escaped"), [(MARKDOWN, for_markdown), (LATEX, for_latex)], ids=["markdown", "latex"])
def test_a_page_says_what_the_table_says(form: Format, escaped: Callable[[str], str]) -> None:
    report = everything()
    text = form.rest(report, LOOK)
    for told in (*meanings(report).values(), "45 findings: 38 PASS, 1 FAIL, 1 INCONCLUSIVE, 5 NOT APPLICABLE"):
        assert escaped(told) in text
    for told in ("1.0012 ± 0.0026", "17.5625", "the cost jumps at x = 0", "9.9 standard errors"):
        assert escaped(told) in text
    assert text.count(escaped("NOT APPLICABLE: the cost jumps")) == 1


@pytest.mark.parametrize("form", [MARKDOWN, LATEX, JUNIT], ids=lambda form: form.name)
def test_a_report_that_proves_nothing_says_so(form: Format) -> None:
    assert "it proves nothing" in form.rest(broken_report(), LOOK)
    assert "it proves nothing" not in form.rest(everything(), LOOK)


# Markdown


def test_rows_of_markdown_tables_have_as_many_cells_as_their_headers() -> None:
    width = 0
    for line in MARKDOWN.rest(a_nasty_report(), LOOK).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        bars = len(re.findall(r"(?<!\\)\|", line))
        assert bars == (width or bars)
        width = bars


# LaTeX


def test_environments_of_latex_are_closed_in_order() -> None:
    text = LATEX.rest(a_nasty_report(), LOOK)
    open_ones: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []
    assert r"\input{" not in text
    assert text.isascii()


# CSV


def csv_rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(CSV.rest(report, LOOK))))


def test_csv_has_a_line_for_each_finding_and_control_with_every_digit() -> None:
    report = everything()
    rows = csv_rows(report)
    assert [row["kind"] for row in rows] == ["finding"] * 45 + ["control"]
    assert list(rows[0]) == ["kind", *FINDING_KEYS]
    for row, finding in zip(rows, (*report.findings, *report.controls), strict=True):
        assert row["verdict"] == finding.verdict
        for key in ("exact", "estimate", "measured_variance", "n", "alpha"):
            value = getattr(finding, key)
            assert (float(row[key]) if row[key] else None) == value


def test_csv_keeps_negative_numbers_numbers_but_no_formula() -> None:
    (row, _) = csv_rows(a_report(a_finding(cost="-x**2", exact=-1.5, estimator="=cmd()")))
    assert (row["cost"], row["exact"], row["estimator"], row["at"]) == ("'-x**2", "-1.5", "'=cmd()", "mu=1/2,sigma=1")


def test_csv_survives_nasty_names() -> None:
    report = a_nasty_report()
    for row, finding in zip(csv_rows(report), (*report.findings, *report.controls), strict=True):
        assert row["message"].removeprefix("'") == visible(finding.message).removeprefix("'")


# JUnit


def by_finding(report: Report) -> Iterator[tuple[Finding, ET.Element]]:
    root = ET.fromstring(JUNIT.rest(report, LOOK))
    yield from zip((*report.findings, *report.controls), root.iter("testcase"), strict=True)


@pytest.mark.parametrize("report", [everything(), a_nasty_report()], ids=["all", "nasty"])
def test_junit_has_one_test_a_finding_with_its_verdict(report: Report) -> None:
    tags = {
        Verdict.PASS: "system-out",
        Verdict.FAIL: "failure",
        Verdict.INCONCLUSIVE: "skipped",
        Verdict.NOT_APPLICABLE: "skipped",
    }
    for finding, test in list(by_finding(report))[: len(report.findings)]:
        (told,) = test
        assert told.tag == tags[finding.verdict]
        assert visible(finding.message) in (told.text or "")
        assert visible(finding.reproduce) in (told.text or "")
        if told.tag != "system-out":
            assert on_one_line(finding.message) in told.attrib["message"]


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(JUNIT.rest(everything(), LOOK))
    assert {key: root.attrib[key] for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "46",
        "failures": "1",
        "errors": "0",
        "skipped": "6",
    }
    for key in ("tests", "failures", "errors", "skipped"):
        assert sum(int(suite.attrib[key]) for suite in root) == int(root.attrib[key])


def test_a_control_that_is_not_found_is_an_error() -> None:
    root = ET.fromstring(JUNIT.rest(broken_report(), LOOK))
    assert root.attrib["errors"] == "1"
    (error,) = root.iter("error")
    assert "not seen" in error.attrib["message"]


# The parts of a report


def test_cases_part_where_the_problem_changes_or_a_check_comes_again() -> None:
    first, second = a_case(), troubled_case()
    assert cases((*first, *second)) == [first, second]
    assert cases((*first, *first)) == [first, first]
    moved = tuple(replace(finding, at={"mu": "2", "sigma": "1"}) for finding in first)
    assert cases((*first, *moved)) == [first, moved]
    assert cases(()) == []


def test_no_finding_is_lost_when_two_problems_are_the_same() -> None:
    good = a_case()
    bad = tuple(replace(finding, verdict=Verdict.FAIL) for finding in good)
    assert MARKDOWN.rest(a_report(*bad, *good), LOOK).count("**FAIL**: ") == 4

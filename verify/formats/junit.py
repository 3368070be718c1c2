"""The report as JUnit XML, for a server that builds and tests: a suite for each case, a test for each finding."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from verify.finding import Finding, Verdict
from verify.formats.escaping import on_one_line, visible
from verify.formats.form import Format
from verify.formats.overall import expected_and_found, qualifier
from verify.formats.rows import cases
from verify.formats.words import case_title, check_name
from verify.report import Expectation, Report
from verify.shell.terminal import Look

__all__ = ["JUNIT"]

_CONTROLS = "controls: estimators that are wrong on purpose, and must FAIL"
_EXPECTED = "the verdicts that were expected"


def _rest(report: Report, _look: Look) -> str:
    """FAIL is a failure. INCONCLUSIVE and NOT_APPLICABLE are skipped, as they neither passed nor failed.

    A control that is not found is an error. Of a problem with the verdict that was expected nothing is a failure; with
    another one the problem is. So failures and exit code 1 come together.
    """
    root = ET.Element("testsuites", {"name": "mcgradcheck"})
    place = 0
    for case in cases(report.findings):
        suite = _suite(root, case_title(case[0]), report)
        for finding in case:
            _test(suite, finding, next((one for one in report.expectations if one.met and place in one.places), None))
            place += 1
        _count(suite)
    if report.controls:
        suite = _suite(root, _CONTROLS, report)
        for control in report.controls:
            _control(suite, control)
        _count(suite)
    if report.expectations:
        suite = _suite(root, _EXPECTED, report)
        for one in report.expectations:
            test = _testcase(suite, f"expected {one.expected}", one.problem)
            told = expected_and_found(one)
            if one.met:
                ET.SubElement(test, "system-out").text = told
            else:
                ET.SubElement(test, "failure", {"type": str(one.found), "message": told}).text = told
        _count(suite)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.attrib[key]) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, name: str, report: Report) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", {"name": on_one_line(name)})
    known = {
        "version": report.version,
        "command": report.command,
        "seed": str(report.seed),
        "verdict": f"{report.verdict}{qualifier(report)}",
        **report.environment,
    }
    properties = ET.SubElement(suite, "properties")
    for key, value in known.items():
        ET.SubElement(properties, "property", {"name": on_one_line(key), "value": on_one_line(value)})
    return suite


def _test(suite: ET.Element, finding: Finding, met: Expectation | None) -> None:
    """`met` is what was expected of its problem, if that is what was found."""
    test = _testcase(suite, f"{finding.estimator} of d/d{finding.wrt}: {check_name(finding)}", case_title(finding))
    if finding.verdict == Verdict.FAIL and met is not None:
        as_expected = f"{expected_and_found(met)} of {met.problem}"
        ET.SubElement(test, "system-out").text = visible(f"{_told(finding)}{as_expected}\n")
    elif finding.verdict == Verdict.FAIL:
        _element(test, "failure", finding)
    elif finding.verdict == Verdict.PASS:
        ET.SubElement(test, "system-out").text = visible(_told(finding))
    else:
        _element(test, "skipped", finding)


def _control(suite: ET.Element, control: Finding) -> None:
    test = _testcase(suite, f"{control.estimator} of d/d{control.wrt}: {check_name(control)}", case_title(control))
    if control.verdict == Verdict.FAIL:
        ET.SubElement(test, "system-out").text = visible(_told(control))
    else:
        _element(test, "error", control)


def _testcase(suite: ET.Element, name: str, place: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", {"classname": on_one_line(place), "name": on_one_line(name)})


def _element(test: ET.Element, tag: str, finding: Finding) -> None:
    message = on_one_line(f"{finding.verdict.replace('_', ' ')}: {finding.message}")
    ET.SubElement(test, tag, {"type": str(finding.verdict), "message": message}).text = visible(_told(finding))


def _told(finding: Finding) -> str:
    return f"{finding.verdict}: {finding.message}\nrepeat: {finding.reproduce}\n"


def _count(suite: ET.Element) -> None:
    tests: Sequence[ET.Element] = suite.findall("testcase")
    suite.set("tests", str(len(tests)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(test.find(tag) is not None for test in tests)))


JUNIT = Format(
    name="junit",
    about="JUnit XML: a test for each finding; what is not decided or not applicable is skipped",
    suffixes=(".xml",),
    rest=_rest,
)

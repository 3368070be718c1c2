"""Files of problems: what they say, what is refused and how it is named, and what an expected verdict does."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify.samples import a_case, a_report, troubled_case
from tests.verify.stand_in import StandIn, errors
from verify.case import Case
from verify.cell import cells_of
from verify.cli import main
from verify.finding import Finding, Verdict
from verify.formats import FORMATS
from verify.formats.html_report import HTML
from verify.formats.junit import JUNIT
from verify.formats.overall import Told, verdicts_expected
from verify.regression.expectations import expectations
from verify.regression.problem_file import read_problems
from verify.report import Report
from verify.shell.exit_code import ExitCode, exit_code
from verify.shell.terminal import Look

GOOD = """
[[problem]]
cost = "x**2"
at = {mu = 0.1, sigma = "1/3"}

[[problem]]
name = "kink"
about = "a cost that is not smooth"
cost = " Max(x - k, 0) "
law = "normal(mu, exp(rho))"
at = {mu = 1, rho = 1_0.25e-1, k = -2}
wrt = ["mu", "k"]
estimators = "pathwise"
expected = "PASS"
"""


def written(folder: Path, text: str) -> str:
    path = folder / "problems.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_says_cases_with_exact_values(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert read_problems(path) == (
        Case("x**2", at={"mu": "0.1", "sigma": "1/3"}, place=f"{path}: problem 1"),
        Case(
            "Max(x - k, 0)",
            "normal(mu, exp(rho))",
            {"mu": "1", "rho": "10.25e-1", "k": "-2"},
            ("mu", "k"),
            ("pathwise",),
            "kink: a cost that is not smooth",
            Verdict.PASS,
            f"{path}: problem 2 (kink)",
        ),
    )


def test_the_file_of_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "regression.md").read_text(encoding="utf-8")
    text = page.split("```toml\n")[1].split("```")[0]
    option, step = read_problems(written(tmp_path, text))
    assert [len(cells_of(case)) for case in (option, step)] == [4, 1]
    assert (option.at["mu"], option.expected, step.expected) == ("0.5", None, Verdict.NOT_APPLICABLE)


ONE = '[[problem]]\ncost = "x**2"\n'

# (what the file holds, what the message must say)
BAD: dict[str, tuple[str, list[str]]] = {
    "nothing": ("", ["holds no problem", "[[problem]]"]),
    "no TOML": ("cost = ", ["is not TOML", "Invalid value"]),
    "not UTF-8": ("\udcff", ["is not TOML"]),
    "a key twice": (f'{ONE}cost = "x"', ["is not TOML", "overwrite"]),
    "arrays without end": ("a = " + "[" * 100_000, ["is not TOML"]),
    "an unknown table": ("[[problems]]", ["problems is no key", "did you mean problem?"]),
    "an unknown key": (f"{ONE}estimator = 1", ["problem 1: estimator is no key", "did you mean estimators?"]),
    "one table": ('[problem]\ncost = "x"', ["holds no problem"]),
    "no tables": ("problem = [1]", ["problem 1 is the number 1"]),
    "no cost": (f"{ONE}[[problem]]\nwrt = 'mu'", ["problem 2: cost is missing"]),
    "a number for a cost": ("[[problem]]\ncost = 2.5", ["problem 1: cost is the number 2.5, not text"]),
    "the name in the place": (f"{ONE}name = 'square'\nlaw = 1", ["problem 1: law is the number 1"]),
    "at as text": (f"{ONE}at = 'mu=1'", ["problem 1: at is the text mu=1", "{mu = 0.5"]),
    "a truth value": (f"{ONE}at = {{mu = true}}", ["problem 1: at: mu is a truth value"]),
    "a list of values": (f"{ONE}at = {{mu = [1]}}", ["problem 1: at: mu is"]),
    "a date": (f"{ONE}at = {{mu = 2020-01-01}}", ["problem 1: at: mu is a date"]),
    "a huge number": (f"{ONE}at = {{mu = 0x{'f' * 600}}}", ["problem 1: at: mu has 2400 bits"]),
    "wrt as a number": (f"{ONE}wrt = 1", ["problem 1: wrt is the number 1"]),
    "a list of numbers": (f"{ONE}estimators = [1]", ["problem 1: estimators is a list of other things"]),
    "a name twice": (f"{ONE}wrt = ['mu', 'mu']", ["problem 1: wrt names mu twice"]),
    "an unknown verdict": (f"{ONE}expected = 'Pass'", ["problem 1: expected=Pass", "did you mean PASS?"]),
    "an escape sequence": (f"{ONE}'\x1b[2J' = 1".replace("'", '"').replace("\x1b", "\\u001b"), ["is no key"]),
}


@pytest.mark.parametrize(("text", "named"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_file_problem_and_key(
    campaign: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, named: list[str]
) -> None:
    path = tmp_path / "problems.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["check", str(path)]) == 2
    lines = errors(capsys)
    assert len(lines) <= 2
    assert all(line.isprintable() for line in lines)
    assert lines[0].startswith(f"mcgradcheck: error: {path}")
    for phrase in named:
        assert phrase in lines[0]
    assert campaign.calls == 0


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], campaign: StandIn) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        place = path if path.suffix else path.with_suffix(".toml")
        place.mkdir() if path is tmp_path else None
        assert main(["check", str(place)]) == 2
        (line,) = errors(capsys)
        assert f"{place} cannot be read: " in line


@pytest.mark.parametrize("option", ["--at=mu=1", "--wrt=mu", "--estimator=pathwise", "--law=normal"])
def test_options_of_one_cost_do_not_stand_beside_a_file(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], campaign: StandIn
) -> None:
    assert main(["check", written(tmp_path, GOOD), option]) == 2
    assert option.split("=", maxsplit=1)[0] in errors(capsys)[0]


@pytest.mark.parametrize(
    ("problem", "named"),
    [
        ('cost = "y**2"', "no value for y"),
        ('cost = "1/x"', "1/x"),
        ('cost = "x**2"\nlaw = "cauchy"', "cauchy"),
        ('cost = "x**2"\nwrt = "theta"', "wrt=theta"),
        ('cost = "x**2"\nestimators = "guess"', "estimator=guess"),
        ('cost = "exp(x**2)"', "exp(x**2)"),
    ],
)
def test_what_a_problem_asks_wrongly_is_told_with_its_place(
    problem: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, f"[[problem]]\nname = 'odd'\nat = {{mu = 1.0, sigma = 1}}\n{problem}")
    assert main(["check", path, "--max-draws", "1e4"]) == 2
    lines = [line for line in errors(capsys) if "error" in line]
    assert lines[0].startswith(f"mcgradcheck: error: {path}: problem 1 (odd): ")
    assert named in lines[0]


def expecting(*verdicts: Verdict | None) -> list[Case]:
    return [Case(f"x**{k}", expected=verdict, place=f"problem {k}") for k, verdict in enumerate(verdicts, 1)]


def judged(cases: Sequence[Case], *found: tuple[Finding, ...]) -> Report:
    findings = [finding for case in found for finding in case]
    return replace(a_report(*findings), expectations=expectations(cases, found))


def test_an_expected_verdict_that_is_met_is_good_news_and_another_a_failure() -> None:
    passing, failing = a_case(), troubled_case()
    cases = expecting(None, Verdict.FAIL, Verdict.PASS)
    assert judged(cases, passing, failing, passing).outcome == Verdict.PASS
    assert judged(cases, failing, failing, passing).outcome == Verdict.FAIL
    unmet = judged(cases, passing, passing, passing)
    assert (unmet.outcome, unmet.verdict) == (Verdict.FAIL, Verdict.PASS)
    assert verdicts_expected(unmet) == Told(
        "1 of 2 problems have the verdict that was expected", ("problem 2: expected FAIL, found PASS",)
    )
    assert verdicts_expected(judged(expecting(None), failing)) is None


def test_no_form_is_silent_about_a_verdict_that_was_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.formats.derivations.derivations", lambda _cases: {})  # not what is asked here
    met = judged(expecting(Verdict.FAIL, Verdict.PASS), troubled_case(), a_case())
    unmet = judged(expecting(Verdict.FAIL, Verdict.PASS), a_case(), a_case())
    for form in FORMATS:
        if form.name == "json":  # it has a field for each, of which the schema tells
            continue
        assert "2 of 2 problems have the verdict" in form.rest(met, Look()) or form.name == "csv", form.name
        for report in (met, unmet):
            text = form.rest(report, Look())
            assert ("expected FAIL, found PASS" in text) == bool(report.unmet), form.name
            assert ("do not have the verdict" in text) == (bool(report.unmet) and form.name != "csv"), form.name
    assert "expected FAIL, found PASS" in unmet._repr_html_()
    assert 'class="outcome pass"' in HTML.rest(met, Look())
    assert 'class="outcome fail"' in HTML.rest(unmet, Look())


@pytest.mark.parametrize(
    ("expected", "failures"),
    [(None, 1), (Verdict.FAIL, 0), (Verdict.PASS, 2), (Verdict.INCONCLUSIVE, 2)],
)
def test_junit_fails_where_the_exit_code_says_so(expected: Verdict | None, failures: int) -> None:
    """One finding of the case FAILs; beside it stands the problem, which fails if another verdict was expected."""
    report = judged(expecting(expected), troubled_case())
    root = ET.fromstring(JUNIT.rest(report, Look()))
    assert int(root.attrib["failures"]) == failures
    assert (exit_code(report, strict=False) == ExitCode.A_CHECK_FAILED) == bool(failures)
    told = [out.text or "" for out in root.iter("system-out")]
    if expected == Verdict.FAIL:
        assert "expected FAIL, found FAIL" in told
        (as_expected,) = [text for text in told if text.startswith("FAIL: ") and "of problem 1" in text]
        assert "expected FAIL, found FAIL" in as_expected
    if expected == Verdict.PASS:
        assert "expected PASS, found FAIL" in [failure.attrib["message"] for failure in root.iter("failure")]


@pytest.mark.parametrize(("expected", "met"), [("PASS", True), ("FAIL", False)])
def test_the_report_itself_says_what_was_expected(
    campaign: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: str, met: bool
) -> None:
    campaign.findings = a_case()
    path = written(tmp_path, f'{ONE}expected = "{expected}"')
    told = f"{path}: problem 1: expected {expected}, found PASS"
    for form in ("table", "json", "junit", "html", "markdown"):
        assert main(["check", path, "--format", form]) == (0 if met else 1)
        out = capsys.readouterr().out
        if form == "json":
            (one,) = json.loads(out)["expectations"]
            assert one == {"problem": f"{path}: problem 1", "expected": expected, "found": "PASS", "met": met}
            continue
        assert ("1 of 1 problems do not have the verdict that was expected" in out) != met
        if form == "table":
            assert (told in out) != met
        if form == "junit":
            assert ("<failure" in out) != met


@pytest.mark.parametrize(
    ("expected", "strict", "code"),
    [("FAIL", [], 0), ("PASS", [], 1), ("NOT_APPLICABLE", [], 1), ("INCONCLUSIVE", ["--strict"], 1)],
)
def test_the_exit_code_follows_what_was_expected(
    campaign: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: str, strict: list[str], code: int
) -> None:
    campaign.findings = troubled_case()
    path = written(tmp_path, f'{ONE}expected = "{expected}"')
    assert main(["check", path, *strict]) == code
    captured = capsys.readouterr()
    assert "Verdict: FAIL" in captured.out  # the report says what was found, whatever was expected
    assert f"{1 - code} of 1 problems have the verdict that was expected" in captured.err
    assert (f"{path}: problem 1: expected {expected}, found FAIL" in captured.err) == bool(code)


def test_a_broken_control_is_no_better_for_having_been_expected(campaign: StandIn, tmp_path: Path) -> None:
    campaign.controls = tuple(replace(finding, verdict=Verdict.PASS) for finding in a_case()[:1])
    assert main(["check", written(tmp_path, f'{ONE}expected = "PASS"')]) == 3


def test_a_step_is_expected_not_to_be_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No seed matters: no draw is taken for what is not applicable, and the identity of the other is a proof."""
    path = written(
        tmp_path,
        """
        [[problem]]
        name = "step"
        cost = "Heaviside(x)"
        at = {mu = 0.5, sigma = 1.0}
        wrt = "mu"
        estimators = "pathwise"
        expected = "NOT_APPLICABLE"

        [[problem]]
        cost = "x"
        at = {mu = 0.5, sigma = 1.0}
        wrt = "mu"
        estimators = "pathwise"
        expected = "PASS"
        """,
    )
    assert main(["check", path, "--format", "json", "--resolution", "0.1"]) == 0
    captured = capsys.readouterr()
    verdicts = {(found["cost"], found["verdict"]) for found in json.loads(captured.out)["findings"]}
    assert verdicts == {("Heaviside(x)", "NOT_APPLICABLE"), ("x", "PASS")}
    assert "2 of 2 problems have the verdict that was expected" in captured.err

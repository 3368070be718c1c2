"""The command `grade`: exit codes, the page, JSON that keeps its schema, and what it refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.verify.graded import RIGHT, WRONG, Given
from tests.verify.test_grading import NAMES
from verify.cli import main

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((files("verify.formats") / "grade.schema.json").read_text(encoding="utf-8"))
TERM = "x**2*(x-mu)/sigma"


def words_of(given: Given) -> list[str]:
    option = "--answer-term" if given.term else "--answer"
    return ["grade", given.cost, "--wrt", given.wrt, "--law", given.law, option, given.answer]


def page(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main([*words, "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


CASES = [
    (["x**2", "--wrt", "mu", "--answer", "2*mu"], 0, "RIGHT\n"),
    (["x**2", "--answer", "mu/0.5*(sin(mu)**2 + cos(mu)**2)"], 0, "EQUIVALENT\n"),
    (["x**2", "--answer-term", "(x**2 - sigma**2)*epsilon/sigma"], 0, "EQUIVALENT\n"),
    (["x**2", "--wrt", "mu", "--answer-term", TERM], 1, "WRONG: sigma for sigma**2\n"),
    (["x**2", "--answer", "mu + sigma"], 1, "WRONG\n"),
    (["x**2", "--answer", "2*mu + atan(1/2) + atan(1/3) - pi/4"], 2, "UNDECIDED\n"),
    (["cos(k*x)", "--answer", "-k*sin(k*mu)*exp(-k**2*sigma**2/2)"], 0, "RIGHT\n"),
    (["x**2", "--answer", "-h*mu"], 2, ""),
    (["x**2", "--answer=-2*mu"], 1, "WRONG: sign\n"),
    (["x**3", "--at", "mu=1,sigma=1", "--answer", "6"], 0, "RIGHT\n"),
    (["x**2", "--wrt", "lam", "--law", "exponential", "--answer", "-4/lam**3"], 0, "RIGHT\n"),
]


@pytest.mark.parametrize(
    ("words", "code", "head"), CASES, ids=lambda value: value[-1] if isinstance(value, list) else ""
)
def test_the_exit_code_and_the_first_word(
    words: list[str], code: int, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", *words]) == code
    shown = capsys.readouterr()
    assert shown.out.startswith(head)
    assert bool(shown.out) == bool(head)
    assert bool(shown.err) != bool(head)


def test_the_page_says_what_is_right_and_where_to_read_on(capsys: pytest.CaptureFixture[str]) -> None:
    main(["grade", "x**2", "--wrt", "mu", "--answer-term", TERM])
    text = capsys.readouterr().out
    assert "The score of mu is (-mu + x)/sigma**2: this divides by sigma once less." in text
    assert "At mu = 1, sigma = 2: the mean of the term is 2; by your answer it is 4." in text
    assert "python -m verify derive 'x**2' --wrt mu\n" in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_contract_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = page(["grade", "x**2", "--wrt", "mu", "--answer-term", TERM], capsys)
    assert (found["verdict"], found["mistake"]) == ("wrong", "sigma for sigma**2")
    assert found["counterexample"] == {
        "of": "mean of the term",
        "at": {"mu": "1", "sigma": "2"},
        "answer": "4",
        "right": "2",
    }


@pytest.mark.parametrize("given", [*RIGHT[::20], *WRONG[::14]], ids=str)
def test_the_json_keeps_its_schema(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema.validate(page(words_of(given), capsys), SCHEMA)


@pytest.mark.parametrize(
    ("changed", "value"),
    [("verdict", "perhaps"), ("mistake", "a new one"), ("needs", "mu > 0"), ("counterexample", {"at": {}}), ("x", 1)],
)
def test_the_schema_refuses_another_page(changed: str, value: object, capsys: pytest.CaptureFixture[str]) -> None:
    found = page(["grade", "x**2", "--answer", "mu"], capsys)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, changed: value}, SCHEMA)


@pytest.mark.parametrize(
    ("off", "shown"),
    [
        ("1/3", "7/3"),
        ("1/10**12", "2.000000000001"),
        ("1/10**300", "2 + 1.0e-300"),
        ("-1/10**300", "2 - 1.0e-300"),
        ("exp(-10**4*mu**2)", "2 + 1.1e-4343"),
    ],
)
def test_a_small_difference_is_shown(off: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = page(["grade", "x**2", "--answer", f"2*mu + {off}".replace("+ -", "- ")], capsys)
    jsonschema.validate(found, SCHEMA)
    assert (found["counterexample"]["answer"], found["counterexample"]["right"]) == (shown, "2")


def test_the_schema_names_every_mistake() -> None:
    assert SCHEMA["properties"]["mistake"]["enum"] == [None, *sorted(NAMES)]
    assert list(SCHEMA["properties"]) == SCHEMA["required"]


def test_the_page_of_the_docs_names_every_mistake() -> None:
    rows = re.findall(
        r"^\| [a-z -]+ \| (`.*) \|$", (ROOT / "docs" / "grading.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(name for row in rows for name in re.findall("`(.*?)`", row)) == sorted(NAMES)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "x**2", "--answer", "mu", "--output", str(tmp_path / "grade.json")]) == 1
    jsonschema.validate(json.loads((tmp_path / "grade.json").read_text(encoding="utf-8")), SCHEMA)
    assert main(["grade", "x**2", "--answer", "nu", "--output", str(tmp_path / "other.txt")]) == 2
    assert os.listdir(tmp_path) == ["grade.json"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["x**2"], "neither --answer nor --answer-term is given"),
        (["x**2", "--answer", "1", "--answer-term", "2"], "both --answer and --answer-term are given"),
        (["x**2", "--answer", "1", "--estimator", "pathwise"], "--estimator pathwise is about a term"),
        (["x**2", "--answer", "1" * 10001], "the answer has 10001 characters"),
        (["x**2", "--answer"], "--answer"),
        (["x**2", "--answer", "2*nu"], "nothing is called nu"),
        (["x**2", "--answer", "2*x"], "x is drawn"),
        (["x**2", "--wrt", "mu,sigma", "--answer", "1"], "mu, sigma"),
        (["x**2", "--answer-term", "x", "--estimator", "pathwise,score_function"], "pathwise, score_function"),
        (["x**2", "--answer", "1", "--output", "grade.pdf"], ".pdf"),
        (["x**2", "--answer", "1", "--at", "mu"], "mu"),
        (["x**2", "--answer", "x\x1b[2J"], "grammar"),
    ],
)
def test_what_is_not_understood(words: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert named in shown.err
    assert shown.err.startswith("mcgradcheck: error: ")
    assert len(shown.err.splitlines()) <= 2
    assert "\x1b" not in shown.err


def test_a_format_of_reports_is_none_of_grades(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "html", "grade", "x**2", "--answer", "1"]) == 2
    assert "text, json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["cos(k*x)", "--answer", "k*sin(k*mu)"], ["cos(x)", "--wrt", "mu", "--at", "mu=1,sigma=1", "--answer", "-0.5"]],
    ids=["at all values", "at values"],
)
def test_the_same_command_writes_the_same_bytes(words: list[str]) -> None:
    command = [sys.executable, "-m", "verify", "grade", *words, "--format", "json"]
    pages = {
        subprocess.run(
            command, cwd=ROOT, capture_output=True, check=False, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pages) == 1
    assert b'"verdict": "wrong"' in pages.pop()

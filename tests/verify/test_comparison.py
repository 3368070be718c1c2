"""Two reports side by side: what counts as a change, what counts as worse, and which files are no reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.verify.samples import a_case, a_report, troubled_case
from tests.verify.stand_in import errors
from verify.cli import main
from verify.formats.json_report import JSON
from verify.regression.comparison import Change, compare
from verify.regression.report_file import read_report
from verify.shell.terminal import Look

Loaded = dict[str, Any]


def loaded() -> Loaded:
    """20 findings that PASS, then 15 of a step with each other verdict, and a control."""
    report: Loaded = json.loads(JSON.rest(a_report(*a_case(), *troubled_case()), Look()))
    return report


def written(folder: Path, name: str, report: object) -> str:
    path = folder / name
    path.write_text(json.dumps(report), encoding="utf-8")
    return str(path)


def changes_of(folder: Path, change: Callable[[Loaded], object], start: Callable[[], Loaded] = loaded) -> list[Change]:
    report = start()
    old = written(folder, "old.json", report)
    change(report)
    return list(compare(read_report(old), read_report(written(folder, "new.json", report))))


def sets(where: str, place: int, **values: object) -> Callable[[Loaded], object]:
    return lambda report: report[where][place].update(values)


def both(*changes: Callable[[Loaded], object]) -> Callable[[Loaded], object]:
    return lambda report: [change(report) for change in changes]


BY_DRAWS, UNDECIDED, UNJUDGED, FAILED = 3, 24, 25, 33  # places among the findings

# What is done to the new report, then (kind, worse) of each change that must be seen.
CHANGES: dict[str, tuple[Callable[[Loaded], object], list[tuple[str, bool]]]] = {
    "nothing": (lambda report: None, []),
    "words": (sets("findings", 0, message="else", reproduce="else", exact_expression="mu*2", estimate=7.0), []),
    "PASS to FAIL": (sets("findings", BY_DRAWS, verdict="FAIL"), [("verdict", True)]),
    "PASS to INCONCLUSIVE": (sets("findings", BY_DRAWS, verdict="INCONCLUSIVE"), [("verdict", True)]),
    "PASS to NOT_APPLICABLE": (sets("findings", BY_DRAWS, verdict="NOT_APPLICABLE"), [("verdict", True)]),
    "INCONCLUSIVE to FAIL": (sets("findings", UNDECIDED, verdict="FAIL"), [("verdict", True)]),
    "NOT_APPLICABLE to FAIL": (sets("findings", UNJUDGED, verdict="FAIL"), [("verdict", True)]),
    "INCONCLUSIVE to PASS": (sets("findings", UNDECIDED, verdict="PASS"), [("verdict", False)]),
    "NOT_APPLICABLE to INCONCLUSIVE": (sets("findings", UNJUDGED, verdict="INCONCLUSIVE"), [("verdict", False)]),
    "FAIL to PASS": (sets("findings", FAILED, verdict="PASS"), [("verdict", False)]),
    "exact, beyond 1e-12": (sets("findings", 0, exact=1 + 1.1e-12), [("exact", True)]),
    "exact, within 1e-12": (sets("findings", 0, exact=1 + 0.9e-12), []),
    "exact, by its sign": (sets("findings", 0, exact=-1.0), [("exact", True)]),
    "exact, from 0": (both(sets("findings", 0, exact=0.0)), [("exact", True)]),
    "exact, lost": (sets("findings", 0, exact=None), [("exact", True)]),
    "exact variance": (sets("findings", 0, exact_variance=17.6), [("exact variance", True)]),
    "exact variance, found": (sets("findings", UNJUDGED, exact_variance=0.1), [("exact variance", False)]),
    "guarantee": (sets("findings", BY_DRAWS, guarantee="asymptotic"), [("guarantee", True)]),
    "larger detectable bias": (sets("findings", BY_DRAWS, detectable_bias=0.05), [("detectable bias", True)]),
    "smaller detectable bias": (sets("findings", BY_DRAWS, detectable_bias=0.03), [("detectable bias", False)]),
    "no detectable bias": (sets("findings", BY_DRAWS, detectable_bias=None), [("detectable bias", True)]),
    "last bits of it": (sets("findings", BY_DRAWS, detectable_bias=0.0419 * (1 + 1e-12)), []),
    "fewer draws": (sets("findings", BY_DRAWS, n=8192), [("draws", True)]),
    "more draws": (sets("findings", BY_DRAWS, n=10**10), [("draws", False)]),
    "fewer draws of another seed": (
        both(sets("findings", BY_DRAWS, n=8192), lambda report: report.update(seed=1)),
        [("draws", False)],
    ),
    "no draws of another seed": (
        both(sets("findings", BY_DRAWS, n=0), lambda report: report.update(seed=1)),
        [("draws", True)],
    ),
    "fewer draws were enough to FAIL": (sets("findings", FAILED, n=8192), [("draws", False)]),
    "a tier is missing": (lambda report: report["findings"].pop(BY_DRAWS), [("tier missing", True)]),
    "all is missing": (lambda report: report["findings"].clear(), [("finding gone", True)] * 35),
    "other values": (sets("findings", 0, at={"mu": "1/2"}), [("tier missing", True), ("new finding", False)]),
    "a new finding": (lambda report: report["findings"].append(report["findings"][0]), [("new finding", False)]),
    "a new FAIL": (lambda report: report["findings"].append(report["findings"][FAILED]), [("new finding", True)]),
    "another order": (lambda report: report["findings"].reverse(), []),
    "a silent control": (sets("controls", 0, verdict="PASS"), [("control", True)]),
    "no control": (lambda report: report["controls"].clear(), [("control gone", True)]),
    "a new control": (lambda report: report["controls"].append(report["controls"][0]), [("new control", False)]),
    "a larger miss rate": (lambda report: report["budget"].update(miss_rate=1e-3), [("miss rate", True)]),
    "a smaller rate": (lambda report: report["budget"].update(false_alarm_rate=1e-9), [("false alarm rate", False)]),
}


@pytest.mark.parametrize(("change", "seen"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_seen_and_weighed(
    change: Callable[[Loaded], object], seen: list[tuple[str, bool]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [(found.kind, found.worse) for found in changes_of(tmp_path, change)] == seen
    files = [str(tmp_path / "old.json"), str(tmp_path / "new.json")]
    assert main(["compare", *files]) == int(any(worse for _, worse in seen))
    text = capsys.readouterr().out
    worse = sum(worse for _, worse in seen)
    assert (f"{len(seen)} changes, {worse} for the worse" in text) if seen else text.startswith("Nothing changed: 35 ")


def test_a_report_of_nothing_is_compared_with_one_of_something(tmp_path: Path) -> None:
    def nothing() -> Loaded:
        return loaded() | {"findings": [], "controls": []}

    full = loaded()
    changes = changes_of(tmp_path, lambda report: report.update(full), nothing)
    failed = sum(found["verdict"] == "FAIL" for found in full["findings"])
    assert [change.kind for change in changes] == ["new finding"] * 35 + ["new control"]
    assert sum(change.worse for change in changes) == failed == 1


def test_a_change_says_where_and_from_what_to_what(tmp_path: Path) -> None:
    (change,) = changes_of(tmp_path, sets("findings", BY_DRAWS, verdict="FAIL"))
    assert asdict(change) == {
        "kind": "verdict",
        "cost": "x**2",
        "at": "mu = 1/2, sigma = 1",
        "law": "normal(mu, sigma)",
        "wrt": "mu",
        "estimator": "score_function",
        "check": "bias",
        "tier": "monte_carlo",
        "old": "PASS",
        "new": "FAIL",
        "worse": True,
    }


def test_the_list_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes_of(tmp_path, sets("findings", 0, exact=2.0))
    files = [str(tmp_path / "old.json"), str(tmp_path / "new.json")]
    assert main(["compare", *files, "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [answer[key] for key in ("schema", "old", "new", "worse")] == ["mcgradcheck/comparison/1", *files, 1]
    (change,) = answer["changes"]
    assert (change["kind"], change["old"], change["new"]) == ("exact", "1", "2")


def test_a_table_shows_no_sign_that_steers_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def hostile() -> Loaded:
        report = loaded()
        report["findings"] = [report["findings"][0] | {"cost": "\x1b[2J\ud800" + "x" * 500}]
        return report

    changes_of(tmp_path, sets("findings", 0, verdict="FAIL"), hostile)
    assert main(["compare", str(tmp_path / "old.json"), str(tmp_path / "new.json")]) == 1
    text = capsys.readouterr().out
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert max(len(line) for line in text.splitlines()) < 220


GOOD = json.dumps(loaded())

# (the contents of the file, what the message must say)
BAD: dict[str, tuple[str, str]] = {
    "nothing": ("", "is not JSON"),
    "not UTF-8": ("\udcff", "is not JSON"),
    "half of it": (GOOD[: len(GOOD) // 2], "is not JSON"),
    "NaN": (GOOD.replace('"exact": 1.0', '"exact": NaN'), "it holds NaN"),
    "infinity": (GOOD.replace('"exact": 1.0', '"exact": -Infinity'), "it holds -Infinity"),
    "a float that is none": (GOOD.replace('"exact": 1.0', '"exact": 1e999'), "exact=Infinity is not a finite number"),
    "a huge number": (GOOD.replace('"exact": 1.0', f'"exact": 1{"0" * 400}'), "is not a finite number"),
    "lists without end": ("[" * 200_000, "is not JSON"),
    "a list": ("[]", "is no report"),
    "another schema": (GOOD.replace("mcgradcheck/report/1", "else"), "schema=else"),
    "another object": ("{}", "schema=None"),
    "no findings": (GOOD.replace('"findings"', '"lost"'), "findings is not a list"),
    "no controls": (GOOD.replace('"controls"', '"lost"'), "controls is not a list"),
    "no seed": (GOOD.replace('"seed"', '"lost"'), "seed=null is not a whole number"),
    "a truth value for a seed": (GOOD.replace('"seed": 0', '"seed": true'), "seed=true"),
    "no budget": (GOOD.replace('"budget"', '"lost"'), "budget: false_alarm_rate=null"),
    "a finding that is none": (GOOD.replace('"findings": [', '"findings": [1, '), "finding 1 is not an object"),
    "no verdict": (GOOD.replace('"verdict": "PASS"', '"lost": "PASS"'), "finding 1: verdict is missing"),
    "another verdict": (GOOD.replace('"verdict": "PASS"', '"verdict": "FINE"'), "finding 1: verdict="),
    "a list for a verdict": (GOOD.replace('"verdict": "PASS"', '"verdict": []'), "finding 1: verdict=[]"),
    "another tier": (GOOD.replace('"tier": "identity"', '"tier": "guess"'), "finding 1: tier="),
    "a text for a number": (GOOD.replace('"exact": 1.0', '"exact": "1"'), "finding 1: exact="),
    "half a draw": (GOOD.replace('"n": 1105920', '"n": 0.5'), "finding 4: n=0.5 is not a whole number"),
    "a number for a text": (GOOD.replace('"cost": "x**2"', '"cost": 2'), "finding 1: cost=2 is not text"),
    "a number at": (GOOD.replace('"mu": "1/2"', '"mu": 0.5'), "finding 1: at="),
}


@pytest.mark.parametrize(("contents", "named"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("place", [0, 1], ids=["old", "new"])
def test_a_file_that_is_no_report_is_refused(
    contents: str, named: str, place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.json", tmp_path / "good.json"
    bad.write_bytes(contents.encode("utf-8", "surrogateescape"))
    good.write_text(GOOD, encoding="utf-8")
    files = [str(bad), str(good)]
    assert main(["compare", *files[:: 1 - 2 * place]]) == 2
    (line,) = errors(capsys)
    assert line.startswith(f"mcgradcheck: error: {bad}")
    assert named in line
    assert "give a report that was written with --format json" in line


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        assert main(["compare", str(path), str(path)]) == 2
        assert f"{path} cannot be read: " in errors(capsys)[0]

"""The same input twice: the same bytes in every form, whatever the clock, the place, the threads, the order of sets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.verify.samples import a_report
from tests.verify.stand_in import StandIn, errors
from verify.cli import main
from verify.formats import FORMATS
from verify.reproducible import stamped, without_its_place

ROOT = Path(__file__).resolve().parents[2]
CHECK = ["check", "x**2", "--at", "mu=1,sigma=1/2", "--wrt", "mu", "--resolution", "0.05", "--reproducible"]
# Every form in one process, as most of the time goes into its beginning.
EVERY_FORM = """
import sys
from verify.cli import main
from verify.formats import FORMATS
folder, threads, *words = sys.argv[1:]
for form in FORMATS:
    assert main([*words, "-j", threads, "--format", form.name, "--output", f"{folder}/{form.name}"]) == 0
assert main(["plan", *words[1:], "--format", "json", "--output", f"{folder}/plan"]) == 0
"""


def test_every_form_has_the_same_bytes_again(tmp_path: Path) -> None:
    runs = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        command = [sys.executable, "-c", EVERY_FORM, str(folder), seed, *CHECK]
        runs.append((folder, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)))
    made = []
    for folder, run in runs:
        _, said = run.communicate()
        assert run.returncode == 0, said
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert set(made[0]) == {*(form.name for form in FORMATS), "plan"}
    assert {name for name in made[0] if made[0][name] != made[1][name]} == set()
    assert b"<svg" in made[0]["html"] or b"mcgradcheck[plot]" in made[0]["html"]
    assert b"<math" in made[0]["html"]


def loaded(campaign: StandIn, path: Path, *words: str) -> dict[str, object]:
    assert main([*words, "--output", str(path)]) == 0
    report: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return report


def test_without_the_option_a_report_has_its_date(campaign: StandIn, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    report = loaded(campaign, tmp_path / "r.json")
    environment = report["environment"]
    assert isinstance(environment, dict)
    date = datetime.strptime(environment["date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before <= date <= datetime.now(UTC)


@pytest.mark.parametrize("words", [(), ("--reproducible",)], ids=["plain", "reproducible"])
def test_the_date_that_is_asked_for_is_written(
    campaign: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    environment = loaded(campaign, tmp_path / "r.json", *words)["environment"]
    assert isinstance(environment, dict)
    assert environment["date"] == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("text", ["yesterday", "1e9", "9" * 30, "-" + "9" * 30])
def test_a_date_that_is_none_is_refused_before_the_run(
    campaign: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    assert main([]) == 2
    assert f"SOURCE_DATE_EPOCH={text} in the environment is no date" in errors(capsys)[0]
    assert campaign.calls == 0


def test_the_machine_is_left_out_and_the_versions_stay() -> None:
    known = {"python": "3.13.1", "numpy": "2.4.0", "system": "Linux", "machine": "x86_64"}
    kept = without_its_place(replace(a_report(), environment=known))
    assert kept.environment == {"python": "3.13.1", "numpy": "2.4.0"}
    assert stamped(kept, None) == kept


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("python -m verify --output a.html --seed 3", "python -m verify --seed 3"),
        ("mcgradcheck --output=a.html -j4 --color=never", "mcgradcheck"),
        ("mcgradcheck -j 4 check 'x - 1' --color always --wrt mu", "mcgradcheck check 'x - 1' --wrt mu"),
        ("mcgradcheck check --at mu=1 -- --output", "mcgradcheck check --at mu=1 -- --output"),
        ("mcgradcheck --output", "mcgradcheck"),
    ],
)
def test_the_command_loses_what_changes_nothing(command: str, kept: str) -> None:
    assert without_its_place(replace(a_report(), command=command)).command == kept

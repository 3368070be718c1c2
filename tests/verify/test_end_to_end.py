"""The command line with the real campaign: one cost, judged and reported, and its command repeats it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
CHECK = ["check", "x**2", "--at", "mu=1,sigma=1/2", "--wrt", "mu", "--resolution", "0.05", "--format", "json"]


def verify(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "verify", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def without(report: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key not in keys}


def test_a_cost_is_judged_from_the_shell() -> None:
    """No FAIL under this seed: its probability is at most 1e-6 under any. The number of threads changes nothing."""
    code, text = verify(*CHECK, "-j", "1")
    report = json.loads(text)
    schema = json.loads(files("verify.formats").joinpath("report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert code == 0
    assert {finding["verdict"] for finding in report["controls"]} == {"FAIL"}
    assert {(finding["wrt"], finding["estimator"]) for finding in report["findings"]} == {
        ("mu", "score_function"),
        ("mu", "pathwise"),
    }
    assert {finding["exact"] for finding in report["findings"]} == {2.0}

    threaded = json.loads(verify(*CHECK, "-j", "3")[1])
    assert without(threaded, "command", "environment") == without(report, "command", "environment")  # it has the date

    drawn = next(f for f in report["findings"] if (f["check"], f["tier"]) == ("bias", "monte_carlo"))
    again = shlex.split(drawn["reproduce"])
    assert again[:3] == ["python", "-m", "verify"]
    repeated = json.loads(verify(*again[3:], "--format", "json")[1])
    assert drawn["exact"] in {finding["exact"] for finding in repeated["findings"]}
    assert repeated["seed"] == report["seed"]

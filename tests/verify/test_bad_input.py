"""Bad input: two lines that name the value, exit code 2, an empty stdout, nothing written, no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.verify.stand_in import StandIn, errors
from verify.cli import main

ROOT = Path(__file__).resolve().parents[2]
AT = ("--at", "mu=0.5,sigma=1")

# (what is asked, what the message must name)
PROBLEMS: dict[str, tuple[list[str], list[str]]] = {
    "a name without value": (["y**2", *AT], ["y"]),
    "a pole": (["1/x", *AT], ["1/x"]),
    "a logarithm of a law with mass below 0": (["log(x)", *AT], ["log(x)"]),
    "an exponential too steep": (["exp(x**2)", *AT], ["exp(x**2)"]),
    "sigma = 0": (["x**2", "--at", "mu=0,sigma=0"], ["sigma=0"]),
    "sigma < 0": (["x**2", "--at", "mu=0,sigma=-1/2"], ["sigma=-1/2"]),
    "NaN": (["x**2", "--at", "mu=nan,sigma=1"], ["mu=nan"]),
    "infinity": (["x**2", "--at", "mu=0,sigma=inf"], ["sigma=inf"]),
    "a value twice": (["x**2", "--at", "mu=0,sigma=1,mu=2"], ["mu=0", "mu=2"]),
    "a value twice, in two options": (["x**2", *AT, "--at", "mu=0.5"], ["mu"]),
    "a missing value": (["x**2", "--at", "mu=0"], ["sigma"]),
    "a value of nothing": (["x**2", "--at", "mu=0,sigma=1,tau=3"], ["tau=3"]),
    "a word for a value": (["x**2", "--at", "mu=zero,sigma=1"], ["mu=zero"]),
    "an unknown wrt": (["x**2", *AT, "--wrt", "theta"], ["wrt=theta"]),
    "an unknown estimator": (["x**2", *AT, "--estimator", "guess"], ["guess", "score_function", "pathwise"]),
    "an unknown law": (["x**2", *AT, "--law", "cauchy"], ["cauchy"]),
    "a law with a parameter too many": (["x**2", *AT, "--law", "normal(mu, sigma, nu)"], ["normal"]),
    "code": (["__import__('os')", *AT], ["__import__"]),
    "an attribute": (["x.__class__", *AT], ["__class__"]),
    "100 kB": (["+".join(["x"] * 50_000), *AT], ["99999 characters"]),
    "5,000 parentheses": (["(" * 5000 + "x" + ")" * 5000, *AT], ["("]),
    "a tower": (["9**9**9", *AT], ["9**9**9"]),
    "a power too high": (["x**(10**9)", *AT], ["10**9"]),
    "nothing": (["", *AT], [""]),
    "half a formula": (["x**", *AT], ["x**"]),
    "an escape sequence": (["x + \x1b[2J", *AT], [""]),
}


@pytest.mark.parametrize(("words", "named"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_bad_problem_is_explained(
    words: list[str], named: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", *words, "--output", str(tmp_path / "report.json")])
    printed = capsys.readouterr()
    lines = printed.err.splitlines()
    assert code == 2, printed.err
    assert printed.out == ""
    assert 1 <= len(lines) <= 2, printed.err
    assert lines[0].startswith("mcgradcheck: error: ")
    assert "\x1b" not in printed.err
    for value in named:
        assert value in printed.err
    assert max(len(line) for line in lines) <= 600
    assert os.listdir(tmp_path) == []


OPTIONS: dict[str, tuple[list[str], list[str]]] = {
    **{
        f"--resolution {text}": (["--resolution", text], [text])
        for text in ("0", "-1", "10.1", "nan", "inf", "1%", "a")
    },
    **{f"--min-effect {text}": (["--min-effect", text], [text]) for text in ("0", "0%", "-1%", "1001%", "nan%", "%")},
    **{f"--variance-resolution {text}": (["--variance-resolution", text], [text]) for text in ("0", "-0.1", "11")},
    **{
        f"{rate} {text}": ([rate, text], [text])
        for rate in ("--false-alarm-rate", "--miss-rate")
        for text in ("0", "1", "-1e-6", "2", "nan")
    },
    **{
        f"--max-draws {text}": (["--max-draws", text], [text])
        for text in ("0", "1", "-5", "2.5", "1e19", "nan", "many")
    },
    **{f"-j {text}": (["-j", text], [text]) for text in ("0", "-1", "1.5", "1e9")},
    **{f"--seed {text}": (["--seed", text], [text]) for text in ("-1", "0.5", "1e99", "lucky", "inf")},
    "an unknown format": (["--format", "docx"], ["docx", "table", "json"]),
    "an unknown colour": (["--color", "mauve"], ["mauve", "always"]),
    "an unknown option": (["--frobnicate"], ["--frobnicate"]),
    "an option cut short": (["--res", "0.1"], ["--res"]),
    "an unknown command": (["chekc", "x"], ["chekc", "check"]),
    "an unknown list": (["list", "colours"], ["colours", "problems"]),
    "no list": (["list"], ["problems"]),
    "no cost": (["check"], ["COST"]),
    "two sizes": (["--resolution", "0.1", "--min-effect", "1%"], ["--resolution", "--min-effect"]),
    "two sizes, around the command": (["--resolution", "0.1", "check", "x", "--min-effect", "1%"], ["0.1", "0.01"]),
    "no assignment": (["check", "x", "--at", "mu"], ["mu", "name=value"]),
    "no name": (["check", "x", "--at", "=1"], ["=1", "name=value"]),
    "no value": (["check", "x", "--at", "mu=,sigma=1"], ["mu=", "name=value"]),
    "an empty assignment": (["check", "x", "--at", ""], ["name=value"]),
    "a name twice": (["check", "x", "--wrt", "mu,sigma,mu"], ["--wrt", "mu"]),
    "an empty name": (["check", "x", "--estimator", "pathwise,"], ["--estimator", "pathwise,"]),
    "a very long value": (["--seed", "9" * 100_000], ["999"]),
}


@pytest.mark.parametrize(("words", "named"), OPTIONS.values(), ids=OPTIONS.keys())
def test_a_bad_option_is_explained(
    campaign: StandIn, words: list[str], named: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    lines = errors(capsys)
    assert 1 <= len(lines) <= 2
    assert lines[0].startswith("mcgradcheck: error: ")
    for value in named:
        assert value in lines[0]
    assert max(len(line) for line in lines) <= 600
    assert campaign.calls == 0

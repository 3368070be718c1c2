"""Help, lists, version, and what happens around the process: pipes, full disks, other packages of the same name."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verify.cli import _parser, main
from verify.commands import CATALOGUE_COMMAND, COMMANDS, Command
from verify.shell.arguments import Parser
from verify.shell.banner import strangers
from verify.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


# Lists and help


@pytest.mark.parametrize("kind", ["problems", "formats", "estimators", "laws"])
def test_lists_are_tables_and_json(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", kind, "--format", "json"]) == 0
    entries: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert main(["list", kind]) == 0
    text = capsys.readouterr().out
    assert entries
    for entry in entries:
        assert all(value for value in entry.values())
        assert str(next(iter(entry.values()))) in text


def test_the_laws_are_told_with_their_paths(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "laws", "--format", "json"])
    normal = json.loads(capsys.readouterr().out)[0]
    assert (normal["law"], normal["path"]) == ("normal(mu, sigma)", "x = epsilon*sigma + mu")


@pytest.mark.parametrize("words", [[], *[[command.name] for command in COMMANDS]], ids=" ".join)
def test_every_level_has_help_with_examples(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: mcgradcheck")
    examples = text[text.index("examples:") :]
    assert f"  mcgradcheck {' '.join(words)}".rstrip() in examples


EXAMPLES = [example for command in (CATALOGUE_COMMAND, *COMMANDS) for example in command.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_help_are_understood(example: str) -> None:
    assert callable(_parser("mcgradcheck").parse_args(shlex.split(example)).run)


@pytest.mark.parametrize("command", [CATALOGUE_COMMAND, *COMMANDS], ids=lambda command: command.name)
def test_every_option_has_a_meaning_and_a_default(command: Command) -> None:
    """The default stands in parentheses at the end, unless the option has to be given, or one of several has."""
    parser = Parser(argument_default=argparse.SUPPRESS)
    command.add_arguments(parser)
    for action in parser._actions:
        assert action.help, f"{command.name}: {action.dest}"
        if command.name != "grade" and action.option_strings and not action.required and action.dest != "help":
            assert action.help.endswith(")"), f"{command.name}: {action.option_strings}"


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"mcgradcheck {VERSION}\n"


# As a process


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, **options)


def test_help_imports_nothing_heavy(record_property: Callable[[str, object], None]) -> None:
    begun = time.perf_counter()
    shown = run("-X", "importtime", "-m", "verify", "--help")
    record_property("seconds", time.perf_counter() - begun)
    assert shown.returncode == 0
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in shown.stderr.splitlines() if "|" in line}
    assert "argparse" in imported
    assert imported & {"sympy", "numpy", "scipy", "flint", "mpmath", "tabulate", "tqdm"} == set()
    assert shown.stdout.startswith("usage: python -m verify ")


def test_a_reader_that_leaves_is_no_error() -> None:
    """stdout is closed before the list is written, as `| head` may do."""
    process = subprocess.Popen(
        [sys.executable, "-m", "verify", "list", "formats"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.parametrize("closed", ["stdout", "stderr", "both"])
def test_a_closed_stream_is_no_internal_error(closed: str, tmp_path: Path) -> None:
    """What is told goes where it can; a report that has no place to go is a request that makes no sense."""
    redirected = {"stdout": ">&-", "stderr": "2>&-", "both": ">&- 2>&-"}[closed]
    for words, code in ((["list", "formats"], 0 if closed == "stderr" else 2), (["list"], 2), (["--help"], 0)):
        line = f"{shlex.join([sys.executable, '-m', 'verify', *words])} {redirected}"
        done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == code, (words, done.stderr)
        if words == ["list", "formats"]:
            assert ("stdout is closed" in done.stderr) == (closed == "stdout")
            assert ("json" in done.stdout) == (closed == "stderr")
        assert "Error" not in done.stdout + done.stderr


def test_a_full_disk_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "verify", "list", "formats"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_terminal_without_unicode_gets_ascii() -> None:
    shown = run("-m", "verify", "list", "formats", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert shown.returncode == 0
    assert shown.stdout.startswith("------")


# Other distributions of the same names


def test_packages_beside_this_one_are_no_strangers() -> None:
    assert strangers() == {}


def test_a_package_from_elsewhere_is_a_stranger(tmp_path: Path) -> None:
    assert strangers(tmp_path) == {"symbolic": str(ROOT / "symbolic"), "numeric": str(ROOT / "numeric")}


def test_a_shadowing_package_is_named_before_anything_runs(tmp_path: Path) -> None:
    shadow = tmp_path / "symbolic"
    shadow.mkdir()
    (shadow / "__init__.py").write_text("")
    paths = [str(tmp_path), str(ROOT)]
    script = f"import sys; sys.path[:0] = {paths!r}; from verify.cli import main; sys.exit(main(['list', 'formats']))"
    shown = run("-P", "-c", script)
    assert shown.returncode == 3
    assert f"the package symbolic would come from {shadow}" in shown.stderr

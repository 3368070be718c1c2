"""The reference names every public name, command, option, field and exit code, and none that does not exist."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from pathlib import Path

import pytest

import numeric
import symbolic
import verify
from verify.commands import CATALOGUE_COMMAND, COMMANDS
from verify.finding import Finding, Tier, Verdict
from verify.formats import FORMATS
from verify.shell.exit_code import ExitCode

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "reference.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`]+)`", PAGE)
WORDS = {word for span in CODE for word in re.findall(r"--?[a-z][a-z-]*|\w+", span)}


def options() -> set[str]:
    """Every option of every command, by the name that its --help shows."""
    found: set[str] = set()
    for command in (CATALOGUE_COMMAND, *COMMANDS):
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        found |= set(re.findall(r"^  (--?[a-z][a-z-]*)", parser.format_help(), re.MULTILINE))
    return found - {"-h"}


KNOWN: dict[str, set[str]] = {
    "symbolic": set(symbolic.__all__),
    "numeric": set(numeric.__all__),
    "verify": set(verify.__all__),
    "commands": {command.name for command in COMMANDS},
    "options": options(),
    "fields of a finding": {field.name for field in fields(Finding)},
    "verdicts": {str(verdict) for verdict in Verdict},
    "tiers": {str(tier) for tier in Tier},
    "formats": {form.name for form in FORMATS},
}


@pytest.mark.parametrize("kind", KNOWN)
def test_the_reference_names_all(kind: str) -> None:
    assert KNOWN[kind] - WORDS == set()


def test_the_reference_names_no_option_that_does_not_exist() -> None:
    named = {word for word in WORDS if word.startswith("--")}
    assert named - KNOWN["options"] == {"--help"}


def test_the_reference_names_every_exit_code() -> None:
    table = PAGE[PAGE.index("### Exit codes") :]
    rows = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(",")} == {int(code) for code in ExitCode}

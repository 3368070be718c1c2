"""compare OLD.json NEW.json: what changed between two reports; exit code 1 if anything got worse."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from verify.commands.command import Command
from verify.shell.arguments import shown
from verify.shell.exit_code import ExitCode

if TYPE_CHECKING:
    from verify.regression.comparison import Change

__all__ = ["COMPARE"]

SCHEMA = "mcgradcheck/comparison/1"
_LONGEST = 48


def _run(arguments: Namespace) -> ExitCode:
    from verify.regression.comparison import compare
    from verify.regression.report_file import read_report

    old, new = read_report(arguments.old), read_report(arguments.new)
    changes = compare(old, new)
    worse = sum(change.worse for change in changes)
    if arguments.comparison_format == "json":
        counted = {"schema": SCHEMA, "old": old.path, "new": new.path, "worse": worse}
        text = json.dumps({**counted, "changes": [asdict(change) for change in changes]}, indent=2)
    else:
        text = _table(changes, len(old.findings), len(new.findings), worse)
    sys.stdout.write(text + "\n")
    return ExitCode.A_CHECK_FAILED if worse else ExitCode.NO_FAILURE


def _table(changes: Sequence[Change], before: int, after: int, worse: int) -> str:
    from verify.formats.grid import Column, grid
    from verify.formats.words import in_ascii
    from verify.shell.terminal import look_of

    look = look_of(sys.stdout, "never")
    findings = f"{before} findings before, {after} now"
    if not changes:
        return f"Nothing changed: {findings}"
    headers = ("", "what", "cost", "at", "d/d", "estimator", "check", "tier", "old", "new")
    rows = [["worse" if change.worse else "", change.kind, *_cells(change)] for change in changes]
    lines = [grid([Column(header) for header in headers], rows, look)]
    lines.append(f"{len(changes)} changes, {worse} for the worse; {findings}")
    return in_ascii("\n".join(lines), look)


def _cells(change: Change) -> list[str]:
    where = (change.cost, change.at, change.wrt, change.estimator, change.check, change.tier)
    return [shown(text, _LONGEST) if text else "" for text in (*where, change.old, change.new)]


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "old", metavar="OLD.json", help="the report that was, as check and the catalogue write it with --format json"
    )
    parser.add_argument("new", metavar="NEW.json", help="the report that is, of the same kind")
    parser.add_argument(
        "--format",
        dest="comparison_format",
        choices=["table", "json"],
        default="table",
        help="form of the list (table)",
    )


COMPARE = Command(
    name="compare",
    about="what changed between two reports: verdicts, exact values, power; exit code 1 if anything got worse",
    examples=("compare old.json new.json", "compare old.json new.json --format json"),
    add_arguments=_add_arguments,
    run=_run,
)

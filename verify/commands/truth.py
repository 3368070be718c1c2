"""truth: exact gradients and variances of the catalogue, to 30 digits, for other projects to test against."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from verify.commands.command import Command
from verify.shell.exit_code import ExitCode
from verify.shell.output import destination
from verify.usage import UsageError

if TYPE_CHECKING:
    from verify.regression.truth import Truth

__all__ = ["TRUTH"]

FORMATS = ("table", "json")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, help="form of the values (table, or json by the suffix .json)")
    parser.add_argument("--output", metavar="PATH", help="write them there, whole or not at all (stdout)")


def _run(arguments: Namespace) -> ExitCode:
    path: str | None = getattr(arguments, "output", None)
    form = getattr(arguments, "format", None) or ("json" if (path or "").lower().endswith(".json") else "table")
    if form not in FORMATS:
        raise UsageError(
            f"--format {form} is a form of reports, not of exact values; choose from: {', '.join(FORMATS)}"
        )
    with destination(path) as stream:
        from verify.catalogue import CATALOGUE
        from verify.regression.truth import as_json, truths

        rows = list(truths(CATALOGUE))
        if form == "json":
            stream.write(json.dumps(as_json(rows), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
        else:
            stream.write(_table(rows, stream))
    return ExitCode.NO_FAILURE


def _table(rows: Sequence[Truth], stream: TextIO) -> str:
    from verify.formats.grid import Column, grid
    from verify.shell.terminal import look_of

    names = list(dict.fromkeys(name for row in rows for name in row.variance))
    columns = [Column("d/d"), Column("E[f(x)]"), Column("x ~"), Column("at"), Column("gradient")]
    columns += [Column(f"variance, {name}") for name in names]
    cells = [
        [
            row.wrt,
            row.cost,
            row.law,
            ", ".join(f"{name} = {number}" for name, number in row.at.items()),
            row.gradient.value,
            *(row.variance[name].value if name in row.variance else "" for name in names),
        ]
        for row in rows
    ]
    return grid(columns, cells, look_of(stream, "never")) + "\n"


TRUTH = Command(
    name="truth",
    about="exact gradients and variances of the catalogue to 30 digits, for other projects to test against",
    examples=("truth", "truth --format json", "truth --output truth.json"),
    add_arguments=_add_arguments,
    run=_run,
)

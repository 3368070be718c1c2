"""list problems|estimators|laws|formats: what there is to choose from."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import Any

from verify.commands.command import Command
from verify.shell.exit_code import ExitCode

__all__ = ["LIST"]

Row = dict[str, Any]


def _problems() -> list[Row]:
    from verify.catalogue import CATALOGUE

    return [
        {"cost": str(case.cost), "law": str(case.law), "at": dict(case.at), "about": case.about} for case in CATALOGUE
    ]


def _estimators() -> list[Row]:
    from symbolic.estimators import ESTIMATORS

    return [{"estimator": name, "about": _first_line(build.__doc__)} for name, build in ESTIMATORS.items()]


def _laws() -> list[Row]:
    from symbolic.laws import LAWS

    return [
        {"law": str(law), "density": str(law.density), "path": f"{law.variable} = {law.path}", "source": law.source}
        for law in LAWS
    ]


def _formats() -> list[Row]:
    from verify.formats import FORMATS

    return [{"format": form.name, "suffixes": " ".join(form.suffixes), "about": form.about} for form in FORMATS]


KINDS: Mapping[str, Callable[[], list[Row]]] = {
    "problems": _problems,
    "estimators": _estimators,
    "laws": _laws,
    "formats": _formats,
}


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0] if text else ""


def _run(arguments: Namespace) -> ExitCode:
    rows = KINDS[arguments.kind]()
    if arguments.list_format == "json":
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return ExitCode.NO_FAILURE

    from verify.formats.grid import Column, grid
    from verify.shell.terminal import look_of

    cells = [[_cell(value) for value in row.values()] for row in rows]
    columns = [Column(name) for name in rows[0]]
    sys.stdout.write(grid(columns, cells, look_of(sys.stdout, "never")) + "\n")
    return ExitCode.NO_FAILURE


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {number}" for name, number in value.items())
    return str(value)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kind", choices=list(KINDS), metavar="|".join(KINDS), help="what to list")
    parser.add_argument(
        "--format", dest="list_format", choices=["table", "json"], default="table", help="form of the list (table)"
    )


LIST = Command(
    name="list",
    about="list the problems, estimators, laws or formats there are",
    examples=("list problems", "list laws --format json"),
    add_arguments=_add_arguments,
    run=_run,
)

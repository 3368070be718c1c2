"""When and where a report was made; and the same report without it: one input, one sequence of bytes."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from datetime import UTC, datetime

from verify.report import Report
from verify.shell.arguments import shown
from verify.usage import UsageError

__all__ = ["made_on", "stamped", "without_its_place", "without_place"]

EPOCH = "SOURCE_DATE_EPOCH"
_OF_THE_HOST = ("system", "machine")
_ABOUT_THE_PLACE = ("--output", "--color", "-j")


def made_on(*, reproducible: bool) -> str | None:
    """2026-11-22T14:10:03Z: the date of SOURCE_DATE_EPOCH, if that is set; else now, or None if `reproducible`.

    Raises UsageError if SOURCE_DATE_EPOCH is no number of seconds.
    """
    given = os.environ.get(EPOCH)
    if not given:
        return None if reproducible else _written(datetime.now(UTC))
    try:
        return _written(datetime.fromtimestamp(int(given), UTC))
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{EPOCH}={shown(given)} in the environment is no date; give whole seconds since 1970, or unset it"
        ) from None


def stamped(report: Report, date: str | None) -> Report:
    """The report with its date, if it has one."""
    return report if date is None else replace(report, environment={**report.environment, "date": date})


def without_its_place(report: Report) -> Report:
    """The report without the kind of machine, and without the words of its command that change nothing in it."""
    environment = {name: value for name, value in report.environment.items() if name not in _OF_THE_HOST}
    return replace(report, environment=environment, command=without_place(report.command))


def without_place(command: str) -> str:
    """The command line without the words that say where its answer goes, in which colours, and on how many threads."""
    words = iter(shlex.split(command))
    kept: list[str] = []
    for word in words:
        if word == "--":  # what follows is a cost, whatever it looks like
            return shlex.join([*kept, word, *words])
        if word in _ABOUT_THE_PLACE:
            next(words, None)
        elif not (word.startswith(("--output=", "--color=")) or (word[:2] == "-j" and word[2:].isdecimal())):
            kept.append(word)
    return shlex.join(kept)


def _written(date: datetime) -> str:
    return date.strftime("%Y-%m-%dT%H:%M:%SZ")

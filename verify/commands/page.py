"""A command whose answer is one page, as text or as JSON, on stdout or in a file."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from verify.shell.arguments import shown
from verify.shell.banner import banner
from verify.shell.output import destination
from verify.shell.terminal import Look, look_of
from verify.usage import UsageError
from verify.version import VERSION

__all__ = ["PAGE_FORMATS", "write_page"]

PAGE_FORMATS = ("table", "json")

Answer = TypeVar("Answer")


def write_page(
    arguments: Namespace,
    answer: Callable[[], Answer],
    as_text: Callable[[Answer, Look], str],
    as_json: Callable[[Answer, str, str], str],
) -> None:
    """Write answer() as --format says, else as the suffix of --output does, else as text.

    Raises UsageError for another format before anything is computed.
    """
    path: str | None = getattr(arguments, "output", None)
    json = _is_json(getattr(arguments, "format", None), path)
    with destination(path) as stream:
        found = answer()
        print(banner(getattr(arguments, "seed", 0)), file=sys.stderr, flush=True)
        if json:
            stream.write(as_json(found, arguments.command_line, VERSION))
        else:
            stream.write(as_text(found, look_of(stream, getattr(arguments, "color", "auto"))))


def _is_json(name: str | None, path: str | None) -> bool:
    if name is not None:
        if name not in PAGE_FORMATS:
            raise UsageError(f"--format {shown(name)} is a form of reports; choose from: {', '.join(PAGE_FORMATS)}")
        return name == "json"
    suffix = PurePath(path or "").suffix.lower()
    if suffix not in ("", ".txt", ".json"):
        raise UsageError(f"--output {shown(path or '')}: no format has the suffix {shown(suffix)}; use .txt or .json")
    return suffix == ".json"

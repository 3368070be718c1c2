"""Where the report goes: to stdout as it grows, or into a file that appears whole or not at all."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TextIO

from verify.shell.arguments import shown
from verify.usage import UsageError

__all__ = ["destination"]


@contextmanager
def destination(path: str | None, *, document: bool = False) -> Iterator[TextIO]:
    """stdout for None. A file is written beside its place under another name, and moved there when all went well.

    Files are UTF-8. So is a document on stdout, as it says so itself or will be read so; a table there keeps to what
    the terminal can show.

    Raises UsageError at once, before anything is computed, if the file could not be written.
    """
    if path is None:
        with _in_utf8(sys.stdout) if document else nullcontext():
            yield sys.stdout
        return
    place = Path(os.path.realpath(path))
    _refuse_unwritable(path, place)
    beside = place.with_name(f".mcgradcheck-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        # "x" rather than mkstemp: the file is to have the permissions of any other new file.
        stream = open(beside, "x", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed below, before it is moved
    except OSError as error:
        raise _refusal(path, error.strerror or str(error)) from None
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, place)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


@contextmanager
def _in_utf8(stream: TextIO) -> Iterator[None]:
    if not isinstance(stream, io.TextIOWrapper):
        yield
        return
    usual = stream.encoding
    stream.reconfigure(encoding="utf-8")
    try:
        yield
    finally:
        stream.reconfigure(encoding=usual)


def _refuse_unwritable(path: str, place: Path) -> None:
    if not path:
        raise _refusal(path, "the name is empty")
    try:
        if place.is_dir():
            raise _refusal(path, "it is a directory")
        if place.exists() and not place.is_file():
            raise _refusal(path, "it is not a regular file")
        if place.exists() and not os.access(place, os.W_OK):
            raise _refusal(path, "it is read-only")
        if not place.parent.is_dir():
            raise _refusal(path, f"the directory {shown(str(place.parent), 150)} does not exist")
    except OSError as error:
        raise _refusal(path, error.strerror or str(error)) from None


def _refusal(path: str, reason: str) -> UsageError:
    return UsageError(
        f"--output {shown(path, 150)} cannot be written: {reason}; name a file in a directory that you may write to"
    )

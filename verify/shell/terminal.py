"""What the place that the report goes to can show."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TextIO

__all__ = ["Look", "look_of"]


@dataclass(frozen=True)
class Look:
    """Whether colours and signs beyond ASCII may be used."""

    colour: bool = False
    unicode: bool = True


def look_of(stream: TextIO, colour: str) -> Look:
    """`colour` is auto, always or never; auto is a terminal, unless NO_COLOR is set or the terminal is a dumb one."""
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    coloured = colour == "always" or (colour == "auto" and stream.isatty() and not plain)
    return Look(coloured, _can_show("±×─✓✗∞…·", stream.encoding))


def _can_show(signs: str, encoding: str | None) -> bool:
    try:
        signs.encode(encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True

"""Rows under ruled headers, set by tabulate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from verify.formats.words import in_ascii
from verify.shell.terminal import Look

__all__ = ["Column", "grid"]


@dataclass(frozen=True)
class Column:
    """A header, of one line or several, the side to which its cells are set, and the least width.

    With it the tables of a report stand under each other like one.
    """

    header: str
    side: Literal["left", "right"] = "left"
    width: int = 0

    def head(self, depth: int) -> list[str]:
        """The header as `depth` lines, the last ones filled."""
        lines = self.header.split("\n")
        padded = [line.rjust(self.width) if self.side == "right" else line.ljust(self.width) for line in lines]
        return [""] * (depth - len(lines)) + padded


def grid(columns: Sequence[Column], rows: Sequence[Sequence[str]], look: Look) -> str:
    """The rows under their headers, with a rule above, between and below; no line ends in a space."""
    from tabulate import tabulate

    depth = max(column.header.count("\n") + 1 for column in columns)
    headers = zip(*(column.head(depth) for column in columns), strict=True)
    # The headers go in as rows: as headers they would make every column two signs wider than it need be.
    # Spelled out before they are set: ± is one sign wide, +- is two.
    cells = [[in_ascii(cell, look) for cell in row] for row in (*headers, *rows)]
    sides = [column.side for column in columns]
    text = tabulate(cells, tablefmt="simple", disable_numparse=True, colalign=sides, preserve_whitespace=True)
    above, *lines, below = text.splitlines()
    ruled = [above, *lines[:depth], above, *lines[depth:], below]
    sign = in_ascii("─", look)
    return "\n".join(line.replace("-", sign) if line == above else line.rstrip() for line in ruled)

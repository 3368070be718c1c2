"""A form of the report: what can be written after each case, and what can be written only at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verify.finding import Finding
from verify.report import Report
from verify.shell.terminal import Look

__all__ = ["Format"]


@dataclass(frozen=True)
class Format:
    """`case(findings, look)` is written as soon as a case is done, `rest(report, look)` when all are.

    `case` is None for a form that can only be written as a whole. `suffixes` are the endings of a file name that
    choose the form, with their dots.
    """

    name: str
    about: str
    suffixes: tuple[str, ...]
    rest: Callable[[Report, Look], str]
    case: Callable[[Sequence[Finding], Look], str] | None = None

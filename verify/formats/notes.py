"""The notes under a table: why something was not judged, or did not pass."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from verify.finding import Finding, Verdict
from verify.formats.words import check_name

__all__ = ["Notes"]


@dataclass
class Notes:
    """Notes numbered in the order in which they are needed; rows with the same reason share one."""

    texts: list[str] = field(default_factory=list)

    def numbers(self, findings: Sequence[Finding]) -> list[str]:
        """["[1]", "[2]"]: the notes of one row."""
        needed: dict[tuple[Verdict, str, str], list[str]] = {}
        for finding in findings:
            if finding.verdict != Verdict.PASS:
                repeat = "" if finding.verdict == Verdict.NOT_APPLICABLE else finding.reproduce
                needed.setdefault((finding.verdict, finding.message, repeat), []).append(check_name(finding))
        return [
            f"[{self._number(*reason, [] if len(checks) == len(findings) else checks)}]"
            for reason, checks in needed.items()
        ]

    def lines(self, width: int) -> list[str]:
        """The notes, wrapped."""
        lines = []
        for number, text in enumerate(self.texts, 1):
            first, *more = text.split("\n")
            indent = " " * len(f"[{number}] ")
            lines += textwrap.wrap(f"[{number}] {first}", width, subsequent_indent=indent, break_on_hyphens=False)
            lines += [indent + line for line in more]  # a command is never broken: it is there to be copied
        return lines

    def _number(self, verdict: Verdict, message: str, repeat: str, checks: Sequence[str]) -> int:
        """`checks` are those of the row that say so; none named means all of them."""
        which = f"{', '.join(checks)}: " if checks else ""
        text = f"{which}{str(verdict).replace('_', ' ')}: {message}" + (f"\nrepeat: {repeat}" if repeat else "")
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1

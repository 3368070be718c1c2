"""What stands under a table: a card for whatever did not pass, a note for whatever was not judged."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from verify.finding import Finding, Verdict
from verify.formats.cards import card
from verify.formats.words import check_name

__all__ = ["Notes"]


@dataclass
class Notes:
    """Cards and notes, numbered in the order in which they are needed; rows with the same reason share a note.

    Each is held as its lines, which begin with its number.
    """

    width: int
    written: list[list[str]] = field(default_factory=list)
    numbers_of_reasons: dict[str, int] = field(default_factory=dict)

    def numbers(self, findings: Sequence[Finding]) -> list[str]:
        """["[1]", "[2]"]: the card and the notes of one row."""
        found = []
        if wrong := [finding for finding in findings if finding.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE)]:
            self.written.append(card(wrong, len(self.written) + 1, self.width))
            found.append(len(self.written))
        reasons: dict[str, list[str]] = {}
        for finding in findings:
            if finding.verdict == Verdict.NOT_APPLICABLE:
                reasons.setdefault(finding.message, []).append(check_name(finding))
        for reason, checks in reasons.items():
            which = "" if len(checks) == len(findings) else f"{', '.join(checks)}: "
            found.append(self._number(f"{which}NOT APPLICABLE: {reason}"))
        return [f"[{number}]" for number in found]

    def lines(self) -> list[str]:
        """All of them, in the order of their numbers."""
        return [line for lines in self.written for line in lines]

    def _number(self, text: str) -> int:
        if text not in self.numbers_of_reasons:
            number = self.numbers_of_reasons[text] = len(self.written) + 1
            head = f"[{number}] "
            self.written.append(
                textwrap.wrap(head + text, self.width, subsequent_indent=" " * len(head), break_on_hyphens=False)
            )
        return self.numbers_of_reasons[text]

"""What stands under a table: a card for whatever did not pass, a note for whatever was not judged."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from verify.finding import Finding, Verdict
from verify.formats.cards import Card, card_lines, card_of
from verify.formats.words import check_name

__all__ = ["Notes"]


@dataclass
class Notes:
    """Cards and notes, numbered in the order in which they are needed, from 1; rows of one reason share a note."""

    written: list[Card | str] = field(default_factory=list)
    numbers_of_reasons: dict[str, int] = field(default_factory=dict)

    def numbers(self, findings: Sequence[Finding]) -> list[int]:
        """The numbers of the card and the notes of one row."""
        found = []
        if wrong := [finding for finding in findings if finding.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE)]:
            self.written.append(card_of(wrong))
            found.append(len(self.written))
        reasons: dict[str, list[str]] = {}
        for finding in findings:
            if finding.verdict == Verdict.NOT_APPLICABLE:
                reasons.setdefault(finding.message, []).append(check_name(finding))
        for reason, checks in reasons.items():
            which = "" if len(checks) == len(findings) else f"{', '.join(checks)}: "
            found.append(self._number(f"{which}NOT APPLICABLE: {reason}"))
        return found

    def numbered(self) -> list[tuple[int, Card | str]]:
        """All of them, with their numbers."""
        return list(enumerate(self.written, 1))

    def lines(self, width: int) -> list[str]:
        """All of them as lines for a terminal, in the order of their numbers."""
        lines = []
        for number, note in self.numbered():
            head = f"[{number}] "
            lines += (
                card_lines(note, head, width)
                if isinstance(note, Card)
                else textwrap.wrap(head + note, width, subsequent_indent=" " * len(head), break_on_hyphens=False)
            )
        return lines

    def _number(self, text: str) -> int:
        if text not in self.numbers_of_reasons:
            self.written.append(text)
            self.numbers_of_reasons[text] = len(self.written)
        return self.numbers_of_reasons[text]

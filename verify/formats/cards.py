"""A card for each estimator that did not pass: what it claims, what was seen instead, and how to see it again."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from verify.finding import Finding, Tier, Verdict, worst
from verify.formats.numbers import exactly, percent, significant
from verify.formats.words import check_name, p_value_text

__all__ = ["Card", "card_lines", "card_of"]

_LONGEST_FORM = 60


@dataclass(frozen=True)
class Card:
    """What is judged, by which verdict; (label, text) for each thing to say; the command that shows it again."""

    verdict: Verdict
    title: str
    rows: tuple[tuple[str, str], ...]
    command: str


def card_of(findings: Sequence[Finding]) -> Card:
    """The card of one estimator of one derivative: `findings` are all of it that FAIL or are INCONCLUSIVE."""
    first = findings[0]
    return Card(
        verdict=worst(finding.verdict for finding in findings),
        title=f"{first.estimator} of d/d{first.wrt} E[f(x)]",
        rows=(("claimed", _claim(findings)), *((check_name(finding), _seen(finding)) for finding in findings)),
        command=first.reproduce,
    )


def card_lines(card: Card, head: str, width: int) -> list[str]:
    """A label and its text each; the texts are wrapped under each other, the command is left whole, to be copied."""
    depth = max(len(label) for label, _ in card.rows) + 2
    lines = [f"{head}{card.verdict}: {card.title}"]
    for label, text in card.rows:
        begin = f"{'':{len(head)}}{label:<{depth}}"
        lines += textwrap.wrap(
            begin + text, width, subsequent_indent=" " * len(begin), break_on_hyphens=False, break_long_words=False
        )
    return [*lines, f"{'':{len(head)}}{'repeat':<{depth}}{card.command}"]


def _claim(findings: Sequence[Finding]) -> str:
    """What the draws of the estimator were said to be, with the exact numbers, and how closely it was looked at."""
    first = findings[0]
    drawn = {finding.check: finding for finding in findings if finding.tier == Tier.MONTE_CARLO}
    claims = []
    if any(finding.check == "bias" for finding in findings):
        form = first.exact_expression
        shown = f"{form} = " if form is not None and len(form) <= _LONGEST_FORM else ""
        claims.append(
            f"the mean of a draw is {shown}{exactly(first.exact, first.exact_digits)}{_closeness(drawn.get('bias'))}"
        )
    if any(finding.check == "variance" for finding in findings):
        size = exactly(first.exact_variance, first.exact_variance_digits)
        claims.append(f"the variance of a draw is {size}{_closeness(drawn.get('variance'))}")
    return "; ".join(claims)


def _closeness(drawn: Finding | None) -> str:
    if drawn is None or drawn.resolution is None:
        return ""
    if drawn.check == "variance":
        return f", within {percent(drawn.resolution)} of it"
    deviations = f"{drawn.resolution:.3g} standard deviations of a draw"
    if drawn.detectable_bias is None:
        return f", within {deviations}"
    return f", within {significant(drawn.detectable_bias, 3)} ({deviations})"


def _seen(finding: Finding) -> str:
    mark = "" if finding.verdict == Verdict.FAIL else f"{finding.verdict}: "
    evidence = p_value_text(finding)
    return f"{mark}{finding.message}{f'; {evidence} at any number of draws' if evidence else ''}"

"""A card for each estimator that did not pass: what it claims, what was seen instead, and how to see it again."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from verify.finding import Finding, Tier, Verdict, worst
from verify.formats.numbers import percent, significant
from verify.formats.words import check_name

__all__ = ["card"]

_LONGEST_FORM = 60


def card(findings: Sequence[Finding], number: int, width: int) -> list[str]:
    """The lines of the card of one estimator of one derivative: `findings` are all of it that FAIL or are INCONCLUSIVE.

    A label and its text each; the texts are wrapped under each other, but the command is left whole, to be copied.
    """
    first = findings[0]
    head = f"[{number}] "
    title = f"{head}{worst(finding.verdict for finding in findings)}: {first.estimator} of d/d{first.wrt} E[f(x)]"
    rows = [("claimed", _claim(findings)), *((check_name(finding), _seen(finding)) for finding in findings)]
    depth = max(len(label) for label, _ in rows) + 2
    lines = [title]
    for label, text in rows:
        begin = f"{'':{len(head)}}{label:<{depth}}"
        lines += textwrap.wrap(
            begin + text, width, subsequent_indent=" " * len(begin), break_on_hyphens=False, break_long_words=False
        )
    return [*lines, f"{'':{len(head)}}{'repeat':<{depth}}{first.reproduce}"]


def _claim(findings: Sequence[Finding]) -> str:
    """What the draws of the estimator were said to be, with the exact numbers, and how closely it was looked at."""
    first = findings[0]
    drawn = {finding.check: finding for finding in findings if finding.tier == Tier.MONTE_CARLO}
    claims = []
    if any(finding.check == "bias" for finding in findings):
        form = first.exact_expression
        shown = f"{form} = " if form is not None and len(form) <= _LONGEST_FORM else ""
        claims.append(f"the mean of a draw is {shown}{significant(first.exact)}{_closeness(drawn.get('bias'))}")
    if any(finding.check == "variance" for finding in findings):
        size = significant(first.exact_variance)
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
    return mark + finding.message

"""Names that are HTML, LaTeX, Markdown or a formula, for reports that must not act on them."""

from __future__ import annotations

from dataclasses import replace

from tests.verify.samples import a_case, a_finding, a_report, troubled_case
from verify.finding import Verdict
from verify.report import Report

__all__ = ["NASTY", "a_nasty_report"]

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "<!-- ]]> --!>",
    "&amp;&lt;",
    "$x$ and $$y$$",
    r"\input{/etc/passwd}",
    r"^^5cinput{x} % {unbalanced",
    "a | b `c` ``d``",
    "two\nlines\r\nand\ta tab",
    "=cmd()",
    "+1",
    "-x**2",
    "@SUM(A1)",
    "javascript:alert(3)",
    "\x00\x1b[31m\x7f\x9b",
    "\u202eright to left\u2066",
    "\ud800 half",
    "σ ≤ 😀",
    "[1]: http://127.0.0.1/x",
    "  padded  ",
    "",
)


def a_nasty_report() -> Report:
    """Every name in every field that is text, in findings of all verdicts, in a control, and around them."""
    verdicts = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE, Verdict.PASS)
    findings = [
        a_finding(
            cost=text,
            law=text,
            wrt=text,
            at={text: text},
            estimator=text,
            message=text,
            reproduce=text,
            exact_expression=text,
            exact_variance_expression=text,
            guarantee=text,
            exact_method=text,
            verdict=verdict,
        )
        for text in NASTY
        for verdict in verdicts
    ]
    controls = tuple(finding for finding in findings if finding.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE))
    everything = a_report(*a_case(), *troubled_case(), *findings, controls=controls)
    text = " ".join(NASTY)
    return replace(everything, command=text, version=text, environment={text: text, "python": text})

"""Verdicts in words, marks and colours."""

from __future__ import annotations

from verify.finding import Finding, Tier, Verdict
from verify.shell.terminal import Look

__all__ = ["case_title", "check_name", "in_ascii", "is_weighted", "mark", "p_value_text", "values", "word"]

_COLOURS = {
    Verdict.PASS: "32",
    Verdict.FAIL: "1;31",
    Verdict.INCONCLUSIVE: "33",
    Verdict.NOT_APPLICABLE: "2",
}
_MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NOT_APPLICABLE: "–",
}
_IN_ASCII = str.maketrans(
    {"✓": "+", "✗": "X", "–": "-", "·": ".", "±": "+-", "×": "x", "─": "-", "…": "...", "∞": "inf"}
)


def word(verdict: Verdict, look: Look) -> str:
    """PASS, in green where colours may be used."""
    text = str(verdict).replace("_", " ")
    return f"\x1b[{_COLOURS[verdict]}m{text}\x1b[0m" if look.colour else text


def mark(verdict: Verdict | None) -> str:
    """One sign; a middle dot for a check that was not made."""
    return "·" if verdict is None else _MARKS[verdict]


def check_name(finding: Finding) -> str:
    """bias by draws, variance by quadrature, ..."""
    return f"{finding.check} by {'draws' if finding.tier == Tier.MONTE_CARLO else finding.tier}"


def p_value_text(finding: Finding) -> str:
    """p = 3.2e-09, or p < 1e-300; empty where nothing was tested by draws."""
    if finding.p_value is None:
        return ""
    return "p < 1e-300" if finding.p_value < 1e-300 else f"p = {finding.p_value:.2g}"


def is_weighted(finding: Finding) -> bool:
    """Whether the draws came from a mixture and were weighted: they say nothing about the mean, so it is left out."""
    return finding.tier == Tier.MONTE_CARLO and finding.estimate is None and finding.measured_variance is not None


def values(finding: Finding) -> str:
    """mu = 1/2, sigma = 1"""
    return ", ".join(f"{name} = {value}" for name, value in finding.at.items())


def case_title(finding: Finding) -> str:
    """What is differentiated, and where."""
    return ",   ".join(part for part in (f"f(x) = {finding.cost}", f"x ~ {finding.law}", values(finding)) if part)


def in_ascii(text: str, look: Look) -> str:
    """The text with every sign beyond ASCII spelled out, where the terminal cannot show them."""
    if look.unicode:
        return text
    return text.translate(_IN_ASCII).encode("ascii", "backslashreplace").decode("ascii")

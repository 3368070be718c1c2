"""A report: the findings, the controls that had to fail, and the budget that every verdict was paid from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from verify.finding import Finding, Verdict, worst

__all__ = ["Report", "VerificationError"]


class VerificationError(AssertionError):
    """A report failed. The message lists the failed findings; `report` holds all of them."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True)
class Report:
    """What was found, and how it can be found again.

    `controls` are estimators that are wrong on purpose: a report in which one of them does not FAIL is broken.
    `hypotheses` is how many Monte Carlo verdicts share the false-alarm rate.
    """

    findings: tuple[Finding, ...]
    controls: tuple[Finding, ...]
    version: str
    command: str
    seed: int
    environment: Mapping[str, str]
    false_alarm_rate: float
    miss_rate: float
    pass_error: float
    hypotheses: int

    @property
    def verdict(self) -> Verdict:
        """FAIL if any finding is, else INCONCLUSIVE if any is, else PASS; NOT_APPLICABLE if nothing was judged."""
        return worst(finding.verdict for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings have each verdict."""
        counted = Counter(finding.verdict for finding in self.findings)
        return {str(verdict): counted[verdict] for verdict in Verdict}

    @property
    def silent_controls(self) -> tuple[Finding, ...]:
        """Controls that did not FAIL."""
        return tuple(control for control in self.controls if control.verdict != Verdict.FAIL)

    def raise_for_failure(self) -> None:
        """Raise VerificationError, an AssertionError, unless the verdict is PASS and every control failed."""
        wrong = [finding for finding in self.findings if finding.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE)]
        lines = [f"{finding.verdict}: {finding.message}" for finding in wrong]
        lines += [f"control did not FAIL: {control.message}" for control in self.silent_controls]
        if not lines and self.verdict != Verdict.PASS:
            lines = ["nothing was judged: every finding is NOT_APPLICABLE"]
        if lines:
            raise VerificationError("\n".join(lines), self)

    def _repr_html_(self) -> str:
        """For Jupyter, as the two below."""
        from verify.formats.notebook import notebook_html

        return notebook_html(self)

    def _repr_latex_(self) -> str:
        from verify.formats.latex import latex_body

        return latex_body(self)

    def _repr_markdown_(self) -> str:
        from verify.formats.markdown import markdown_page

        return markdown_page(self)

"""A report: the findings, the controls that had to fail, and the budget that every verdict was paid from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from verify.deciding.error_budget import holm
from verify.finding import Finding, Verdict, worst

__all__ = ["Expectation", "Report", "VerificationError"]


class VerificationError(AssertionError):
    """A report failed. The message lists the failed findings; `report` holds all of them."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True)
class Expectation:
    """The verdict that a problem of a file must have, all its findings together, and the one it has.

    `places` are those of its findings in the report.
    """

    problem: str
    expected: Verdict
    found: Verdict
    places: range

    @property
    def met(self) -> bool:
        return self.found == self.expected


@dataclass(frozen=True)
class Report:
    """What was found, and how it can be found again.

    `controls` are estimators that are wrong on purpose: a report in which one of them does not FAIL is broken.
    `hypotheses` is how many Monte Carlo verdicts share the false-alarm rate. `expectations` are those of a file.
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
    expectations: tuple[Expectation, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """FAIL if any finding is, else INCONCLUSIVE if any is, else PASS; NOT_APPLICABLE if nothing was judged."""
        return worst(finding.verdict for finding in self.findings)

    @property
    def outcome(self) -> Verdict:
        """The same, but a problem with the verdict expected of it counts as PASS, and with another one as FAIL."""
        expected = {place for one in self.expectations for place in one.places}
        others = [finding.verdict for place, finding in enumerate(self.findings) if place not in expected]
        return worst([*others, *(Verdict.PASS if one.met else Verdict.FAIL for one in self.expectations)])

    @property
    def counts(self) -> dict[str, int]:
        """How many findings have each verdict."""
        counted = Counter(finding.verdict for finding in self.findings)
        return {str(verdict): counted[verdict] for verdict in Verdict}

    @property
    def culprits(self) -> tuple[int, ...]:
        """Places of the findings that Holm's procedure rejects, the strongest evidence first.

        The controls take part: they are hypotheses, and whatever is rejected leaves a larger rate to the others.
        """
        tested = [finding.p_value for finding in (*self.findings, *self.controls)]
        drawn = [place for place, p_value in enumerate(tested) if p_value is not None]
        p_values = [p_value for p_value in tested if p_value is not None]
        unseen = max(0, self.hypotheses - len(p_values))  # nothing was drawn for them
        rejected = holm([*p_values, *[1.0] * unseen], self.false_alarm_rate)
        return tuple(drawn[index] for index in rejected if drawn[index] < len(self.findings))

    @property
    def unmet(self) -> tuple[Expectation, ...]:
        """The problems that have another verdict than expected."""
        return tuple(one for one in self.expectations if not one.met)

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

    def __str__(self) -> str:
        """The tables that the command line prints."""
        from verify.formats.table import as_text

        return as_text(self)

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

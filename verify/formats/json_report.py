"""The report as JSON, the source of every other form. report.schema.json beside this file describes it."""

from __future__ import annotations

import json
import math

from verify.finding import Finding
from verify.formats.form import Format
from verify.report import Report
from verify.shell.terminal import Look

__all__ = ["JSON", "SCHEMA", "as_json"]

SCHEMA = "mcgradcheck/report/1"
FINDING_KEYS = (
    "cost",
    "law",
    "wrt",
    "at",
    "estimator",
    "check",
    "tier",
    "verdict",
    "guarantee",
    "exact",
    "exact_expression",
    "exact_method",
    "estimate",
    "standard_error",
    "exact_variance",
    "exact_variance_expression",
    "measured_variance",
    "n",
    "n_needed",
    "resolution",
    "detectable_bias",
    "detectable_bias_relative",
    "alpha",
    "beta",
    "message",
    "reproduce",
    "exact_digits",
    "exact_variance_digits",
    "p_value",
)


def as_json(report: Report) -> dict[str, object]:
    """The report as plain dicts, lists, texts and numbers, in the order of the schema."""
    return {
        "schema": SCHEMA,
        "version": report.version,
        "command": report.command,
        "seed": report.seed,
        "environment": dict(report.environment),
        "budget": {
            "false_alarm_rate": report.false_alarm_rate,
            "miss_rate": report.miss_rate,
            "hypotheses": report.hypotheses,
        },
        "verdict": str(report.verdict),
        "counts": report.counts,
        "findings": [_finding(finding) for finding in report.findings],
        "controls": [_finding(control) for control in report.controls],
        "culprits": list(report.culprits),
        "expectations": [
            {"problem": one.problem, "expected": str(one.expected), "found": str(one.found), "met": one.met}
            for one in report.expectations
        ],
    }


def _finding(finding: Finding) -> dict[str, object]:
    values = {key: getattr(finding, key) for key in FINDING_KEYS}
    values |= {"at": dict(finding.at), "tier": str(finding.tier), "verdict": str(finding.verdict)}
    if finding.exact_variance == math.inf:
        values["exact_variance"] = None  # JSON has no infinity; the message says that the variance is infinite
    return values


def _rest(report: Report, _look: Look) -> str:
    return json.dumps(as_json(report), indent=2, allow_nan=False) + "\n"


JSON = Format(
    name="json",
    about="every number of every finding, as in report.schema.json",
    suffixes=(".json",),
    rest=_rest,
)

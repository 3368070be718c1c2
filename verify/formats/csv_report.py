"""The report as CSV: a line for each finding and each control, for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io

from verify.formats.escaping import for_csv, visible
from verify.formats.form import Format
from verify.formats.json_report import FINDING_KEYS, as_json
from verify.formats.overall import expected_and_found
from verify.report import Report
from verify.shell.terminal import Look

__all__ = ["CSV"]


def _rest(report: Report, _look: Look) -> str:
    """`kind` is finding, control or expectation; the other columns are the keys of the JSON, and null is empty.

    The verdict of an expectation is that of its problem, and its message says which problem and what was expected.
    """
    loaded = as_json(report)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["kind", *FINDING_KEYS])
    for kind in ("finding", "control"):
        entries = loaded[f"{kind}s"]
        assert isinstance(entries, list)
        writer.writerows([kind, *(_cell(entry[key]) for key in FINDING_KEYS)] for entry in entries)
    for one in report.expectations:
        told = {
            "check": "expectation",
            "verdict": str(one.found),
            "message": f"{one.problem}: {expected_and_found(one)}",
        }
        writer.writerow(["expectation", *(_cell(told.get(key)) for key in FINDING_KEYS)])
    return text.getvalue()


def _cell(value: object) -> object:
    """Numbers keep all their digits; "at" becomes mu=1/2,sigma=1."""
    if isinstance(value, dict):
        value = ",".join(f"{name}={number}" for name, number in value.items())
    return for_csv(visible(value)) if isinstance(value, str) else value


CSV = Format(
    name="csv",
    about="a line for each finding; text that a spreadsheet would compute is behind an apostrophe",
    suffixes=(".csv",),
    rest=_rest,
)

"""What we may conclude: checks with stated error rates, reports, and the command line."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbolic.deriving import derive
    from verify.auditing.audit import Audit, audit
    from verify.checking import check
    from verify.grading.judging import grade
    from verify.grading.verdict import Grade
    from verify.regression.oracle import expected, tolerance
    from verify.report import Report, VerificationError

__all__ = [
    "Audit",
    "Grade",
    "Report",
    "VerificationError",
    "audit",
    "check",
    "derive",
    "expected",
    "grade",
    "tolerance",
]

_HOME = {
    "Audit": "verify.auditing.audit",
    "Grade": "verify.grading.verdict",
    "Report": "verify.report",
    "VerificationError": "verify.report",
    "audit": "verify.auditing.audit",
    "check": "verify.checking",
    "derive": "symbolic.deriving",
    "expected": "verify.regression.oracle",
    "grade": "verify.grading.judging",
    "tolerance": "verify.regression.oracle",
}


def __getattr__(name: str) -> object:
    """Import on first use: `--help` must not wait for SymPy."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)

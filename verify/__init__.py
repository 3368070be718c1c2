"""What we may conclude: checks with stated error rates, reports, and the command line."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.auditing import Audit, audit

__all__ = ["Audit", "audit"]

_HOME = {
    "Audit": "verify.auditing",
    "audit": "verify.auditing",
}


def __getattr__(name: str) -> object:
    """Import on first use: `--help` must not wait for SymPy."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)

"""What is true: the exact gradient of an expectation, and the exact moments of its Monte Carlo estimators."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbolic.clock import time_limit
    from symbolic.errors import SymbolicError
    from symbolic.exact import Exact
    from symbolic.exact_gradient import gradient
    from symbolic.exact_moments import Moments, moments
    from symbolic.law import Law
    from symbolic.value import Value

__all__ = ["Exact", "Law", "Moments", "SymbolicError", "Value", "gradient", "moments", "time_limit"]

_HOME = {
    "Exact": "symbolic.exact",
    "Law": "symbolic.law",
    "Moments": "symbolic.exact_moments",
    "SymbolicError": "symbolic.errors",
    "Value": "symbolic.value",
    "gradient": "symbolic.exact_gradient",
    "moments": "symbolic.exact_moments",
    "time_limit": "symbolic.clock",
}


def __getattr__(name: str) -> object:
    """Import on first use: `--help` must not wait for SymPy."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)

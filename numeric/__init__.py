"""What a machine computes: estimators as compiled kernels, drawn in reproducible streams."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numeric.estimation import Estimate, estimate

__all__ = ["Estimate", "estimate"]

_HOME = {"Estimate": "numeric.estimation", "estimate": "numeric.estimation"}


def __getattr__(name: str) -> object:
    """Import on first use: a program that only asks for help must not wait for NumPy."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)

"""Derivations: lines that are checked when they are made."""

from __future__ import annotations

from symbolic.deriving.story import derive, derive_general, derive_problem

__all__ = ["derive", "derive_general", "derive_problem"]

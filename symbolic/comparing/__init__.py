"""Are two formulas the same function of their symbols? Proven equal, proven different, or not known."""

from __future__ import annotations

from symbolic.comparing.comparison import Comparison, compare
from symbolic.comparing.domain import Domain

__all__ = ["Comparison", "Domain", "compare"]

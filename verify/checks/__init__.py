"""The checks, cheapest first. A new check is one new file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from verify.cell import Cell
from verify.checks.context import Context
from verify.checks.identity import identity
from verify.checks.monte_carlo import monte_carlo
from verify.checks.quadrature import quadrature
from verify.finding import Finding

__all__ = ["CHECKS"]

CHECKS: tuple[Callable[[Sequence[Cell], Context], list[Finding]], ...] = (identity, quadrature, monte_carlo)

"""What we may conclude: checks with stated error rates, reports, and the command line."""

from __future__ import annotations

__all__: list[str] = []

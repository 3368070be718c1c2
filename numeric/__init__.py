"""What a machine computes: estimators as compiled kernels, drawn in reproducible streams."""

from __future__ import annotations

__all__: list[str] = []

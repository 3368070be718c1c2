"""What a report was made with: the versions that decide its exact values and its draws."""

from __future__ import annotations

import platform
from importlib.metadata import version

__all__ = ["environment"]


def environment() -> dict[str, str]:
    """{"python": "3.11.7", "numpy": ..., ...}"""
    packages = ("numpy", "scipy", "sympy", "mpmath", "python-flint")
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
        "system": platform.system(),
        "machine": platform.machine(),
    }

"""The version of the project. The build reads it from here, and so do the command line and the reports."""

from __future__ import annotations

__all__ = ["VERSION"]

VERSION = "0.1.0"

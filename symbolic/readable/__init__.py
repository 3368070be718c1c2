"""The shortest of a few equivalent forms of an answer."""

from __future__ import annotations

from symbolic.readable.choice import readable

__all__ = ["readable"]

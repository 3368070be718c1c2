"""The ways in which a command line asks for what cannot be done."""

from __future__ import annotations

__all__ = ["NothingChecked", "UsageError"]


class UsageError(ValueError):
    """The request cannot be carried out. Cause: an argument. Cure: in the message, of one or two lines."""


class NothingChecked(ValueError):
    """No problem is left to check. Cause: a filter that nothing matches. Cure: in the message."""

"""Numbers that a caller gives, each of the right kind and within its range; else a UsageError that names it."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from numbers import Integral, Real
from typing import Any

from verify.usage import UsageError

__all__ = ["error_rate", "given_values", "number", "share", "share_of_text", "whole"]


def whole(name: str, value: object, least: int, most: int) -> int:
    """An int of any library from `least` to `most`; True is none."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        ends = f"from {least} to {most:.0e}" if most > 10**6 else f"from {least} to {most}"
        raise UsageError(f"{name}={_shown(value)} is out of range; give a whole number {ends}, as an int")
    return int(value)


def number(name: str, value: Any, most: float = inf) -> float:
    """A number above 0, finite and at most `most`; True is none."""
    if not _is_number(value) or not 0 < value <= most or value == inf:
        ends = "a finite number above 0" if most == inf else f"a number above 0 and at most {most:g}"
        raise UsageError(f"{name}={_shown(value)} is out of range; give {ends}")
    return float(value)


def share(name: str, value: Any, most: float = inf) -> float:
    """A number above 0 and at most `most`, or the text of one as on the command line: "5%" is 0.05."""
    if not isinstance(value, str):
        return number(name, value, most)
    try:
        found = share_of_text(value)
    except ValueError:
        raise UsageError(f"{name}={_shown(value)} is no share; give a number, or a text such as '5%'") from None
    if not 0 < found <= most or found == inf:
        number(name, value, most)  # it says why, with the text as it was given
    return found


def share_of_text(text: str) -> float:
    """5% and 0.05 are 0.05. Raises ValueError for what is no number."""
    digits = text.strip()
    return float(digits.removesuffix("%")) / 100.0 if digits.endswith("%") else float(digits)


def error_rate(name: str, value: Any) -> float:
    """A probability that is neither 0 nor 1."""
    if not _is_number(value) or not 0 < value < 1:
        raise UsageError(f"{name}={_shown(value)} is not an error rate; give a number between 0 and 1, both excluded")
    return float(value)


def given_values(at: object) -> Mapping[Any, Any]:
    """The values as the mapping that they have to be; what is in it is read elsewhere."""
    if not isinstance(at, Mapping):
        raise UsageError(f"at={_shown(at)} does not say which value is whose; write at={{'mu': 0.5, 'sigma': 1}}")
    return at


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"

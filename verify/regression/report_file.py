"""A report read back from its JSON: as much of the schema as a comparison rests on, and nothing taken on trust."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from verify.finding import Tier, Verdict
from verify.formats.json_report import FINDING_KEYS, SCHEMA
from verify.shell.arguments import shown
from verify.usage import UsageError

__all__ = ["ReadReport", "Record", "read_report"]

Record = dict[str, Any]
"""A finding, by the keys of the schema."""

_TEXTS = ("cost", "law", "wrt", "estimator", "check", "guarantee", "message", "reproduce")
_NUMBERS = ("exact", "exact_variance", "detectable_bias")
_COUNTS = ("n", "n_needed")
ADDED_LATER = ("exact_digits", "exact_variance_digits", "p_value")
"""Keys that older reports of the same schema do not have."""

_CURE = "give a report that was written with --format json"


@dataclass(frozen=True)
class ReadReport:
    """What a comparison needs of a report."""

    path: str
    seed: int
    rates: dict[str, float]
    findings: tuple[Record, ...]
    controls: tuple[Record, ...]


def read_report(path: str) -> ReadReport:
    """The report in the file. Raises UsageError, which names the file, for whatever is not a report of this schema."""
    file = shown(path, 150)
    try:
        with open(path, encoding="utf-8") as stream:
            loaded = json.load(stream, parse_constant=_refuse_constant)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}; {_CURE}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} is not JSON: {error}; {_CURE}") from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{file} is no report; {_CURE}")
    if loaded.get("schema") != SCHEMA:
        raise UsageError(f"{file}: schema={shown(str(loaded.get('schema')))}, not {SCHEMA}; {_CURE}")
    seed: Any = loaded.get("seed")
    if not _is_whole(seed):
        raise UsageError(f"{file}: seed={_value(seed)} is not a whole number; {_CURE}")
    rates = _rates(loaded.get("budget"), file)
    return ReadReport(path, seed, rates, _records(loaded, "findings", file), _records(loaded, "controls", file))


def _rates(budget: Any, file: str) -> dict[str, float]:
    rates = {}
    for key in ("false_alarm_rate", "miss_rate"):
        rate: Any = budget.get(key) if isinstance(budget, dict) else None
        if not _is_number(rate):
            raise UsageError(f"{file}: budget: {key}={_value(rate)} is not a number; {_CURE}")
        rates[key] = float(rate)
    return rates


def _records(loaded: Record, key: str, file: str) -> tuple[Record, ...]:
    records = loaded.get(key)
    if not isinstance(records, list):
        raise UsageError(f"{file}: {key} is not a list; {_CURE}")
    for number, record in enumerate(records, 1):
        _check(record, f"{file}: {key.removesuffix('s')} {number}")
    return tuple(records)


def _check(record: Any, place: str) -> None:
    if not isinstance(record, dict):
        raise UsageError(f"{place} is not an object; {_CURE}")
    for key in FINDING_KEYS:
        if key not in record and key not in ADDED_LATER:
            raise UsageError(f"{place}: {key} is missing; {_CURE}")
    for key, wanted, holds in (
        *((key, "text", isinstance(record[key], str)) for key in _TEXTS),
        *((key, "a finite number or null", record[key] is None or _is_number(record[key])) for key in _NUMBERS),
        *((key, "a whole number or null", record[key] is None or _is_whole(record[key])) for key in _COUNTS),
        ("tier", f"one of {', '.join(Tier)}", record["tier"] in list(Tier)),
        ("verdict", f"one of {', '.join(Verdict)}", record["verdict"] in list(Verdict)),
        ("at", "values as text by their names", _is_values(record["at"])),
    ):
        if not holds:
            raise UsageError(f"{place}: {key}={_value(record[key])} is not {wanted}; {_CURE}")


def _is_values(at: Any) -> bool:
    return isinstance(at, dict) and all(isinstance(value, str) for value in at.values())


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def _value(value: Any) -> str:
    return shown(json.dumps(value))


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"it holds {word}")

"""A file of problems, as TOML: one table [[problem]] each.

[[problem]]
name = "kink"                         # optional, as are about, law, wrt, estimators and expected
cost = "Max(x - k, 0)"
law = "normal"
at = {mu = 0.5, sigma = "1/3", k = 1}  # exact: 0.5 is 1/2
wrt = ["mu", "k"]                     # or "mu"
estimators = ["pathwise"]
expected = "PASS"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symbolic.parsing.names import near, shortened
from symbolic.parsing.values import MAX_BITS
from verify.case import Case
from verify.finding import Verdict
from verify.shell.arguments import shown
from verify.usage import UsageError

__all__ = ["read_problems"]

KEYS = ("name", "cost", "law", "at", "wrt", "estimators", "expected", "about")


@dataclass(frozen=True)
class _Float:
    """A number with a point or an exponent, as it is written."""

    text: str


def read_problems(path: str) -> tuple[Case, ...]:
    """The problems of the file, in its order; what their costs and laws say is checked when they are judged.

    Raises UsageError, which names the file, the number of the problem and the key.
    """
    file = shown(path, 150)
    tables = _tables(path, file)
    return tuple(_case(table, f"{file}: problem {number}") for number, table in enumerate(tables, 1))


def _tables(path: str, file: str) -> list[Any]:
    try:
        with open(path, "rb") as stream:
            contents = tomllib.load(stream, parse_float=_Float)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}; name a file of [[problem]] tables"
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} is not TOML: {error}") from None
    _refuse_unknown(contents, ("problem",), file)
    tables = contents.get("problem")
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{file} holds no problem; begin each one with a line [[problem]]")
    return tables


def _case(table: Any, place: str) -> Case:
    if not isinstance(table, dict):
        raise UsageError(f"{place} is {_kind(table)}; begin each problem with a line [[problem]]")
    _refuse_unknown(table, KEYS, place)
    if "cost" not in table:
        raise UsageError(f'{place}: cost is missing; write cost = "x**2"')
    name, about = _text(table, "name", "", place), _text(table, "about", "", place)
    return Case(
        cost=_text(table, "cost", "", place).strip(),
        law=_text(table, "law", "normal", place),
        at=_values(table.get("at", {}), place),
        wrt=_names(table, "wrt", place),
        estimators=_names(table, "estimators", place),
        about=": ".join(part for part in (name, about) if part),
        expected=_expected(table, place),
        place=f"{place} ({shown(name)})" if name else place,
    )


def _refuse_unknown(table: Mapping[str, Any], keys: tuple[str, ...], place: str) -> None:
    for key in table:
        if key not in keys:
            raise UsageError(
                f"{place}: {shown(key)} is no key here{near(key, keys) or ';'} the keys are {', '.join(keys)}"
            )


def _text(table: Mapping[str, Any], key: str, default: str, place: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise UsageError(f"{place}: {key} is {_kind(value)}, not text; write it in quotes")
    return value


def _values(values: Any, place: str) -> dict[str, str]:
    if not isinstance(values, dict):
        raise UsageError(f"{place}: at is {_kind(values)}, not a table; write at = {{mu = 0.5, sigma = 1}}")
    return {name: _number(name, value, place) for name, value in values.items()}


def _number(name: str, value: Any, place: str) -> str:
    match value:
        case bool():
            raise UsageError(f'{place}: at: {shown(name)} is a truth value; write a number such as 0.5 or "1/3"')
        case int() if value.bit_length() > MAX_BITS:
            raise UsageError(f"{place}: at: {shown(name)} has {value.bit_length()} bits; at most {MAX_BITS} are read")
        case int():
            return str(value)
        case _Float(text):
            return text.replace("_", "")  # TOML's sign between groups of digits
        case str():
            return value
    raise UsageError(f'{place}: at: {shown(name)} is {_kind(value)}; write a number such as 0.5 or "1/3"')


def _names(table: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = table.get(key, [])
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise UsageError(f'{place}: {key} is {_kind(value)}; write {key} = "one name" or a list of names')
    repeated = next((name for name in found if found.count(name) > 1), None)
    if repeated is not None:
        raise UsageError(f"{place}: {key} names {shown(repeated)} twice; name it once")
    return tuple(found)


def _expected(table: Mapping[str, Any], place: str) -> Verdict | None:
    if "expected" not in table:
        return None
    word = _text(table, "expected", "", place)
    if word not in list(Verdict):
        verdicts = ", ".join(Verdict)
        raise UsageError(
            f"{place}: expected={shown(word)} is no verdict{near(word.upper(), list(Verdict)) or ';'} "
            f"choose from: {verdicts}"
        )
    return Verdict(word)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | _Float():
            return f"the number {shortened(value.text if isinstance(value, _Float) else value)}"
        case str():
            return f"the text {shown(value)}"
        case list():
            return "a list" if all(isinstance(part, str) for part in value) else "a list of other things than names"
        case dict():
            return "a table"
    return f"a {type(value).__name__}"

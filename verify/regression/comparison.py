"""What changed between two reports, and whether it got worse.

A verdict got worse if it was PASS and is not, or is FAIL and was not. An exact value may not change at all, beyond
1e-12 of it. Power is lost by a larger detectable bias, by fewer draws of the same seed, and by a finding that is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from verify.finding import Verdict
from verify.regression.report_file import ReadReport, Record

__all__ = ["Change", "compare"]

EXACT_TOLERANCE = 1e-12
POWER_TOLERANCE = 1e-9  # of a detectable bias: both are computed, and the last bits differ between machines

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """`kind` is what changed; `where` a cell and a check, as in a report; `old` and `new` are texts for a reader."""

    kind: str
    cost: str
    at: str
    law: str
    wrt: str
    estimator: str
    check: str
    tier: str
    old: str
    new: str
    worse: bool


def compare(old: ReadReport, new: ReadReport) -> tuple[Change, ...]:
    """Every change, in the order of the old report; then what is new, then the controls and the rates."""
    changes = [*_findings(old, new), *_controls(old, new)]
    for key, before in old.rates.items():
        after = new.rates[key]
        if after != before:
            changes.append(_rate_change(key.replace("_", " "), before, after))
    return tuple(changes)


def _findings(old: ReadReport, new: ReadReport) -> Iterator[Change]:
    were, are = _by_key(old.findings), _by_key(new.findings)
    looked_at = {_names(record)[:-1] for record in new.findings}
    for key, record in were.items():
        if key in are:
            yield from _finding(record, are[key], same_seed=old.seed == new.seed)
        else:
            kind = "tier missing" if _names(record)[:-1] in looked_at else "finding gone"
            yield _change(kind, record, record["verdict"], "", worse=True)
    for key, record in are.items():
        if key not in were:
            yield _change("new finding", record, "", record["verdict"], worse=record["verdict"] == Verdict.FAIL)


def _controls(old: ReadReport, new: ReadReport) -> Iterator[Change]:
    """A control has to FAIL."""
    were, are = _by_key(old.controls), _by_key(new.controls)
    for key, record in were.items():
        if key not in are:
            yield _change("control gone", record, record["verdict"], "", worse=True)
        elif (now := are[key]["verdict"]) != record["verdict"]:
            yield _change("control", record, record["verdict"], now, worse=now != Verdict.FAIL)
    for key, record in are.items():
        if key not in were:
            yield _change("new control", record, "", record["verdict"], worse=record["verdict"] != Verdict.FAIL)


def _names(record: Record) -> Key:
    """What a finding is about, the tier last."""
    names = ("cost", "law", "wrt", "estimator", "check", "tier")
    return (*sorted(record["at"].items()), *(record[name] for name in names))


def _by_key(records: Sequence[Record]) -> dict[Key, Record]:
    """What is compared with what; the same finding twice in one report is compared in its order."""
    seen: Counter[Key] = Counter()
    found = {}
    for record in records:
        key = _names(record)
        found[*key, seen[key]] = record
        seen[key] += 1
    return found


def _finding(old: Record, new: Record, *, same_seed: bool) -> Iterator[Change]:
    was, now = old["verdict"], new["verdict"]
    if was != now:
        yield _change("verdict", old, was, now, worse=was == Verdict.PASS or now == Verdict.FAIL)
    if old["guarantee"] != new["guarantee"]:
        worse = old["guarantee"] == "proven"
        yield _change("guarantee", old, old["guarantee"], new["guarantee"], worse=worse)
    for key in ("exact", "exact_variance"):
        if _differ(old[key], new[key]):
            yield _change(key.replace("_", " "), old, _digits(old[key]), _digits(new[key]), worse=old[key] is not None)
    yield from _power(old, new, same_seed=same_seed)


def _power(old: Record, new: Record, *, same_seed: bool) -> Iterator[Change]:
    was, now = old["detectable_bias"], new["detectable_bias"]
    lost = was is not None and (now is None or now > was * (1 + POWER_TOLERANCE))
    gained = now is not None and (was is None or now < was * (1 - POWER_TOLERANCE))
    if lost or gained:
        yield _change("detectable bias", old, _digits(was, 6), _digits(now, 6), worse=lost)
    drawn, draws = old["n"] or 0, new["n"] or 0
    if drawn != draws:
        # Another seed stops elsewhere by chance. The same one draws the same, and fewer draws saw less, unless they
        # were enough to FAIL.
        worse = draws < drawn and new["verdict"] != Verdict.FAIL and (same_seed or draws == 0)
        yield _change("draws", old, f"{drawn:,}", f"{draws:,}", worse=worse)


def _differ(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return abs(new - old) > EXACT_TOLERANCE * max(abs(old), abs(new))


def _digits(value: float | None, digits: int = 17) -> str:
    return "none" if value is None else f"{value:.{digits}g}"


def _rate_change(kind: str, old: float, new: float) -> Change:
    """A rate of the whole report stands at no finding."""
    return Change(kind, "", "", "", "", "", "", "", f"{old:g}", f"{new:g}", worse=new > old)


def _change(kind: str, record: Record, old: str, new: str, *, worse: bool) -> Change:
    return Change(
        kind=kind,
        at=", ".join(f"{name} = {value}" for name, value in record["at"].items()),
        old=old,
        new=new,
        worse=worse,
        **{name: record[name] for name in ("cost", "law", "wrt", "estimator", "check", "tier")},
    )

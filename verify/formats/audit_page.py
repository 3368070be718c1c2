"""An audit as one page for a maintainer, and as JSON."""

from __future__ import annotations

import json
import math
import textwrap

from verify.auditing.audit import Audit, Bug
from verify.formats.grid import Column, grid
from verify.formats.numbers import draws, percent, significant
from verify.formats.words import in_ascii
from verify.shell.terminal import Look

__all__ = ["SCHEMA", "audit_as_json", "audit_as_text", "how_often"]

SCHEMA = "mcgradcheck/audit/1"
WIDTH = 110
COLUMNS = (
    Column("if the gradient were"),
    Column("the mean would be", "right"),
    Column("the test would pass"),
)
_BAD, _GOOD, _PLAIN = "1;31", "32", "0"
_MANY = 0.01  # false failures that a maintainer notices, and misses that make a test worthless
_VAGUE = 0.005  # an error of the computation beyond which no probability is told as one number
_LARGE = ((1e12, 1e12, "trillion"), (1e9, 1e9, "billion"), (1e6, 1e6, "million"))


def how_often(probability: float, floor: float = 0.0) -> str:
    """1 run in 8.5, 92 % of runs, every run; at or below `floor` only that it is rarer than that."""
    if probability > 1 - 1e-9:
        return "every run"
    if probability <= max(floor, 1e-300):
        return "no run" if floor == 0 else f"fewer than 1 run in {_count(1 / floor)}"
    if probability > 0.5:
        return f"{_share(probability)} of runs"
    return f"1 run in {_count(1 / probability)}"


def _share(probability: float) -> str:
    """Three digits, and no 100 % for what is less."""
    return f"{100 * probability:.3g} %" if probability < 0.9995 else f"{100 * probability:.6g} %"


def _count(number: float) -> str:
    """8.5, 120, 12,000, a million, 3.2 million, 1e+15."""
    if number < 99.5:
        return f"{number:.2g}"
    if abs(number / 1e6 - 1) < 0.005:
        return "a million"
    if number < 999_500:
        rounded = float(f"{number:.2g}")
        return f"{rounded:,.0f}"
    for least, unit, name in _LARGE:
        if least <= number * 1.0005 and number < 1e15:
            return f"{float(f'{number / unit:.2g}'):,g} {name}"
    return f"{number:.0e}"


def audit_as_text(audit: Audit, look: Look) -> str:
    """One screen: the test, what it does to correct code, what it lets through, and what would be better."""
    page = (
        _headline(audit),
        _correct_code(audit, look),
        _bugs(audit, look),
        _found(audit),
        _better(audit),
        _worth(audit),
    )
    return in_ascii("\n\n".join(part for part in page if part), look) + "\n"


def _headline(audit: Audit) -> str:
    at = ", ".join(f"{name} = {value}" for name, value in audit.at.items())
    gradient, given = f"d/d{audit.wrt} E[{audit.cost}]", f"rtol = {audit.rtol:g}, atol = {audit.atol:g}"
    lines = [
        f"The test    |mean of {audit.n:,} draws - {audit.exact_gradient:.6g}| <= {audit.tolerance:.6g}    ({given})",
        f"of          {audit.estimator} for {gradient},   x ~ {audit.law}{',   ' if at else ''}{at}",
    ]
    if audit.components > 1:
        lines.append(f"in each of  {audit.components:,} independent components, all of which have to pass")
    if audit.standard_error:
        deviation, error = math.sqrt(audit.exact_variance), audit.standard_error
        lines += [
            f"\nOne draw has the standard deviation {deviation:.4g}, so the mean has the standard error {error:.3g}.",
            f"The tolerance is {audit.tolerance_in_standard_errors:.3g} standard errors.",
        ]
    else:
        lines.append("\nEvery draw is the gradient itself: there is no noise, and any tolerance will do.")
    return "\n".join(lines)


def _correct_code(audit: Audit, look: Look) -> str:
    p = audit.false_failure_probability
    if audit.error > _VAGUE:
        low, high = audit.false_failure_bounds
        low, high = max(low, p - audit.error), min(high, p + audit.error)
        return f"    Between {_share(low)} and {_share(high)} of runs of CORRECT code fail under a fresh seed."
    often = how_often(p, audit.error)
    share = f" ({_share(p)})" if p > max(audit.error, 1e-4) and "%" not in often else ""
    bad = p > _MANY
    verb = "fail" if "runs" in often else "fails"
    text = f"    {often[0].upper()}{often[1:]} of CORRECT code {verb} under a fresh seed{share}."
    return _coloured(text, _BAD if bad else _GOOD, look) + (
        "\n    A fixed seed only freezes that luck: it then always passes, or always fails." if bad else ""
    )


def _bugs(audit: Audit, look: Look) -> str:
    shown = _worth_showing(audit.bugs)
    rows = [[bug.name, significant(bug.mean, 4), _survival(bug, audit, look)] for bug in shown]
    return grid(COLUMNS, rows, look)


def _worth_showing(bugs: tuple[Bug, ...]) -> list[Bug]:
    """All but those that are as sure to pass, or to be found, as a larger or a smaller one of the same kind."""
    steps, others = (
        [bug for bug in bugs if "too large" in bug.name],
        [bug for bug in bugs if "too large" not in bug.name],
    )
    passed = [bug for bug in steps if bug.survives > 0.9995]
    found = [bug for bug in steps if bug.survives < 1e-9]
    return [*passed[-1:], *(bug for bug in steps if bug not in passed and bug not in found), *found[:1], *others]


def _survival(bug: Bug, audit: Audit, look: Look) -> str:
    p, noise = bug.survives, bool(bug.mean and audit.standard_error)
    if audit.error > _VAGUE and noise:
        text = f"in about {_share(p)} of runs"
    elif p >= 0.9995:
        text = "always" if p > 1 - 1e-9 else "nearly always"
    elif p >= _MANY:
        text = f"in {_share(p)} of runs"
    elif p <= max(audit.error, 1e-12):
        text = "practically never" if noise else "never"
    else:
        text = f"in {how_often(p)}"
    return _coloured(text, _BAD if p > _MANY else _PLAIN, look)


def _found(audit: Audit) -> str:
    where = " in every component" if audit.components > 1 else ""
    lines = [f"Found{where}, whatever its sign:"]
    for share, scale, shift in (
        ("90 %", audit.smallest_scale_error_90, audit.smallest_shift_90),
        ("99.9 %", audit.smallest_scale_error_999, audit.smallest_shift_999),
    ):
        scaled = _size(None if scale is None else percent(scale), "scale error", scale)
        shifted = _size(None if shift is None else f"{shift:.2g}", "shift", shift)
        lines.append(f"    in {share:>6} of runs   {f'{scaled},   ' if audit.exact_gradient else ''}{shifted}")
    return "\n".join(lines)


def _size(text: str | None, kind: str, size: float | None) -> str:
    if size is None:
        return f"no {kind} that was tried"
    return f"a {kind} of {text} or more" if size else f"any {kind}: it fails without one, too"


def _better(audit: Audit) -> str:
    if not audit.standard_error:
        return ""
    odds, missed = how_often(audit.false_alarm_rate), how_often(audit.miss_rate)
    rates = f"{odds}, and misses in as few" if odds == missed else f"{odds}, and misses in {missed}"
    lines = [f"For false failures in {rates}:"]
    if audit.n_needed is None:
        lines.append("    keep the tolerance: no number of draws that can be told is enough")
    else:
        times = audit.n_needed / audit.n
        change = f"{_count(times)} times as many" if times >= 1 else f"{percent(times)} of these"
        lines.append(
            f"    keep the tolerance: {draws(audit.n_needed)} draws, {change}; "
            "what is then found is twice the tolerance"
        )
    if audit.tolerance_needed is None or audit.shift_found_then is None:
        lines.append("    keep the draws:     no tolerance that can be told is wide enough")
    else:
        lines.append(f"    keep the draws:     {_tolerance(audit)}; what is then found is {_found_then(audit)}")
    return "\n".join(lines)


def _tolerance(audit: Audit) -> str:
    assert audit.tolerance_needed is not None
    if audit.rtol and audit.exact_gradient:
        rest = (audit.tolerance_needed - audit.atol) / abs(audit.exact_gradient)
        if rest > 0:
            return f"rtol = {rest:.3g}"
    return f"atol = {audit.tolerance_needed:.3g}"


def _found_then(audit: Audit) -> str:
    assert audit.shift_found_then is not None
    share = (
        f", {percent(audit.shift_found_then / abs(audit.exact_gradient))} of the gradient"
        if audit.exact_gradient
        else ""
    )
    return f"a shift of {audit.shift_found_then:.2g}{share}"


def _worth(audit: Audit) -> str:
    if audit.guarantee == "proven":
        text = f"These numbers are proven: the law of the mean is known ({audit.method})."
    else:
        low, high = audit.false_failure_bounds
        text = (
            f"Computed from the exact {audit.method} of the mean, numerical error about {audit.error:.0e}. Proven, by "
            f"Berry and Esseen or Chebyshev: correct code fails in {_share(low)} to {_share(high)} of runs."
        )
    if audit.simulation is not None:
        seen = audit.simulation
        low, high = seen.interval
        verdict = "agrees" if seen.agrees else "DISAGREES, please report it"
        text += (
            f" Simulated: {seen.failures:,} of {seen.runs:,} runs of correct code fail; that {verdict}. (The "
            f"true share is {_share(low)} to {_share(high)}, but for a risk of 1e-6.)"
        )
    return textwrap.fill(text, WIDTH, break_on_hyphens=False)


def _coloured(text: str, code: str, look: Look) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if look.colour and code != _PLAIN else text


def audit_as_json(audit: Audit, command: str, version: str) -> str:
    """Every number of the audit; null for one that does not exist or is infinite."""
    seen = audit.simulation
    values: dict[str, object] = {
        "schema": SCHEMA,
        "version": version,
        "command": command,
        **{name: getattr(audit, name) for name in audit.__dataclass_fields__},
        "at": dict(audit.at),
        "false_failure_bounds": list(audit.false_failure_bounds),
        "bugs": [{"name": bug.name, "mean": bug.mean, "survives": bug.survives} for bug in audit.bugs],
        "simulation": None
        if seen is None
        else {
            "runs": seen.runs,
            "failures": seen.failures,
            "interval": list(seen.interval),
            "agrees": seen.agrees,
        },
    }
    if math.isinf(audit.tolerance_in_standard_errors):
        values["tolerance_in_standard_errors"] = None
    return json.dumps(values, indent=2, allow_nan=False) + "\n"

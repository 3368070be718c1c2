"""A plan as one page, and as JSON."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict

from verify.formats.grid import Column, grid
from verify.formats.numbers import MISSING, draws, percent
from verify.formats.words import in_ascii
from verify.planning import Plan, Step, ZTest
from verify.shell.terminal import Look

__all__ = ["SCHEMA", "plan_as_json", "plan_as_text"]

SCHEMA = "mcgradcheck/plan/1"
WIDTH = 130
_TOO_VAGUE = 0.01
COLUMNS = (
    Column("d/d"),
    Column("estimator"),
    Column("check"),
    Column("smallest error\nsd, share", "right"),
    Column("FAIL\nwithin", "right"),
    Column("PASS\nwithin", "right"),
    Column("expected\ndraws", "right"),
    Column("seconds,\nat most", "right"),
    Column("z-test\ndraws", "right"),
    Column("false alarms:\npromised, true", "right"),
    Column("misses:\ntrue", "right"),
)


def plan_as_text(plan: Plan, look: Look) -> str:
    """The table of the steps, the reasons where there are none, and what the columns mean."""
    at = ", ".join(f"{name} = {value}" for name, value in plan.at.items())
    title = ",   ".join(part for part in (f"f(x) = {plan.cost}", f"x ~ {plan.law}", at) if part)
    notes = list(dict.fromkeys(step.note for step in plan.steps if step.note))
    rows = [_row(step, notes) for step in plan.steps]
    numbered = [_wrapped(f"[{number}] {note}") for number, note in enumerate(notes, 1)]
    parts = ["\n".join([title, "", grid(COLUMNS, rows, look), *numbered]), _meaning(plan)]
    return in_ascii("\n\n".join(parts), look) + "\n"


def _row(step: Step, notes: list[str]) -> list[str]:
    mark = f" [{notes.index(step.note) + 1}]" if step.note else ""
    size = MISSING
    if step.resolution is not None:
        share = MISSING if step.effect is None else percent(step.effect)
        size = share if step.check == "variance" else f"{step.resolution:.2g}, {share:>7}"
    return [
        step.wrt,
        step.estimator,
        step.check + mark,
        size,
        draws(step.n_fail),
        draws(step.n_pass),
        "w " * step.weighted + draws(None if step.expected_draws is None else round(step.expected_draws)),
        MISSING if step.seconds is None else f"{_seconds(step.seconds)}, {_seconds(step.seconds_at_most):>5}",
        *_z_cells(step.z_test),
    ]


def _z_cells(test: ZTest | None) -> tuple[str, str, str]:
    if test is None:
        return MISSING, MISSING, MISSING
    return (
        draws(test.draws),
        f"{test.promised_false_alarm:.1e}, {_rate(test.false_alarm, test.error)}",
        _rate(test.miss, test.error),
    )


def _rate(rate: float, error: float) -> str:
    """As many digits as are certain, and an upper end where there is none."""
    if rate > 2 * error:
        return f"{rate:.1e}"
    return f"< {rate + error:.0e}" if error < _TOO_VAGUE else "not known"


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return MISSING
    return f"{seconds:.2g}" if seconds < 99.5 else f"{seconds:.0f}" if seconds < 1e6 else f"{seconds:.0e}"


def _meaning(plan: Plan) -> str:
    threads = "1 thread" if plan.workers == 1 else f"{plan.workers} threads"
    timed = any(step.seconds is not None for step in plan.steps)
    lines = [
        f"FAIL within so many draws, if the error is that large; missed with probability at most {plan.beta:.1e}.",
        "PASS within so many, if the estimator is right, and after the expected draws on average.",
        f"False FAIL: probability at most {plan.alpha:.1e}; false PASS: {plan.pass_error:g}; proven for any tails.",
        f"Whole report: {plan.false_alarm_rate:g} and {plan.miss_rate:g}, shared by {plan.hypotheses} hypotheses.",
        f"Seconds: of drawing, timed just now on {threads}; estimators of one case share their draws."
        if timed
        else "Seconds: left out.",
        f"z-test: one look after so many draws, the variance known; it promises {plan.beta:.1e} misses.",
        "Its true rates: from the exact law of its mean, or by inversion of the characteristic function.",
    ]
    if any(step.weighted for step in plan.steps):
        lines.append("w: weighted draws of a mixture, as plain ones would take too many; the z-test is of plain draws.")
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="    ", break_on_hyphens=False)


def plan_as_json(plan: Plan, command: str, version: str) -> str:
    """Every number of the plan; null for one that does not exist."""
    values = {"schema": SCHEMA, "version": version, "command": command, **asdict(plan)}
    return json.dumps(values, indent=2, allow_nan=False) + "\n"

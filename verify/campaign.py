"""A campaign: every check on every cell of every case, then the controls, under one budget."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

import sympy as sp
from tqdm import tqdm

from symbolic.errors import SymbolicError
from verify.case import Case, Settings
from verify.cell import Cell, cells_of
from verify.checks import CHECKS
from verify.checks.context import Context, refuse_no_share
from verify.controls import Control, control_cell
from verify.deciding.error_budget import Budget
from verify.environment import environment
from verify.finding import Finding, Tier
from verify.report import Report
from verify.version import VERSION

__all__ = ["run_campaign"]

RESOLUTION = 0.01  # of a control under a budget, in standard deviations, unless the report's is coarser
CHECKS_OF_A_CELL = 2  # bias and variance, by draws: the only verdicts that can be wrong by chance


def run_campaign(
    cases: Sequence[Case],
    controls: Sequence[Control],
    settings: Settings,
    *,
    command: str,
    on_case: Callable[[tuple[Finding, ...]], None] | None = None,
) -> Report:
    """Judge the cases and the controls. `on_case` gets the findings of each case as soon as it is done.

    Every case is validated before the first one runs. Raises SymbolicError for a bad case, NonFiniteDraw if an
    estimator gives NaN or infinity, BudgetTooSmall if `max_draws` cannot decide anything.
    """
    prepared = [_prepared(case) for case in cases]
    refuse_no_share([cell for cells in prepared for cell in cells], settings)
    hypotheses = CHECKS_OF_A_CELL * sum(len(cells) for cells in prepared) + len(controls)
    budget = Budget(settings.false_alarm_rate, settings.miss_rate)
    alpha, beta = budget.split(max(1, hypotheses))
    context = Context(settings, alpha, beta, budget.pass_error)
    findings: list[Finding] = []
    with tqdm(total=len(prepared) + len(controls), file=sys.stderr, disable=None, leave=False, unit="case") as bar:
        for case, cells in zip(cases, prepared, strict=True):
            with _said_where(case):
                found = tuple(finding for check in CHECKS for finding in check(cells, context))
            findings += found
            bar.update()
            if on_case is not None:
                bar.clear()
                on_case(found)
        failed = []
        for control in controls:
            failed.append(_control_finding(control, context))
            bar.update()
    return Report(
        findings=tuple(findings),
        controls=tuple(failed),
        version=VERSION,
        command=command,
        seed=settings.seed,
        environment=environment(),
        false_alarm_rate=settings.false_alarm_rate,
        miss_rate=settings.miss_rate,
        pass_error=budget.pass_error,
        hypotheses=hypotheses,
    )


def _prepared(case: Case) -> tuple[Cell, ...]:
    with _said_where(case):
        return cells_of(case)


@contextmanager
def _said_where(case: Case) -> Iterator[None]:
    """What is wrong with a case that stands in a file is told with its place there."""
    try:
        yield
    except SymbolicError as error:
        if not case.place:
            raise
        raise type(error)(f"{case.place}: {error}") from None


def _control_finding(control: Control, context: Context) -> Finding:
    """The Monte Carlo verdict that must be FAIL; a control is never excused by its obstacle."""
    if context.settings.max_draws is not None:
        context = replace(context, settings=_without_budget(context.settings))
    cell = control_cell(control, lambda right: _exactly(2 * context.resolution_of(right)))
    (found,) = [
        finding
        for check in CHECKS
        for finding in check([cell], context)
        if finding.check == control.check and finding.tier == Tier.MONTE_CARLO
    ]
    return found


def _without_budget(settings: Settings) -> Settings:
    """A budget makes the resolution of the cases coarser; the controls are cheap, and have to be seen all the same."""
    return replace(settings, max_draws=None, min_effect=None, resolution=max(settings.resolution, RESOLUTION))


def _exactly(number: float) -> sp.Rational:
    fraction = Fraction(number)
    return sp.Rational(fraction.numerator, fraction.denominator)

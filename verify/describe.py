"""A finding from a cell: its names, its exact numbers and the command that repeats it, filled in once."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from symbolic.law import Law
from symbolic.laws import LAWS
from symbolic.problem import Problem
from symbolic.value import Value
from verify.case import Settings
from verify.cell import Cell
from verify.finding import Finding, Tier, Verdict

__all__ = ["call_as_text", "digits_of", "finding_for", "float_of", "is_known", "values_as_text"]


def finding_for(
    cell: Cell,
    check: str,
    tier: Tier,
    verdict: Verdict,
    message: str,
    settings: Settings,
    *,
    guarantee: str = "proven",
    **numbers: Any,
) -> Finding:
    """The finding of one check; `numbers` are the fields of Finding that this tier measured."""
    exact_mean, variance = cell.gradient, cell.variance
    return Finding(
        cost=str(cell.problem.cost),
        law=str(cell.problem.law),
        wrt=str(cell.problem.wrt),
        at=values_as_text(cell.problem, cell.values),
        estimator=cell.judged.name,
        check=check,
        tier=tier,
        verdict=verdict,
        guarantee=guarantee,
        message=message,
        reproduce=_command(cell, settings),
        exact=float_of(exact_mean),
        exact_expression=_text(cell.gradient_form.expression),
        exact_method=cell.gradient_form.method,
        exact_variance=float_of(variance),
        exact_variance_expression=_text(cell.moments.variance.expression),
        exact_digits=digits_of(exact_mean),
        exact_variance_digits=digits_of(variance),
        **numbers,
    )


def float_of(value: Value) -> float | None:
    """The nearest float; None where there is none: too large, or infinite."""
    number = float(value)
    return number if math.isfinite(number) else None


def digits_of(value: Value) -> str | None:
    """The digits that are certain, whatever the size of the number; None where it is infinite or none is certain."""
    text = str(value)
    return text if value.is_finite and "+/-" not in text else None


def values_as_text(problem: Problem, values: Mapping[sp.Symbol, sp.Rational]) -> Mapping[str, str]:
    """{"mu": "1/2", ...}, in the order of the law's parameters, then by name."""
    first = [str(symbol) for argument in problem.law.arguments for symbol in sorted(argument.free_symbols, key=str)]
    by_name = {str(symbol): value for symbol, value in values.items()}
    order = [*dict.fromkeys(first), *sorted(name for name in by_name if name not in first)]
    return {name: str(by_name[name]) for name in order}


def is_known(law: Law) -> bool:
    """Whether a text can name it: it is one of the package's, whatever stands in the place of its parameters."""
    return any(replace(law, arguments=known.arguments) == known for known in LAWS)


def call_as_text(
    estimator: str, problem: Problem, values: Mapping[sp.Symbol, sp.Rational], claims: Sequence[str], settings: Settings
) -> str:
    """The call of verify.check that repeats a judgement; a law of one's own stands there without quotes."""
    law = repr(str(problem.law)) if is_known(problem.law) else str(problem.law)
    words = [estimator, repr(str(problem.cost)), f"at={dict(values_as_text(problem, values))}"]
    words += [f"wrt={str(problem.wrt)!r}", f"law={law}", *claims]
    if settings.min_effect is not None:
        words.append(f"min_effect={settings.min_effect!r}")
    else:
        words.append(f"resolution={settings.resolution!r}")
    words += [f"false_alarm_rate={settings.false_alarm_rate!r}", f"miss_rate={settings.miss_rate!r}"]
    words.append(f"seed={settings.seed}")
    if settings.max_draws is not None:
        words.append(f"max_draws={settings.max_draws}")
    return f"verify.check({', '.join(words)})"


def _text(expression: object) -> str | None:
    return None if expression is None else str(expression)


def _command(cell: Cell, settings: Settings) -> str:
    """The command line that repeats this finding; a control has no estimator of that name, and runs in every report."""
    if cell.judged.name != cell.claimed.name:
        return f"python -m verify --seed {settings.seed}"
    if not is_known(cell.problem.law):
        return call_as_text(repr(cell.judged.name), cell.problem, cell.values, [], settings)
    words = ["python", "-m", "verify", "check", str(cell.problem.cost)]
    if at := values_as_text(cell.problem, cell.values):
        words += ["--at", ",".join(f"{name}={value}" for name, value in at.items())]
    words += ["--law", str(cell.problem.law), "--wrt", str(cell.problem.wrt), "--estimator", cell.judged.name]
    words += ["--seed", str(settings.seed)]
    if settings.min_effect is not None:
        words += ["--min-effect", repr(settings.min_effect)]
    else:
        words += ["--resolution", repr(settings.resolution)]
    words += ["--variance-resolution", repr(settings.variance_resolution)]
    words += ["--false-alarm-rate", repr(settings.false_alarm_rate), "--miss-rate", repr(settings.miss_rate)]
    if settings.max_draws is not None:
        words += ["--max-draws", str(settings.max_draws)]
    return shlex.join(words)

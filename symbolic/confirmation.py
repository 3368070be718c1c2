"""SymPy's own integral where no method of ours has a closed form: given only if it agrees with certified values.

sympy.integrate may be wrong. Its form is held against enclosures at points that are the same at every call, spread over
the signs of the symbols. Agreement at points is no proof for all others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle, islice, product
from typing import TypeAlias

import sympy as sp
from flint import arb

from symbolic.balls import real_ball, shortened
from symbolic.clock import check_time, seconds_left, within
from symbolic.comparing.domain import Domain
from symbolic.errors import NotInClass, SymbolicError, TimedOut
from symbolic.integral import Integral
from symbolic.problem import Problem
from symbolic.value import Value

__all__ = ["HOW_CONFIRMED", "SECONDS", "Truth", "closed_or_confirmed", "confirmed"]

SECONDS = 5.0
"""How long SymPy and the comparison may take together where nobody asked for SymPy by name."""

POINTS = 8
DIGITS = 20
HOW_CONFIRMED = f"found by SymPy, confirmed at {POINTS} points to {DIGITS} digits; that is no proof"

Truth: TypeAlias = Callable[[Mapping[sp.Symbol, sp.Rational], int], Value]
"""(values, digits) -> the certified value, which does not come from SymPy's integral."""

_WORKING_DIGITS = DIGITS + 5
_WIDEST = arb(10) ** -DIGITS
_MOST_DRAWN = 200
_MOST_SIGNS = 1 << 10


def closed_or_confirmed(
    problem: Problem, ours: Callable[[], Integral], by_sympy: Callable[[], Integral], truth: Truth
) -> Integral:
    """Our closed form, else SymPy's if it is confirmed. Raises NotInClass with every reason, as `ours` does else.

    SymPy gets 5 s, or half of what the whole call has left if that is less.
    """
    try:
        return ours()
    except NotInClass as refusal:
        reasons = str(refusal)
    seconds = min(SECONDS, seconds_left() / 2)
    try:
        return within(seconds, "SymPy's integral", lambda: confirmed(by_sympy(), problem, truth))
    except TimedOut:
        check_time()  # the end of the whole call is another matter
        raise NotInClass(f"{reasons}; sympy_integral: not found and confirmed within {seconds:.3g} s") from None
    except NotInClass as refusal:
        raise NotInClass(f"{reasons}; {refusal}") from None


def confirmed(form: Integral, problem: Problem, truth: Truth) -> Integral:
    """The form in its shortest writing, if it agrees with the truth at 8 points to 20 digits. Raises NotInClass."""
    short = replace(form, form=form.shortest)
    written = short.shortest
    agreed = 0
    for values in islice(_points(problem, short), POINTS):
        where = ", ".join(f"{symbol}={number}" for symbol, number in values.items())
        try:
            claimed, true = real_ball(written, values, _WORKING_DIGITS), truth(values, _WORKING_DIGITS)
        except TimedOut:
            raise
        except SymbolicError as reason:
            raise NotInClass(f"{form.method}: {shortened(written)} is not confirmed at {where}: {reason}") from None
        if not (true.is_finite and claimed.overlaps(true.ball)):
            raise NotInClass(
                f"{form.method}: sympy.integrate leads to {shortened(written)}, which is wrong: at {where} it is "
                f"{claimed.str(10, radius=False)}, and the true value is {true}"
            )
        if not (_is_narrow(claimed) and _is_narrow(true.ball)):
            raise NotInClass(f"{form.method}: {shortened(written)} is not known to {DIGITS} digits at {where}")
        agreed += 1
    if agreed < POINTS:
        raise NotInClass(f"{form.method}: {shortened(written)} could be looked at at {agreed} points only")
    return short


def _points(problem: Problem, form: Integral) -> Iterator[dict[sp.Symbol, sp.Rational]]:
    """Values inside the law and the conditions of the form, one pattern of signs after the other."""
    symbols = sorted(problem.symbols, key=str)
    numbers = random.Random(str(problem))
    domain = Domain(problem, form.conditions & form.form_holds)
    signs = product(*((1,) if symbol.is_positive else (1, -1) for symbol in symbols))
    for pattern in islice(cycle(islice(signs, _MOST_SIGNS)), _MOST_DRAWN):
        values = {
            symbol: sign * sp.Rational(numbers.randint(5, 40), numbers.randint(11, 19))
            for symbol, sign in zip(symbols, pattern, strict=True)
        }
        if domain.holds(values):
            yield values


def _is_narrow(ball: arb) -> bool:
    return bool(ball.rad() <= _WIDEST * (ball.abs_lower() if not ball.contains(0) else 1))

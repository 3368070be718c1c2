"""When a check cannot speak: a jump that the estimator does not see, a moment that is infinite, float64 too coarse."""

from __future__ import annotations

import math

import sympy as sp

from symbolic.balls import real_ball
from symbolic.errors import Divergent, NotCertified, TimedOut
from symbolic.places.jumps_at_numbers import jumps_at
from verify.cell import Cell

__all__ = ["infinite_fourth_moment", "infinite_variance", "no_share", "too_coarse", "unseen_jump"]


def unseen_jump(cell: Cell) -> str | None:
    """The reason and the exact predicted bias, where the judged estimator is blind to a jump of the cost."""
    misses, wrt = cell.judged.misses, cell.problem.wrt
    if misses is None:
        return None
    here = {wrt: cell.values[wrt]}
    fixed = {symbol: value for symbol, value in cell.values.items() if symbol != wrt}
    law = cell.problem.law.with_arguments(*(argument.xreplace(fixed) for argument in cell.problem.law.arguments))
    found = jumps_at(cell.problem.cost.xreplace(fixed), law, wrt, here)
    unseen = [(jump, amount) for jump in found if (amount := misses(jump, law, wrt).xreplace(here)) != 0]
    bias = real_ball(-sp.Add(*(amount for _, amount in unseen)), {})
    if bias == 0:
        return None
    places = ", ".join(f"{law.variable} = {jump.place.xreplace(here)}" for jump, _ in unseen)
    obstacle = cell.judged.obstacle
    formula = f"{obstacle.bias} = " if obstacle is not None and obstacle.is_known else ""
    return (
        f"the cost jumps at {places}, and the {cell.judged.name} term does not see it: "
        f"its mean is off by {formula}{float(bias.mid()):.6g}"
    )


def infinite_variance(cell: Cell) -> str | None:
    """The reason, where one draw has no finite variance: no number of draws can then decide."""
    if cell.variance.is_finite:
        if math.isfinite(float(cell.variance)) and (float(cell.variance) > 0 or not cell.has_variance):
            return None
        return f"the variance of one draw of {cell.claimed.name} is {cell.variance}: float64 cannot hold it"
    try:
        cell.moments.mean.at(cell.own_values)
    except Divergent as reason:
        return f"one draw of {cell.claimed.name} has no mean here, though there is a gradient: {reason}"
    except (NotCertified, TimedOut):
        pass  # whether it has a mean is not known; that it has no variance is
    return f"one draw of {cell.claimed.name} has an infinite variance here{_needs(cell.moments.variance.conditions)}"


def infinite_fourth_moment(cell: Cell) -> str | None:
    """The reason, where (g - m)**2 has no finite variance: the variance cannot be tested by draws."""
    if not cell.has_variance:
        return None
    if cell.kurtosis.is_finite:
        if 0 < float(cell.kurtosis) * float(cell.variance) * float(cell.variance) < math.inf:
            return None
        return f"the fourth moment of one draw of {cell.claimed.name} is beyond what float64 can hold"
    return f"E g**4 of {cell.claimed.name} is infinite here{_needs(cell.moments.kurtosis.conditions)}"


def too_coarse(cell: Cell, resolution: float) -> str | None:
    """The reason, where float64 moves a draw by more than a tenth of the bias that is looked for."""
    if not cell.has_variance or cell.rounding <= resolution / 10:
        return None
    return (
        f"float64 rounds a draw by {cell.rounding:.2g} here, more than a tenth of the resolution {resolution:.2g}: "
        "no verdict from draws; a larger sigma or a coarser resolution has one"
    )


def no_share(cell: Cell, share: float | None) -> str | None:
    """The reason, where the bias to be found is a share of a gradient that is 0."""
    if share is None or float(cell.gradient) != 0:
        return None
    return (
        f"min_effect={share:g} is a share of the gradient, but {cell.problem} is 0 here; "
        "use a resolution in standard deviations instead"
    )


def _needs(conditions: object) -> str:
    return "" if conditions == True else f"; it is finite for {conditions}"  # noqa: E712 - SymPy's true is not Python's

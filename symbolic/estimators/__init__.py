"""The estimators. A new estimator is one new file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from symbolic.clock import limited
from symbolic.errors import BadParameter
from symbolic.estimator import Estimator
from symbolic.estimators.pathwise import pathwise
from symbolic.estimators.score_function import score_function
from symbolic.problem import Problem

__all__ = ["ESTIMATORS", "estimator"]

ESTIMATORS: MappingProxyType[str, Callable[[Problem], Estimator]] = MappingProxyType(
    {"score_function": score_function, "pathwise": pathwise}
)


@limited("writing the term of the estimator")
def estimator(name: str, problem: Problem) -> Estimator:
    """The estimator of that name for the problem. Raises BadParameter for an unknown name."""
    if name not in ESTIMATORS:
        raise BadParameter(f"estimator={name} is unknown; choose from: {', '.join(ESTIMATORS)}")
    return ESTIMATORS[name](problem)

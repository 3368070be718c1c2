"""Functions that are wrong on purpose, for a report about somebody else's estimator: each of them must FAIL.

All claim to be the pathwise estimator of d/dmu E[x^2] at mu = 1, sigma = 1/2: mean 2, variance 1, kurtosis 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from numeric.black_box import EstimatorFunction
from symbolic.parsing import values_for
from symbolic.problem import problem
from verify.checks.black_box import judge_black_box
from verify.checks.context import Context
from verify.checks.subject import subject_of
from verify.finding import Finding

__all__ = ["BLACK_BOX_CONTROLS", "BlackBoxControl", "control_findings"]

_LEAST_RESOLUTION = 0.01  # what is finer takes time and shows nothing more: the draws are scaled to their deviation


@dataclass(frozen=True)
class BlackBoxControl:
    """`build(shift)` is the wrong function, `shift` twice the resolution; `check` must see it."""

    name: str
    check: str
    build: Callable[[float], EstimatorFunction]


def control_findings(context: Context) -> tuple[Finding, ...]:
    """The findings that must be FAIL. The resolution is the report's, but never finer than 0.01; no budget cuts it."""
    resolution = max(context.settings.resolution, _LEAST_RESOLUTION)
    settings = replace(context.settings, resolution=resolution, min_effect=None, max_draws=None)
    asked = problem("x**2", "mu", "normal")
    values = values_for({"mu": "1", "sigma": "1/2"}, asked.symbols)
    right = subject_of(_right, asked, values, settings.seed, claims="pathwise")
    findings = []
    for control in BLACK_BOX_CONTROLS:
        wrong = replace(right, box=replace(right.box, function=control.build(2 * resolution)))
        judged = judge_black_box(wrong, replace(context, settings=settings))
        (finding,) = [finding for finding in judged if finding.check == control.check]
        findings.append(replace(finding, estimator=control.name, trace=None))
    return tuple(findings)


def _right(params: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return _pathwise(params, rng.standard_normal(n))


def _pathwise(params: dict[str, float], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * (params["mu"] + params["sigma"] * noise)


def _shifted(shift: float) -> EstimatorFunction:
    return lambda params, n, rng: _pathwise(params, rng.standard_normal(n)) + shift


def _with_twice_the_noise(shift: float) -> EstimatorFunction:
    return lambda params, n, rng: _pathwise(params, 2 * rng.standard_normal(n))


def _with_a_seed_of_its_own(shift: float) -> EstimatorFunction:
    return lambda params, n, rng: _pathwise(params, np.random.default_rng(0).standard_normal(n))


BLACK_BOX_CONTROLS: tuple[BlackBoxControl, ...] = (
    BlackBoxControl("a function shifted by two resolutions", "bias", _shifted),
    BlackBoxControl("a function with twice the noise", "variance", _with_twice_the_noise),
    BlackBoxControl("a function with a seed of its own", "draws", _with_a_seed_of_its_own),
)

"""A law of somebody's own, as a `Law`: its named estimators are judged as those of the package's laws are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

import verify
from numeric.black_box import EstimatorFunction
from symbolic.errors import SymbolicError
from symbolic.laws import EXPONENTIAL, NORMAL
from tests.symbolic.test_laws import RAYLEIGH
from verify.finding import Tier, Verdict
from verify.usage import UsageError

AT = {"alpha": 2}


@pytest.mark.parametrize("cost", ["x**2", "Max(x - 1, 0)"])
@pytest.mark.parametrize("name", ["score_function", "pathwise"])
def test_a_named_estimator_is_judged_by_every_tier(name: str, cost: str) -> None:
    report = verify.check(name, cost, at=AT, wrt="alpha", law=RAYLEIGH, resolution=0.05)
    assert report.verdict == Verdict.PASS, report
    assert {finding.tier for finding in report.findings if finding.verdict == Verdict.PASS} >= {
        Tier.QUADRATURE,
        Tier.MONTE_CARLO,
    }
    assert report.silent_controls == ()
    assert "rayleigh(alpha)" in str(report)


def test_a_finding_says_by_which_call_it_comes_again_and_not_by_which_command() -> None:
    report = verify.check("pathwise", "x**2", at=AT, wrt="alpha", law=RAYLEIGH, resolution=0.05)
    (repeat,) = {finding.reproduce for finding in report.findings}
    assert repeat == (
        "verify.check('pathwise', 'x**2', at={'alpha': '2'}, wrt='alpha', law=rayleigh(alpha), resolution=0.05, "
        "false_alarm_rate=1e-06, miss_rate=1e-06, seed=0)"
    )
    known = verify.check("pathwise", "x**2", at={"lam": 2}, wrt="lam", law=EXPONENTIAL, resolution=0.05)
    assert {finding.reproduce.split()[0] for finding in known.findings} == {"python"}


WRONG: dict[str, Callable[[sp.Expr], sp.Expr]] = {
    "a path that is too long": lambda path: 2 * path,
    "a path without its parameter": lambda path: path + 1,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize("name", ["score_function", "pathwise"])
def test_a_path_that_does_not_make_the_density_is_refused(name: str, wrong: Callable[[sp.Expr], sp.Expr]) -> None:
    """The exact gradient comes from the density, the draws from the path: neither is judged by another law's."""
    law = replace(RAYLEIGH, name="stretched", path=wrong(RAYLEIGH.path))
    with pytest.raises(
        SymbolicError, match=r"stretched\(alpha\): its path is not drawn from its density: at alpha = 3/4"
    ):
        verify.check(name, "x**2", at=AT, wrt="alpha", law=law, resolution=0.05)


@pytest.mark.parametrize("estimator", ["pathwise", lambda params, n, rng: np.zeros(n)], ids=["by name", "a function"])
def test_a_law_must_not_borrow_a_name(estimator: str | EstimatorFunction) -> None:
    """A report would say that it is about the normal law."""
    borrowed = replace(NORMAL, density=RAYLEIGH.density.xreplace({RAYLEIGH.parameters[0]: NORMAL.parameters[1]}))
    with pytest.raises(UsageError, match="my_normal"):
        verify.check(estimator, "x**2", at={"mu": 0, "sigma": 1}, law=borrowed)


def test_what_has_no_mean_under_it_is_refused_with_the_reason() -> None:
    with pytest.raises(SymbolicError, match=r"exp\(x\*\*2\)"):
        verify.check("pathwise", "exp(x**2)", at=AT, wrt="alpha", law=RAYLEIGH)

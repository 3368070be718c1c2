"""Central norms of estimators: above the truth by mpmath at 20 digits, and hardly."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from symbolic.enclosing.central_norms import central_norm_bound
from symbolic.estimators import estimator
from symbolic.exact_moments import Moments
from symbolic.parsing import values_for
from symbolic.problem import problem
from symbolic.value import Value

CASES = [
    ("x**2", {"mu": 1, "sigma": 2}),
    ("x**4 - 3*x**2 + x", {"mu": "1", "sigma": "1/2"}),
    ("cos(3*x)", {"mu": 1, "sigma": 1}),
    ("Max(x - 1, 0)", {"mu": 1, "sigma": "3/2"}),
    ("sigmoid(x)", {"mu": 1, "sigma": 1}),
]


def by_quadrature(term: sp.Expr, symbol: sp.Symbol, power: int) -> mpmath.mpf:
    """(E|g - E g|^power)^(1/power) under the standard normal law."""
    with mpmath.workdps(20):
        function = sp.lambdify(symbol, term, "mpmath")
        ends = [-30, -9, -3, 0, 3, 9, 30]
        mean = mpmath.quad(lambda e: function(e) * mpmath.npdf(e), ends)
        return mpmath.root(mpmath.quad(lambda e: (function(e) - mean) ** power * mpmath.npdf(e), ends), power)


@pytest.mark.parametrize("kind", ["score_function", "pathwise"])
@pytest.mark.parametrize(("cost", "at"), CASES, ids=[cost for cost, _ in CASES])
def test_norms_are_above_the_truth_and_hardly(cost: str, at: dict[str, object], kind: str) -> None:
    asked = problem(cost, "mu", "normal")
    values = values_for(at, asked.symbols)
    built = estimator(kind, asked)
    mean = Moments(asked, built).mean.at({str(symbol): value for symbol, value in values.items()})
    for power in (4, 12):
        found = central_norm_bound(built, values, mean, power)
        assert found is not None
        truth = by_quadrature(built.term.xreplace(values), built.noise.symbol, power)
        # The quadrature is good to far more than 1e-9; an enclosure is asked for six digits.
        assert truth * (1 - mpmath.mpf("1e-9")) <= found <= truth * (1 + mpmath.mpf("1e-5"))


def test_a_mean_that_is_known_badly_is_added() -> None:
    asked = problem("x**2", "mu", "normal")
    values = values_for({"mu": 1, "sigma": 2}, asked.symbols)
    built = estimator("pathwise", asked)
    vague = Value(mpmath.mpf(2), mpmath.mpf("0.5"))
    assert central_norm_bound(built, values, vague, 2) == pytest.approx(4.5, rel=1e-12)


def test_a_moment_that_does_not_exist_has_no_bound() -> None:
    asked = problem("exp(x**2/8)", "mu", "normal")
    values = values_for({"mu": "1/2", "sigma": 1}, asked.symbols)
    built = estimator("pathwise", asked)
    mean = Moments(asked, built).mean.at({"mu": "1/2", "sigma": 1})
    assert central_norm_bound(built, values, mean, 2) is not None
    assert central_norm_bound(built, values, mean, 4) is None


@pytest.mark.parametrize("power", [-2, 0, 1, 3])
def test_an_odd_power_is_refused(power: int) -> None:
    asked = problem("x**2", "mu", "normal")
    values = values_for({"mu": 1, "sigma": 2}, asked.symbols)
    with pytest.raises(ValueError, match=f"power={power}"):
        central_norm_bound(estimator("pathwise", asked), values, Value(mpmath.mpf(2), mpmath.mpf(0)), power)

"""Every law's path is held against its density: p(g(e)) |dg/de| = q(e), and both densities integrate to 1.

A further law runs through the same tests unchanged: one is made here to prove it.
"""

from __future__ import annotations

import re
from dataclasses import replace

import mpmath
import pytest
import sympy as sp

from symbolic import gradient, moments
from symbolic.equality import equal
from symbolic.errors import BadParameter
from symbolic.estimators import ESTIMATORS
from symbolic.exact import Number
from symbolic.law import Law, Noise
from symbolic.laws import LAWS, NORMAL
from symbolic.problem import problem
from symbolic.score import score

_x, _u = sp.Symbol("x", real=True), sp.Symbol("epsilon", real=True)
_alpha = sp.Symbol("alpha", positive=True)

# Rayleigh, x = alpha sqrt(2 e) with e exponential: a path that is not affine.
RAYLEIGH = Law(
    name="rayleigh",
    variable=_x,
    parameters=(_alpha,),
    arguments=(_alpha,),
    positive=(_alpha,),
    support=(sp.S.Zero, sp.oo),
    density=_x * sp.exp(-(_x**2) / (2 * _alpha**2)) / _alpha**2,
    noise=Noise(_u, sp.exp(-_u), (sp.S.Zero, sp.oo), "standard_exponential"),
    path=_alpha * sp.sqrt(2 * _u),
    source="Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions I, chapter 18",
)

ALL = [*LAWS, RAYLEIGH]


def path_matches_density(law: Law) -> bool:
    """p(g(e)) |dg/de| = q(e), by algebra or at three points to 40 digits."""
    noise = law.noise.symbol
    pushed = law.density.xreplace({law.variable: law.path}) * sp.Abs(sp.diff(law.path, noise))
    if equal(sp.powsimp(pushed), law.noise.density):
        return True
    values = {parameter: sp.Rational(3 + 2 * place, 4) for place, parameter in enumerate(law.parameters)}
    ratio = (pushed / law.noise.density).subs(values)
    return all(abs(ratio.subs(noise, sp.Rational(k, 3)).evalf(50) - 1) < sp.Float("1e-40", 50) for k in (1, 2, 7))


@pytest.mark.parametrize("law", ALL, ids=str)
def test_the_path_makes_the_density(law: Law) -> None:
    assert path_matches_density(law)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(NORMAL, path=NORMAL.path + 1),
        replace(NORMAL, path=NORMAL.parameters[0] + NORMAL.parameters[1] ** 2 * NORMAL.noise.symbol),
        replace(NORMAL, density=NORMAL.density / 2),
        replace(RAYLEIGH, path=_alpha * sp.sqrt(_u)),
    ],
    ids=["shifted", "sigma for sigma squared", "half the mass", "lost factor"],
)
def test_a_wrong_path_or_density_is_seen(wrong: Law) -> None:
    assert not path_matches_density(wrong)
    with pytest.raises(BadParameter, match="its path is not drawn from its density: at "):
        problem("x**2", wrong.parameters[-1], wrong)


@pytest.mark.parametrize("law", ALL, ids=str)
def test_the_densities_integrate_to_one(law: Law) -> None:
    values = {parameter: sp.Rational(3 + 2 * place, 4) for place, parameter in enumerate(law.parameters)}
    for density, symbol, support in (
        (law.density.subs(values), law.variable, law.support),
        (law.noise.density, law.noise.symbol, law.noise.support),
    ):
        low = -40 if support[0] == -sp.oo else 0
        function = sp.lambdify(symbol, density, "mpmath")
        with mpmath.workdps(40):
            total = mpmath.quad(function, [mpmath.mpf(mark) for mark in (low, low / 4, 0, 1, 3, 8, 20, 100)])
        assert abs(total - 1) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize("law", ALL, ids=str)
def test_the_score_has_mean_zero(law: Law) -> None:
    values = {parameter: sp.Rational(3 + 2 * place, 4) for place, parameter in enumerate(law.parameters)}
    for parameter in law.parameters:
        function = sp.lambdify(law.variable, (score(law, parameter) * law.density).subs(values), "mpmath")
        low = -40 if law.support[0] == -sp.oo else 0
        with mpmath.workdps(40):
            total = mpmath.quad(function, [mpmath.mpf(mark) for mark in (low, low / 4, 0, 1, 3, 8, 20, 100)])
        assert abs(total) < mpmath.mpf(10) ** -25


def test_arguments_stand_in_for_parameters() -> None:
    mu, rho = NORMAL.parameters[0], sp.Symbol("rho", real=True)
    law = NORMAL.with_arguments(mu, sp.exp(rho))
    assert str(law) == "normal(mu, exp(rho))"
    assert law.symbols == {mu, rho}
    # d/d rho log p = (x - mu)^2/sigma^2 - 1 by the chain rule with d sigma/d rho = sigma.
    wanted = (law.variable - mu) ** 2 * sp.exp(-2 * rho) - 1
    assert equal(score(law, rho), wanted) is True


def test_a_wrong_number_of_arguments_is_refused() -> None:
    with pytest.raises(BadParameter, match="takes 2 parameters"):
        NORMAL.with_arguments(NORMAL.parameters[0])


@pytest.mark.parametrize("number", [0, -1, sp.Rational(-1, 3)])
def test_a_positive_parameter_must_be_positive(number: sp.Rational) -> None:
    with pytest.raises(BadParameter, match=f"sigma={number}"):
        NORMAL.check({NORMAL.parameters[1]: sp.Rational(number)})


def test_an_argument_must_be_a_real_number() -> None:
    m = sp.Symbol("m", real=True)
    law = NORMAL.with_arguments(sp.log(m), sp.S.One)
    with pytest.raises(BadParameter, match="finite real number"):
        law.check({m: sp.S.NegativeOne})
    law.check({m: sp.Integer(2)})


def test_a_cost_may_hold_the_name_of_a_parameter_that_the_law_does_not() -> None:
    """Under normal(m, s) the symbol mu belongs to the cost: the jump at x = mu does not move with m."""
    pathwise = moments("Heaviside(x - mu)", "pathwise", wrt="m", law="normal(m, s)").estimator
    assert pathwise.obstacle is not None
    m, s, mu = sp.Symbol("m", real=True), sp.Symbol("s", positive=True), sp.Symbol("mu", real=True)
    density = sp.exp(-((mu - m) ** 2) / (2 * s**2)) / (s * sp.sqrt(2 * sp.pi))
    assert equal(pathwise.obstacle.bias, -density) is True
    assert equal(gradient("Heaviside(x - mu)", wrt="m", law="normal(m, s)").expression, density) is True


ARGUMENTS = [
    ("normal(mu, sqrt(v))", "v", {"mu": 1, "v": 2}, None),
    ("normal(mu, sqrt(v))", "v", {"mu": 1, "v": -1}, "v=-1: v is -1 there and has no root"),
    ("normal(mu, sqrt(v))", "v", {"mu": 1, "v": 0}, "sqrt(v)=0 at v=0 is not a sigma of normal: it must be > 0"),
    (
        "normal(mu, log(k))",
        "k",
        {"mu": 1, "k": "1/2"},
        "log(k)=-log(2) at k=1/2 is not a sigma of normal: it must be > 0",
    ),
    ("normal(0*log(v) + v, 1)", "v", {"v": 1}, None),
    ("normal(0*log(v) + v, 1)", "v", {"v": -1}, "v is -1 there and has no logarithm"),
    ("normal(v/v + v, 1)", "v", {"v": 0}, "v is 0 there and has no reciprocal"),
    ("exponential(1/t)", "t", {"t": -1}, "1/t=-1 at t=-1 is not a lam of exponential: it must be > 0"),
    ("normal(mu, v**a)", "v", {"mu": 1, "v": -1, "a": 2}, None),
    ("normal(mu, v**a)", "v", {"mu": 1, "v": -1, "a": "1/2"}, "v is -1 there and has no root"),
    ("normal(mu, exp(rho))", "rho", {"mu": 1, "rho": -800}, None),
]


@pytest.mark.parametrize(("law", "wrt", "at", "words"), ARGUMENTS, ids=[f"{law} {at}" for law, _, at, _ in ARGUMENTS])
def test_the_arguments_of_a_law_are_held_to_what_they_need(
    law: str, wrt: str, at: dict[str, Number], words: str | None
) -> None:
    asked = [gradient("x**2", wrt, law), *(moments("x**2", name, wrt, law).variance for name in ESTIMATORS)]
    for answer in asked:
        if words is None:
            assert answer.at(at).is_finite
        else:
            with pytest.raises(BadParameter, match=re.escape(words)):
                answer.at(at)

"""The two identities for any cost f, any law p(x; theta) and any path g(epsilon, theta); then for the Gaussian.

A line about every cost is made only if it holds in each of the instances of `instances`: laws and costs of this
project put in place of p, g and f.
"""

from __future__ import annotations

import sympy as sp

from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.instances import F1, F2, THETA, F, G, mean
from symbolic.deriving.unevaluated import Density, Mean
from symbolic.laws.normal import NORMAL

__all__ = ["gaussian_case", "general_identities"]

_X, _EPSILON = NORMAL.variable, NORMAL.noise.symbol
_MU, _SIGMA = NORMAL.parameters
_DOMINATED = "the derivative under the integral has an integrable bound near theta"
_SMOOTH = "f is absolutely continuous: no jumps; its slope along the path has an integrable bound"


def general_identities(lines: Lines) -> None:
    """d/dtheta E_x[f] by the density and by the path."""
    p, path = Density(_X, THETA), G(_EPSILON, THETA)
    derivative = sp.Derivative(mean(F(_X), THETA), THETA)
    topic = "Score function, any law p(x; theta)"
    lines.add(topic, mean(F(_X), THETA), sp.Integral(F(_X) * p, _X), "definition", "p is the density of x")
    lines.add(
        topic,
        sp.Derivative(p, THETA),
        p * sp.Derivative(sp.log(p), THETA),
        "log-derivative",
        "(log p)' = p'/p, so p' = p (log p)'",
        "p > 0 on the support",
    )
    lines.add(topic, derivative, sp.Derivative(sp.Integral(F(_X) * p, _X), THETA), "definition", "the first line")
    lines.then(
        sp.Integral(F(_X) * sp.Derivative(p, THETA), _X),
        "differentiate under the integral",
        "f does not hold theta; dominated convergence",
        f"{_DOMINATED}; the support does not move with theta",
    )
    lines.then(sp.Integral(F(_X) * p * sp.Derivative(sp.log(p), THETA), _X), "log-derivative", "the second line")
    lines.then(
        mean(F(_X) * sp.Derivative(sp.log(p), THETA), THETA),
        "score-function identity",
        "an integral against the density is an expectation; f is only evaluated, so it may jump",
        main=True,
    )
    topic = "Pathwise, any path x = g(epsilon, theta)"
    lines.add(
        topic,
        mean(F(_X), THETA),
        Mean(F(path), _EPSILON),
        "reparameterization",
        "g(epsilon, theta) has the law of x; the law of epsilon holds no theta",
        main=True,
    )
    lines.add(topic, derivative, sp.Derivative(Mean(F(path), _EPSILON), THETA), "reparameterization", "the line above")
    lines.then(
        Mean(sp.Derivative(F(path), THETA), _EPSILON),
        "differentiate under the expectation",
        "the law of epsilon does not move",
        _SMOOTH,
    )
    lines.then(
        Mean(F1(path) * sp.Derivative(path, THETA), _EPSILON),
        "pathwise identity",
        "chain rule: d/dtheta f(g) = f'(g) dg/dtheta",
        main=True,
    )


def gaussian_case(lines: Lines) -> None:
    """x ~ N(mu, sigma^2), x = mu + sigma epsilon: both identities for both parameters, Bonnet's and Price's."""
    p = Density(_X, _MU, _SIGMA)
    path = _MU + _SIGMA * _EPSILON
    scores = {_MU: (_X - _MU) / _SIGMA**2, _SIGMA: ((_X - _MU) ** 2 / _SIGMA**2 - 1) / _SIGMA}
    for wrt, weight in scores.items():
        topic = f"Gaussian, d/d{wrt}"
        derivative = sp.Derivative(_gaussian_mean(F(_X)), wrt)
        lines.add(topic, p, NORMAL.density, "density of the law", "the definition of the normal law")
        lines.add(topic, sp.Derivative(sp.log(p), wrt), weight, "score of the law", "differentiate log p at fixed x")
        lines.add(
            topic,
            derivative,
            _gaussian_mean(F(_X) * weight),
            "score-function identity",
            "put the score in",
            _DOMINATED.replace("theta", str(wrt)),
            main=True,
        )
        lines.add(
            topic,
            derivative,
            Mean(F1(path) * sp.diff(path, wrt), _EPSILON),
            "pathwise identity",
            f"dg/d{wrt} = {sp.diff(path, wrt)}",
            _SMOOTH,
            main=True,
        )
    topic = "Gaussian, Bonnet and Price"
    parts = "f p and its like vanish at both ends"
    lines.add(topic, sp.Derivative(p, _X), -(_X - _MU) / _SIGMA**2 * p, "slope of the density", "chain rule")
    lines.add(
        topic,
        _gaussian_mean(F(_X) * (_X - _MU) / _SIGMA**2),
        -sp.Integral(F(_X) * sp.Derivative(p, _X), _X),
        "slope of the density",
        "the line above",
    )
    lines.then(_gaussian_mean(F1(_X)), "integrate by parts", "Bonnet: d/dmu E[f] = E[f']", parts, main=True)
    lines.add(
        topic,
        Mean(F1(path) * _EPSILON, _EPSILON),
        _gaussian_mean(F1(_X) * (_X - _MU) / _SIGMA),
        "reparameterization",
        "epsilon = (x - mu)/sigma",
    )
    lines.then(
        _SIGMA * _gaussian_mean(F2(_X)),
        "Bonnet's identity",
        "for f' in the place of f. Price: d/dsigma E[f] = sigma E[f'']",
        f"f' has no jumps; {parts}",
        main=True,
    )


def _gaussian_mean(term: sp.Expr) -> Mean:
    return Mean(term, _X, _MU, _SIGMA)

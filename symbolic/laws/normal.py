"""x ~ N(mu, sigma^2):  p(x) = exp(-(x - mu)^2 / (2 sigma^2)) / (sigma sqrt(2 pi)),  x = mu + sigma epsilon."""

from __future__ import annotations

import sympy as sp

from symbolic.law import Law, Noise

__all__ = ["NORMAL"]

_x = sp.Symbol("x", real=True)
_mu = sp.Symbol("mu", real=True)
_sigma = sp.Symbol("sigma", positive=True)
_epsilon = sp.Symbol("epsilon", real=True)

NORMAL = Law(
    name="normal",
    variable=_x,
    parameters=(_mu, _sigma),
    arguments=(_mu, _sigma),
    positive=(_sigma,),
    support=(-sp.oo, sp.oo),
    density=sp.exp(-((_x - _mu) ** 2) / (2 * _sigma**2)) / (_sigma * sp.sqrt(2 * sp.pi)),
    noise=Noise(
        symbol=_epsilon,
        density=sp.exp(-(_epsilon**2) / 2) / sp.sqrt(2 * sp.pi),
        support=(-sp.oo, sp.oo),
        sampler="standard_normal",
    ),
    path=_mu + _sigma * _epsilon,
    source="Mohamed, Rosca, Figurnov, Mnih (2020), Monte Carlo Gradient Estimation in Machine Learning, JMLR 21(132)",
)

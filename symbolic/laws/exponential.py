"""x ~ Exponential(lam):  p(x) = lam exp(-lam x) for x > 0,  x = epsilon / lam with epsilon ~ Exponential(1)."""

from __future__ import annotations

import sympy as sp

from symbolic.law import Law, Noise

__all__ = ["EXPONENTIAL"]

_x = sp.Symbol("x", real=True)
_rate = sp.Symbol("lam", positive=True)
_epsilon = sp.Symbol("epsilon", real=True)

EXPONENTIAL = Law(
    name="exponential",
    variable=_x,
    parameters=(_rate,),
    arguments=(_rate,),
    positive=(_rate,),
    support=(sp.S.Zero, sp.oo),
    density=_rate * sp.exp(-_rate * _x),
    noise=Noise(
        symbol=_epsilon,
        density=sp.exp(-_epsilon),
        support=(sp.S.Zero, sp.oo),
        sampler="standard_exponential",
    ),
    path=_epsilon / _rate,
    source="Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions I, chapter 19",
)

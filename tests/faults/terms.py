"""Terms that somebody could have written, each with one mistake. X is the draw, E the noise."""

from __future__ import annotations

import mpmath
import sympy as sp
from mpmath import mpf

from tests.faults.fault import Fault, case, expected

__all__ = ["TERMS"]

MU, RHO, E = sp.symbols("mu rho epsilon", real=True)
SIGMA, LAM = sp.symbols("sigma lam", positive=True)
X = MU + SIGMA * E

TERMS: tuple[Fault, ...] = (
    Fault(
        "1/sigma**2 is missing",
        case("x**2", "score_function", "mu", mu="3", sigma="3"),
        right=mpf(6),
        wrong=mpf(6) * 9,
        found_by="iqd",
        term=X**2 * (X - MU),
    ),
    Fault(
        "sigma for sigma**2",
        case("x**2", "score_function", "mu", mu="1", sigma="1/2"),
        right=mpf(2),
        wrong=mpf(1),
        found_by="iqd",
        term=X**2 * (X - MU) / SIGMA,
    ),
    Fault(
        "sigma for log(sigma)",
        case("x**2", "pathwise", "rho", "normal(mu, exp(rho))", mu="1", rho="-1"),
        right=2 * mpmath.exp(-2),
        wrong=2 * mpmath.exp(-1),
        found_by="iqd",
        term=2 * (MU + sp.exp(RHO) * E) * E,
    ),
    Fault(
        "the sign",
        case("cos(x)", "score_function", "mu", mu="1", sigma="1"),
        right=-mpmath.sin(1) * mpmath.exp(-0.5),
        wrong=mpmath.sin(1) * mpmath.exp(-0.5),
        found_by="iqd",
        term=sp.cos(X) * (MU - X) / SIGMA**2,
    ),
    Fault(
        "a factor of 2",
        case("x**3", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf("3.75"),
        wrong=mpf("7.5"),
        found_by="iqd",
        term=6 * X**2,
    ),
    Fault(
        "a detached sample",
        case("mu*x**2", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf("3.25"),  # d/dmu mu (mu^2 + sigma^2)
        wrong=mpf("1.25"),
        found_by="iqd",
        term=X**2,
    ),
    Fault(
        "df/dtheta of the cost is missing",
        case("mu*x", "score_function", "mu", mu="1", sigma="1/2"),
        right=mpf(2),
        wrong=mpf(1),
        found_by="iqd",
        term=MU * X * E / SIGMA,
    ),
    Fault(
        "the boundary term is dropped",
        case("x*Heaviside(x - 1)", "pathwise", "mu", mu="1/2", sigma="1"),
        right=mpmath.ncdf(-0.5) + mpmath.npdf(0.5),
        wrong=mpmath.ncdf(-0.5),
        found_by="iqd",
        term=sp.Heaviside(X - 1),
    ),
    Fault(
        "sigma**2 for sigma in the path",
        case("x**3", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf("3.75"),
        wrong=3 + mpf(3) / 16,
        found_by="iqd",
        term=3 * (MU + SIGMA**2 * E) ** 2,
    ),
    Fault(
        "an importance weight is forgotten",
        case("x**3", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf("3.75"),
        wrong=mpf(6),  # drawn with 2 sigma
        found_by="iqd",
        term=3 * (MU + 2 * SIGMA * E) ** 2,
    ),
    Fault(
        "a floor of 1e-8 on sigma**2",
        case("x", "score_function", "mu", mu="0", sigma="1e-4"),
        right=mpf(1),
        wrong=mpf(1) / 2,
        found_by="iqd",
        term=X * (X - MU) / (SIGMA**2 + sp.Rational(1, 10**8)),
    ),
    Fault(
        "the chain rule stops at the sine",
        case("sin(3*x)", "pathwise", "mu", mu="1/5", sigma="1/2"),
        right=3 * mpmath.cos(mpf(3) / 5) * mpmath.exp(-mpf(9) / 8),
        wrong=mpmath.cos(mpf(3) / 5) * mpmath.exp(-mpf(9) / 8),
        found_by="iqd",
        term=sp.cos(3 * X),
    ),
    Fault(
        "dx/dsigma is missing",
        case("x**2", "pathwise", "sigma", mu="1", sigma="1/2"),
        right=mpf(1),
        wrong=mpf(2),
        found_by="iqd",
        term=2 * X,
    ),
    Fault(
        "3*x**3 for 4*x**3",
        case("x**4", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf(7),  # 4 (mu^3 + 3 mu sigma^2)
        wrong=mpf("5.25"),
        found_by="iqd",
        term=3 * X**3,
    ),
    Fault(
        "the score of sigma without its -1",
        case("x**2", "score_function", "sigma", mu="1", sigma="1/2"),
        right=mpf(1),
        wrong=mpf("3.5"),  # E[x^2 e^2]/sigma = (mu^2 + 3 sigma^2)/sigma
        found_by="iqd",
        term=X**2 * E**2 / SIGMA,
    ),
    Fault(
        "the score of a Laplace law",
        case("x**2", "score_function", "mu", mu="1", sigma="1/2"),
        right=mpf(2),
        wrong=2 * mpmath.sqrt(2 / mpmath.pi),
        found_by="iqd",
        term=X**2 * sp.sign(E) / SIGMA,
    ),
    Fault(
        "the sign of a modulus is lost",
        case("Abs(x)", "pathwise", "mu", mu="1", sigma="1"),
        right=2 * mpmath.ncdf(1) - 1,
        wrong=mpf(1),
        found_by="iqd",
        term=sp.Integer(1),
    ),
    Fault(
        "the kink at the wrong place",
        case("Max(x, 0)", "pathwise", "mu", mu="1/2", sigma="1"),
        right=mpmath.ncdf(0.5),
        wrong=mpf("0.5"),
        found_by="iqd",
        term=sp.Heaviside(X - sp.Rational(1, 2)),
    ),
    Fault(
        "the derivative of the other parameter",
        case("x**2", "pathwise", "mu", mu="1", sigma="1/4"),
        right=mpf(2),
        wrong=mpf("0.5"),
        found_by="iqd",
        term=2 * X * E,
    ),
    Fault(
        "a control variate without its mean",
        case("x**3", "score_function", "mu", mu="1", sigma="1/2"),
        right=mpf("3.75"),
        wrong=mpf("3.5"),  # E[x^2] - mu^2 = sigma^2 is taken off
        found_by="iqd",
        term=X**3 * E / SIGMA - (X**2 - MU**2),
    ),
    Fault(
        "degrees for radians",
        case("sin(x)", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpmath.cos(1) * mpmath.exp(-mpf(1) / 8),
        wrong=mpmath.cos(mpmath.pi / 180) * mpmath.exp(-((mpmath.pi / 360) ** 2) / 2),
        found_by="iqd",
        term=sp.cos(sp.pi * X / 180),
    ),
    Fault(
        "mu is forgotten in the draw",
        case("x**2", "score_function", "mu", mu="1", sigma="1/2"),
        right=mpf(2),
        wrong=mpf(0),
        found_by="iqd",
        term=(SIGMA * E) ** 2 * E / SIGMA,
    ),
    Fault(
        "the exponential's score without 1/lam",
        case("x**2", "score_function", "lam", "exponential", lam="2"),
        right=mpf(-1) / 2,  # -4/lam^3
        wrong=mpf(-3) / 4,  # -E[x^3]
        found_by="iqd",
        term=-((E / LAM) ** 3),
    ),
    Fault(
        "1/lam for 1/lam**2 in the exponential's path",
        case("x**2", "pathwise", "lam", "exponential", lam="2"),
        right=mpf(-1) / 2,
        wrong=mpf(-1),
        found_by="iqd",
        term=-2 * (E / LAM) * E / LAM,
    ),
    Fault(
        "a baseline that nobody declared",
        case("x**2", "score_function", "mu", mu="1", sigma="1/2"),
        right=expected(lambda e: (2 * e * (1 + e / 2) ** 2 - 2) ** 2),
        wrong=expected(lambda e: (2 * e * ((1 + e / 2) ** 2 - 1) - 2) ** 2),
        found_by="qd",
        check="variance",
        term=(X**2 - 1) * E / SIGMA,
    ),
    Fault(
        "a control variate that nobody declared",
        case("x**2", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf(1),  # 4 sigma^2
        wrong=mpf(1) / 4,
        found_by="qd",
        check="variance",
        term=2 * X - SIGMA * E,
    ),
    Fault(
        "an antithetic pair counted as one draw",
        case("x**3", "pathwise", "mu", mu="1", sigma="1/2"),
        right=mpf("10.125"),  # 9 (4 mu^2 sigma^2 + 2 sigma^4)
        wrong=mpf("1.125"),  # 18 sigma^4
        found_by="qd",
        check="variance",
        term=3 * (X**2 + (MU - SIGMA * E) ** 2) / 2,
    ),
    Fault(
        "noise of mean zero is added",
        case("x", "score_function", "mu", mu="0", sigma="1"),
        right=mpf(2),
        wrong=mpf("3.5"),  # Var(e^2) + Var(e^3 - 3 e)/4, and both are uncorrelated
        found_by="qd",
        check="variance",
        term=X * E / SIGMA + (E**3 - 3 * E) / 2,
    ),
)

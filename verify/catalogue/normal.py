"""Costs under a normal law: both estimators, d/d mu and d/d sigma."""

from __future__ import annotations

from verify.case import Case

__all__ = ["NORMAL_CASES"]

NORMAL_CASES: tuple[Case, ...] = (
    Case("x**2", at={"mu": "1", "sigma": "1/2"}, about="polynomial; the textbook example"),
    Case("x", at={"mu": "10", "sigma": "1"}, about="polynomial; the pathwise draws are constant"),
    Case("(x - k)**2", at={"mu": "1", "sigma": "1", "k": "-1/2"}, about="polynomial with a cost parameter"),
    Case("x**4 - 3*x**2 + x", at={"mu": "1/2", "sigma": "4/5"}, about="polynomial; two wells"),
    Case("exp(x/2)", at={"mu": "1/2", "sigma": "1"}, about="exponential"),
    Case("exp(a*x)", at={"mu": "1/2", "sigma": "1", "a": "0.3"}, about="exponential with a cost parameter"),
    Case("cosh(x/2)", at={"mu": "1/2", "sigma": "1"}, about="exponential; even"),
    Case("sin(x)", at={"mu": "1/3", "sigma": "1"}, about="trigonometric"),
    Case("cos(k*x)", at={"mu": "1", "sigma": "1", "k": "2"}, about="trigonometric; pathwise loses"),
    Case("sin(x)**2", at={"mu": "1", "sigma": "2"}, about="trigonometric power; pathwise loses"),
    Case("exp(-x**2/2)", at={"mu": "1", "sigma": "1"}, about="Gaussian"),
    Case("exp(-k*x**2)", at={"mu": "1", "sigma": "1", "k": "2"}, about="Gaussian with a parameter; pathwise loses"),
    Case("x**2*exp(a*x)", at={"mu": "1/2", "sigma": "1", "a": "0.3"}, about="product: polynomial and exponential"),
    Case("exp(x/2)*cos(k*x)", at={"mu": "1/2", "sigma": "1", "k": "3/2"}, about="product: exponential, trigonometric"),
    Case("x*sin(x)", at={"mu": "-1", "sigma": "1"}, about="product: polynomial and trigonometric"),
    Case("x*exp(-x**2/2)", at={"mu": "1/2", "sigma": "1"}, about="product: polynomial and Gaussian"),
)

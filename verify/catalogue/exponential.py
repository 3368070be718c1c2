"""Costs under an exponential law: both estimators, d/d lam."""

from __future__ import annotations

from verify.case import Case

__all__ = ["EXPONENTIAL_CASES"]

EXPONENTIAL_CASES: tuple[Case, ...] = (
    Case("x**2", law="exponential", at={"lam": "2"}, about="polynomial; a half-line"),
    Case("sin(k*x)", law="exponential", at={"lam": "1", "k": "2"}, about="trigonometric; a half-line"),
    Case("x*exp(-a*x)", law="exponential", at={"lam": "1", "a": "1/2"}, about="product; a half-line"),
    Case("Max(x - 1, 0)", law="exponential", at={"lam": "1"}, about="a kink on a half-line"),
)

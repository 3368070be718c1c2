"""Bonnet's and Price's identities:  d/dmu E f = E f',  d/dsigma E f = sigma E f''  under N(mu, sigma^2).

Source: Bonnet (1964); Price (1958), A useful theorem for nonlinear devices having Gaussian inputs.
"""

from __future__ import annotations

import sympy as sp

from symbolic.derivative import derivative
from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.subject import Subject
from symbolic.laws.normal import NORMAL
from symbolic.places.jumps import jumps

__all__ = ["gaussian_identities"]

_PARTS = "the product of cost and density vanishes at both ends"


def gaussian_identities(subject: Subject, lines: Lines) -> None:
    """Bonnet for the mean and Price for the standard deviation, where the cost and its slope do not jump."""
    problem = subject.problem
    if problem.law.name != NORMAL.name or subject.jumps or problem.cost.has(problem.wrt):
        return
    mean, deviation = problem.law.arguments
    if problem.wrt == mean and not deviation.has(mean):
        _bonnet(subject, mean, deviation, lines)
    elif problem.wrt == deviation and not mean.has(deviation):
        _price(subject, mean, deviation, lines)


def _bonnet(subject: Subject, mean: sp.Expr, deviation: sp.Expr, lines: Lines) -> None:
    topic = "Bonnet's identity"
    x, cost, density = subject.problem.law.variable, subject.problem.cost, subject.density
    slope = derivative(cost, x)
    _slope_of_density(topic, subject, mean, deviation, lines)
    lines.add(
        topic,
        subject.derivative,
        subject.mean_of(cost * (x - mean) / deviation**2),
        "score-function identity",
        f"the score of the mean is ({x} - {mean})/{deviation}**2",
    )
    lines.then(
        -subject.integral(cost * sp.Derivative(density, x)),
        "slope of the density",
        f"({x} - {mean})/{deviation}**2 p = -p'",
    )
    lines.then(subject.integral(slope * density), "integrate by parts", "the derivative moves to the cost", _PARTS)
    lines.then(subject.mean_of(slope), "Bonnet's identity", "d/dmu E[f] = E[f']", main=True)


def _price(subject: Subject, mean: sp.Expr, deviation: sp.Expr, lines: Lines) -> None:
    topic = "Price's identity"
    x, cost, density = subject.problem.law.variable, subject.problem.cost, subject.density
    slope = derivative(cost, x)
    if jumps(slope, x):
        return  # a kink: f'' has mass at a point
    curvature = derivative(slope, x)
    _slope_of_density(topic, subject, mean, deviation, lines)
    lines.add(
        topic,
        subject.derivative,
        subject.mean_of(slope * (x - mean) / deviation),
        "pathwise identity",
        f"dg/d{deviation} = epsilon = ({x} - {mean})/{deviation}",
    )
    lines.then(
        -deviation * subject.integral(slope * sp.Derivative(density, x)),
        "slope of the density",
        f"({x} - {mean})/{deviation} p = -{deviation} p'",
    )
    lines.then(
        deviation * subject.integral(curvature * density),
        "integrate by parts",
        "the derivative moves to the slope of the cost",
        _PARTS,
    )
    lines.then(deviation * subject.mean_of(curvature), "Price's identity", "d/dsigma E[f] = sigma E[f'']", main=True)


def _slope_of_density(topic: str, subject: Subject, mean: sp.Expr, deviation: sp.Expr, lines: Lines) -> None:
    x = subject.problem.law.variable
    lines.add(
        topic,
        sp.Derivative(subject.density, x),
        -(x - mean) / deviation**2 * subject.density,
        "slope of the density",
        "chain rule on the exponent",
    )

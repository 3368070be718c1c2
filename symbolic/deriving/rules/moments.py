"""Second moment and variance of each estimator, and how they compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from symbolic.confirmation import HOW_CONFIRMED
from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.subject import Subject
from symbolic.estimator import Estimator
from symbolic.exact_moments import Moments
from symbolic.methods import sympy_integral
from symbolic.readable import readable

__all__ = ["TOPIC", "comparison_of_variances", "variance_of_estimator", "words"]

TOPIC = "Variance"


def words(name: str) -> str:
    """The name of an estimator as it stands in a sentence."""
    return name.replace("_", " ")


def variance_of_estimator(subject: Subject, moments: Moments, lines: Lines) -> sp.Expr | None:
    """Second moment and variance of one draw, and the closed form of the variance; None where there is none.

    +infinity, without a line, if the second moment does not exist; 0, without one, if every draw is the same number.
    """
    exact, estimator = moments.variance, moments.estimator
    variance = exact.expression
    if variance is None or variance == sp.oo:
        return variance
    if not estimator.term.has(subject.problem.law.noise.symbol):
        return variance
    topic = f"{TOPIC}, {words(estimator.name)}"
    second = subject.mean_over_noise(estimator.term**2)
    first = subject.mean_over_noise(estimator.term)
    conditions = "" if exact.conditions == sp.true else str(exact.conditions)
    mean = None if exact.method == sympy_integral.NAME else moments.mean.expression
    if mean is not None:
        square = readable(variance + mean**2)
        lines.add(topic, second, square, "second moment", "the square of the term, integrated", conditions)
    why = "E[g^2] - (E g)^2"
    if exact.method == sympy_integral.NAME:
        why += f", {HOW_CONFIRMED}"
    lines.add(topic, second - first**2, variance, "variance", why, conditions, main=True)
    return variance


def comparison_of_variances(
    subject: Subject, estimators: Sequence[Estimator], variances: Mapping[str, sp.Expr], lines: Lines
) -> None:
    """Difference and ratio of the variances of the first two estimators, as functions of the parameters."""
    one, other = estimators[:2]
    first, second = variances[one.name], variances[other.name]
    topic = "Comparison"
    noise = subject.problem.law.noise.symbol
    if one.term == other.term or not (one.term.has(noise) and other.term.has(noise)):
        return  # nothing is left to compare
    spreads = [subject.mean_over_noise(each.term**2) - subject.mean_over_noise(each.term) ** 2 for each in (one, other)]
    lines.add(
        topic,
        spreads[0] - spreads[1],
        readable(first - second),
        "difference of the variances",
        f"variance of {words(one.name)} minus variance of {words(other.name)}: the winner has the smaller one",
        main=True,
    )
    if second != 0 and first != 0:
        lines.add(
            topic,
            spreads[0] / spreads[1],
            _quotient(first, second),
            "ratio of the variances",
            f"so many draws of {words(one.name)} are worth one draw of {words(other.name)}",
            f"the variance of {words(other.name)} is not 0",
            main=True,
        )


def _quotient(top: sp.Expr, bottom: sp.Expr) -> sp.Expr:
    if all(side.is_rational_function() for side in (top, bottom)):
        return sp.factor(sp.cancel(top / bottom))
    return readable(top / bottom)

"""What a grader answers: plain words and numbers, ready for a page or for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["NO_MEAN", "Counterexample", "Grade", "Verdict"]

NO_MEAN = "does not exist"
"""In the place of a number: the mean of a term."""


class Verdict(StrEnum):
    """right: the same expression up to order and multiplying out. equivalent: proven equal, or proven unbiased; or a
    decimal number that is proven right to all of its three or more digits.

    wrong: proven different at a point. undecided: neither could be proven; never folded into one of the others.
    """

    RIGHT = "right"
    EQUIVALENT = "equivalent"
    WRONG = "wrong"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Counterexample:
    """At these values `of` is `answer` by the answer and `right` in truth; numbers carry certain digits only."""

    of: str
    at: Mapping[str, str]
    answer: str
    right: str


@dataclass(frozen=True)
class Grade:
    """The verdict on an answer, and why.

    `at` are the values that the answer was written for; none: it has to be right at all of them. `right` maps
    "gradient", or the names of estimators, to their formulas. `needs` are conditions under which the right formula
    holds and the answer has a value. `variance_difference` maps names of estimators to the variance of one
    draw of the answer less that of theirs.
    """

    verdict: Verdict
    mistake: str | None
    counterexample: Counterexample | None
    explanation: str
    cost: str
    law: str
    wrt: str
    answer: str
    is_term: bool
    at: Mapping[str, str]
    right: Mapping[str, str]
    needs: tuple[str, ...] = ()
    variance_difference: Mapping[str, str] = field(default_factory=dict)
    read_on: str = ""

"""A term without a mean is not judged by draws, and the reason is the mean, not the variance."""

from __future__ import annotations

import re

import pytest

from verify.applicability import infinite_variance
from verify.case import Case
from verify.cell import cells_of


@pytest.mark.parametrize(
    ("cost", "wrt", "reason"),
    [
        ("log(x**2)", "mu", "has no mean here, though there is a gradient: .* not integrable at epsilon = -1/2"),
        (
            "Abs(x)**(-1/3)",
            "sigma",
            "has no mean here, though there is a gradient: .* not integrable at epsilon = -1/2",
        ),
        ("sqrt(Abs(x))", "mu", "has an infinite variance here"),
    ],
)
def test_the_reason_names_the_moment_that_is_missing(cost: str, wrt: str, reason: str) -> None:
    (cell,) = cells_of(Case(cost, at={"mu": "1/2", "sigma": "1"}, wrt=(wrt,), estimators=("pathwise",)))
    message = infinite_variance(cell)
    assert message is not None
    assert re.search(reason, message)

"""The table of exact values: against quadrature of 50 digits, valid, and the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import mpmath
import pytest

from symbolic.value import Value
from verify.case import Case
from verify.cli import main
from verify.commands.truth import TRUTH
from verify.regression.truth import as_json, digits_of, truths
from verify.usage import UsageError

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((files("verify.formats") / "truth.schema.json").read_text(encoding="utf-8"))
CASES = (
    Case("exp(x/2)*cos(k*x)", at={"mu": "1/2", "sigma": "1", "k": "3/2"}),
    Case("exp(-k*x**2)", at={"mu": "1", "sigma": "1", "k": "2"}),
    Case("x*exp(-a*x)", law="exponential", at={"lam": "1", "a": "1/2"}),
)
Cost = Callable[[mpmath.mpf, dict[str, mpmath.mpf]], mpmath.mpf]
COSTS: dict[str, tuple[Cost, Cost]] = {
    "exp(x/2)*cos(k*x)": (
        lambda x, p: mpmath.exp(x / 2) * mpmath.cos(p["k"] * x),
        lambda x, p: mpmath.exp(x / 2) * (mpmath.cos(p["k"] * x) / 2 - p["k"] * mpmath.sin(p["k"] * x)),
    ),
    "exp(-k*x**2)": (
        lambda x, p: mpmath.exp(-p["k"] * x**2),
        lambda x, p: -2 * p["k"] * x * mpmath.exp(-p["k"] * x**2),
    ),
    "x*exp(-a*x)": (
        lambda x, p: x * mpmath.exp(-p["a"] * x),
        lambda x, p: (1 - p["a"] * x) * mpmath.exp(-p["a"] * x),
    ),
}


def normal_mean(integrand: Callable[[mpmath.mpf], mpmath.mpf]) -> mpmath.mpf:
    return mpmath.quad(lambda e: integrand(e) * mpmath.npdf(e), [-20, -8, -4, -2, 0, 2, 4, 8, 20])


def exponential_mean(integrand: Callable[[mpmath.mpf], mpmath.mpf]) -> mpmath.mpf:
    return mpmath.quad(lambda e: integrand(e) * mpmath.exp(-e), [0, 1, 3, 8, 20, 50, 150])


def terms(row: dict[str, Any]) -> dict[str, Callable[[mpmath.mpf], mpmath.mpf]]:
    """What one draw of each estimator is, as a function of the noise, written by hand."""
    cost, slope = COSTS[row["cost"]]
    p = {name: mpmath.mpf(Fraction(text).numerator) / Fraction(text).denominator for name, text in row["at"].items()}
    if row["law"] == "exponential(lam)":
        rate = p["lam"]
        return {
            "score_function": lambda e: cost(e / rate, p) * (1 - e) / rate,
            "pathwise": lambda e: -slope(e / rate, p) * e / rate**2,
        }
    mu, sigma = p["mu"], p["sigma"]
    if row["wrt"] == "mu":
        return {
            "score_function": lambda e: cost(mu + sigma * e, p) * e / sigma,
            "pathwise": lambda e: slope(mu + sigma * e, p),
        }
    return {
        "score_function": lambda e: cost(mu + sigma * e, p) * (e**2 - 1) / sigma,
        "pathwise": lambda e: slope(mu + sigma * e, p) * e,
    }


def squared(term: Callable[[mpmath.mpf], mpmath.mpf]) -> Callable[[mpmath.mpf], mpmath.mpf]:
    return lambda e: term(e) ** 2


def table(cases: Sequence[Case] = CASES) -> dict[str, Any]:
    return as_json(list(truths(cases)))


def test_every_value_is_the_truth_within_its_radius() -> None:
    rows: list[dict[str, Any]] = table()["values"]
    assert len(rows) == 2 * 2 * 3 + 3
    for row in rows[::4]:
        mean = exponential_mean if row["law"] == "exponential(lam)" else normal_mean
        with mpmath.workdps(50):
            for estimator, term in terms(row).items():
                first = mean(term)
                wanted = {"gradient": first, "variance": mean(squared(term)) - first**2}
                for what, cell in (("gradient", row["gradient"]), ("variance", row["variance"][estimator])):
                    value, radius = mpmath.mpf(cell["value"]), mpmath.mpf(cell["radius"])
                    assert abs(value - wanted[what]) <= radius, (row, estimator, what)
                    assert radius <= abs(value) * mpmath.mpf(10) ** -29


def test_the_table_is_valid_and_the_schema_says_no_to_what_is_not() -> None:
    found = table()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(found, SCHEMA)
    for path, wrong in (
        (("schema",), "mcgradcheck/truth/2"),
        (("values", 0, "gradient", "value"), 1.5),
        (("values", 0, "gradient", "value"), "nan"),
        (("values", 0, "gradient", "radius"), "-1"),
        (("values", 0, "at", "mu"), "half"),
        (("values", 0, "variance"), {}),
    ):
        spoilt = json.loads(json.dumps(found))
        place = spoilt
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = wrong
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoilt, SCHEMA)


def test_the_bytes_do_not_depend_on_the_process() -> None:
    script = "import json; from tests.verify.test_truth import CASES, table; print(json.dumps(table(CASES[:1])))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


THIRD = Fraction(1, 3)


def value_of(midpoint: Fraction, radius: str = "0") -> Value:
    with mpmath.workdps(40):
        return Value(mpmath.mpf(midpoint.numerator) / midpoint.denominator, mpmath.mpf(radius))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (value_of(Fraction(87, 4)), ("21.75", "0")),
        (value_of(Fraction(-(10**20))), ("-100000000000000000000", "0")),
        (value_of(Fraction(0)), ("0", "0")),
        (value_of(Fraction(0), "3e-40"), ("0", "1e-39")),
        (value_of(THIRD, "1e-34"), ("0." + 30 * "3", "1e-30")),
        (value_of(-100 * THIRD, "1e-32"), ("-33." + 28 * "3", "1e-28")),
        (value_of(THIRD / 10**9, "1e-43"), ("3." + 29 * "3" + "e-10", "1e-39")),
        (Value.infinite(), ("inf", "0")),
    ],
    ids=str,
)
def test_digits_and_radius(value: Value, wanted: tuple[str, str]) -> None:
    assert digits_of(value) == wanted


def test_too_few_digits_are_not_written_as_thirty() -> None:
    with pytest.raises(ValueError, match="not to 30 digits"):
        digits_of(value_of(THIRD, "1e-29"))


def test_the_command_refuses_a_form_of_reports() -> None:
    with pytest.raises(UsageError, match="table, json"):
        TRUTH.run(Namespace(format="junit"))


@pytest.mark.prove
def test_the_command_writes_the_whole_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from verify.catalogue import CATALOGUE

    place = tmp_path / "truth.json"
    assert main(["truth", "--output", str(place)]) == 0
    written = json.loads(place.read_text(encoding="utf-8"))
    jsonschema.validate(written, SCHEMA)
    assert {row["cost"] for row in written["values"]} == {str(case.cost) for case in CATALOGUE}
    assert main(["truth"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= len(written["values"])

"""What a report looks like: the JSON of the contract, valid against its schema, and tables that line up."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from importlib.resources import files
from math import inf, nan
from typing import Any

import jsonschema
import pytest

from tests.verify.samples import a_case, a_finding, a_report, long_case, troubled_case
from verify.finding import Finding
from verify.formats import FORMATS
from verify.formats.json_report import JSON
from verify.formats.numbers import draws, percent, significant, with_error
from verify.formats.table import TABLE
from verify.report import Report
from verify.shell.terminal import Look

PLAIN = Look(colour=False, unicode=True)
ASCII = Look(colour=False, unicode=False)
COLOURED = Look(colour=True, unicode=True)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
REPORT_KEYS = [
    "schema",
    "version",
    "command",
    "seed",
    "environment",
    "budget",
    "verdict",
    "counts",
    "findings",
    "controls",
    "culprits",
    "expectations",
]
FINDING_KEYS = [
    "cost",
    "law",
    "wrt",
    "at",
    "estimator",
    "check",
    "tier",
    "verdict",
    "guarantee",
    "exact",
    "exact_expression",
    "exact_method",
    "estimate",
    "standard_error",
    "exact_variance",
    "exact_variance_expression",
    "measured_variance",
    "n",
    "n_needed",
    "resolution",
    "detectable_bias",
    "detectable_bias_relative",
    "alpha",
    "beta",
    "message",
    "reproduce",
    "exact_digits",
    "exact_variance_digits",
    "p_value",
]
SCHEMA: dict[str, Any] = json.loads(files("verify.formats").joinpath("report.schema.json").read_text(encoding="utf-8"))
CASES = (a_case, long_case, troubled_case)


def everything() -> Report:
    return a_report(*a_case(), *long_case(), *troubled_case())


def as_json(report: Report) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(JSON.rest(report, PLAIN))
    return loaded


def table(case: tuple[Finding, ...], look: Look = PLAIN) -> str:
    assert TABLE.case is not None
    return TABLE.case(case, look)


# JSON


def test_the_keys_of_the_json_are_those_of_the_contract_in_their_order() -> None:
    loaded = as_json(everything())
    assert list(loaded) == REPORT_KEYS
    assert list(loaded["budget"]) == ["false_alarm_rate", "miss_rate", "hypotheses"]
    assert list(loaded["counts"]) == ["PASS", "FAIL", "INCONCLUSIVE", "NOT_APPLICABLE"]
    assert {tuple(entry) for entry in loaded["findings"] + loaded["controls"]} == {tuple(FINDING_KEYS)}


def test_no_field_of_a_finding_is_lost() -> None:
    assert {field.name for field in fields(Finding)} == {*FINDING_KEYS, "trace"}  # a trace is for pictures alone
    (entry,) = as_json(a_report(a_finding()))["findings"]
    assert entry == {name: getattr(a_finding(), name) for name in FINDING_KEYS}


def test_the_json_says_the_verdict_and_the_counts() -> None:
    loaded = as_json(everything())
    verdicts = [entry["verdict"] for entry in loaded["findings"]]
    assert loaded["verdict"] == "FAIL"
    assert loaded["counts"] == {name: verdicts.count(name) for name in loaded["counts"]}
    assert sum(loaded["counts"].values()) == 45


def test_reports_are_valid_against_the_schema_that_ships() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for report in (everything(), a_report(), a_report(*a_case(), controls=())):
        validator.validate(as_json(report))


def spoiled() -> list[tuple[str, dict[str, Any]]]:
    """The JSON of a report with one thing wrong, for every key of every object and some values."""
    names = []
    for key in REPORT_KEYS:
        names.append((f"report without {key}", {k: v for k, v in as_json(everything()).items() if k != key}))
    for key in FINDING_KEYS:
        loaded = as_json(everything())
        del loaded["findings"][0][key]
        names.append((f"finding without {key}", loaded))
    for where in ("report", "budget", "counts", "finding", "control"):
        loaded = as_json(everything())
        places = {
            "report": loaded,
            "budget": loaded["budget"],
            "counts": loaded["counts"],
            "finding": loaded["findings"][-1],
            "control": loaded["controls"][0],
        }
        places[where]["surprise"] = 1
        names.append((f"surprise in {where}", loaded))
    for key, value in (("verdict", "MAYBE"), ("tier", "guess"), ("exact", "1"), ("n", 1.5), ("at", {"mu": 1})):
        loaded = as_json(everything())
        loaded["findings"][0][key] = value
        names.append((f"{key}={value}", loaded))
    return names


@pytest.mark.parametrize(("name", "loaded"), spoiled(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_schema_refuses_anything_else(name: str, loaded: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(loaded)


def test_the_schema_names_each_key_once_and_in_order() -> None:
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == REPORT_KEYS
    finding = SCHEMA["$defs"]["finding"]
    assert list(finding["properties"]) == finding["required"] == FINDING_KEYS


def test_an_infinite_variance_is_null() -> None:
    (entry,) = as_json(a_report(a_finding(exact_variance=inf)))["findings"]
    assert entry["exact_variance"] is None


@pytest.mark.parametrize("field", ["exact", "estimate", "standard_error", "measured_variance", "detectable_bias"])
@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_number_that_is_none_never_becomes_json(field: str, value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        JSON.rest(a_report(a_finding(**{field: value})), PLAIN)


# Numbers


@pytest.mark.parametrize(
    ("estimate", "error", "text"),
    [
        (1.001234, 0.00264, "1.0012 ± 0.0026"),
        (1.001234, 0.00996, "1.001 ± 0.010"),
        (-54.123, 1.25, "-54.1 ± 1.2"),
        (0.0, 0.5, "0.00 ± 0.50"),
        (123456.0, 321.0, "(1.2346 ± 0.0032)e+05"),
        (1.6488e9, 1.6e6, "(1.6488 ± 0.0016)e+09"),
        (1.5e-12, 1e-14, "(1.500 ± 0.010)e-12"),
        (1e-3, 5.0, "0.0 ± 5.0"),
        (2.0, 0.0, "2"),
        (2.5, None, "2.5"),
        (None, None, "-"),
    ],
)
def test_an_estimate_ends_where_its_error_does(estimate: float | None, error: float | None, text: str) -> None:
    assert with_error(estimate, error) == text


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (None, "-"),
        (9999, "9999"),
        (10_000, "10 k"),
        (65_536, "65.5 k"),
        (999_499, "999 k"),
        (999_500, "1 M"),
        (1_638_400, "1.64 M"),
        (2_000_000_000, "2 G"),
        (10**13, "1.00e+13"),
    ],
)
def test_draws_have_three_digits(n: int | None, text: str) -> None:
    assert draws(n) == text


def test_other_numbers() -> None:
    assert [significant(v) for v in (None, inf, 0.5, 17.5625, 1 / 3)] == ["-", "inf", "0.5", "17.5625", "0.333333"]
    assert [percent(v) for v in (0.01, 0.0004321, 12.34, 0.996, 1234.5)] == [
        *("1 %", "0.043 %", "1200 %", "100 %", "1.2e+05 %")
    ]


def test_formats_do_not_share_a_name_or_a_suffix() -> None:
    names = [form.name for form in FORMATS]
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(set(names)) == len(names)
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)

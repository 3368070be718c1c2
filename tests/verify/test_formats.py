"""What a report looks like: the JSON of the contract, valid against its schema, and tables that line up."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from importlib.resources import files
from math import inf, nan
from typing import Any

import jsonschema
import pytest

from tests.verify.samples import a_case, a_finding, a_report, long_case, troubled_case
from verify.finding import Finding, Tier, Verdict
from verify.formats import FORMATS
from verify.formats.json_report import JSON
from verify.formats.numbers import draws, percent, significant, with_error
from verify.formats.table import TABLE
from verify.report import Report
from verify.terminal import Look

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
    assert {field.name for field in fields(Finding)} == set(FINDING_KEYS)
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
    assert [percent(v) for v in (0.01, 0.0004321, 12.5)] == ["1 %", "0.043 %", "1.2e+03 %"]


# Tables


def rows(text: str) -> list[list[str]]:
    """The cells of the first table, cut where its rule has gaps."""
    lines = text.splitlines()
    rules = [index for index, line in enumerate(lines) if set(line) == {"─", " "}]
    ends = [match.span() for match in re.finditer("─+", lines[rules[0]])]
    return [
        [line[start : end if end < ends[-1][1] else None].strip() for start, end in ends]
        for line in lines[rules[1] + 1 : rules[2]]
    ]


def test_a_row_tells_the_whole_story_of_an_estimator() -> None:
    first, second, third, fourth = rows(table(a_case()))
    assert first == [
        *("mu", "1", "score_function", "1.0012 ± 0.0026", "17.5625", "17.571", "4.39", "1.11 M", "0.01,   4.2 %"),
        *("✓ ✓ ✓", "✓ ✓", "PASS"),
    ]
    assert second[:4] == ["", "", "pathwise", "0.9987 ± 0.0015"]
    assert (third[0], third[6]) == ("sigma", "8.4")
    assert fourth[6] == ""


def test_the_heading_names_cost_law_values_and_closed_forms() -> None:
    head = table(a_case()).splitlines()[:3]
    assert head == [
        "f(x) = x**2,   x ~ normal(mu, sigma),   mu = 1/2, sigma = 1",
        "d/dmu E[f(x)] = 2*mu",
        "d/dsigma E[f(x)] = 2*sigma",
    ]


def test_a_long_closed_form_is_cut_but_the_number_stands() -> None:
    text = table(long_case())
    assert text.splitlines()[1].endswith(" …")
    assert len(text.splitlines()[1]) <= 130
    assert rows(text)[0][1] == "1.648721e+09"


def test_no_closed_form_is_said() -> None:
    assert "d/dmu E[f(x)] = no closed form" in table((a_finding(exact_expression=None),))


def test_where_pathwise_loses_its_row_says_so() -> None:
    score, pathwise = rows(table(long_case()))
    assert (score[6], pathwise[6]) == ("0.33", "loses")


@pytest.mark.parametrize(
    ("score", "pathwise", "ratio"),
    [(1.0, 0.0, "∞"), (0.0, 0.0, "-"), (None, 1.0, ""), (1.0, None, ""), (3.0, 1.5, "2")],
)
def test_the_ratio_of_degenerate_variances(score: float | None, pathwise: float | None, ratio: str) -> None:
    case = (a_finding(exact_variance=score), a_finding(estimator="pathwise", exact_variance=pathwise))
    assert rows(table(case))[0][6] == ratio


def test_the_verdict_of_a_row_is_its_worst_and_its_notes_say_why() -> None:
    text = table(troubled_case())
    assert [row[-1] for row in rows(text)] == ["INCONCLUSIVE [1]", "NOT APPLICABLE [2]", "FAIL [3]"]
    assert [row[-3:-1] for row in rows(text)] == [["✓ ✓ ✓", "✓ ?"], ["– – –", "– –"], ["✓ ✓ ✗", "✓ ✓"]]
    notes = text[text.index("[1] v") :]
    assert notes.startswith("[1] variance by draws: INCONCLUSIVE: a share of 10 %")
    assert "[2] NOT APPLICABLE: the cost jumps at x = 0" in notes
    assert "[3] bias by draws: FAIL: the mean is off by" in notes
    assert notes.count("repeat: python -m verify check") == 2


def test_a_reason_shared_by_rows_is_told_once() -> None:
    reason = "one draw of score_function has an infinite variance here"
    unjudged = a_finding(verdict=Verdict.NOT_APPLICABLE, message=reason)
    text = table((unjudged, replace(unjudged, wrt="sigma")))
    assert text.count(reason) == 1
    assert [row[-1] for row in rows(text)] == ["NOT APPLICABLE [1]"] * 2


def test_a_check_that_was_not_made_has_its_own_mark() -> None:
    (row,) = rows(table((a_finding(tier=Tier.QUADRATURE),)))
    assert row[-3:-1] == ["· ✓ ·", "· ·"]


def test_numbers_that_do_not_exist_are_dashes() -> None:
    bare = dict.fromkeys(("estimate", "standard_error", "exact_variance", "measured_variance", "n", "detectable_bias"))
    (row,) = rows(table((a_finding(**bare),)))
    assert row[3:9] == ["-", "-", "-", "", "-", "-"]


def test_a_gradient_of_zero_has_no_share() -> None:
    (row,) = rows(table((a_finding(exact=0.0, detectable_bias_relative=None),)))
    assert row[8] == "0.01,       -"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@pytest.mark.parametrize("look", [PLAIN, ASCII, COLOURED], ids=["plain", "ascii", "coloured"])
def test_tables_line_up(case: Any, look: Look) -> None:
    """Every row is as wide as the rule up to the last column, which begins where the rule's last piece does."""
    lines = ESCAPES.sub("", table(case(), look)).splitlines()
    sign = "─" if look.unicode else "-"
    rules = [index for index, line in enumerate(lines) if line and set(line) == {sign, " "}]
    assert len(rules) == 3
    last = lines[rules[0]].rindex(" ") + 1
    for line in lines[rules[1] + 1 : rules[2]]:
        assert line[last - 2 : last] == "  "
        assert line[last:].startswith(("PASS", "FAIL", "INCONCLUSIVE", "NOT APPLICABLE"))
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_tables_of_ordinary_costs_are_at_most_132_wide_and_equally_so() -> None:
    widths = {max(len(line) for line in table(case).splitlines() if "─" in line) for case in (a_case(), a_case()[:5])}
    assert len(widths) == 1
    assert max(widths) <= 132


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_ascii_is_ascii(case: Any) -> None:
    (table(case(), ASCII) + TABLE.rest(a_report(*case()), ASCII)).encode("ascii")


def test_only_the_words_of_verdicts_are_coloured() -> None:
    coloured = table(troubled_case(), COLOURED) + TABLE.rest(everything(), COLOURED)
    words = re.findall(r"\x1b\[[0-9;]+m(.*?)\x1b\[0m", coloured)
    assert set(words) == {"INCONCLUSIVE", "NOT APPLICABLE", "FAIL"}
    assert ESCAPES.sub("", coloured) == table(troubled_case()) + TABLE.rest(everything(), PLAIN)


def test_the_end_counts_and_ends_with_the_verdict() -> None:
    lines = TABLE.rest(everything(), PLAIN).splitlines()
    assert lines[0] == "45 findings: 38 PASS, 1 FAIL, 1 INCONCLUSIVE, 5 NOT APPLICABLE"
    assert lines[-1] == "Verdict: FAIL"


def test_the_controls_show_what_was_planted() -> None:
    text = TABLE.rest(everything(), PLAIN)
    assert "each must FAIL, and 1 of 1 do" in text
    (control,) = rows(text)
    assert control[:2] == ["score_function without 1/sigma**2", "x**2"]
    assert control[-5:] == ["6", "54.10 ± 0.90", "+11 sd", "8192", "FAIL"]


def test_a_control_of_the_variance_shows_variances() -> None:
    wrong = a_finding(check="variance", exact_variance=4.0, measured_variance=16.0, verdict=Verdict.FAIL)
    (control,) = rows(TABLE.rest(a_report(a_finding(), controls=(wrong,)), PLAIN))
    assert control[-5:-2] == ["4", "16", "+3e+02 %"]


def test_a_silent_control_breaks_the_report_in_words() -> None:
    text = TABLE.rest(a_report(a_finding(), controls=(a_finding(),)), PLAIN)
    assert text.endswith("Verdict: PASS; but 1 of 1 controls did not FAIL, so it proves nothing\n")


def test_the_contract_states_its_rates() -> None:
    text = " ".join(TABLE.rest(a_report(*a_case()), PLAIN).split())
    for phrase in (
        "the bias is below 0.01 standard deviations of a draw",
        "the variance is within 0.1 of the exact one",
        "wrong with probability at most 0.001 for each of the 8 verdicts by draws",
        "any FAIL at all appears with probability at most 1e-06",
        "missing any with probability at most 1e-06",
        "proven for every number of draws",
    ):
        assert phrase in text


def test_asymptotic_findings_are_not_called_proven() -> None:
    text = " ".join(TABLE.rest(a_report(a_finding(guarantee="asymptotic")), PLAIN).split())
    assert "but asymptotic for 1 of 1 findings" in text


def test_formats_do_not_share_a_name_or_a_suffix() -> None:
    names = [form.name for form in FORMATS]
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(set(names)) == len(names)
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)

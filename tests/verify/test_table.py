"""The tables: what a row tells, that everything lines up, and what stands at the end."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.verify.samples import REPEAT, a_case, a_finding, a_report, long_case, troubled_case
from verify.finding import Finding, Tier, Verdict
from verify.formats.table import TABLE
from verify.report import Report
from verify.shell.terminal import Look

PLAIN = Look(colour=False, unicode=True)
ASCII = Look(colour=False, unicode=False)
COLOURED = Look(colour=True, unicode=True)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
CASES = (a_case, long_case, troubled_case)


def everything() -> Report:
    return a_report(*a_case(), *long_case(), *troubled_case())


def table(case: tuple[Finding, ...], look: Look = PLAIN) -> str:
    assert TABLE.case is not None
    return TABLE.case(case, look)


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
    assert rows(text)[0][1] == "1.64872e+09"


def test_no_closed_form_is_said() -> None:
    assert "d/dmu E[f(x)] = no closed form" in table((a_finding(exact_expression=None),))


def test_where_pathwise_loses_its_row_says_so() -> None:
    score, pathwise = rows(table(long_case()))
    assert (score[6], pathwise[6]) == ("0.33", "loses")


@pytest.mark.parametrize(
    ("score", "pathwise", "ratio"),
    [(1.0, 0.0, "∞"), (0.0, 0.0, "-"), (None, 1.0, "–"), (1.0, None, "–"), (3.0, 1.5, "2")],
)
def test_the_ratio_of_degenerate_variances(score: float | None, pathwise: float | None, ratio: str) -> None:
    case = (a_finding(exact_variance=score), a_finding(estimator="pathwise", exact_variance=pathwise))
    assert rows(table(case))[0][6] == ratio


def test_an_estimator_that_is_not_the_gradient_has_no_ratio() -> None:
    """The term of pathwise across a jump has no variance, and is no estimator: no infinite gain."""
    blind = a_finding(estimator="pathwise", exact_variance=0.0, verdict=Verdict.NOT_APPLICABLE, message="a jump")
    assert rows(table((a_finding(), blind)))[0][6] == "–"


def test_numbers_beyond_every_float_are_told_by_their_digits() -> None:
    large = {"exact": None, "exact_digits": "1.23456789e+34743", "exact_variance": None}
    case = (
        a_finding(**large, exact_variance_digits="2.5e+138980"),
        a_finding(**large, exact_variance_digits="1.25e+138980", estimator="pathwise"),
    )
    score, pathwise = rows(table(case))
    assert (score[1], score[4], score[6], pathwise[4]) == ("1.23457e+34743", "2.5e+138980", "2", "1.25e+138980")
    assert rows(table((a_finding(exact=0.0, exact_digits="4.5e-400"),)))[0][1] == "4.5e-400"


def test_the_verdict_of_a_row_is_its_worst_and_its_notes_say_why() -> None:
    text = table(troubled_case())
    assert [row[-1] for row in rows(text)] == ["INCONCLUSIVE [1]", "NOT APPLICABLE [2]", "FAIL [3]"]
    assert [row[-3:-1] for row in rows(text)] == [["✓ ✓ ✓", "✓ ?"], ["– – –", "– –"], ["✓ ✓ ✗", "✓ ✓"]]
    notes = text[text.index("[1] I") :]
    assert notes.startswith("[1] INCONCLUSIVE: score_function of d/dmu E[f(x)]\n")
    assert "[2] NOT APPLICABLE: the cost jumps at x = 0" in notes
    assert "[3] FAIL: score_function of d/dsigma E[f(x)]\n" in notes
    assert notes.count("repeat") == 2


def test_a_card_says_what_was_claimed_what_was_seen_and_how_to_see_it_again() -> None:
    text = table(troubled_case())
    card = [" ".join(line.split()) for line in text[text.index("[3] FAIL") :].splitlines()]
    assert card[1:4] == [
        "claimed the mean of a draw is -sqrt(2)*mu/2 = -0.176033, within 0.00753 (0.01 standard deviations of a draw)",
        "bias by draws the mean is off by -0.0072 +- 0.0007: -0.18321 where -0.1760327 is exact, 9.9 standard errors",
        f"repeat {REPEAT}",
    ]


def test_a_card_holds_every_check_that_did_not_pass_in_columns() -> None:
    wrong = [replace(found, verdict=Verdict.FAIL, message="a reason of many words " * 12) for found in a_case()[:4]]
    unsure = replace(a_case()[4], verdict=Verdict.INCONCLUSIVE, message="more draws decide")
    lines = table((*wrong, unsure)).splitlines()
    card = lines[lines.index("[1] FAIL: score_function of d/dmu E[f(x)]") + 1 :]
    column = card[0].index("the mean of a draw")
    labels = [line[4:column].strip() for line in card if line]
    assert [label for label in labels if label] == [
        *("claimed", "bias by identity", "bias by quadrature", "variance by quadrature", "bias by draws"),
        *("variance by draws", "repeat"),
    ]
    assert all(line[column - 1] == " " != line[column] for line in card if line)
    assert all(len(line) <= 130 for line in card if "repeat" not in line)
    assert any("INCONCLUSIVE: more draws decide" in line for line in card)
    assert "the variance of a draw is 17.5625, within 10 % of it" in " ".join(" ".join(card).split())


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
    assert control[-5:-2] == ["4", "16", "+300 %"]


def test_a_silent_control_breaks_the_report_in_words() -> None:
    text = TABLE.rest(a_report(a_finding(), controls=(a_finding(),)), PLAIN)
    assert text.endswith("Verdict: PASS; but 1 of 1 controls did not FAIL, so it proves nothing\n")


def test_the_contract_states_its_rates() -> None:
    text = " ".join(TABLE.rest(a_report(*a_case()), PLAIN).split())
    for phrase in (
        "the bias is below 0.01 standard deviations of a draw",
        "the variance is within 10 % of the exact one",
        "wrong with probability at most 0.001 for each of the 8 verdicts by draws",
        "any FAIL at all appears with probability at most 1e-06",
        "missing any with probability at most 1e-06",
        "proven for every number of draws",
    ):
        assert phrase in text


def test_asymptotic_findings_are_not_called_proven() -> None:
    text = " ".join(TABLE.rest(a_report(a_finding(guarantee="asymptotic")), PLAIN).split())
    assert "but asymptotic for 1 of 1 findings by draws" in text


def test_nothing_judged_by_draws_certifies_no_size() -> None:
    text = TABLE.rest(a_report(a_finding(tier=Tier.QUADRATURE)), PLAIN)
    assert "certifies that its claim holds; it is wrong" in text


def test_different_resolutions_are_told_as_a_range() -> None:
    text = TABLE.rest(a_report(a_finding(resolution=0.02), a_finding(), a_finding(resolution=0.015)), PLAIN)
    assert "the bias is below 0.01 to 0.02 standard deviations of a draw;" in text


def test_a_variance_by_weighted_draws_is_marked_and_explained() -> None:
    """Such a finding has no estimate of the mean: the draws are not those of the law."""
    weighted = a_finding(check="variance", estimate=None, standard_error=None, measured_variance=17.6)
    (row,) = rows(table((a_finding(), weighted)))
    assert (row[3], row[5]) == ("1.0012 ± 0.0026", "w 17.6")
    assert "not the sampler" in TABLE.rest(a_report(weighted), PLAIN)
    assert "not the sampler" not in TABLE.rest(everything(), PLAIN)


def test_a_report_prints_as_its_tables() -> None:
    report = everything()
    printed = str(report)
    for case in CASES:
        assert table(case()) in printed
    assert printed.endswith(TABLE.rest(report, PLAIN))

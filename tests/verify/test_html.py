"""The HTML page: well formed, complete, readable by ear, and nothing in it that asks, runs or obeys a name."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.verify.nasty import NASTY, a_nasty_report
from tests.verify.samples import a_case, a_finding, a_report, long_case, troubled_case
from verify.finding import Verdict
from verify.formats.contract import meanings
from verify.formats.derivations import MOST, Shown, derivations
from verify.formats.escaping import visible
from verify.formats.glossary import GLOSSARY
from verify.formats.html_report import HTML, html_page
from verify.formats.html_style import STYLE
from verify.formats.json_report import as_json
from verify.report import Report
from verify.shell.terminal import Look

VOID = {"meta", "link", "br", "img", "hr"}
Attributes = dict[str, str | None]


@dataclass
class Element:
    tag: str
    attributes: Attributes
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def all(self, tag: str = "") -> list[Element]:
        found = [below for child in self.inside for below in (child, *child.all())]
        return [element for element in found if tag in ("", element.tag)]


class Page(HTMLParser):
    """The tree of a page, in which every element must be closed by its own tag."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.path = [self.root]
        self.feed(page)
        self.close()
        assert self.path == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        element = Element(tag, dict(attrs))
        self.path[-1].inside.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.path:
            element.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@functools.cache
def derived() -> dict[int, tuple[Shown, ...]]:
    """Two derivations, and a reason why there is none; those of every case would take long."""
    square = derivations([a_case()])[0]
    return {0: square, 2: (Shown("mu", None, "<b>no</b> closed form", "python -m verify derive '<b>'"),)}


def written(report: Report) -> str:
    return html_page(report, derived())


def page(report: Report) -> Element:
    return Page(written(report)).root


def everything() -> Report:
    return a_report(*a_case(), *long_case(), *troubled_case())


REPORTS = {"all": everything(), "empty": a_report(controls=()), "nasty": a_nasty_report()}


@functools.cache
def root_of(name: str) -> Element:
    return page(REPORTS[name])


each_report = pytest.mark.parametrize("name", REPORTS)


@each_report
def test_the_page_asks_for_nothing_and_runs_nothing(name: str) -> None:
    for element in root_of(name).all():
        assert not any(key.startswith("on") for key in element.attributes)
        for key in ("src", "href", "xlink:href", "action", "data", "srcset"):
            assert re.match("#|data:,$", element.attributes.get(key) or "#")
        assert element.tag not in ("iframe", "img", "object", "form", "base")
        assert element.tag != "script" or element.attributes["type"] == "application/json"
    assert not re.search(r"url\(|@import", STYLE)


@each_report
def test_names_point_to_one_place_each(name: str) -> None:
    elements = root_of(name).all()
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    pointed = [element.attributes.get("aria-labelledby") for element in elements]
    pointed += [(element.attributes.get("href") or "").removeprefix("#") or None for element in elements]
    assert {name for name in pointed if name not in (None, "data:,")} <= set(ids)


@each_report
def test_the_page_can_be_heard(name: str) -> None:
    root = root_of(name)
    (html,) = root.all("html")
    assert html.attributes["lang"] == "en"
    levels = [int(element.tag[1]) for element in root.all() if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for table in root.all("table"):
        assert [caption.text != "" for caption in table.all("caption")] == [True]
        assert {head.attributes.get("scope") for head in table.all("th")} == {"col", "row"}
        rows = table.all("tr")
        assert {len(row.inside) for row in rows} == {len(rows[0].inside)}
    for mark in root.all("span"):
        if "mark" in (mark.attributes.get("class") or ""):
            sign, words = mark.inside
            assert sign.attributes["aria-hidden"] == "true"
            assert words.text == mark.attributes["title"]


@each_report
def test_the_json_is_the_report(name: str) -> None:
    (data,) = root_of(name).all("script")
    assert json.loads(data.text) == json.loads(json.dumps(as_json(REPORTS[name])))


def test_the_page_says_what_the_table_says() -> None:
    text = root_of("all").text
    for told in (
        *meanings(everything()).values(),
        *GLOSSARY.values(),
        "45 findings: 38 PASS, 1 FAIL, 1 INCONCLUSIVE, 5 NOT APPLICABLE",
        "python -m verify",
        "python 3.11.7, numpy 2.4.0",
        "1.0012 ± 0.0026",
        "9.9 standard errors",
        "score_function without 1/sigma**2",
    ):
        assert told in text


def verdict_words(root: Element) -> list[str]:
    spans = [span for span in root.all("span") if (span.attributes.get("class") or "").startswith("verdict ")]
    assert {span.text.replace(" ", "_") for span in spans} <= set(Verdict)
    return [span.text for span in spans]


def test_whatever_is_coloured_is_also_said() -> None:
    root = root_of("all")
    assert {"PASS", "FAIL", "INCONCLUSIVE", "NOT APPLICABLE"} == set(verdict_words(root))
    (outcome,) = (element for element in root.all("div") if element.attributes.get("id") == "outcome")
    assert outcome.text.startswith("FAIL")


def test_there_is_a_card_and_a_way_to_it_for_each_row_that_did_not_pass() -> None:
    root = root_of("all")
    assert len(root.all("article")) == 2
    (way,) = (element for element in root.all("ul") if element.attributes.get("class") == "wrong")
    assert [link.attributes["href"] for link in way.all("a")] == [
        f"#{card.attributes['id']}" for card in root.all("article")
    ]
    assert page(a_report(*a_case())).all("article") == []


def test_a_report_that_proves_nothing_is_no_pass() -> None:
    root = page(a_report(*a_case(), controls=(a_finding(),)))
    (outcome,) = (element for element in root.all("div") if element.attributes.get("id") == "outcome")
    assert outcome.attributes["class"] == "outcome fail"
    assert "it proves nothing" in outcome.text


def test_nasty_names_are_shown_as_they_are() -> None:
    root = root_of("nasty")
    codes = {code.text for code in root.all("code")}
    assert {visible(text) for text in NASTY} <= codes


def test_a_page_with_one_thing_wrong_is_not_taken_for_well_formed() -> None:
    good = written(everything())
    for wrong in (good.replace("</td>", "", 1), good.replace("</section>", "</div>", 1), f"{good}<p>"):
        with pytest.raises(AssertionError):
            Page(wrong)


# Derivations


def test_derivations_are_folded_into_their_case_with_the_command_for_all_lines() -> None:
    (first, _, third) = (e for e in root_of("all").all("section") if e.attributes.get("class") == "case")
    assert [fold.inside[0].tag for fold in first.all("details")] == ["summary", "summary"]
    assert [fold.inside[0].text for fold in first.all("details")] == [
        f"Derivation of d/d{shown.wrt} E[f(x)], each line checked: {len(made.short)} of {len(made.steps)}"
        for shown in derived()[0]
        if (made := shown.derivation) is not None
    ]
    assert len(first.all("math")) > 20
    assert "python -m verify derive --law 'normal(mu, sigma)' --wrt sigma 'x**2'" in first.text
    assert "No derivation of d/dmu E[f(x)]: <b>no</b> closed form" in third.text
    assert third.all("b") == third.all("details") == []


def test_the_page_of_the_format_has_its_derivations() -> None:
    assert len(Page(HTML.rest(a_report(*a_case()), Look())).root.all("details")) == 2


def test_names_that_are_no_cost_have_a_reason_in_place_of_a_derivation() -> None:
    found = derivations([[a_finding(cost=text, law=text, wrt=text)] for text in NASTY[:5]])
    assert all(shown.derivation is None and shown.reason for case in found.values() for shown in case)


def test_every_case_comes_before_the_second_derivative_of_any(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Shown("mu", None, "", "")
    monkeypatch.setattr("verify.formats.derivations._shown", lambda _first, wrt: dataclasses.replace(made, wrt=wrt))
    case = [a_finding(wrt="mu"), a_finding(wrt="sigma")]
    few, many, more = (derivations([case] * count) for count in (MOST // 2, MOST // 2 + 1, MOST + 1))
    assert {tuple(shown.wrt for shown in part) for part in few.values()} == {("mu", "sigma")}
    assert {tuple(shown.wrt for shown in part) for part in many.values()} == {("mu",)}
    assert (len(few), len(many), len(more)) == (MOST // 2, MOST // 2 + 1, MOST)
    assert derivations([]) == {}


def test_a_cost_that_begins_with_a_minus_stands_behind_two() -> None:
    ((shown,),) = derivations([[a_finding(cost="-x", wrt="mu")]]).values()
    assert shown.derivation is not None
    assert shown.command.endswith(" --wrt mu -- -x")


# Colours


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    digits = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_by_hand() -> None:
    assert contrast("fff", "000000") == pytest.approx(21)
    assert contrast("777", "fff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: int) -> None:
    block = re.findall(r":root \{ ([^}]*--ground[^}]*)\}|:root \{ (--ground[^}]*)\}", STYLE)[scheme]
    colours = dict(re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", "".join(block)))
    pairs = [(text, ground) for text in ("text", "faint", "link") for ground in ("ground", "raised")]
    pairs += [(name, f"{name}-ground") for name in ("pass", "fail", "unsure", "none")]
    pairs += [("text", f"{name}-ground") for name in ("pass", "fail", "unsure", "none")]
    assert {pair: contrast(colours[pair[0]], colours[pair[1]]) >= 4.5 for pair in pairs} == dict.fromkeys(pairs, True)

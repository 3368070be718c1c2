"""The HTML report in a real browser: it renders, asks for nothing, says nothing on the console, and fits a phone."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass

import pytest

from tests.browser.chromium import DARK, LIGHT, Seen, opened
from tests.verify.nasty import a_nasty_report
from tests.verify.samples import a_case, a_report, long_case, troubled_case
from verify.formats.html_report import html_page
from verify.formats.json_report import as_json
from verify.report import Report

pytestmark = pytest.mark.browser

REPORTS = {
    "usual": a_report(*a_case(), *long_case(), *troubled_case()),
    "nasty": a_nasty_report(),
}
# The page forbids scripts, so another one around it takes the measures.
AROUND = """\
<!DOCTYPE html><meta charset="utf-8"><title>around</title><link rel="icon" href="data:,">
<iframe src="/report.html" style="width: {width}px; height: 800px; border: 0"></iframe><pre id="measures"></pre>
<script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  const styled = getComputedStyle(page.body);
  const outcome = page.querySelector("#outcome strong");
  document.querySelector("#measures").textContent = JSON.stringify({{
    title: page.title,
    outcome: outcome.textContent,
    outcomeHeight: outcome.getBoundingClientRect().height,
    width: page.documentElement.scrollWidth,
    ground: styled.backgroundColor,
    text: styled.color,
    scripts: [...page.scripts].map(script => script.type),
    alien: page.querySelectorAll("img, iframe, object, form, [onerror], [onload]").length,
    costs: page.querySelectorAll("section.case").length,
    report: page.querySelector("#report").textContent,
    unreachable: [...page.querySelectorAll("a[href^='#']")]
      .filter(link => !page.getElementById(link.hash.slice(1))).length,
  }});
}});
</script>
"""


@dataclass(frozen=True)
class Measured:
    seen: Seen
    values: dict[str, object]


def measured(report: Report, width: int = 1200, *flags: str) -> Measured:
    pages = {"/": AROUND.format(width=width), "/report.html": html_page(report, {})}
    seen = opened(pages, *flags)
    found = re.search(r'<pre id="measures">(.*?)</pre>', seen.dom, re.DOTALL)
    assert found is not None
    assert found[1], seen.console
    return Measured(seen, json.loads(html.unescape(found[1])))


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_renders_and_asks_for_nothing_else(name: str) -> None:
    report = REPORTS[name]
    page = measured(report)
    assert page.seen.requests == ("/", "/report.html")
    assert page.seen.elsewhere == ()
    assert page.seen.console == ()
    assert str(page.values["title"]).startswith(f"{report.verdict}")
    assert str(page.values["outcome"]).startswith(f"{report.verdict}")
    assert float(str(page.values["outcomeHeight"])) > 20
    assert page.values["scripts"] == ["application/json"]
    assert (page.values["alien"], page.values["unreachable"]) == (0, 0)
    assert json.loads(str(page.values["report"])) == json.loads(json.dumps(as_json(report)))


@pytest.mark.parametrize("name", REPORTS)
def test_a_phone_need_not_scroll_sideways(name: str) -> None:
    assert measured(REPORTS[name], 390).values["width"] == 390


def test_light_and_dark_are_what_was_asked_for() -> None:
    light, dark = (measured(REPORTS["usual"], 1200, scheme).values for scheme in (LIGHT, DARK))
    assert (light["ground"], light["text"]) == ("rgb(255, 255, 255)", "rgb(28, 31, 36)")
    assert (dark["ground"], dark["text"]) == ("rgb(20, 23, 27)", "rgb(231, 233, 236)")


def test_a_page_that_misbehaves_is_caught() -> None:
    """Otherwise silence would prove nothing."""
    seen = opened(
        {
            "/": '<title>bad</title><img src="/picture.png"><img src="http://localhost:9/x.png">'
            '<script>console.error("it says so")</script>'
        }
    )
    assert "/picture.png" in seen.requests
    assert seen.elsewhere == ("http://localhost:9/x.png",)
    assert any("it says so" in line for line in seen.console)


def test_the_page_forbids_what_it_does_not_do() -> None:
    planted = html_page(REPORTS["usual"], {}).replace(
        "<main>", '<main><script>document.title = "hijacked"</script><img src="/picture.png">'
    )
    seen = opened({"/": planted})
    assert seen.requests == ("/",)
    assert "<title>FAIL" in seen.dom
    assert any("Content Security Policy" in line for line in seen.console)

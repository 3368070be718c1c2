"""The pages that people see: the catalogue's report, a derivation, what a notebook shows. Valid, small, laid out.

Each is also kept as screenshots in build/screenshots, light, dark and as wide as a phone, to be looked at.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symbolic import Exact, gradient
from symbolic.deriving import derive
from symbolic.deriving.derivation import Derivation
from symbolic.typesetting.pages.html import html_page
from tests.browser.chromium import DARK, LIGHT, Seen, opened, screenshot
from tests.browser.validator import complaints
from tests.verify.nasty import NASTY, a_nasty_report
from tests.verify.samples import a_case, a_report, troubled_case
from verify.campaign import run_campaign
from verify.case import Settings
from verify.catalogue import CATALOGUE
from verify.controls import CONTROLS
from verify.formats.derivations import MOST, derivations
from verify.formats.html_report import HTML
from verify.formats.html_report import html_page as report_page
from verify.report import Report
from verify.shell.terminal import Look

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
LOOKS = {"light": (1300, LIGHT), "dark": (1300, DARK), "phone": (390, LIGHT)}
MOST_BYTES = 1_500_000
SURROUNDED = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>notebook</title><link rel="icon" href="data:,"></head>
<body>
<h1>A notebook</h1>
<h2>Its part</h2>
{}
</body>
</html>
"""
# A page forbids scripts, so another one around it unfolds it and takes the measures.
AROUND = """\
<!DOCTYPE html><meta charset="utf-8"><title>around</title><link rel="icon" href="data:,">
<iframe src="/page.html" style="width: {width}px; height: 800px; border: 0"></iframe><pre id="measures"></pre>
<script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  for (const fold of page.querySelectorAll("details")) fold.open = true;
  const box = element => element.getBoundingClientRect();
  const formulas = [...page.querySelectorAll("math")];
  const wide = formulas.filter(formula => box(formula).width > box(formula.parentElement).width + 1);
  document.querySelector("#measures").textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth,
    formulas: formulas.length,
    flat: formulas.filter(formula => !(box(formula).width > 5 && box(formula).height > 8)).length,
    fractions: [...page.querySelectorAll("mfrac")]
      .filter(one => !(box(one.children[0]).bottom <= box(one.children[1]).top + 1)).length,
    unreachable: wide.filter(formula => !formula.closest("[tabindex='0']")).length,
    folded: [...page.querySelectorAll("summary")].filter(one => one.tabIndex !== 0).length,
    pictures: [...page.querySelectorAll("svg")].filter(one => box(one).width > 200 && box(one).height > 60).length,
    unnamed: [...page.querySelectorAll("svg")]
      .filter(one => !page.getElementById(one.getAttribute("aria-labelledby"))?.textContent).length,
    alien: page.querySelectorAll("img, iframe, object, form, [onerror], [onload]").length,
    scripts: [...page.scripts].filter(script => script.type !== "application/json").length,
  }});
}});
</script>
"""


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    report = run_campaign(CATALOGUE, CONTROLS, Settings(), command="python -m verify")
    troubled = a_report(*a_case(), *troubled_case())
    notebook: tuple[Derivation | Exact | Report, ...] = (
        derive("x**2", "mu"),
        gradient("clip(x, lo, hi)", "mu"),
        troubled,
    )
    jump = derive("Heaviside(x - 2) + Piecewise((x, x < 0), (0, True))", "mu", at={"mu": "1", "sigma": "1"})
    return {
        "catalogue.html": HTML.rest(report, Look()),
        "troubled.html": report_page(troubled, derivations([a_case()])),
        "nasty.html": HTML.rest(a_nasty_report(), Look()),
        "derivation.html": html_page(derive("x**2*exp(a*x)", "sigma"), False),
        "jump.html": html_page(jump, False),
        "hostile.html": html_page(hostile(), False),
        "notebook.html": SURROUNDED.format("\n".join(thing._repr_html_() for thing in notebook)),
        "hostile-notebook.html": SURROUNDED.format(hostile()._repr_html_() + a_nasty_report()._repr_html_()),
    }


def hostile() -> Derivation:
    plain, text = derive("x", "mu"), "".join(sign for sign in " ".join(NASTY) if sign.isprintable())
    steps = tuple(replace(step, topic=text, rule=text, why=text, needs=text) for step in plain.steps)
    return replace(plain, title=text, given=(text,), conclusion=(text,), numbers={text: text}, steps=steps)


NAMES = (
    *("catalogue.html", "troubled.html", "nasty.html", "derivation.html", "jump.html", "hostile.html"),
    *("notebook.html", "hostile-notebook.html"),
)


def measured(page: str, width: int) -> tuple[Seen, dict[str, Any]]:
    seen = opened({"/": AROUND.format(width=width), "/page.html": page})
    found = re.search(r'<pre id="measures">(.*?)</pre>', seen.dom, re.DOTALL)
    assert found is not None
    assert found[1], seen.console
    return seen, json.loads(html.unescape(found[1]))


def test_every_page_is_valid(pages: Mapping[str, str], tmp_path: Path) -> None:
    assert set(pages) == set(NAMES)
    assert complaints(pages, tmp_path) == []


def test_a_page_that_is_not_valid_is_seen(pages: Mapping[str, str], tmp_path: Path) -> None:
    spoiled = pages["troubled.html"].replace("<main>", "<main><p><div></p>", 1)
    assert complaints({"spoiled.html": spoiled}, tmp_path) != []


def test_the_report_of_the_catalogue_can_be_mailed(pages: Mapping[str, str]) -> None:
    assert len(pages["catalogue.html"].encode()) < MOST_BYTES
    assert pages["catalogue.html"].count('<details class="derivation">') == MOST


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_laid_out_asks_for_nothing_and_says_nothing(pages: Mapping[str, str], name: str) -> None:
    seen, values = measured(pages[name], 1200)
    assert (seen.requests, seen.elsewhere, seen.console) == (("/", "/page.html"), (), ())
    assert values["formulas"] == pages[name].count("<math")
    assert values["pictures"] == pages[name].count("<svg")
    left = ("flat", "fractions", "unreachable", "folded", "unnamed", "alien", "scripts")
    assert {key: values[key] for key in left} == dict.fromkeys(left, 0)


@pytest.mark.parametrize("name", NAMES[:6])
def test_unfolded_on_a_phone_nothing_is_cut_off_at_the_side(pages: Mapping[str, str], name: str) -> None:
    assert measured(pages[name], 390)[1]["width"] == 390


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES[:5])
def test_screenshots_are_taken(pages: Mapping[str, str], name: str, look: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    width, scheme = LOOKS[look]
    place = SCREENSHOTS / f"{name.removesuffix('.html')}-{look}.png"
    page = pages[name].replace('<details class="derivation">', '<details class="derivation" open>', 2)
    screenshot(page, place, width, 6000, scheme)
    assert place.stat().st_size > 20_000

"""What a notebook shows of a derivation, an exact answer and a report: whole, harmless, and nothing beyond itself."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import sympy as sp

from symbolic import Exact, gradient, moments
from symbolic.deriving import derive, derive_general
from symbolic.deriving.derivation import Derivation, Stop
from symbolic.exact_gradient import gradient_of
from symbolic.problem import problem
from tests.verify.nasty import NASTY, a_nasty_report
from tests.verify.samples import a_case, a_finding, a_report, troubled_case
from tests.verify.test_html import Page
from verify.formats.escaping import visible
from verify.formats.latex import LATEX
from verify.formats.markdown import MARKDOWN
from verify.formats.overall import counts
from verify.report import Report
from verify.shell.terminal import Look

HOSTILE = r"</div><script>alert('1')</script> $x$ \(y\) \input{secret} `a` *b* | {"


@pytest.fixture(scope="module")
def square() -> Derivation:
    return derive("x**2", "mu")


@pytest.fixture(scope="module")
def hostile(square: Derivation) -> Derivation:
    steps = tuple(replace(step, topic=HOSTILE, rule=HOSTILE, why=HOSTILE, needs=HOSTILE) for step in square.steps)
    texts = {"title": HOSTILE, "given": (HOSTILE,), "conclusion": (HOSTILE,), "stops": (Stop(HOSTILE, HOSTILE),)}
    return replace(square, steps=steps, **texts)  # type: ignore[arg-type]  # mypy takes the values for one type


def view(thing: Derivation | Exact | Report, kind: str) -> str:
    """As Jupyter asks for it."""
    return str(getattr(thing, f"_repr_{kind}_")())


def the_one_element(html: str) -> None:
    """Closed in order, in an element in which a notebook looks for no TeX, and with a style that stays inside."""
    (outermost,) = Page(html).root.inside
    classes = (outermost.attributes["class"] or "").split()
    assert {"tex2jax_ignore", "mathjax_ignore"} <= set(classes)
    assert outermost.all("script") == []
    assert all(style.text.startswith("@scope {") for style in outermost.all("style"))
    assert all(style.text.count("{") == style.text.count("}") for style in outermost.all("style"))


def test_a_derivation_has_its_main_lines_in_each_view(square: Derivation) -> None:
    html, latex, markdown = (view(square, kind) for kind in ("html", "latex", "markdown"))
    the_one_element(html)
    assert html.count("<math") == sum(1 if step.continues else 2 for step in square.short)
    assert latex.startswith("$$\n\\begin{aligned}")
    assert latex.endswith("\\end{aligned}\n$$")
    assert latex.count("&= ") == markdown.count("\\tag{") == len(square.short)
    assert all(step.rule in markdown.replace("\\", "") for step in square.short)


def test_the_general_identities_can_be_shown() -> None:
    general = derive_general()
    the_one_element(view(general, "html"))
    assert r"\mathbb{E}" in view(general, "latex")


def test_a_derivation_without_lines_can_be_shown(square: Derivation) -> None:
    empty = replace(square, steps=())
    the_one_element(view(empty, "html"))
    assert r"\dots" in view(empty, "latex")


def test_hostile_words_of_a_derivation_stay_words(hostile: Derivation) -> None:
    html, latex = view(hostile, "html"), view(hostile, "latex")
    the_one_element(html)
    assert HOSTILE in Page(html).root.text
    assert "\\input" not in latex
    assert "$" not in latex.removeprefix("$$").removesuffix("$$").replace(r"\$", "")
    assert "<script" not in view(hostile, "markdown").replace(r"\<script", "")


@pytest.mark.parametrize(
    ("answer", "form", "condition"),
    [
        (gradient("x**2", "mu"), r"2 \mu", None),
        (gradient("clip(x, lo, hi)", "mu"), r"\operatorname{erf}", "hi - lo > 0"),
        (moments("x**2", estimator="pathwise", wrt="mu").variance, r"4 \sigma^{2}", None),
    ],
    ids=["gradient", "condition", "variance"],
)
def test_a_closed_form_is_shown_with_its_condition(answer: Exact, form: str, condition: str | None) -> None:
    html, latex, markdown = (view(answer, kind) for kind in ("html", "latex", "markdown"))
    the_one_element(html)
    assert form in latex
    assert latex == markdown
    assert (r"\text{if } " in latex) == ("<mtext>if</mtext>" in html) == (condition is not None)
    assert condition is None or condition in latex
    (formula,) = re.findall("<math.*</math>", html)
    ElementTree.fromstring(formula)


def test_an_answer_without_a_closed_form_says_what_to_do() -> None:
    answer = gradient_of(problem("log(1 + x**2)", "mu", "normal"))
    the_one_element(view(answer, "html"))
    assert all("at numbers" in view(answer, kind) for kind in ("html", "latex", "markdown"))


def test_an_answer_that_cannot_be_had_says_why_and_raises_nothing() -> None:
    kept = gradient("x", "mu")

    def refuse() -> sp.Expr:
        from symbolic.errors import Divergent

        raise Divergent("<b>$E$ does not exist</b>")

    answer = replace(kept, _derive=refuse)
    the_one_element(view(answer, "html"))
    assert "<b>" not in view(answer, "html")
    assert r"\$E\$ does not exist" in view(answer, "latex")
    assert r"\$E\$ does not exist" in view(answer, "markdown")


def test_a_report_shows_its_verdict_its_rows_and_its_cards() -> None:
    report = a_report(*a_case(), *troubled_case())
    html = view(report, "html")
    the_one_element(html)
    root = Page(html).root
    assert root.all("h3")[0].text == "FAIL"
    assert counts(report) in root.text
    assert len(root.all("table")) == 2
    assert re.search(r"\[\d\] FAIL: score_function of d/dsigma E\[f\(x\)\]", root.text)
    assert "1 of 1 do" in root.text
    assert view(report, "markdown") == MARKDOWN.rest(report, Look())
    body = view(report, "latex")
    assert body in LATEX.rest(report, Look())
    assert "document" not in body


def test_a_report_that_proves_nothing_shows_that_first() -> None:
    root = Page(view(a_report(*a_case(), controls=(a_finding(),)), "html")).root
    assert "it proves nothing" in root.all("h3")[0].text


def test_nasty_names_of_a_report_stay_names() -> None:
    html = view(a_nasty_report(), "html")
    the_one_element(html)
    assert {visible(text) for text in NASTY} <= {code.text for code in Page(html).root.all("code")}

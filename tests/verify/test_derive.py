"""The command `derive` and its pages: complete, escaped, the same bytes every time; and what it refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import sympy as sp

from symbolic.deriving import derive, derive_general, derive_problem
from symbolic.deriving.derivation import Derivation, Stop
from symbolic.deriving.line_check import Checked
from symbolic.problem import problem
from symbolic.typesetting import mathml
from symbolic.typesetting.mathml import as_mathml
from verify.cli import main
from verify.commands.derive import FORMATS, SUFFIXES
from verify.typesetting import PAGES

ROOT = Path(__file__).resolve().parents[2]
MATHML_CORE = {"math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"} | {
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
}
VOID = {"meta", "link"}
HOSTILE = r"</title><script>alert('1')</script> $x$ \input{secret} `a` *b* _c_ [d](e) & % # ~ ^ | {"


@pytest.fixture(scope="module")
def jump() -> Derivation:
    return derive("Heaviside(x - 2) + Piecewise((x, x < 0), (0, True))", "mu", at={"mu": "1", "sigma": "1"})


@pytest.fixture(scope="module")
def hostile() -> Derivation:
    plain = derive("x**2", "mu", estimators=("pathwise",))
    steps = tuple(replace(step, topic=HOSTILE, rule=HOSTILE, why=HOSTILE, needs=HOSTILE) for step in plain.steps)
    return replace(
        plain,
        title=HOSTILE,
        given=(HOSTILE,),
        steps=steps,
        stops=(Stop(HOSTILE, HOSTILE),),
        conclusion=(HOSTILE,),
        numbers={HOSTILE: HOSTILE},
    )


class Tags(HTMLParser):
    """Every element is closed in order; `found` are their names, `addresses` what they point at."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags_of(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    assert tags.open == []
    return tags


def test_html_is_one_file_of_closed_elements_without_scripts(jump: Derivation) -> None:
    page = PAGES["html"](jump, False)
    tags = tags_of(page)
    assert page.count('class="formula"') == sum(1 if step.continues else 2 for step in jump.steps)
    assert "script" not in tags.found
    assert tags.addresses == ["data:,"]  # no icon: a browser would ask for one
    assert "url(" not in page


def test_mathml_is_well_formed_and_core(jump: Derivation) -> None:
    formulas = re.findall(r"<math.*?</math>", PAGES["html"](jump, False), re.DOTALL)
    used = {element.tag for formula in formulas for element in ElementTree.fromstring(formula).iter()}
    assert {"mtable", "mfrac", "msup"} <= used <= MATHML_CORE


def test_hostile_text_stays_text_in_html(hostile: Derivation) -> None:
    plain = tags_of(PAGES["html"](hostile, False))
    assert "script" not in plain.found
    assert plain.found.count("title") == 1


def test_latex_writes_lambda_and_shows_how_far_a_derivative_reaches() -> None:
    page = PAGES["latex"](derive_problem(problem("x*log(x)", "lam", "exponential")), False)
    assert r"\section*{\(\frac{d}{d \lambda} \mathbb{E}_{x}\left[x \log{\left(x \right)}\right]" in page
    assert "- lam" not in page
    assert r"\frac{\partial}{\partial \lambda} \left[x \log{\left(x \right)} p\left(x\right)\right]" in page


def test_mathml_does_so_too() -> None:
    page = PAGES["html"](derive_problem(problem("x*log(x)", "lam", "exponential")), False)
    assert "<mi>\u03bb</mi>" in page
    assert "<mi>lam</mi>" not in page
    assert "</mfrac><mo>[</mo>" in page or "</mfrac><mrow><mo>[</mo>" in page


def test_hostile_text_stays_text_in_latex(hostile: Derivation) -> None:
    page = PAGES["latex"](hostile, False)
    assert "\\input" not in page
    body = page.split(r"\begin{document}")[1]
    assert "$" not in body.replace(r"\$", "")
    assert not re.search(r"(?<!\\)[#%~]", body)


def test_hostile_text_stays_text_in_markdown(hostile: Derivation) -> None:
    page = PAGES["markdown"](hostile, False)
    assert "<script" not in page.replace(r"\<script", "")
    assert not re.search(r"(?<!\\)`", page)
    outside = re.sub(r"\$\$\n.*?\n\$\$", "", page, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)\$", outside)


@pytest.mark.parametrize("form", PAGES)
def test_every_form_has_every_line_and_the_short_form_fewer(jump: Derivation, form: str) -> None:
    full, short = PAGES[form](jump, False), PAGES[form](jump, True)
    assert len(short) < len(full)
    # "change of variables" is no main line; "exact gradient" is one.
    assert "change of variables" in full
    assert "change of variables" not in short
    assert "exact gradient" in short
    assert full.endswith("\n")


def test_json_has_every_field(jump: Derivation) -> None:
    page = json.loads(PAGES["json"](jump, False))
    assert page["schema"] == "mcgradcheck/derivation/1"
    assert [step["number"] for step in page["steps"]] == list(range(1, len(jump.steps) + 1))
    assert {step["checked"] for step in page["steps"]} <= {"identical", "symbolic", "numeric", "certified"}
    assert set(page["numbers"]) == {"gradient", "variance, score function", "variance, pathwise"}


SCHEMA = json.loads(files("verify.typesetting").joinpath("derivation.schema.json").read_text(encoding="utf-8"))


def test_every_derivation_is_valid_against_the_schema_that_ships(jump: Derivation, hostile: Derivation) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for derivation in (jump, hostile, derive_general()):
        for short in (False, True):
            validator.validate(json.loads(PAGES["json"](derivation, short)))


def test_the_schema_names_each_key_in_order_and_refuses_anything_else(hostile: Derivation) -> None:
    page = json.loads(PAGES["json"](hostile, True))
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == list(page)
    step = SCHEMA["$defs"]["step"]
    assert list(step["properties"]) == step["required"] == list(page["steps"][0])
    assert set(step["properties"]["checked"]["enum"]) == {str(how) for how in Checked}
    wrong = [{key: value for key, value in page.items() if key != left_out} for left_out in page]
    wrong += [
        {**page, "steps": [{key: value for key, value in page["steps"][0].items() if key != left_out}]}
        for left_out in page["steps"][0]
    ]
    wrong += [{**page, "surprise": 1}, {**page, "schema": "mcgradcheck/report/1"}, {**page, "problem": {}}]
    wrong += [
        {**page, "steps": [{**page["steps"][0], key: value}]} for key, value in (("checked", "no"), ("number", 0))
    ]
    for loaded in wrong:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(SCHEMA).validate(loaded)


def test_the_same_input_gives_the_same_bytes() -> None:
    command = [
        sys.executable,
        "-m",
        "verify",
        "derive",
        "x*exp(-a*x)",
        "--law",
        "exponential",
        "--format",
        "html",
    ]
    pages = {
        subprocess.run(
            command, cwd=ROOT, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pages) == 1


def test_the_suffix_chooses_the_form(tmp_path: Path) -> None:
    begins = {".txt": "d/dmu", ".tex": r"\documentclass", ".md": "# ", ".html": "<!DOCTYPE html>", ".json": "{"}
    begins[".htm"] = begins[".html"]
    assert list(PAGES) == list(FORMATS)
    assert set(begins) == set(SUFFIXES)
    for suffix, beginning in begins.items():
        place = tmp_path / f"page{suffix}"
        assert main(["derive", "x", "--output", str(place)]) == 0
        assert place.read_text(encoding="utf-8").startswith(beginning)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--format", "pdf"], "invalid choice"),
        (["x", "--output", "nowhere/at/all.html"], "does not exist"),
        (["x", "--output", "page.docx"], "no form has the suffix"),
        (["x", "--wrt", "mu,sigma"], "a derivation is about one"),
        (["x", "--wrt", "nu"], "choose from: mu, sigma"),
        (["x", "--estimator", "magic"], "choose from"),
        (["x", "--at", "mu=1"], "sigma"),
        (["f(x)", "--at", "mu=1"], "stands for every cost"),
        (["<script>alert(1)</script>"], "mcgradcheck: error"),
        (["exp(x**2)", "--at", "mu=0,sigma=1"], "does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused_in_two_lines(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", *words]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert len(printed.err.splitlines()) <= 2
    assert printed.out == ""


def test_a_cost_may_begin_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "-x**2", "--detail", "short"]) == 0
    assert "The gradient is -2*mu." in capsys.readouterr().out


def test_the_general_identities_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "f(x)"]) == 0
    page = capsys.readouterr().out
    assert "= E_x[f(x)*d/dtheta log(p(x))]" in page
    assert "= E_epsilon[f'(g(epsilon, theta))*d/dtheta g(epsilon, theta)]" in page
    assert "= sigma*E_x[f''(x)]" in page


def test_a_page_on_stdout_is_utf_8_whatever_the_terminal_shows() -> None:
    command = [sys.executable, "-m", "verify", "derive", "x", "--detail", "short", "--format", "html"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "latin-1"}
    )
    assert "\N{GREEK SMALL LETTER MU}" in done.stdout.decode("utf-8")


def test_nothing_is_written_of_a_page_that_is_not_finished(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    place.write_text("the old page")
    assert main(["derive", "exp(x**2)", "--at", "mu=0,sigma=1", "--output", str(place)]) == 2
    assert place.read_text() == "the old page"
    assert os.listdir(tmp_path) == ["page.html"]


def test_products_and_single_signs_are_no_rows_of_their_own() -> None:
    x, a, e = sp.symbols("x a e")
    times = "<mo>\N{INVISIBLE TIMES}</mo>"
    assert as_mathml(2 * a * x + e) == f"<mrow><mn>2</mn>{times}<mi>a</mi>{times}<mi>x</mi><mo>+</mo><mi>e</mi></mrow>"
    sides = "<mrow><mo>(</mo><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mo>)</mo></mrow>"  # they stretch to this row
    assert as_mathml(a * (x + 1)) == f"<mrow><mi>a</mi>{times}{sides}</mrow>"
    assert as_mathml(sp.Symbol("x")) == "<mi>x</mi>"
    assert as_mathml(sp.Integer(-1)) == "<mn>\N{MINUS SIGN}1</mn>"


def test_what_is_left_out_is_rows_and_nothing_else(jump: Derivation, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for keep in (False, True):
        if keep:
            monkeypatch.setattr(mathml, "_without_needless_rows", lambda node: node)
        trees = [ElementTree.fromstring(f"<math>{as_mathml(step.after)}</math>") for step in jump.steps]
        written.append([(e.tag, e.text) for tree in trees for e in tree.iter() if e.tag != "mrow"])
    assert written[0] == written[1]

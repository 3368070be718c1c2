"""Formulas in sentences: found where they stand, set as what they say, and nothing else taken for one."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain

import pytest
import sympy as sp

from symbolic.deriving import derive
from symbolic.laws import NORMAL
from symbolic.problem import problem
from symbolic.typesetting.pages.latex import latex_page
from symbolic.typesetting.sentences import parts_of_sentence

_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
ASKED = problem("x**2*exp(a*x) + k", "mu", NORMAL)


def marked(text: str) -> str:
    """The formulas between angles, as SymPy prints them."""
    return "".join(words if found is None else f"<{found}>" for words, found in parts_of_sentence(text, ASKED))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the path is x = g(epsilon) = epsilon*sigma + mu", "the path is <x> = g(<epsilon>) = <epsilon*sigma + mu>"),
        ("x ~ normal(mu, sigma): a law", "<x> ~ normal(<mu>, <sigma>): a law"),
        ("an a, a kink or a jump, E g, E[f']", "an a, a kink or a jump, E g, E[f']"),
        ("E epsilon**2 = 1", "E <epsilon**2> = 1"),
        ("biased by -sqrt(2)*exp(-mu**2/2): so", "biased by <-sqrt(2)*exp(-mu**2/2)>: so"),
        ("the score is (x - mu)/sigma**2 p", "the score is <(-mu + x)/sigma**2> p"),
        ("where k - 2 > 0, and a*x.", "where <k - 2> > 0, and <a*x>."),
        ("(log p)' = p'/p; d/dmu f(g) = f'(g) dg/dmu", "(log p)' = p'/p; d/dmu f(g) = f'(g) dg/dmu"),
        ("a log-derivative, x-axis, 2x, exp, foo(x)", "a log-derivative, <x>-axis, 2x, exp, foo(<x>)"),
        ("x' and x[1] and x(2) and mux", "x' and x[1] and x(2) and mux"),
        ("(x, (x and x))", "(<x>, (<x> and <x>))"),
        (r"\input{x} __import__('os') & %", r"\input{<x>} __import__('os') & %"),
        ("", ""),
    ],
)
def test_a_sentence_parts_into_words_and_formulas(text: str, wanted: str) -> None:
    assert marked(text) == wanted


def test_without_a_problem_all_is_text() -> None:
    assert list(parts_of_sentence("x = mu", None)) == [("x = mu", None)]


@pytest.mark.parametrize(
    ("cost", "wrt"), [("x**2*exp(a*x)", "sigma"), ("Heaviside(x - 2) + Max(x - k, 0)", "mu"), ("cos(k*x)", "mu")]
)
def test_no_formula_is_lost_and_each_means_what_its_text_says(cost: str, wrt: str) -> None:
    derivation = derive(cost, wrt)
    asked = derivation.problem
    assert asked is not None
    sentences = chain(derivation.given, derivation.conclusion, *((step.why, step.needs) for step in derivation.steps))
    symbols = {*asked.symbols, asked.law.variable, asked.law.noise.symbol}
    values = {symbol: sp.Rational(k + 3, 7) for k, symbol in enumerate(sorted(symbols, key=str))}
    found = 0
    for sentence in sentences:
        parts = list(parts_of_sentence(sentence, asked))
        assert "".join(words for words, _ in parts) == sentence
        for words, formula in parts:
            if formula is not None:
                found += 1
                assert formula.free_symbols <= symbols
                assert float(formula.subs(values)) == pytest.approx(by_python(words, values), rel=1e-12)
    assert found > 10


def by_python(words: str, values: Mapping[sp.Symbol, sp.Rational]) -> float:
    """What the text is worth by Python's own syntax tree: a reading that shares nothing with the one under test."""
    names = {str(symbol): float(value) for symbol, value in values.items()} | {"pi": math.pi}
    functions: dict[str, Callable[..., float]] = {
        **{name: getattr(math, name) for name in ("exp", "sqrt", "erf", "cos", "sin")},
        "Max": max,
        "Heaviside": lambda at: float(at > 0),
    }

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return names[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=sign, right=right):
                return float(_SIGNS[type(sign)](value(left), value(right)))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return functions[name](*map(value, arguments))
        raise AssertionError(ast.dump(node))

    return value(ast.parse(words, mode="eval").body)


def test_a_document_has_no_formula_as_text() -> None:
    page = latex_page(derive("x**2*exp(a*x)", "sigma"), short=False)
    text = re.sub(r"\\begin\{align\*\}.*?\\end\{align\*\}|\\\(.*?\\\)|\\\[.*?\\\]", "", page, flags=re.DOTALL)
    assert "sqrt" not in text
    assert "exp(" not in text
    assert "**" not in text
    assert page.count(r"\(") == page.count(r"\)")
    assert page.count(r"\[\fit") == page.count("}\\]")


def test_a_formula_that_tex_could_not_measure_is_written_as_code() -> None:
    """TeX knows no width beyond 16,383 points, so a box of it cannot be made to fit."""
    derivation = derive("x", "mu")
    huge = sp.Mul(*(sp.Symbol("mu", real=True) + k * sp.Symbol("sigma", real=True) ** 2 for k in range(300)))
    step = replace(derivation.steps[-1], after=huge)
    page = latex_page(replace(derivation, steps=(*derivation.steps[:-1], step)), short=False)
    assert page.count(r"\parbox") == 1
    assert max(map(len, re.findall(r"\\fit\{.*", page)), default=0) < 4100

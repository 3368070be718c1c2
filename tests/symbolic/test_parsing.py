"""Text to costs and laws: what is read, what it becomes, and what is refused with which words."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic.errors import BadParameter, ParseError
from symbolic.laws import LAWS, NORMAL
from symbolic.parsing import parse_cost, parse_law
from symbolic.parsing.construction import Construction
from symbolic.parsing.names import Refused

x, mu, sigma = NORMAL.variable, *NORMAL.parameters
a = sp.Symbol("a", real=True)
rho = sp.Symbol("rho", real=True)
third = sp.Rational(1, 3)

READ: tuple[tuple[str, sp.Expr], ...] = (
    ("x", x),
    ("  x\n +\t1 ", x + 1),
    ("0.1", sp.Rational(1, 10)),
    ("1e-3*x", x / 1000),
    (".5 + 1.5E+2", sp.Rational(301, 2)),
    ("x**4 - 3*x**2 + x", x**4 - 3 * x**2 + x),
    ("-x**2", -(x**2)),
    ("2**-1", sp.S.Half),
    ("2**3**2", sp.Integer(512)),
    ("1 - 2 - 3", sp.Integer(-4)),
    ("12/2/3*x", 2 * x),
    ("--+x", x),
    ("-(x + 1)*a", -a * (x + 1)),
    ("1/(2*(x + 1))", sp.Mul(sp.S.Half, sp.Pow(x + 1, -1))),
    ("1/(mu/x)", x / mu),
    ("x**(1/3)", x**third),
    ("pi*E", sp.pi * sp.E),
    ("E**x", sp.exp(x)),
    ("exp(-(x - mu)**2/(2*sigma**2))", sp.exp(-((x - mu) ** 2) / (2 * sigma**2))),
    ("sqrt(sigma**2)", sigma),
    ("sin(x)*cos(a*x)*tan(x)", sp.sin(x) * sp.cos(a * x) * sp.tan(x)),
    ("sinh(x) + cosh(x) + tanh(x) + atan(x)", sp.sinh(x) + sp.cosh(x) + sp.tanh(x) + sp.atan(x)),
    ("erf(x) + erfc(2*x)", sp.erf(x) + sp.erfc(2 * x)),
    ("Phi(x)", sp.S.Half + sp.erf(x / sp.sqrt(2)) / 2),
    ("sigmoid(x)", 1 / (1 + sp.exp(-x))),
    ("softplus(x)", sp.log(1 + sp.exp(x))),
    ("abs(x) + Abs(a)", sp.Abs(x) + sp.Abs(a)),
    ("max(x, 0) + Min(x, a, 1)", sp.Max(x, 0) + sp.Min(x, a, 1)),
    ("clip(x, -1, 1)", sp.Min(sp.Max(x, -1), 1)),
    ("sign(x) + Heaviside(x)", sp.sign(x) + sp.Heaviside(x)),
    ("Heaviside(0)", sp.S.Half),
    # SymPy takes a real part here, as it cannot tell that atan(mu/x) is real.
    ("Abs(exp(atan(mu/x)))", sp.exp(sp.atan(mu / x))),
    ("besselj(2, x) + besselj(-1, a)", sp.besselj(2, x) - sp.besselj(1, a)),
    ("Piecewise((1, x > a), (0, True))", sp.Piecewise((1, x > a), (0, True))),
    ("Piecewise((x, x > 0), (1, x <= 0))", sp.Piecewise((x, x > 0), (1, True))),
    ("Piecewise((x, 0 < x < 1), (2, True))", sp.Piecewise((x, sp.And(x > 0, x < 1)), (2, True))),
    (
        "Piecewise((1, x < 0 or x >= 3), (2, (x < 1) & (a != 0) | Eq(a, 1)), (3, True))",
        sp.Piecewise((1, sp.Or(x < 0, x >= 3)), (2, sp.Or(sp.And(x < 1, sp.Ne(a, 0)), sp.Eq(a, 1))), (3, True)),
    ),
    ("Piecewise((1, x == 0 and a <= 1), (2, True))", sp.Piecewise((1, sp.And(sp.Eq(x, 0), a <= 1)), (2, True))),
)


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_text_means_its_formula(text: str, expected: sp.Expr) -> None:
    assert parse_cost(text, NORMAL).expression == expected


@pytest.mark.parametrize("expected", [expression for _, expression in READ])
def test_what_sympy_prints_is_read_back(expected: sp.Expr) -> None:
    assert parse_cost(str(expected), NORMAL).expression == expected


def test_names_are_the_symbols_of_the_law_or_real() -> None:
    law = NORMAL.with_arguments(mu, sp.Symbol("tau", positive=True))
    expression = parse_cost("x + mu + tau + sigma + rho", law).expression
    assert expression.free_symbols == {x, mu, sp.Symbol("tau", positive=True), sp.Symbol("sigma", real=True), rho}


DEEP = "(" * 4999 + "x" + ")" * 4999
REFUSED: tuple[tuple[str, str, str], ...] = (
    # the text, words of the message, what is marked
    ("", "empty", ""),
    (" \n", "empty", ""),
    ("x" * 100_000, "100000 characters", ""),
    (DEEP, "nesting is deeper than 40", ">>>(<<<"),
    ("-" * 9000 + "x", "nesting is deeper than 40", ">>>-<<<"),
    ("x" + "**x" * 900, "nesting is deeper than 40", ">>>**<<<"),
    ("exp(" * 41 + "x" + ")" * 41, "nesting is deeper than 40", ">>>(<<<"),
    ("+".join(["x"] * 3000), "more than 2000 numbers, names and operators", ">>>"),
    ("sigmoid(1 + x*" * 30 + "x" + ")" * 30, "nested more than 80 deep", ">>>"),
    ("9**9**9", "1.55e+09 bits", ">>>9**9**9<<<"),
    ("2**100000", "2e+05 bits", ">>>2**100000<<<"),
    ("(1/3)**(10**9)", "bits", "1/3)**(10**9)<<<"),
    ("2**1000*2**1000*2**1000", "a product of numbers would have", ">>>"),
    ("+".join(f"x/{prime}**200" for prime in sp.primerange(3, 60)), "a common denominator would have", ">>>"),
    ("x**(10**9)", "the exponent 1000000000 is too large; use at most 64", ">>>x**(10**9)<<<"),
    ("x**-65", "the exponent -65 is too large", ">>>x**-65<<<"),
    ("((x + 1)**64)**64", "degree beyond 64", ">>>((x + 1)**64)**64<<<"),
    ("x**40*a**40", "degree beyond 64", ">>>x**40*a**40<<<"),
    ("exp(10**9*log(2))", "coefficient of 1000000000*log(2)", ">>>exp(10**9*log(2))<<<"),
    ("exp(10**9*log(2) + x)", "coefficient of 1000000000*log(2)", ">>>"),
    ("exp(1000*log(x))", "coefficient of 1000*log(x)", ">>>"),
    ("sigma**(10**300*log(3)/log(sigma))", "divides by a logarithm", ">>>"),
    ("2**x*2**(10**400 - x)", "in an exponent is too large", ">>>2**(10**400 - x)<<<"),
    ("(2**x)**(10**400/x)", "in an exponent is too large", ">>>"),
    ("(exp(x*log(2)))**(10**400/x)", "in an exponent is too large", ">>>"),
    ("exp(exp(exp(9)))", "too large", ">>>exp(exp(9))<<<"),
    ("sin(10**7)", "too large for the argument of a function", ">>>sin(10**7)<<<"),
    ("max(x, 1, 2, 3, 4, 5, 6, 7, 8)", "9 arguments", ">>>max"),
    ("max(max(x, a, mu, x**2, sin(x)), cos(x), x**3, b, c)", "Max of 9 values", ">>>max"),
    ("Piecewise(" + "(1, x > 0), " * 17 + "(0, True))", "18 branches", ">>>Piecewise"),
    (
        "Piecewise((1, " + " and ".join(f"x != {i}" for i in range(9)) + "), (0, True))",
        "And of 9 conditions",
        ">>>x != 0",
    ),
    ("Piecewise((1, " + "|".join(f"(x > a*{i})" for i in range(9)) + "), (0, True))", "Or of 9 conditions", ">>>"),
    ("Piecewise((1, " + "<".join(f"a{i}" for i in range(10)) + "), (0, True))", "And of 9 conditions", ">>>a0<a1"),
    ("1e401", "exponent beyond 400", ">>>1e401<<<"),
    ("1" * 800, "800 characters is too long", ">>>111"),
    ("1" * 650, "more than 2048 bits", ">>>111"),
    ("007", "begins with a zero", ">>>007<<<"),
    ("__import__('os')", "no strings", "__import__(>>>'<<<os')"),
    ("__import__(x)", "__import__ is not a function here", ">>>__import__<<<"),
    ("__class__", "two underscores", ">>>__class__<<<"),
    ("x.real", "no attributes", "x>>>.<<<real"),
    ("x[0]", "no subscripts", "x>>>[<<<0]"),
    ("lambda: x", "lambda is a word of the Python language", ">>>lambda<<<: x"),
    ("lambda", "use another name, such as lambda_", ">>>lambda<<<"),
    ("x if x > 0 else 1", "cases are written Piecewise", "x >>>if<<< x"),
    ("f'{x}'", "no strings", "f>>>'<<<{x}'"),
    ("(x := 1)", "there is no lambda, slice or assignment", "(x >>>:<<<= 1)"),
    ("exp(u=x)", "nothing to assign", "exp(u>>>=<<<x)"),
    ("exp(*x)", "missing before this", "exp(>>>*<<<x)"),
    ("max(**x)", "missing before this", "max(>>>**<<<x)"),
    ("x^2", "a power is written **", "x>>>^<<<2"),
    ("x // 2", "missing before this", "x />>>/<<< 2"),
    ("x % 2", "there is no remainder", "x >>>%<<< 2"),
    ("~x", "writing the opposite one", ">>>~<<<x"),
    ("Piecewise((1, not x > 0), (0, True))", "writing the opposite one", ">>>not<<<"),
    ("x\u00b2", "a square is written **2", "x>>>\\xb2<<<"),
    ("\u03c3*x", "U+03C3 (GREEK SMALL LETTER SIGMA) is not ASCII", ">>>\\u03c3<<<*x"),
    ("\u2102", "is not ASCII", ">>>\\u2102<<<"),
    ("x\u200b", "U+200B (ZERO WIDTH SPACE)", "x>>>\\u200b<<<"),
    ("x\x1b[31m", "not part of the grammar", "x>>>\\x1b<<<"),
    ("x\x00", "not part of the grammar", ">>>\\x00<<<"),
    ("2x", "a product is written with *", "2>>>x<<<"),
    ("2(x)", "a product is written with *", "2>>>(<<<x)"),
    ("(x)(x)", "a product is written with *", "(x)>>>(<<<x)"),
    ("x x", "a product is written with *", "x >>>x<<<"),
    ("1_000", "a product is written with *", "1>>>_000<<<"),
    ("1j", "a product is written with *", "1>>>j<<<"),
    ("0x10", "a product is written with *", "0>>>x10<<<"),
    ("x(x + 1)", "a product is written x*(...)", ">>>x<<<(x + 1)"),
    ("*x", "missing before this", ">>>*<<<x"),
    ("x +", "missing at the end", "x +>>><<<"),
    ("()", "missing before this", "(>>>)<<<"),
    ("(x", "never closed", ">>>(<<<x"),
    ("x)", "never opened", "x>>>)<<<"),
    ("x) + (x", "never opened", "x>>>)<<<"),
    ("max(x,)", "missing before this", "max(x,>>>)<<<"),
    ("x, x", "not one value", ">>>x, x<<<"),
    ("exp((x, x))", "not one value", ">>>(x, x)<<<"),
    ("foo(x)", "foo is not a function here", ">>>foo<<<(x)"),
    ("sinn(x)", "did you mean sin", ">>>sinn<<<(x)"),
    ("log10(x)", "write log(u)/log(10). The functions are exp, log, sqrt", ">>>log10<<<(x)"),
    ("exp(x, 2)", "exp has 2 arguments here; write exp(u)", ">>>exp(x, 2)<<<"),
    ("Max()", "0 arguments", ">>>Max()<<<"),
    ("clip(x, 0)", "write clip(u, low, high)", ">>>clip(x, 0)<<<"),
    ("besselj(x, 2)", "the order x", ">>>besselj(x, 2)<<<"),
    ("besselj(1/2, x)", "the order 1/2", ">>>besselj(1/2, x)<<<"),
    ("besselj(100, x)", "the order 100", ">>>besselj(100, x)<<<"),
    ("exp + 1", "exp is a function; write exp(...)", ">>>exp<<< + 1"),
    ("True(x)", "only a function has arguments", ">>>True<<<(x)"),
    ("pi(x)", "pi is not a function here", ">>>pi<<<(x)"),
    ("epsilon", "the law's noise", ">>>epsilon<<<"),
    ("I*x", "I is the imaginary unit", ">>>I<<<*x"),
    ("oo", "oo is infinity", ">>>oo<<<"),
    ("nan", "costs are real and finite", ">>>nan<<<"),
    ("n" * 31, "31 characters; use at most 30", ">>>nnn"),
    ("x < 1", "stands only in a condition", ">>>x < 1<<<"),
    ("x and 1", "stands only in a condition", ">>>x and 1<<<"),
    ("x & 1", "stands only in a condition", ">>>x & 1<<<"),
    ("Eq(x, 1)", "stands only in a condition", ">>>Eq<<<"),
    ("True", "truth value", ">>>True<<<"),
    ("None", "word of the Python language", ">>>None<<<"),
    ("Piecewise()", "has no value where no condition holds", ">>>Piecewise()<<<"),
    ("Piecewise(x)", "not a branch", ">>>x<<<"),
    ("Piecewise((x, x > 0, 1))", "not a branch", ">>>(x, x > 0, 1)<<<"),
    ("Piecewise((x, x), (0, True))", "not a condition", ">>>x<<<"),
    ("Piecewise((1, x > 0 & x < 1), (0, True))", "stands only in a condition", ">>>0 & x<<<"),
    ("Piecewise((1, x > 0))", "end it with the branch (value, True)", ">>>Piecewise"),
    ("Piecewise((1, Piecewise((x, x > 0), (0, True)) > 1), (0, True))", "compares a Piecewise", ">>>Piecewise"),
    ("1/0", "0 is zero, so nothing can be divided by it", "1/>>>0<<<"),
    ("x/(1 - 1)", "0 is zero", ">>>1 - 1<<<"),
    ("1/(x - x)", "0 is zero", ">>>x - x<<<"),
    ("0**-1", "0 is zero", ">>>0**-1<<<"),
    ("0**x", "0 is zero", ">>>0**x<<<"),
    ("log(0)", "0 is never > 0", ">>>log(0)<<<"),
    ("0*log(-1 - x**2)", "never > 0, so it has no real logarithm", ">>>log(-1 - x**2)<<<"),
    ("sqrt(-2)", "-2 is negative", ">>>sqrt(-2)<<<"),
    ("sqrt(-x**2)", "I*Abs(x), which is not a real and finite number", ">>>sqrt(-x**2)<<<"),
    ("(-x**2)**(1/3)", "(-1)**(1/3) is not real", "-x**2)**(1/3)<<<"),
    ("(-8)**(1/3)", "-8 is negative", "-8)**(1/3)<<<"),
    ("(-2)**x", "-2 is negative", "-2)**x<<<"),
    ("tan(pi/2)", "zoo, which is not a real and finite number", ">>>tan(pi/2)<<<"),
    ("max(x, 1/2 - erf(32*sqrt(2))/2)", "cannot be compared", ">>>max"),
    ("1/(sin(1)**2 + cos(1)**2 - 1)", "cannot be told", ">>>sin(1)**2"),
)


@pytest.mark.parametrize(("text", "words", "marked"), REFUSED, ids=[ascii(text[:40]) for text, _, _ in REFUSED])
def test_what_is_no_cost_is_refused_at_once_in_two_lines(text: str, words: str, marked: str) -> None:
    before = time.perf_counter()
    with pytest.raises(ParseError) as refusal:
        parse_cost(text, NORMAL)
    elapsed = time.perf_counter() - before
    message = str(refusal.value)
    assert words in message
    assert marked in message
    assert len(message.splitlines()) <= 2
    assert message.replace("\n", "").isprintable()
    assert message.isascii()
    assert elapsed < 2


def test_a_function_that_sympy_brings_in_is_refused() -> None:
    with pytest.raises(Refused, match="SymPy writes this with cos, gamma, which is not in the grammar"):
        Construction([sp.exp]).checked(sp.exp(sp.gamma(x)) + sp.cos(a))


def test_the_column_is_that_of_the_mark() -> None:
    with pytest.raises(ParseError) as refusal:
        parse_cost("x**2 + foo(x)", NORMAL)
    first, second = str(refusal.value).splitlines()
    assert first.startswith("cost, column 8: foo is not a function here")
    assert second.strip() == "x**2 + >>>foo<<<(x)"


def test_a_long_text_is_shown_around_the_mark() -> None:
    with pytest.raises(ParseError) as refusal:
        parse_cost("+".join(["x"] * 100) + "+foo(x)+" + "+".join(["x"] * 100), NORMAL)
    assert str(refusal.value).splitlines()[1].strip() == f"...{'x+' * 14}>>>foo<<<(x){'+x' * 12}+..."


# Each function with the condition of its own: the SymPy expression alone would not show any of them.
GUARDS: tuple[tuple[str, set[tuple[str, sp.Expr]]], ...] = (
    ("0*log(x)", {("log", x)}),
    ("log(x) - log(x)", {("log", x)}),
    ("exp(log(x))", {("log", x)}),
    ("x/x", {("reciprocal", x)}),
    ("1/x*x", {("reciprocal", x)}),
    ("1/(mu/x)", {("reciprocal", mu), ("reciprocal", x)}),
    ("1/(1/x)", {("reciprocal", x)}),
    ("x**-2 * 0", {("reciprocal", x)}),
    ("(1/x)**0", {("reciprocal", x)}),
    ("1**(1/x)", {("reciprocal", x)}),
    ("sqrt(x)**2", {("power", x)}),
    ("x**(1/3)", {("power", x)}),
    ("x**(-1/2)", {("power", x), ("reciprocal", x)}),
    ("x**a", {("power", x), ("reciprocal", x)}),
    ("x**sigma", {("power", x)}),
    ("Max(1/x, 1, 1/x)", {("reciprocal", x)}),
    ("0*tan(a*x)", {("tan", a * x)}),
    ("log(sqrt(x - 1))", {("power", x - 1), ("log", sp.sqrt(x - 1))}),
    ("x/mu", {("reciprocal", mu)}),
    ("x/sigma + sqrt(sigma) + log(sigma) + tan(1)", set()),
    ("log(1 + x**2) + 1/(1 + exp(x)) + sqrt(x**2) + 1/(3 - 1)", set()),
    ("softplus(x) + sigmoid(x) + Phi(x) + x**2 + x**0", set()),
    ("log(1 + exp(tan(1))) + log(besselj(0, 1))", set()),
    ("Piecewise((1/x, x > x), (0, True))", set()),
)


@pytest.mark.parametrize(("text", "expected"), GUARDS, ids=[text for text, _ in GUARDS])
def test_what_may_be_undefined_is_kept(text: str, expected: set[tuple[str, sp.Expr]]) -> None:
    guards = parse_cost(text, NORMAL).guards
    assert {(guard.kind, guard.argument) for guard in guards} == expected
    assert all(guard.where == sp.true for guard in guards)


def test_a_branch_is_guarded_where_it_is_taken() -> None:
    text = "Piecewise((log(x), x > 1), (sqrt(x), 1/x > a), (Piecewise((log(a), a > 0), (0, True)), True))"
    guards = {(guard.kind, guard.argument): guard.where for guard in parse_cost(text, NORMAL).guards}
    assert guards == {
        ("log", x): x > 1,
        ("reciprocal", x): x <= 1,
        ("power", x): sp.And(x <= 1, 1 / x > a),
        ("log", a): sp.And(x <= 1, 1 / x <= a, a > 0),
    }


def test_a_law_by_name_is_the_law_itself() -> None:
    assert parse_law(" normal ", LAWS) is NORMAL


s = sp.Symbol("s", positive=True)
LAW_TEXTS: tuple[tuple[str, tuple[sp.Expr, sp.Expr]], ...] = (
    ("normal(mu, sigma)", (mu, sigma)),
    ("normal(mu, exp(rho))", (mu, sp.exp(rho))),
    ("normal(0, s)", (sp.S.Zero, s)),
    ("normal(s, s)", (s, s)),
    ("normal(s**2, s)", (s**2, s)),
    ("normal(a + 0.1, 1/3)", (a + sp.Rational(1, 10), third)),
    ("normal(mu, sqrt(rho))", (mu, sp.sqrt(rho))),
)


@pytest.mark.parametrize(("text", "arguments"), LAW_TEXTS)
def test_a_law_takes_expressions(text: str, arguments: tuple[sp.Expr, sp.Expr]) -> None:
    law = parse_law(text, LAWS)
    assert law == NORMAL.with_arguments(*arguments)
    assert all(symbol.is_real for symbol in law.symbols)


BAD_LAWS: tuple[tuple[str, type[Exception], str], ...] = (
    ("norml", ParseError, "no law is called norml; did you mean normal? the laws are normal"),
    ("cauchy(0, 1)", ParseError, "no law is called cauchy; the laws are normal"),
    ("mu + 1", ParseError, "no law is called mu + 1"),
    ("2", ParseError, "no law is called 2"),
    ("", ParseError, "the law is empty"),
    ("normal(x, 1)", ParseError, "x is what the law draws"),
    ("normal(0, exp(epsilon))", ParseError, "epsilon is what the law draws"),
    ("normal(0, x)", ParseError, "x is what the law draws"),
    ("normal(0, exp)", ParseError, "exp is a function"),
    ("normal(0, __a__)", ParseError, "two underscores"),
    ("normal(0, foo(a))", ParseError, "law, column 11: foo is not a function here"),
    ("normal(0, 1/0)", ParseError, "0 is zero"),
    ("normal(0, 9**9**9)", ParseError, "bits"),
    ("normal()", BadParameter, "takes 2 parameters (mu, sigma), not 0"),
    ("normal(0)", BadParameter, "not 1"),
    ("normal(0, 1, 2)", BadParameter, "not 3"),
    ("normal(0, 0)", BadParameter, "sigma=0"),
    ("normal(0, -1)", BadParameter, "sigma=-1"),
    ("normal(0, 1 - 2)", BadParameter, "sigma=-1"),
    ("normal(0, -exp(rho))", BadParameter, "sigma of normal must be > 0; give a positive value"),
)


@pytest.mark.parametrize(("text", "error", "words"), BAD_LAWS)
def test_what_is_no_law_is_refused(text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as refusal:
        parse_law(text, LAWS)
    assert words in str(refusal.value)
    assert len(str(refusal.value).splitlines()) <= 2


WORDS = """
    x mu sigma a pi E 0 1 2 64 0.5 1e-3 1e300 9 + - * / ** ( ) , < <= == != & | and or True
    exp( log( sqrt( sin( tan( erf( Abs( Max( sign( clip( besselj(2, Piecewise(( ,True)) ^ . _ 1e lambda \u03bc
"""
READERS: tuple[Callable[[str], object], ...] = (
    lambda text: parse_cost(text, NORMAL),
    lambda text: parse_law(f"normal({text}, 1)", LAWS),
)


def refusal_of(read: Callable[[str], object], text: str) -> str:
    try:
        read(text)
    except (ParseError, BadParameter) as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("read", READERS, ids=["cost", "law"])
@given(text=st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join) | st.text(max_size=40))
@settings(max_examples=300, deadline=timedelta(seconds=5))
def test_no_text_raises_anything_but_a_refusal(read: Callable[[str], object], text: str) -> None:
    assert len(refusal_of(read, text).splitlines()) <= 2

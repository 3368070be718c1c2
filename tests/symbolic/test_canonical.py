"""SymPy expressions of the user's own: the same symbols, the same grammar and the same bounds as text."""

from __future__ import annotations

import pytest
import sympy as sp

from symbolic.errors import ParseError
from symbolic.laws import NORMAL
from symbolic.parsing import canonical, parse_cost

ours, mu, sigma = NORMAL.variable, *NORMAL.parameters
a = sp.Symbol("a", real=True)
x, theirs_mu, theirs_sigma, theirs_a = sp.symbols("x mu sigma a")
complex_x = sp.Symbol("x", complex=True)
positive_x = sp.Symbol("x", positive=True)

TAKEN: tuple[tuple[sp.Expr, sp.Expr], ...] = (
    (x**2 + theirs_mu, ours**2 + mu),
    (positive_x + x + complex_x, 3 * ours),
    (sp.sqrt(theirs_sigma**2), sigma),
    (sp.sqrt(x**2), sp.Abs(ours)),
    (0.1 * x + 0.30000000000000004, ours / 10 + sp.Rational(30000000000000004, 10**17)),
    (x**0.5, sp.sqrt(ours)),
    (sp.Float("0.1", 60) * x, ours / 10),
    (sp.exp(-((x - theirs_a) ** 2) / 2), sp.exp(-((ours - a) ** 2) / 2)),
    (sp.pi * sp.E**x, sp.pi * sp.exp(ours)),
    (sp.log(x, 10), sp.log(ours) / sp.log(10)),
    (sp.Heaviside(x) + sp.Heaviside(x, 0), 2 * sp.Heaviside(ours)),
    (sp.besselj(2, x) + sp.erfc(x) + sp.sign(x), sp.besselj(2, ours) + sp.erfc(ours) + sp.sign(ours)),
    (sp.Max(positive_x, 1, theirs_a), sp.Max(ours, 1, a)),
    (
        sp.Piecewise((x, sp.And(positive_x < 2, sp.Ne(theirs_a, 1))), (1, True)),
        sp.Piecewise((ours, sp.And(ours < 2, sp.Ne(a, 1))), (1, True)),
    ),
    (
        sp.Piecewise((1, sp.Not(sp.And(ours > 0, a > 0))), (2, True)),
        sp.Piecewise((1, sp.Or(ours <= 0, a <= 0)), (2, True)),
    ),
    (sp.Mul(0, sp.log(x), evaluate=False), sp.S.Zero),
    (sp.Integer(3), sp.Integer(3)),
)


@pytest.mark.parametrize(("theirs", "expected"), TAKEN, ids=[str(theirs) for theirs, _ in TAKEN])
def test_an_expression_is_written_in_our_symbols(theirs: sp.Expr, expected: sp.Expr) -> None:
    found = canonical(theirs, NORMAL).expression
    assert found == expected
    assert found.free_symbols <= {ours, mu, sigma, a}
    assert not found.atoms(sp.Float)


@pytest.mark.parametrize(
    "text", ["1/x + log(a)", "sqrt(x)", "x**(-1/3)", "tan(x)", "Piecewise((log(x), x > 0), (0, True))"]
)
def test_an_expression_has_the_guards_of_its_text(text: str) -> None:
    parsed = parse_cost(text, NORMAL)
    assert canonical(parsed.expression, NORMAL) == parsed


def test_the_guards_of_an_unevaluated_expression_are_seen() -> None:
    (guard,) = canonical(sp.Mul(0, sp.log(x), evaluate=False), NORMAL).guards
    assert (guard.kind, guard.argument) == ("log", ours)


f = sp.Function("f")
deep = x
for _ in range(100):
    deep = sp.sin(deep + 1)
doubling = x
for _ in range(30):
    doubling = sp.sin(doubling) * (doubling + 1)

REFUSED: tuple[tuple[object, str], ...] = (
    (f(x), "f(x) (f) is not in the grammar of costs; the functions are exp, log"),
    (sp.gamma(x), "gamma(x) (gamma) is not in the grammar"),
    (sp.asin(x), "asin(x) (asin) is not in the grammar"),
    (x + sp.Integral(f(x), (x, 0, 1)), "(Integral) is not in the grammar"),
    (sp.Derivative(f(x), x), "(Derivative) is not in the grammar"),
    (sp.Sum(x, (theirs_a, 0, 3)), "(Sum) is not in the grammar"),
    (sp.re(complex_x), "re(x) (re) is not in the grammar"),
    (sp.I * x, "I is not a real and finite number"),
    (sp.exp(sp.I * x), "I is not a real and finite number"),
    (sp.sqrt(-2) * x, "I is not a real and finite number"),
    (sp.cbrt(-8), "-1 is negative"),
    (sp.oo, "oo is not a real and finite number"),
    (x + sp.zoo * x, "zoo is not a real and finite number"),
    (sp.nan, "nan is not a real and finite number"),
    (sp.EulerGamma * x, "EulerGamma"),
    (sp.log(-1 - ours**2), "never > 0"),
    (sp.Symbol("epsilon") * x, "the law's noise"),
    (sp.Symbol("exp") * x, "exp is a function"),
    (sp.Symbol("E") * x, "E is a constant"),
    (sp.Symbol("lambda") * x, "lambda is a word of the Python language"),
    (sp.Symbol("\\mu") * x, "is not a name"),
    (sp.Symbol("\u03bc") * x, "is not a name"),
    (sp.Symbol("n" * 31), "31 characters"),
    (sp.Dummy("x"), "is a Dummy"),
    (sp.Wild("x"), "is a Wild"),
    (sp.MatrixSymbol("M", 2, 2), "is not in the grammar"),
    (sp.Matrix([x, x]), "it is a scalar; give a SymPy expression"),
    (sp.Tuple(x, x), "it is a scalar; give a SymPy expression"),
    (x > 1, "it is a scalar; give a SymPy expression"),
    ("x**2", "it is a scalar; give a SymPy expression"),
    (sp.Piecewise((1, x > 0)), "end it with the branch (value, True)"),
    (sp.Piecewise((1, sp.Symbol("p")), (2, True)), "the condition p is not made of comparisons"),
    (x**65, "the exponent 65 is too large"),
    ((x + 1) ** 60 * (x + 2) ** 60, "degree beyond 64"),
    (sp.Integer(2) ** 5000 * x, "a number of more than 2048 bits"),
    (sp.Integer(2) ** 50000 * x, "a number of more than 2048 bits"),
    (sp.Float("1e-700") * x, "exponent beyond 400"),
    (deep, "more than 2000 nodes or 80 levels"),
    (doubling, "more than 2000 nodes or 80 levels"),
)


@pytest.mark.parametrize(("theirs", "words"), REFUSED)
def test_what_no_text_could_say_is_refused(theirs: sp.Expr, words: str) -> None:
    with pytest.raises(ParseError) as refusal:
        canonical(theirs, NORMAL)
    assert words in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1

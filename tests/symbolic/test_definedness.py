"""A cost is refused exactly where it has no value under the law, and let through only where it provably has one."""

from __future__ import annotations

import random

import mpmath
import pytest
import sympy as sp

from symbolic.definedness import is_defined
from symbolic.enclosing.ranges import range_of
from symbolic.enclosing.sign_proof import proven_sign, signs_seen
from symbolic.errors import Undefined
from symbolic.law import Law
from symbolic.laws.exponential import EXPONENTIAL
from symbolic.laws.normal import NORMAL
from symbolic.parsing import parse_cost
from symbolic.parsing.guards import Guard

R = sp.Rational
x, k = sp.symbols("x k", real=True)
LINE = (-sp.oo, sp.oo)


def _verdicts(text: str, law: Law) -> list[bool | None]:
    return [is_defined(guard, law) for guard in parse_cost(text, law).guards]


@pytest.mark.parametrize(
    "text",
    [
        "log(1 + x**2)", "log(x**2)", "log(Abs(x - k))", "log(x**2 - 2*x + 2)", "log(Phi(x))", "log(1 + tanh(x))",
        "log(1 - sigmoid(x))", "log(1.5 - erf(x))", "log(2 + sin(x)*cos(x))", "log(atan(x) + 2)", "log(exp(x) - x)",
        "sqrt(1 + cos(x))", "sqrt(2 - sin(x) - cos(x))", "sqrt(1 - tanh(x)**2)", "(x**2 + k**2)**0.3",
        "1/(2 + sin(x))", "1/(1 + x**4 - x)", "1/(x**2 + x + 1)", "1/(1.5 + besselj(0, x))", "1/(3 + x*exp(x))",
        "1/cosh(x)", "1/softplus(x)", "tan(tanh(x))", "tan(atan(x)/2)",
        "Piecewise((log(x), x > 0), (0, True))", "Piecewise((0, x <= 1), (log(x + sin(x)), True))",
        "Piecewise((tan(x), Abs(x) < 1), (0, True))", "Piecewise((1/x, x > 1), (x, True))",
    ],
)  # fmt: skip
def test_a_value_everywhere_is_proven_under_the_normal(text: str) -> None:
    assert all(verdict is True for verdict in _verdicts(text, NORMAL))


@pytest.mark.parametrize(
    "text",
    [
        "log(x)",
        "sqrt(x)",
        "x**(-0.5)",
        "log(1 + x)",
        "1/(1 + x)",
        "log(exp(x) - 1)",
        "1/(x**2 - x + 1)",
        "sqrt(x**3 + x)",
    ],
)
def test_a_value_everywhere_is_proven_on_the_half_line(text: str) -> None:
    assert all(verdict is True for verdict in _verdicts(text, EXPONENTIAL))


@pytest.mark.parametrize(
    ("text", "law", "words"),
    [
        ("log(x)", NORMAL, "undefined for x < 0"),
        ("x + 2*log(x)*sin(x)", NORMAL, "undefined for x < 0"),
        ("0*log(x)", NORMAL, "undefined for x < 0"),
        ("sqrt(x)**2", NORMAL, "a root of x"),
        ("x**0.3", NORMAL, "a root of x"),
        ("x/x", NORMAL, "pole at x = 0"),
        ("sin(x)/x", NORMAL, "pole at x = 0"),
        ("1/(x - k)", NORMAL, "pole at x = k"),
        ("1/(exp(x) - 3)", NORMAL, r"pole at x = log\(3\)"),
        ("1/sin(x)", NORMAL, "pole between"),
        ("1/besselj(0, x)", NORMAL, "pole between"),
        ("tan(x)", NORMAL, "pole"),
        ("tan(k*x + 1)", NORMAL, "pole"),
        ("tan(x/100)", EXPONENTIAL, "pole"),
        ("log(x - 1)", EXPONENTIAL, "undefined for 0 < x < 1"),
        ("1/(x - 3)", EXPONENTIAL, "pole at x = 3"),
        ("log(x**3 - x)", NORMAL, "undefined for x < -1"),
        ("sqrt(Abs(x) - 1)", NORMAL, "-1 < x < 0"),
        ("log(max(x, 0))", NORMAL, "infinite for x < 0"),
        ("1/Heaviside(x)", NORMAL, "infinite for x < 0"),
        ("1/clip(x, -1, 2)", NORMAL, "pole at x = 0"),
        ("Piecewise((log(x), x > -1), (0, True))", NORMAL, "undefined for -1 < x < 0"),
        ("Piecewise((1/x, x < 2), (0, True))", NORMAL, "pole at x = 0"),
        ("log(sin(x) + x/9)", NORMAL, "undefined around"),
    ],
)
def test_no_value_where_the_law_has_mass_is_refused(text: str, law: Law, words: str) -> None:
    with pytest.raises(Undefined, match=words) as refusal:
        _verdicts(text, law)
    assert str(law) in str(refusal.value)


@pytest.mark.parametrize("text", ["log(x**2 + k)", "1/(x**2 - k)", "log(k*x)", "log(exp(x) - k)", "sqrt(x + exp(k*x))"])
def test_what_hangs_on_a_parameter_is_left_open(text: str) -> None:
    assert None in _verdicts(text, NORMAL)


@pytest.mark.parametrize(("value", "verdict"), [(R(1, 7), True), (R(0), True)])
def test_numbers_decide_what_was_left_open(value: sp.Rational, verdict: bool) -> None:
    (guard,) = parse_cost("log(x**2 + k)", NORMAL).guards
    assert is_defined(Guard(guard.kind, guard.argument.xreplace({k: value})), NORMAL) is verdict
    with pytest.raises(Undefined):
        is_defined(Guard(guard.kind, guard.argument.xreplace({k: -value - 1})), NORMAL)


# --- the ranges and the signs that these verdicts rest on ---

EXPRESSIONS = [
    x**2 - 3 * x + 1,
    2 - x**2 + x,
    (x - 1) ** 2 * sp.exp(-x),
    sp.exp(x) / (1 + sp.exp(x)),
    1 - 1 / (1 + sp.exp(-x)),
    1 / (2 + sp.sin(x)),
    sp.tanh(x) * sp.erf(x) - 2,
    sp.log(1 + sp.exp(x)),
    sp.sqrt(1 + x**2) * sp.cos(x),
    sp.erfc(x) * sp.atan(x),
    sp.cosh(x) - 2,
    1 / (1 + x**2) ** R(3, 2),
    sp.Max(x, sp.sin(x), -1),
    sp.Min(sp.Max(x, -2), 3) * sp.sign(x),
    sp.Abs(x - 1) - sp.Abs(sp.sin(x)),
    sp.Piecewise((sp.exp(-x), x > 0), (sp.sin(x), True)),
    sp.besselj(0, x) + R(1, 2),
    sp.exp(-(x**2)) - sp.sinh(x) ** 3,
    -2 * sp.tanh(x) ** 2 * sp.cosh(sp.sin(x)),
    sp.log(2 + sp.cos(x)) / (3 - sp.tanh(x)),
    1 / (x**2 - 4 * x + 5) - 1 / sp.cosh(x),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_every_value_lies_in_the_range(expression: sp.Expr) -> None:
    generator = random.Random()
    found = range_of(expression)
    low, high = (
        mpmath.mpf(str(sp.N(end, 30))) if end.is_finite else mpmath.inf * sp.sign(end)
        for end in (found.low, found.high)
    )
    function = sp.lambdify(x, expression, "mpmath")
    with mpmath.workdps(60):
        for _ in range(200):
            point = mpmath.mpf(generator.randint(-(10**6), 10**6)) / 2 ** generator.randint(14, 24)
            value = function(point)
            slack = mpmath.mpf(10) ** -25 * (1 + abs(value))
            assert low - slack <= value <= high + slack, point


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("support", [LINE, (sp.S.Zero, sp.oo), (R(-1), R(2))])
def test_a_proven_sign_is_the_sign(expression: sp.Expr, support: tuple[sp.Expr, sp.Expr]) -> None:
    sign = proven_sign(expression, x, support)
    assert sign is None or {seen for _, seen in signs_seen(expression, x, support)} == {sign}


@pytest.mark.parametrize(
    ("expression", "support", "sign"),
    [
        (sp.exp(x) - x, LINE, 1),
        (x - sp.exp(x), LINE, -1),
        (x**4 - x + R(1, 2), LINE, 1),
        (x**4 - x + R(2, 5), LINE, None),
        (x + sp.sin(x), (R(1, 100), sp.oo), 1),
        (sp.cos(x), (R(-3, 2), R(3, 2)), 1),
        (sp.cos(x), (R(-8, 5), R(8, 5)), None),
        (x, (sp.S.Zero, sp.oo), None),
        (1 / x, LINE, None),
        (sp.log(x), (R(2), sp.oo), 1),
    ],
)
def test_signs_that_need_a_proof(expression: sp.Expr, support: tuple[sp.Expr, sp.Expr], sign: int | None) -> None:
    """x^4 - x has the minimum -3/4 * 4^(-1/3) = -0.472."""
    assert proven_sign(expression, x, support) is sign


@pytest.mark.parametrize(
    ("expression", "positive", "nonnegative"),
    [
        (1 + sp.tanh(x), True, True),
        (1 + sp.sin(x), False, True),
        (sp.exp(x) * k**2, False, True),
        (k**2 + 1, True, True),
        (1 - 1 / (1 + sp.exp(-k * x)), True, True),
        (sp.erfc(k * x), True, True),
        (x * k, False, False),
        (2 + sp.sin(x) + sp.cos(k), False, True),
    ],
)
def test_open_ends_matter(expression: sp.Expr, positive: bool, nonnegative: bool) -> None:
    found = range_of(expression)
    assert (found.is_positive, found.is_nonnegative) == (positive, nonnegative)

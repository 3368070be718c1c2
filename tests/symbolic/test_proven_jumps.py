"""Jumps where SymPy does not see that a formula vanishes, and jumps that are there for some values of the symbols only.

The oracle integrates density times cost between the places where the cost changes, which it is given as numbers, and
differentiates that by finite differences: it knows nothing of the places, heights and speeds that are found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import mpmath
import pytest
import sympy as sp

from symbolic import gradient
from symbolic.balls import real_ball
from symbolic.deriving import derive_problem
from symbolic.deriving.rules.subject import subject
from symbolic.errors import NotCertified
from symbolic.estimators import estimator
from symbolic.exact import Number
from symbolic.laws.normal import NORMAL
from symbolic.places.jumps import is_proven_zero, jumps
from symbolic.places.jumps_at_numbers import jumps_at, refuse_if_not_differentiable
from symbolic.places.proven_zero import is_zero
from symbolic.places.sign_beside import sign_beside
from symbolic.problem import Problem, problem
from verify.case import Case, Settings
from verify.cell import cells_of
from verify.checks.context import Context
from verify.checks.identity import identity
from verify.finding import Verdict

X = NORMAL.variable
AT: Mapping[str, Number] = {"mu": "3/10", "sigma": "4/5"}


# The argument of the step, and the same for mpmath.
DISGUISED: list[tuple[str, Callable[[mpmath.mpf], mpmath.mpf]]] = [
    ("sinh(x) - 1", lambda x: mpmath.sinh(x) - 1),
    ("sinh(x) - 1/2", lambda x: mpmath.sinh(x) - 0.5),
    ("cosh(x) - 2", lambda x: mpmath.cosh(x) - 2),
    ("cosh(x) - 3/2", lambda x: mpmath.cosh(x) - 1.5),
    ("sinh(x)**2 - 1", lambda x: mpmath.sinh(x) ** 2 - 1),
    ("tanh(x)**2 - 1/2", lambda x: mpmath.tanh(x) ** 2 - 0.5),
    ("erf(x) - 1/2", lambda x: mpmath.erf(x) - 0.5),
    ("erfc(x) - 1/2", lambda x: mpmath.erfc(x) - 0.5),
    ("Phi(x) - 1/3", lambda x: mpmath.ncdf(x) - mpmath.mpf(1) / 3),
    ("(sinh(x) - 1)**3", lambda x: mpmath.sinh(x) - 1),
    ("Abs(sinh(x)) - 1", lambda x: abs(mpmath.sinh(x)) - 1),
    ("sinh(2*x) - 3", lambda x: mpmath.sinh(2 * x) - 3),
]


def _zeros(argument: Callable[[mpmath.mpf], mpmath.mpf]) -> list[mpmath.mpf]:
    grid = [mpmath.mpf(i) / 8 + mpmath.mpf(1) / 97 for i in range(-48, 48)]
    return [
        mpmath.findroot(argument, ends, solver="anderson", tol=1e-60)
        for ends in pairwise(grid)
        if argument(ends[0]) * argument(ends[1]) < 0
    ]


def _missed(argument: Callable[[mpmath.mpf], mpmath.mpf], low: int) -> mpmath.mpf:
    """d/dmu E[step], all of which the pathwise term misses; low is what the step is where its argument is negative."""
    zeros = _zeros(argument)
    assert zeros

    def expectation(mu: mpmath.mpf) -> mpmath.mpf:
        total = mpmath.mpf(0)
        for a, b in pairwise([-mpmath.inf, *zeros, mpmath.inf]):
            middle = b - 1 if a == -mpmath.inf else (a + 1 if b == mpmath.inf else (a + b) / 2)
            share = mpmath.ncdf(b, mu, mpmath.mpf(4) / 5) - mpmath.ncdf(a, mu, mpmath.mpf(4) / 5)
            total += share * (1 if argument(middle) > 0 else low)
        return total

    return mpmath.diff(expectation, mpmath.mpf(3) / 10)


def _ball(bias: sp.Expr, at: Mapping[str, Number]) -> mpmath.mpf:
    values = {symbol: sp.Rational(at[str(symbol)]) for symbol in bias.free_symbols}
    return mpmath.mpf(real_ball(bias, values).mid().str(32, radius=False))


@pytest.mark.parametrize(("argument", "oracle"), DISGUISED, ids=[argument for argument, _ in DISGUISED])
def test_a_jump_is_seen_although_its_argument_does_not_simplify_to_zero(
    argument: str, oracle: Callable[[mpmath.mpf], mpmath.mpf]
) -> None:
    step, low = ("sign", -1) if len(argument) % 2 else ("Heaviside", 0)
    obstacle = estimator("pathwise", problem(f"{step}({argument})", "mu", "normal")).obstacle
    assert obstacle is not None
    assert "does not see a jump" in obstacle.reason
    with mpmath.workdps(40):
        assert abs(_ball(obstacle.bias, AT) + _missed(oracle, low)) < mpmath.mpf(10) ** -18


WITH_SYMBOLS = [
    ("sign(sinh(x) - k)", "3/2", lambda k: [mpmath.asinh(k)]),
    ("sign(cosh(x) - k)", "3/2", lambda k: [-mpmath.acosh(k), mpmath.acosh(k)]),
    ("sign(tanh(x) - k)", "1/2", lambda k: [mpmath.atanh(k)]),
    ("Heaviside(atan(x) - k)", "1/2", lambda k: [mpmath.tan(k)]),
    ("Piecewise((1, tanh(x) < k), (0, True))", "1/2", lambda k: [mpmath.atanh(k)]),
    ("sign(exp(x) - k)", "3/2", lambda k: [mpmath.log(k)]),
    ("sign(erf(x) - k)", "1/2", lambda k: [mpmath.erfinv(k)]),
    ("besselj(1, x)*Heaviside(x - k)", "1/2", lambda k: [k]),
]


@pytest.mark.parametrize(("cost", "k", "wanted"), WITH_SYMBOLS, ids=[cost for cost, _, _ in WITH_SYMBOLS])
def test_with_symbols_it_is_an_obstacle_and_with_numbers_it_is_found(
    cost: str, k: str, wanted: Callable[[mpmath.mpf], list[mpmath.mpf]]
) -> None:
    for wrt in ("mu", "k") if "Piecewise" in cost else ("mu",):
        asked = problem(cost, wrt, "normal")
        assert estimator("pathwise", asked).obstacle is not None
        here = {s: sp.Rational({**AT, "k": k}[str(s)]) for s in asked.symbols}
        fixed = {symbol: value for symbol, value in here.items() if symbol != asked.wrt}
        law = asked.law.with_arguments(*(argument.xreplace(fixed) for argument in asked.law.arguments))
        moving = {asked.wrt: here[asked.wrt]}
        found = jumps_at(asked.cost.xreplace(fixed), law, asked.wrt, moving)
        with mpmath.workdps(30):
            places = sorted(_ball(jump.place.xreplace(moving), {}) for jump in found)
            right = wanted(mpmath.mpf(sp.Rational(k).p) / sp.Rational(k).q)
            assert len(places) == len(right)
            assert all(abs(a - b) < mpmath.mpf(10) ** -28 for a, b in zip(places, right, strict=True))
    assert estimator("score_function", problem(cost, "k", "normal")).obstacle is not None


AT_POLES = [
    ("atan(1/(sinh(x) - 1))", 1, mpmath.pi),
    ("atan(2/(sinh(x) - 1)**3)", 1, mpmath.pi),
    ("atan(1/(1 - sinh(x)))", 1, -mpmath.pi),
    ("atan(1/(sinh(x) - 1)**2)", 0, 0),
    ("tanh(1/(cosh(x) - 2))", 2, 2),
]


@pytest.mark.parametrize(("cost", "count", "height"), AT_POLES, ids=[cost for cost, _, _ in AT_POLES])
def test_a_pole_is_seen_although_its_base_does_not_simplify_to_zero(cost: str, count: int, height: float) -> None:
    found = jumps(problem(cost, "mu", "normal").cost, X)
    assert len(found) == count
    assert all(abs(abs(float(jump.height)) - abs(height)) < 1e-15 for jump in found)
    right = max(found, key=lambda jump: float(jump.place), default=None)
    assert right is None or float(right.height) * height > 0


# Where k < 0 there is no jump, or none inside the support; E by hand for k > 0.
CONDITIONAL: list[tuple[str, str, str, Callable[[mpmath.mpf], mpmath.mpf]]] = [
    ("Heaviside(x**2 - k)", "normal", "4/9", lambda k: mpmath.ncdf(-mpmath.sqrt(k)) * 2),
    ("Heaviside(exp(x) - k)", "normal", "4/9", lambda k: mpmath.ncdf(-mpmath.log(k))),
    ("sign(x**2 - k)", "normal", "4/9", lambda k: mpmath.ncdf(-mpmath.sqrt(k)) * 4 - 1),
    ("Heaviside(x**2 - k)", "exponential", "4/9", lambda k: mpmath.exp(-mpmath.sqrt(k))),
    (
        "Heaviside(x**2 - k)*log(x)",
        "exponential",
        "4/9",
        lambda k: mpmath.e1(mpmath.sqrt(k)) + mpmath.exp(-mpmath.sqrt(k)) * mpmath.log(k) / 2,
    ),
    ("Heaviside(x - k)", "exponential", "4/9", lambda k: mpmath.exp(-k)),
]


@pytest.mark.parametrize(
    ("cost", "law", "k", "expectation"), CONDITIONAL, ids=[f"{cost}, {law}" for cost, law, _, _ in CONDITIONAL]
)
@pytest.mark.parametrize("name", ["pathwise", "score_function"])
def test_the_bias_is_real_and_right_whether_or_not_the_jump_is_there(
    cost: str, law: str, k: str, expectation: Callable[[mpmath.mpf], mpmath.mpf], name: str
) -> None:
    obstacle = estimator(name, problem(cost, "k", law)).obstacle
    assert obstacle is not None
    values: dict[str, Number] = {"mu": 0, "sigma": 1, "lam": 1}
    with mpmath.workdps(40):
        wanted = -mpmath.diff(expectation, mpmath.mpf(4) / 9)  # the terms are 0: the step is all that holds k
        assert abs(_ball(obstacle.bias, {**values, "k": k}) - wanted) < mpmath.mpf(10) ** -18
        assert _ball(obstacle.bias, {**values, "k": "-4/9"}) == 0


@pytest.mark.parametrize(("k", "verdict"), [("-1", None), ("4/9", Verdict.NOT_APPLICABLE)])
def test_the_check_by_identity_convicts_no_estimator_of_a_jump_that_is_not_there(
    k: str, verdict: Verdict | None
) -> None:
    (cell,) = (
        cell
        for cell in cells_of(Case("Heaviside(x**2 - k)", at={"mu": "3/10", "sigma": "4/5", "k": k}, wrt=("mu",)))
        if cell.judged.name == "pathwise"
    )
    found = identity((cell,), Context(Settings(), alpha=1e-8, beta=1e-8, pass_error=1e-3))
    assert [finding.verdict for finding in found] == ([] if verdict is None else [verdict])


@pytest.mark.parametrize(
    "cost", ["sign(x**2 - k*m)", "Heaviside(x - k)*Heaviside(exp(x) - m)", "Abs(x - k)*sign(x**2 - m)"]
)
def test_where_a_jump_is_not_there_its_part_of_the_bias_can_be_evaluated(cost: str) -> None:
    """d/dmu E[1(X > k)] = p(k), all that is left at m < 0; an even cost has none of it."""
    obstacle = estimator("pathwise", problem(cost, "mu", "normal")).obstacle
    assert obstacle is not None
    with mpmath.workdps(30):
        wanted = -mpmath.npdf(2) if "exp" in cost else 0
        assert abs(_ball(obstacle.bias, {"mu": 0, "sigma": 1, "k": 2, "m": "-1/3"}) - wanted) < mpmath.mpf(10) ** -28


def test_a_jump_that_is_never_inside_the_support_is_no_obstacle() -> None:
    for cost in ("Heaviside(x + sqrt(k))", "sign(x + exp(k))", "Heaviside(x + k**2)"):
        assert estimator("pathwise", problem(cost, "k", "exponential")).obstacle is None
    assert len(jumps(problem("Heaviside(x**2 - k)*log(x)", "k", "exponential").cost, X, (sp.S.Zero, sp.oo))) == 1


def test_a_bounded_jump_is_not_called_unbounded() -> None:
    """d/dk E[J1(X) 1(X > k)] = -J1(k) p(k)."""
    with mpmath.workdps(30):
        wanted = -mpmath.besselj(1, mpmath.mpf(1) / 2) * mpmath.npdf(mpmath.mpf(1) / 2)
    got = gradient("besselj(1, x)*Heaviside(x - k)", "k").at(mu=0, sigma=1, k="1/2")
    assert abs(got.midpoint - wanted) < 1e-28


def test_its_derivation_knows_of_it() -> None:
    (jump,) = subject(problem("sign(sinh(x) - 1)", "mu", "normal")).jumps
    assert (jump.place, jump.height) == (sp.log(1 + sp.sqrt(2)), 2)


@pytest.mark.prove  # three seconds, for lines that are checked at numbers when they are made
def test_its_derivation_holds() -> None:
    asked = problem("sign(sinh(x) - 1)", "mu", "normal")
    assert any("jump" in str(line) for line in derive_problem(asked, ("pathwise",)).conclusion)


def test_a_derivation_leaves_out_a_jump_outside_of_the_support() -> None:
    assert derive_problem(problem("Heaviside(x + 1)*x", "lam", "exponential"), ("pathwise",)).steps


A, B = sp.symbols("a b", real=True)
ZERO_IN_DISGUISE = sp.sinh(sp.log(1 + sp.sqrt(2))) - 1


def test_not_simplified_to_zero_proves_nothing() -> None:
    assert is_zero(ZERO_IN_DISGUISE) is None
    assert is_zero(A * sp.sin(ZERO_IN_DISGUISE)) is None
    assert is_zero(sp.atan(sp.tan(A)) - A) is None
    assert is_zero(sp.sqrt((A + 1) ** 2 + 0 * B) - A - 1) is None  # 0 for a > -1, not for the others
    assert is_zero(A - B) is False
    assert is_zero(sp.log(A) - B) is False
    assert is_zero((A + B) ** 2 - A**2 - 2 * A * B - B**2) is True
    assert is_zero(sp.sqrt(2) - 1) is False
    with pytest.raises(NotCertified, match="not known here"):
        is_proven_zero(ZERO_IN_DISGUISE, "not known here")


def test_a_sign_beside_a_place_needs_no_value_there() -> None:
    place = sp.log(1 + sp.sqrt(2))
    assert [sign_beside(sp.sinh(X) - 1, X, place, side) for side in (-1, 1)] == [-1, 1]
    assert [sign_beside((sp.sinh(X) - 1) ** 2, X, place, side) for side in (-1, 1)] == [1, 1]
    assert [sign_beside(sp.S.One - sp.Abs(X), X, sp.S.Zero, side) for side in (-1, 1)] == [1, 1]
    with pytest.raises(NotCertified, match="is not known"):
        sign_beside(X - A, X, sp.S.Zero, 1)


def test_a_kink_in_disguise_has_no_derivative_either() -> None:
    asked: Problem = problem("Max((sinh(k) - 1)*x, 0)", "k", "normal")
    cost = asked.cost.xreplace({sp.sinh(asked.wrt): sp.sinh(asked.wrt + sp.log(1 + sp.sqrt(2)))})
    with pytest.raises(NotCertified, match="is not known"):
        refuse_if_not_differentiable(cost, asked.law, asked.wrt, {asked.wrt: sp.S.Zero})

"""SymPy's integrals as a last resort: used where certified values confirm them, and only where a form was asked for."""

from __future__ import annotations

import pickle
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import sympy as sp

from symbolic import Value, gradient, moments, time_limit
from symbolic.clock import check_time, limited
from symbolic.confirmation import HOW_CONFIRMED, closed_or_confirmed, confirmed
from symbolic.deriving import derive
from symbolic.errors import NotInClass, TimedOut
from symbolic.exact import Exact
from symbolic.exact_gradient import gradient_of
from symbolic.exact_moments import moments_of
from symbolic.integral import Integral
from symbolic.laws import EXPONENTIAL
from symbolic.methods import sympy_integral
from symbolic.problem import Problem, problem
from symbolic.typesetting.pages.answer import answer_html, answer_latex, answer_markdown
from verify.case import Case
from verify.cell import cells_of

(LAM,) = EXPONENTIAL.parameters
K, X = sp.symbols("k x", real=True)
ROOT = -sp.sqrt(sp.pi) / (4 * LAM ** sp.Rational(3, 2))  # d/dlam E sqrt(x), E sqrt(x) = Gamma(3/2)/sqrt(lam)


def truth_of(asked: Problem) -> Callable[[Mapping[sp.Symbol, sp.Rational], int], Value]:
    exact = gradient_of(asked)
    return lambda values, digits: exact.at({str(symbol): v for symbol, v in values.items()}, digits=digits)


def as_sympy(form: sp.Expr, form_holds: sp.Basic = sp.true) -> Integral:
    return Integral(form, sp.true, sympy_integral.NAME, form_holds)


@pytest.fixture
def sympy_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the second that a new process takes to import SymPy."""

    def run(_command: object, **given: Any) -> subprocess.CompletedProcess[bytes]:
        integrand, variable, support, _ = pickle.loads(given["input"])
        answer = sympy_integral._standardised_integral(integrand, variable, support)
        return subprocess.CompletedProcess([], 0, pickle.dumps(answer), b"")

    monkeypatch.setattr(subprocess, "run", run)


@pytest.fixture
def no_sympy(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_arguments: object, **_limits: Any) -> None:
        raise AssertionError("SymPy's integral is asked for")

    monkeypatch.setattr(subprocess, "run", run)


def test_a_closed_form_that_only_sympy_has() -> None:
    answer = gradient("sqrt(x)", "lam", "exponential")
    assert sp.simplify(answer.expression - ROOT) == 0
    assert (answer.method, answer.conditions, answer.refusal) == (sympy_integral.NAME, sp.true, None)


@pytest.mark.usefixtures("sympy_in_this_process")
def test_forms_of_moments_and_their_conditions() -> None:
    """Var of the pathwise term -sqrt(e)/(2 lam^(3/2)): (1 - pi/4)/(4 lam^3). erf(k x) is read for k > 0."""
    variance = moments("sqrt(x)", "pathwise", "lam", "exponential").variance
    assert sp.simplify(variance.expression - (1 - sp.pi / 4) / (4 * LAM**3)) == 0
    assert variance.method == sympy_integral.NAME
    bent = gradient("erf(k*x)", "lam", "exponential")
    assert (bent.method, bent.conditions) == (sympy_integral.NAME, sp.Gt(K, 0))
    assert bent.expression is not None
    at = {LAM: sp.Rational(3, 2), K: sp.Rational(2, 3)}
    value = bent.at({"lam": "3/2", "k": "2/3"})
    assert abs(bent.expression.xreplace(at).evalf(30) - sp.Float(str(value), 30)) < 1e-25


@pytest.mark.usefixtures("sympy_in_this_process")
def test_a_derivation_says_whose_form_it_is() -> None:
    derivation = derive("sqrt(x)", "lam", "exponential", ["pathwise"])
    (line,) = (step for step in derivation.steps if step.rule == "closed form of SymPy")
    assert (line.why, line.main, line.checked) == (HOW_CONFIRMED, True, "certified")
    (variance,) = (step for step in derivation.steps if step.rule == "variance")
    assert variance.why.endswith(HOW_CONFIRMED)
    assert f"The closed form of the gradient and of the variance of pathwise was {HOW_CONFIRMED}." in (
        derivation.conclusion
    )


@pytest.mark.usefixtures("no_sympy")
def test_numbers_and_reports_never_wait_for_sympy() -> None:
    assert str(gradient("sqrt(x)", "lam", "exponential").at(lam=4)).startswith("-0.05538918284079")
    asked = problem("sqrt(x)", "lam", "exponential")
    assert (gradient_of(asked).expression, gradient_of(asked).method) == (None, "enclosure")
    assert moments_of(asked, "pathwise").variance.expression is None
    (cell,) = cells_of(Case("sqrt(x)", law="exponential(lam)", at={"lam": "4"}, estimators=("pathwise",)))
    assert cell.gradient_form.expression is None
    assert cell.moments.variance.expression is None
    assert cell.moments.kurtosis.expression is None


WRONG = [
    ("sqrt(x)", -ROOT, sp.true, "which is wrong"),
    ("sqrt(x)", ROOT * (1 + sp.Rational(1, 10**18)), sp.true, "which is wrong"),
    ("sqrt(x)", ROOT + sp.Max(0, LAM - sp.Rational(3, 2)), sp.true, "which is wrong"),
    ("sqrt(x)", sp.I * ROOT, sp.true, "is not real"),
    ("sqrt(x)", sp.meijerg([[0, 1, 1], []], [[1], [0]], 1 / LAM), sp.true, "has no certified value"),
    ("sqrt(x)", ROOT, sp.Lt(LAM, 0), "looked at at 0 points"),
    ("exp(k*x) + sqrt(x)", -K / (LAM - K) ** 2 + ROOT, sp.true, "does not exist|E.exp"),
    ("Abs(k)*sqrt(x)", K * ROOT, sp.true, "which is wrong: at k=-"),
]


@pytest.mark.parametrize(("cost", "form", "form_holds", "reason"), WRONG, ids=map(str, range(len(WRONG))))
def test_a_wrong_form_is_refused(cost: str, form: sp.Expr, form_holds: sp.Basic, reason: str) -> None:
    asked = problem(cost, "lam", "exponential")
    ours = gradient_of(asked)
    assert ours.expression is None
    with pytest.raises(NotInClass, match=reason):
        confirmed(as_sympy(form, form_holds), asked, truth_of(asked))
    with pytest.raises(NotInClass, match=f"exponential_polynomial: .*; sympy_integral: .*({reason})"):
        closed_or_confirmed(asked, ours._derive, lambda: as_sympy(form, form_holds), truth_of(asked))


def test_the_same_forms_made_right_are_taken() -> None:
    asked = problem("Abs(k)*sqrt(x)", "lam", "exponential")
    assert confirmed(as_sympy(sp.Abs(K) * ROOT), asked, truth_of(asked)).method == sympy_integral.NAME
    form = confirmed(as_sympy(K * ROOT, sp.Gt(K, 0)), asked, truth_of(asked))
    assert form.form_holds == sp.Gt(K, 0)


def test_an_integral_that_sympy_calls_infinite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (sp.oo, sp.nan, sp.Integral(X, (X, 0, 1))):
        done = subprocess.CompletedProcess([], 0, pickle.dumps(answer), b"")
        monkeypatch.setattr(subprocess, "run", lambda *_a, done=done, **_k: done)
        variance = moments("sqrt(x)", "pathwise", "lam", "exponential").variance
        assert variance.expression is None
        assert "sympy.integrate" in str(variance.refusal)


def test_a_condition_on_an_angle_is_one_on_the_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    angle = sp.Abs(sp.arg(K)) <= sp.pi / 4
    answer = sp.Piecewise((X + K, angle), (sp.Integral(X, (X, 0, 1)), True))
    done = subprocess.CompletedProcess([], 0, pickle.dumps(answer), b"")
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: done)
    assert sympy_integral.integrate(X, X, (sp.S.Zero, sp.oo)) == as_sympy(X + K, sp.Gt(K, 0))


def test_where_sympy_takes_long_there_is_no_closed_form() -> None:
    """Not TimedOut: its share of the time is over, that of the call is not."""
    start = time.monotonic()
    with time_limit(0.8):
        answer = gradient("log(1 + x**4)")
        assert (answer.expression, answer.method) == (None, "enclosure")
    assert time.monotonic() - start < 3
    assert "sympy_integral: not found and confirmed within" in str(answer.refusal)


def test_the_end_of_the_whole_call_is_said_as_such() -> None:
    asked = problem("sqrt(x)", "lam", "exponential")

    def waits_forever() -> Integral:
        while True:
            check_time()
            time.sleep(0.01)

    @limited("the closed form")
    def found(ours: Callable[[], Integral]) -> Integral:
        return closed_or_confirmed(asked, ours, waits_forever, truth_of(asked))

    with time_limit(0.3):
        with pytest.raises(TimedOut, match="the closed form"):
            found(waits_forever)
        with pytest.raises(NotInClass, match=r"within 0\.1"):
            found(gradient_of(asked)._derive)


def test_a_derivation_says_why_there_is_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 0, pickle.dumps(sp.Integral(X, (X, 0, 1))), b"")
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: done)
    (stop,) = derive("sqrt(x)", "lam", "exponential", ["pathwise"]).stops
    assert stop.why.endswith("(--at) (sympy_integral: sympy.integrate left the integral unevaluated)")


def test_a_notebook_says_which_form_is_not_proven() -> None:
    asked = problem("x**2", "mu", "normal")
    ours = gradient("x**2")
    by_sympy = Exact(asked, lambda: Integral(2 * asked.wrt, sp.true, sympy_integral.NAME), ours._evaluate)
    for view in (answer_html, answer_latex, answer_markdown):
        assert "no proof" in view(by_sympy)
        assert "no proof" not in view(ours)

"""Derivations: every line is checked, every wrong line is refused, and the ends agree with independent oracles."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import mpmath
import pytest
import sympy as sp

from symbolic.deriving import derive, derive_general, derive_problem
from symbolic.deriving.derivation import Derivation, Lines
from symbolic.deriving.line_check import Checked, Undecided, WrongLine, check_line
from symbolic.deriving.meaning import Meaning
from symbolic.deriving.rules.instances import check_in_instances
from symbolic.deriving.unevaluated import Density, Mean
from symbolic.errors import BadParameter
from symbolic.laws import EXPONENTIAL, NORMAL
from symbolic.problem import problem
from tests.symbolic.corruptions import corruptions

X, MU, SIGMA = NORMAL.variable, *NORMAL.parameters
EPSILON = NORMAL.noise.symbol
Integrand: TypeAlias = Callable[[mpmath.mpf], mpmath.mpf]
Question: TypeAlias = tuple[str, str, str]
SAMPLE: tuple[Question, ...] = (
    ("x**2", "mu", "normal"),
    ("x**2", "sigma", "normal"),
    ("cos(k*x)", "sigma", "normal"),
    ("exp(-k*x**2)", "mu", "normal"),
    ("x*exp(-a*x)", "lam", "exponential"),
    ("Heaviside(x - k)*x", "mu", "normal"),
    ("Abs(x)", "sigma", "normal"),
)
FAST = (SAMPLE[0], SAMPLE[4])


def _name(value: object) -> str:
    """The same in every process: no addresses, no order of a set."""
    if isinstance(value, set):
        return " or ".join(sorted(map(str, value)))
    return "" if callable(value) and not isinstance(value, sp.Basic) else str(value)


@pytest.fixture(scope="module")
def made() -> dict[Question, Derivation]:
    return {question: derive(*question) for question in SAMPLE}


@pytest.mark.parametrize("question", SAMPLE, ids=_name)
def test_a_derivation_goes_to_the_end(made: dict[Question, Derivation], question: Question) -> None:
    derivation = made[question]
    topics = {step.topic for step in derivation.steps}
    assert derivation.stops == ()
    assert {"Score function", "Pathwise", "The integral", "Variance, score function", "Comparison"} - topics <= {
        "Comparison"
    }
    assert sum(step.rule == "exact gradient" for step in derivation.steps) == 1


def mean_by_mpmath(
    integrand: Callable[[mpmath.mpf], mpmath.mpf], mu: float, sigma: float, kinks: tuple[float, ...] = ()
) -> mpmath.mpf:
    with mpmath.workdps(30):
        ends = sorted({mpmath.mpf(mu) + k * mpmath.mpf(sigma) for k in (-14, -6, -2, 0, 2, 6, 14)} | set(kinks))
        return mpmath.quad(lambda x: integrand(x) * mpmath.npdf(x, mu, sigma), ends)


@pytest.mark.parametrize(
    ("question", "cost", "kinks"),
    [
        (SAMPLE[0], lambda x: x**2, ()),
        (SAMPLE[2], lambda x: mpmath.cos(2 * x), ()),
        (SAMPLE[5], lambda x: x if x > 2 else mpmath.mpf(0), (2.0,)),
        (SAMPLE[6], abs, (0.0,)),
    ],
    ids=_name,
)
def test_the_gradient_is_the_slope_of_the_integral(
    made: dict[Question, Derivation],
    question: Question,
    cost: Integrand,
    kinks: tuple[float, ...],
) -> None:
    at = {MU: sp.Rational(1, 2), SIGMA: sp.Rational(3, 4), sp.Symbol("k", real=True): sp.Integer(2)}
    found = next(step.after for step in made[question].steps if step.rule == "exact gradient").xreplace(at)
    h = mpmath.mpf(2) ** -14
    ahead, behind = (
        mean_by_mpmath(
            cost,
            mpmath.mpf(1) / 2 + (side * h if question[1] == "mu" else 0),
            mpmath.mpf(3) / 4 + (side * h if question[1] == "sigma" else 0),
            kinks,
        )
        for side in (1, -1)
    )
    # A central difference is off by h^2/6 times a third derivative, which is below 100 for these costs.
    assert abs((ahead - behind) / (2 * h) - mpmath.mpf(sp.N(found, 25))) < 100 * h**2 / 6


@pytest.mark.parametrize(
    "question",
    [question if question in FAST else pytest.param(question, marks=pytest.mark.prove) for question in SAMPLE],
    ids=_name,
)
def test_a_corrupted_line_is_refused(
    made: dict[tuple[str, str, str], Derivation], question: tuple[str, str, str]
) -> None:
    """Every line of every rule, with one thing wrong at a time; a change that keeps the value is told by the oracle."""
    derivation = made[question]
    assert derivation.problem is not None
    meaning = Meaning(derivation.problem.law)
    caught = 0
    for step in derivation.steps:
        for place, wrong in enumerate(corruptions(step.after)):
            if place >= 8 or wrong == step.after:
                continue
            caught += is_refused_or_true(step.before, wrong, meaning)
    assert caught > 3 * len(derivation.steps)


def test_every_rule_is_refused_with_a_wrong_factor_and_with_a_wrong_sign(
    made: dict[tuple[str, str, str], Derivation],
) -> None:
    first = {step.rule: (step, derivation) for derivation in made.values() for step in derivation.steps}
    assert len(first) > 25
    for step, derivation in first.values():
        assert derivation.problem is not None
        meaning = Meaning(derivation.problem.law)
        for wrong in (3 * step.after, -step.after) if step.after != 0 else (step.after + 1,):
            with pytest.raises(WrongLine):
                check_line(step.before, wrong, meaning)


def is_refused_or_true(before: sp.Expr, wrong: sp.Expr, meaning: Meaning) -> bool:
    try:
        checked = check_line(before, wrong, meaning)
    except (WrongLine, Undecided):
        return True
    left, right = meaning.closed(before), meaning.closed(wrong)
    values = {
        symbol: sp.Rational(7 + 4 * place, 11)
        for place, symbol in enumerate(sorted((left - right).free_symbols, key=str))
    }
    with mpmath.workdps(30):
        difference = sp.N((left - right).xreplace(values), 25)
    assert abs(difference) < 1e-18, f"{before} = {wrong} was let through as {checked}"
    return False


def test_lines_in_another_order_are_refused(made: dict[tuple[str, str, str], Derivation]) -> None:
    derivation = made[SAMPLE[0]]
    steps = derivation.steps
    for place in range(len(steps) - 1):
        swapped = (*steps[:place], steps[place + 1], steps[place], *steps[place + 2 :])
        with pytest.raises(ValueError, match="stands in the place of"):
            replace(derivation, steps=swapped)


def test_a_line_that_does_not_go_on_from_the_last_is_refused(made: dict[tuple[str, str, str], Derivation]) -> None:
    derivation = made[SAMPLE[0]]
    place = next(index for index, step in enumerate(derivation.steps) if step.continues)
    broken = replace(derivation.steps[place], before=derivation.steps[place].before + 1)
    with pytest.raises(ValueError, match="does not begin where"):
        replace(derivation, steps=(*derivation.steps[:place], broken, *derivation.steps[place + 1 :]))


WRONG = (
    (Mean(X**2, X, MU, SIGMA), MU**2 + SIGMA),
    (sp.Derivative(sp.log(Density(X, MU, SIGMA)), MU), (X - MU) / SIGMA),
    (sp.Derivative(Mean(X**2, X, MU, SIGMA), MU), Mean(2 * EPSILON, EPSILON)),
    (sp.Derivative(Density(X, MU, SIGMA), X), (X - MU) / SIGMA**2 * Density(X, MU, SIGMA)),
    (sp.Derivative(Mean(sp.sign(X), X, MU, SIGMA), MU), Mean(sp.S.Zero, EPSILON)),
    (Mean(sp.tanh(X), X, MU, SIGMA), Mean(sp.tanh(MU + EPSILON), EPSILON)),
    (sp.Derivative(Mean(sp.tanh(X), X, MU, SIGMA), MU), Mean(sp.tanh(X) * (X - MU) / SIGMA, X, MU, SIGMA)),
)


@pytest.mark.parametrize(("before", "after"), WRONG, ids=_name)
def test_the_classic_mistakes_are_refused(before: sp.Expr, after: sp.Expr) -> None:
    with pytest.raises(WrongLine):
        Lines.under(Meaning(NORMAL)).add("topic", before, after, "rule", "why")


RIGHT = (
    (Mean(X**2, X, MU, SIGMA), MU**2 + SIGMA**2, {Checked.IDENTICAL}),
    (sp.log(Density(X, MU, SIGMA)), sp.expand_log(sp.log(NORMAL.density), force=True), {Checked.SYMBOLIC}),
    (sp.cos(X) ** 4, (3 + 4 * sp.cos(2 * X) + sp.cos(4 * X)) / 8, {Checked.SYMBOLIC, Checked.NUMERIC}),
    (sp.erf(X) ** 2, (1 - sp.erfc(X)) ** 2, {Checked.SYMBOLIC, Checked.NUMERIC}),
    (Mean(sp.tanh(X), X, MU, SIGMA), Mean(sp.tanh(MU + SIGMA * EPSILON), EPSILON), {Checked.CERTIFIED}),
    (
        sp.Derivative(Mean(sp.tanh(X), X, MU, SIGMA), MU),
        Mean(1 - sp.tanh(X) ** 2, X, MU, SIGMA),
        {Checked.NUMERIC},
    ),
)


@pytest.mark.parametrize(("before", "after", "kinds"), RIGHT, ids=_name)
def test_right_lines_say_how_they_were_checked(before: sp.Expr, after: sp.Expr, kinds: set[Checked]) -> None:
    assert check_line(before, after, Meaning(NORMAL)) in kinds


def test_a_line_that_cannot_be_told_is_refused() -> None:
    with pytest.raises(Undecided):
        check_line(sp.sqrt(-(X**2) - 1), 2 * sp.sqrt(-(X**2) - 2), Meaning(NORMAL))  # neither is real


def test_steps_are_made_in_one_place_only() -> None:
    root = Path(__file__).resolve().parents[2]
    makers = [
        path.name
        for room in ("symbolic", "verify")
        for path in (root / room).rglob("*.py")
        for source in (path.read_text(encoding="utf-8"),)
        if "symbolic.deriving.derivation import" in source or path.name == "derivation.py"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Step"
    ]
    assert set(makers) == {"derivation.py"}


def test_the_general_identities_hold_and_their_corruptions_do_not() -> None:
    derivation = derive_general()
    check = check_in_instances()
    assert {"score-function identity", "pathwise identity", "integrate by parts"} <= {
        step.rule for step in derivation.steps
    }
    for step in derivation.steps:
        for wrong in (2 * step.after, step.after + 1):
            with pytest.raises(WrongLine):
                check(step.before, wrong)


def test_a_jump_has_its_boundary_term_and_a_biased_pathwise_estimator(
    made: dict[tuple[str, str, str], Derivation],
) -> None:
    derivation = made["Heaviside(x - k)*x", "mu", "normal"]
    k = sp.Symbol("k", real=True)
    step = next(step for step in derivation.steps if step.rule == "boundary term of the jumps")
    boundary = sp.Add(*(part for part in step.after.args if not part.has(Mean)))
    assert sp.simplify(boundary - k * NORMAL.density.xreplace({X: k})) == 0
    assert any("pathwise estimator is biased by" in sentence for sentence in derivation.conclusion)


def test_where_there_is_no_closed_form_it_says_so_and_gives_certified_values() -> None:
    derivation = derive_problem(problem("tanh(x)", "mu", "normal"), at={"mu": "1", "sigma": "1"})
    assert [stop.topic for stop in derivation.stops] == ["The integral"]
    # d/dmu E tanh = E sech^2
    expected = mean_by_mpmath(lambda x: mpmath.sech(x) ** 2, 1, 1)
    with mpmath.workdps(30):
        assert abs(mpmath.mpf(derivation.numbers["gradient"]) - expected) < mpmath.mpf(10) ** -18


def test_bonnet_and_price_appear_only_where_they_apply(made: dict[tuple[str, str, str], Derivation]) -> None:
    rules = {question: {step.rule for step in derivation.steps} for question, derivation in made.items()}
    assert "Bonnet's identity" in rules[SAMPLE[0]]
    assert "Price's identity" in rules[SAMPLE[1]]
    assert "Price's identity" not in rules[SAMPLE[6]]  # a kink
    assert not {"Bonnet's identity", "Price's identity"} & (rules[SAMPLE[4]] | rules[SAMPLE[5]])


def test_the_short_form_keeps_the_chain_from_its_head(made: dict[tuple[str, str, str], Derivation]) -> None:
    derivation = made[SAMPLE[0]]
    meaning = Meaning(NORMAL)
    assert 0 < len(derivation.short) < len(derivation.steps)
    for step in derivation.short:
        check_line(step.before, step.after, meaning)


def test_one_estimator_may_be_chosen() -> None:
    topics = {step.topic for step in derive("x**2", "mu", estimators=("pathwise",)).steps}
    assert "Pathwise" in topics
    assert "Score function" not in topics
    with pytest.raises(BadParameter, match="choose from"):
        derive("x**2", "mu", estimators=("magic",))


def test_a_cost_that_is_unbounded_at_an_end_of_the_support_is_derived() -> None:
    """E log X = -log(lam) - Euler's constant under the exponential law: the pathwise term is the gradient itself."""
    derivation = derive_problem(problem("log(x)", "lam", EXPONENTIAL))
    assert "-1/lam" in {str(step.after) for step in derivation.steps}


@pytest.mark.prove
def test_every_catalogue_problem_is_derived_to_the_end() -> None:
    from symbolic.laws import LAWS
    from symbolic.parsing import parse_law
    from verify.catalogue import CATALOGUE

    for case in CATALOGUE:
        for wrt in sorted(str(symbol) for symbol in parse_law(str(case.law), LAWS).symbols):
            derivation = derive(case.cost, wrt, case.law)
            assert derivation.stops == (), f"{case.cost} {wrt}: {derivation.stops}"
            assert len(derivation.steps) > 20


def test_a_derivation_ends_with_its_time_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time is left from the beginning on, and a line takes more than none."""
    monkeypatch.setattr("symbolic.deriving.story.seconds_left", lambda: 0.0)
    derivation = derive_problem(problem("atan(x)*exp(sin(x))", "mu", "normal"))
    assert any("was stopped at its time limit of" in stop.why for stop in derivation.stops)

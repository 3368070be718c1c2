"""A variance judged on weighted draws: its two moments against quadrature, what must PASS, FAIL, or stay open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import pytest
import sympy as sp

from numeric.mixture import Mixture, Part
from symbolic.errors import NotCertified
from symbolic.law import Noise
from symbolic.laws import NORMAL
from verify.case import Case, Settings
from verify.cell import Cell, cells_of
from verify.checks import mixture as under_test
from verify.checks.claims import Claim, variance_claim_of
from verify.checks.conclusions import conclude
from verify.checks.context import Context
from verify.checks.draws import Draws
from verify.checks.mixture import MOST_DRAWS, judge_weighted, plain_variance_draws
from verify.checks.monte_carlo import monte_carlo
from verify.checks.proposals import mixture_for
from verify.finding import Finding, Verdict

EPSILON = NORMAL.noise.symbol
HEAVY = {
    "exp(2*x), mu": Case("exp(2*x)", at={"mu": "1/2", "sigma": "1"}, wrt=("mu",)),
    "exp(2*x), sigma": Case("exp(2*x)", at={"mu": "1/2", "sigma": "1"}, wrt=("sigma",)),
    "two wells, mu": Case("x**4 - 3*x**2 + x", at={"mu": "1/2", "sigma": "4/5"}, wrt=("mu",)),
    "two wells, sigma": Case("x**4 - 3*x**2 + x", at={"mu": "1/2", "sigma": "4/5"}, wrt=("sigma",)),
    "x**2*exp(a*x)": Case("x**2*exp(a*x)", at={"mu": "1/2", "sigma": "1", "a": "0.3"}, wrt=("sigma",)),
    "exp(x/2)*cos(k*x)": Case("exp(x/2)*cos(k*x)", at={"mu": "1/2", "sigma": "1", "k": "3/2"}, wrt=("sigma",)),
    "a narrow peak": Case("exp(-x**2)", at={"mu": "1/2", "sigma": "1000"}, wrt=("mu",)),
}
each_heavy = pytest.mark.parametrize("name", HEAVY)


@cache
def cell_of(name: str) -> Cell:
    (cell,) = cells_of(replace(HEAVY[name], estimators=("score_function",)))
    return cell


def context(**changes: Any) -> Context:
    """The rates of one hypothesis among a hundred."""
    return Context(Settings(**changes), 1e-8, 1e-8, 1e-3)


def judged(cell: Cell, seed: int = 0, **changes: object) -> Claim:
    claim = judge_weighted(cell, 0, "a case", context(seed=seed, **changes))
    assert isinstance(claim, Claim), claim
    return claim


def left_open(cell: Cell, **changes: object) -> Finding:
    finding = judge_weighted(cell, 0, "a case", context(**changes))
    assert isinstance(finding, Finding)
    assert (finding.verdict, finding.n, finding.check) == (Verdict.INCONCLUSIVE, 0, "variance")
    return finding


def weighted_moments(cell: Cell, mixture: Mixture) -> tuple[mpmath.mpf, mpmath.mpf]:
    """int y q_mix and int y^2 q_mix for y = (q/q_mix) (g - m)^2 by mpmath, with densities of its own."""
    term = sp.lambdify(EPSILON, cell.claimed.term.xreplace(dict(cell.values)), "mpmath")
    parts = [
        tuple(mpmath.mpf(number.numerator) / number.denominator for number in (part.share, part.shift, part.scale))
        for part in mixture.parts
    ]

    def moment(power: int) -> mpmath.mpf:
        def integrand(e: mpmath.mpf) -> mpmath.mpf:
            proposal = mpmath.fsum(p * mpmath.npdf((e - a) / b) / b for p, a, b in parts)
            return ((term(e) - cell.gradient.midpoint) ** 2 * mpmath.npdf(e) / proposal) ** power * proposal

        # Short pieces in each bump of the mixture, longer ones away from it.
        steps = {sign * step for step in (0, 1, 2, 3, 4, 6, 8, 12, *(2**k for k in range(4, 15))) for sign in (1, -1)}
        cuts = sorted({a + k * b for _, a, b in parts for k in steps if abs(a + k * b) <= 16})
        return mpmath.fsum(mpmath.quad(integrand, pair) for pair in pairwise(cuts))

    with mpmath.workdps(20):
        return moment(1), moment(2)


@each_heavy
def test_mean_and_variance_of_a_weighted_draw_are_those_of_quadrature(name: str) -> None:
    cell = cell_of(name)
    claim = judged(cell)
    assert claim.proposal is not None
    assert claim.test is not None
    first, second = weighted_moments(cell, claim.proposal)
    variance = cell.variance.midpoint
    assert abs(first - variance) <= 1e-8 * variance
    exact = second - variance**2
    claimed = claim.test.design.claim.variance
    assert exact <= claimed * (1 + 1e-9)
    assert claimed <= exact * (1 + 1e-4)


@each_heavy
@pytest.mark.parametrize("seed", range(3))
def test_a_right_term_passes(name: str, seed: int) -> None:
    claim = judged(cell_of(name), seed)
    assert claim.decision == "PASS"
    assert claim.draws <= 10**5


@each_heavy
def test_plain_draws_would_be_too_many_and_no_weight_exceeds_four(name: str) -> None:
    cell = cell_of(name)
    assert plain_variance_draws(cell, context()) > MOST_DRAWS
    mixture = judged(cell).proposal
    assert mixture is not None
    assert mixture.largest_weight <= 4


def rescaled(cell: Cell, factor: sp.Expr) -> Cell:
    """Judged by m + factor (g - m): no bias, and factor^2 times the variance."""
    form = cell.gradient_form.expression
    assert form is not None
    gradient = form.xreplace(dict(cell.values))
    term = gradient + factor * (cell.judged.term - gradient)
    return replace(cell, judged=replace(cell.judged, term=term))


@each_heavy
@pytest.mark.parametrize("share", [sp.Rational(9, 10), sp.Rational(11, 10)], ids=("less", "more"))
def test_a_variance_off_by_the_resolution_fails(name: str, share: sp.Rational) -> None:
    assert judged(rescaled(cell_of(name), sp.sqrt(share))).decision == "FAIL"


def without_the_weight(draws: Draws, mixture: Mixture) -> Draws:
    return replace(draws, terms=(draws.terms[0] / mixture.weight(NORMAL.noise),))


def without_the_scales_in_the_ratio(draws: Draws, mixture: Mixture) -> Draws:
    parts = [sp.Rational(str(part.share)) * ratio_without_scale(part) for part in mixture.parts]
    return replace(draws, terms=(draws.terms[0] / mixture.weight(NORMAL.noise) / sp.Add(*parts),))


def ratio_without_scale(part: Part) -> sp.Expr:
    moved = (EPSILON - sp.Rational(str(part.shift))) / sp.Rational(str(part.scale))
    return sp.exp(sp.expand(EPSILON**2 / 2 - moved**2 / 2))


def with_the_squared_weight(draws: Draws, mixture: Mixture) -> Draws:
    return replace(draws, terms=(draws.terms[0] * mixture.weight(NORMAL.noise),))


def from_the_law_alone(draws: Draws, mixture: Mixture) -> Draws:
    return replace(draws, sampler=mixture.method)


def with_other_shares(draws: Draws, mixture: Mixture) -> Draws:
    plain, second, *rest = mixture.parts
    taken = second.share / 2
    parts = (replace(plain, share=plain.share + taken), replace(second, share=second.share - taken), *rest)
    return replace(draws, sampler=Mixture(mixture.method, parts))


SPOILED = (
    without_the_weight,
    without_the_scales_in_the_ratio,
    with_the_squared_weight,
    from_the_law_alone,
    with_other_shares,
)


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("name", ["two wells, sigma", "exp(x/2)*cos(k*x)", "a narrow peak"])
def test_weights_or_draws_that_are_wrong_fail(
    name: str, spoil: Callable[[Draws, Mixture], Draws], monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(terms: tuple[sp.Expr, ...], noise: sp.Symbol, sampler: Mixture, text: str) -> Draws:
        return spoil(Draws(terms, noise, sampler, text), sampler)

    monkeypatch.setattr(under_test, "Draws", spoiled)
    assert judged(cell_of(name)).decision == "FAIL"


def test_the_finding_says_what_was_measured_and_what_was_not() -> None:
    cell = cell_of("exp(2*x), mu")
    found = conclude(judged(cell), None, context())
    assert found.verdict == Verdict.PASS
    assert found.guarantee == "proven"
    assert found.measured_variance == pytest.approx(float(cell.variance), rel=0.1)
    assert (found.estimate, found.standard_error) == (None, None)
    assert found.resolution == pytest.approx(0.1)
    assert "not the sampler" in found.message


def test_a_biased_term_fails_both_checks_and_the_variance_says_why() -> None:
    cell = cell_of("two wells, mu")
    biased = replace(cell, judged=replace(cell.judged, term=cell.judged.term + 10))
    bias, variance = monte_carlo([biased], context())
    assert (bias.check, bias.verdict) == ("bias", Verdict.FAIL)
    assert (variance.check, variance.verdict) == ("variance", Verdict.FAIL)
    assert variance.message.startswith("bias or variance")


def test_one_case_judges_light_and_heavy_tails_side_by_side() -> None:
    cells = cells_of(replace(HEAVY["x**2*exp(a*x)"], wrt=("mu", "sigma")))
    found = monte_carlo(cells, context())
    assert [finding.check for finding in found] == ["bias", "variance"] * 4
    assert {finding.verdict for finding in found} == {Verdict.PASS}
    assert [("mixture" in finding.message) for finding in found] == [False] * 5 + [True] + [False] * 2


def test_the_workers_do_not_change_a_bit() -> None:
    cell = cell_of("two wells, sigma")
    assert judged(cell, workers=1).tally == judged(cell, workers=2).tally


def test_a_budget_makes_the_resolution_coarser_and_is_kept() -> None:
    claim = judged(cell_of("exp(2*x), mu"), max_draws=1024)
    assert claim.test is not None
    assert claim.test.design.resolution > 0.1 * float(claim.cell.variance)
    assert claim.draws <= 1024


def test_the_count_of_plain_draws_is_that_of_the_plain_claim() -> None:
    (cell,) = cells_of(Case("x**2", at={"mu": "1", "sigma": "1/2"}, wrt=("mu",), estimators=("score_function",)))
    assert plain_variance_draws(cell, context()) == variance_claim_of(cell, 0, context()).most_draws


def test_draws_without_spread_need_no_weights() -> None:
    (cell,) = cells_of(Case("x", at={"mu": "1", "sigma": "1"}, wrt=("mu",), estimators=("pathwise",)))
    assert plain_variance_draws(cell, context()) == 0


def test_an_uncertified_spread_leaves_the_variance_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(integrand: sp.Expr, noise: Noise, digits: int) -> None:
        raise NotCertified("no bound is known")

    monkeypatch.setattr(under_test, "enclose", refuse)
    cell = cell_of("two wells, mu")
    finding = left_open(cell)
    assert "no bound is known" in finding.message
    assert finding.n_needed == plain_variance_draws(cell, context())


def test_a_resolution_too_fine_for_weighted_draws_names_their_number() -> None:
    finding = left_open(cell_of("two wells, mu"), variance_resolution=0.001)
    assert finding.n_needed is not None
    assert MOST_DRAWS < finding.n_needed < plain_variance_draws(cell_of("two wells, mu"), context()) * 1e4
    assert f"{finding.n_needed:,}" in finding.message


@pytest.mark.parametrize(
    ("cost", "sigma", "why"),
    [("exp(-x**2)", "30000", "no mixture"), ("exp(2*x)", "6.2", "overflow"), ("exp(2*x)", "8", "overflow")],
)
def test_what_no_mixture_reaches_stays_open(cost: str, sigma: str, why: str) -> None:
    (cell,) = cells_of(Case(cost, at={"mu": "1/2", "sigma": sigma}, wrt=("mu",), estimators=("score_function",)))
    finding = left_open(cell)
    assert why in finding.message
    assert "kurtosis of inf" not in finding.message


def test_a_noise_on_a_half_line_is_scaled_and_not_shifted() -> None:
    noise = Noise(EPSILON, sp.exp(-EPSILON), (sp.S.Zero, sp.oo), "standard_exponential")
    mixture = mixture_for(EPSILON**6, 0.0, noise)
    assert mixture is not None
    assert {part.shift for part in mixture.parts} == {0}
    weight = sp.lambdify(EPSILON, mixture.weight(noise), "mpmath")
    with mpmath.workdps(20):
        spread = mpmath.quad(lambda e: weight(e) * e**24 * mpmath.exp(-e), [0, 5, 10, 20, 40, 80, 200])
    # E e^24 / (E e^12)^2 is 24!/12!^2 = 2.7 million without weights.
    assert spread / mpmath.factorial(12) ** 2 < 4


def test_a_noise_on_an_interval_has_no_mixture() -> None:
    assert mixture_for(EPSILON**30, 0.0, Noise(EPSILON, sp.S.One, (sp.S.Zero, sp.S.One), "random")) is None


def test_the_choice_is_the_same_every_time() -> None:
    term = cell_of("two wells, mu").term
    assert mixture_for(term, 2.34, NORMAL.noise) == mixture_for(term, 2.34, NORMAL.noise)

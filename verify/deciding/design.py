"""A claim about a mean, and the test of it, fixed before the first draw: block, tunings, numbers of draws.

    E y = 0,   Var y <= variance,   y = g - m for a bias,  y = (g - m)**2 - V for a variance

The error rates hold for every law of y with that variance; docs/statistics.md proves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, frexp, inf, isfinite, log, sqrt

from verify.deciding.power import exponent, growth, numbers_needed, resolved_gap, tuning

__all__ = ["LOOK", "BudgetTooSmall", "Design", "MeanClaim", "design", "detectable_bias", "variance_claim"]

LOOK = 2**13
"""Draws between two looks at the evidence, where nobody says otherwise."""

_LARGEST = 10.0  # standard deviations of a draw: beyond it every resolution needs the same few draws
_SMALLEST = 1e-12  # standard deviations: more than 1e25 draws
_BLOCK_SHARE = 16  # V/B >= 16 resolution**2: the blocks cost at most 1.3 % more draws than single numbers


class BudgetTooSmall(ValueError):
    """No resolution can be decided with so few draws. Cure: the number of draws in the message."""


@dataclass(frozen=True)
class MeanClaim:
    """E y = 0, and Var y <= variance for one draw y.

    `resolution`: a bias of this size is told from 0, in the units of y.
    `alpha`: P(ever FAIL | the claim is true) <= alpha.
    `beta`: P(not FAIL by n_fail | |E y| >= resolution, Var y <= miss_variance_ratio * variance) <= beta + alpha_pass,
    and P(not PASS by n_pass | the claim is true) <= beta + alpha.
    `alpha_pass`: P(ever PASS | |E y| >= resolution, Var y <= variance_ratio * variance) <= alpha_pass.
    `scale`: y + scale >= 0 has a shape that is kept, so that a bias of b multiplies Var y by (1 + b/scale)**2. Both
    promises hold for such a law, too, at whatever resolution the test ends up with; inf for no such scale.
    `rounding`: a bound on the error of each y, from float64 and from the radius of m, or on the mean of that error
    where the variance covers the rest; all rates hold with it.
    Raises ValueError for a value without a meaning.
    """

    variance: float
    resolution: float
    alpha: float
    beta: float
    alpha_pass: float = 1e-3
    variance_ratio: float = 2.0
    miss_variance_ratio: float = 1.0
    rounding: float = 0.0
    scale: float = inf

    def __post_init__(self) -> None:
        if not (isfinite(self.variance) and self.variance > 0):
            raise ValueError(
                f"variance={self.variance} gives no test: it must be finite and > 0; "
                "compare the draws themselves where it is 0"
            )
        for name in ("alpha", "beta", "alpha_pass"):
            rate = getattr(self, name)
            if not 0 < rate < 1:
                raise ValueError(f"{name}={rate} is not an error rate: give a number between 0 and 1, both excluded")
        for name in ("variance_ratio", "miss_variance_ratio"):
            ratio = getattr(self, name)
            if not 1 <= ratio < inf:
                raise ValueError(f"{name}={ratio} must be at least 1: the claimed variance itself has to be covered")
        if not self.scale > 0:
            raise ValueError(f"scale={self.scale} must be above 0: the size of what y is a deviation of")
        deviation = sqrt(self.variance)
        if not _SMALLEST * deviation <= self.resolution <= _LARGEST * deviation:
            raise ValueError(
                f"resolution={self.resolution} must lie between {_SMALLEST:g} and {_LARGEST:g} standard deviations "
                f"of a draw, and one is {deviation:.6g}: give a resolution in that range"
            )
        if not 0 <= self.rounding <= self.resolution / 10:
            raise ValueError(
                f"rounding={self.rounding} must be between 0 and a tenth of resolution={self.resolution}: "
                "draws as coarse as that cannot carry the verdict; give a larger resolution"
            )

    def same_shape(self, bias: float) -> float:
        """(1 + bias/scale)**2: what a bias does to Var y where the shape is kept."""
        return (1 + bias / self.scale) ** 2


@dataclass(frozen=True)
class Design:
    """The test of a claim, fixed before the first draw.

    `resolution` is the one in use; it exceeds claim.resolution when a budget was too small for that one.
    `block` draws are averaged into one number, `look` draws lie between two looks at the evidence; both are powers
    of two. `fail_tuning` and `pass_tuning` multiply a block mean, so they have the units of 1/y.
    `n_fail` and `n_pass` are the draws by which a bias of `resolution` FAILs and a true claim PASSes, in whole looks.
    `n_max` is where the test ends without a verdict: the larger of both, or what the budget allows.
    """

    claim: MeanClaim
    resolution: float
    block: int
    look: int
    fail_tuning: float
    pass_tuning: float
    fail_growth: float
    pass_growth: float
    n_fail: int
    n_pass: int
    n_max: int

    @property
    def blocks_per_look(self) -> int:
        return self.look // self.block

    @property
    def block_deviation(self) -> float:
        """The standard deviation of a block mean."""
        return sqrt(self.claim.variance) / sqrt(self.block)

    def fail_threshold(self, blocks: float) -> float:
        """|T0| from which `blocks` block means FAIL: blocks * fail_growth + ln(2/alpha)."""
        return blocks * self.fail_growth + log(2 / self.claim.alpha)

    def pass_threshold(self, blocks: float) -> float:
        """-T+ and T- from which `blocks` block means PASS: blocks * pass_growth + ln(1/alpha_pass)."""
        return blocks * self.pass_growth + log(1 / self.claim.alpha_pass)

    @property
    def pass_shift(self) -> float:
        """What T+ and T- are centred on: resolution less rounding, so that no rounding can bring a PASS about."""
        return self.resolution - self.claim.rounding

    @property
    def first_pass(self) -> int:
        """Draws before which nothing can PASS: T- - T+ <= 2 blocks pass_tuning pass_shift, whatever is drawn."""
        gain = self.pass_tuning * self.pass_shift - self.pass_growth
        return int(log(1 / self.claim.alpha_pass) / gain) * self.block

    def resolved_bias(self, draws: int) -> float | None:
        """The smallest b such that |E y| >= b FAILs within `draws` draws but for a probability of beta + alpha_pass.

        None if no bias is resolved by so few; never below the resolution in use, since a smaller bias may PASS.
        `draws` must not have been chosen by looking at them.
        """
        if draws < self.block:
            return None
        unit, claim = self.block_deviation, self.claim
        gap = resolved_gap(
            draws // self.block,
            log(2 / claim.alpha) + log(1 / claim.beta),
            self.fail_tuning * unit,
            self.fail_growth,
            claim.miss_variance_ratio,
            claim.rounding / unit,
            claim.scale / unit,
        )
        return None if gap is None else max(gap * unit + claim.rounding, self.resolution)

    def expected_draws(self) -> float:
        """Mean draws until a true claim PASSes, block means taken as normal: within 5 %, but no bound.

        The sum over the looks of P(no PASS at that look); of very many looks every so many are taken.
        """
        looks = self.n_max // self.look
        stride = 1 + looks // 4096
        expected = 0.0
        for look in range(0, looks, stride):
            blocks = look * self.blocks_per_look
            room = blocks * self.pass_shift - self.pass_threshold(blocks) / self.pass_tuning  # PASS: |sum of y| <= room
            missing = erfc(room / (self.block_deviation * sqrt(2 * blocks))) if room > 0 else 1.0
            expected += missing * min(stride, looks - look)
        return expected * self.look


def design(claim: MeanClaim, max_draws: int | None = None, look: int = LOOK) -> Design:
    """The test of `claim`; with a budget of `max_draws` below n_fail, at the finest resolution which that budget meets.

    `look` (a power of two) is made smaller for a small budget, so that at least 64 looks fit.
    Raises BudgetTooSmall if no resolution up to 10 standard deviations can be decided; ValueError for a bad look.
    """
    if look < 1 or look & (look - 1):
        raise ValueError(f"look={look} must be a power of two, such as {LOOK}: blocks of draws have to fill it")
    if max_draws is None:
        return _at(claim, claim.resolution, look, None)
    fitting = min(look, _power_of_two_below(max_draws / 64))
    most = max_draws // fitting * fitting
    resolution = detectable_bias(claim, most, fitting)
    if resolution is None:
        coarsest = _LARGEST * sqrt(claim.variance)
        needed = _at(claim, coarsest, 1, None).n_fail
        needed = _at(claim, coarsest, min(look, _power_of_two_below(needed / 64)), None).n_fail
        raise BudgetTooSmall(
            f"max_draws={max_draws} decides nothing at these error rates: even a bias of {_LARGEST:g} standard "
            f"deviations needs {needed} draws; give more draws or larger error rates"
        )
    return _at(claim, resolution, fitting, most)


def detectable_bias(claim: MeanClaim, draws: int, look: int = LOOK) -> float | None:
    """The smallest resolution, not below the claim's, whose n_fail is at most `draws`; None if there is none.

    As a share of a variance: detectable_bias(variance_claim(V, ...), draws) / V.
    """
    unit = sqrt(claim.variance)
    coarsest = _LARGEST * unit
    if _at(claim, claim.resolution, look, None).n_fail <= draws:
        return claim.resolution
    if _at(claim, coarsest, look, None).n_fail > draws:
        return None
    missed, found = log(claim.resolution / unit), log(_LARGEST)
    for _ in range(50):
        middle = (missed + found) / 2
        if _at(claim, min(exp(middle) * unit, coarsest), look, None).n_fail <= draws:
            found = middle
        else:
            missed = middle
    return min(exp(found) * unit, coarsest)


def variance_claim(
    variance: float,
    kurtosis: float,
    share: float,
    alpha: float,
    beta: float,
    alpha_pass: float = 1e-3,
    variance_ratio: float = 2.0,
    rounding: float = 0.0,
) -> MeanClaim:
    """E (g - m)**2 = V, as the mean of y = (g - m)**2 - V: Var y = (kurtosis - 1) V**2, resolution share * V.

    kurtosis = E (g - m)**4 / V**2. The rates are kept for a law of the same shape whose variance is off by the
    resolution or more: of one that is (1 + r) V, Var y is (1 + r)**2 times the claimed one. `rounding` bounds the error
    of each (g - m)**2.
    A share above 10 standard deviations of y is made finer, which costs nothing.
    Raises ValueError if kurtosis is not finite or not above 1 (at 1 every draw has the same (g - m)**2).
    """
    if not (isfinite(variance) and variance > 0):
        raise ValueError(f"variance={variance} gives no variance check: it must be finite and > 0")
    if not (isfinite(kurtosis) and kurtosis > 1):
        raise ValueError(
            f"kurtosis={kurtosis} gives no variance check by sampling: it must be finite and > 1; "
            "compare (g - m)**2 of every draw with V where it is 1"
        )
    if not 0 < share < inf:
        raise ValueError(f"share={share} of the variance is no resolution: give a number > 0, such as 0.1")
    deviation = sqrt(kurtosis - 1) * variance
    return MeanClaim(
        variance=(kurtosis - 1) * variance * variance,
        resolution=min(share * variance, _LARGEST * deviation),
        alpha=alpha,
        beta=beta,
        alpha_pass=alpha_pass,
        variance_ratio=variance_ratio,
        rounding=rounding,
        scale=variance,
    )


def _at(claim: MeanClaim, resolution: float, look: int, most: int | None) -> Design:
    """The test at one resolution, ended after `most` draws."""
    deviation = sqrt(claim.variance)
    block = min(look, _power_of_two_below(1 / (_BLOCK_SHARE * (resolution / deviation) ** 2)))
    unit = deviation / sqrt(block)
    gap, rounding = resolution / unit, claim.rounding / unit
    certain_gap = gap - 2 * rounding  # what rounding leaves between a true claim and a bias of `resolution`
    same_shape = claim.same_shape(resolution)
    miss_ratio = claim.miss_variance_ratio * same_shape
    pass_ratio = max(claim.variance_ratio, same_shape)

    fail = tuning(certain_gap, 1.0, miss_ratio)
    fail_growth = growth(fail, 1.0, rounding)
    fail_exponent = exponent(fail, fail_growth, gap - rounding, miss_ratio)
    fail_blocks = numbers_needed(log(2 / claim.alpha) + log(1 / claim.beta), fail_exponent)

    passing = tuning(certain_gap, pass_ratio, 1.0)
    pass_growth = growth(passing, pass_ratio)
    pass_exponent = exponent(passing, pass_growth, certain_gap, 1.0)
    pass_blocks = numbers_needed(log(1 / claim.alpha_pass) + log(2 / claim.beta), pass_exponent)

    n_fail, n_pass = (-(-blocks * block // look) * look for blocks in (fail_blocks, pass_blocks))
    n_max = max(n_fail, n_pass)
    return Design(
        claim=claim,
        resolution=resolution,
        block=block,
        look=look,
        fail_tuning=fail / unit,
        pass_tuning=passing / unit,
        fail_growth=fail_growth,
        pass_growth=pass_growth,
        n_fail=n_fail,
        n_pass=n_pass,
        n_max=n_max if most is None else min(n_max, most),
    )


def _power_of_two_below(number: float) -> int:
    """The largest whole power of two <= number, and 1 below 1."""
    return int(2 ** (frexp(number)[1] - 1)) if number >= 1 else 1

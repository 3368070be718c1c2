"""A Monte Carlo estimate of a gradient, by a named estimator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral

import sympy as sp

from numeric.kernel import compile_kernel
from numeric.simulate import run
from numeric.streams import CHUNK, LARGEST_SEED
from symbolic.errors import BadParameter
from symbolic.estimators import estimator as estimator_of
from symbolic.exact import Number
from symbolic.law import Law
from symbolic.parsing import values_for
from symbolic.problem import Problem, check_values, problem

__all__ = ["Estimate", "case_text", "estimate"]


_MOST_DRAWS = 2**32 * CHUNK  # of one stream
_MOST_WORKERS = 1024


@dataclass(frozen=True)
class Estimate:
    """mean of n draws, their unbiased variance (of one draw), and standard_error = sqrt(variance / n)."""

    mean: float
    variance: float
    standard_error: float
    n: int


def estimate(
    cost: str | sp.Expr,
    estimator: str,
    wrt: str | sp.Symbol,
    at: Mapping[str, Number],
    n: int,
    seed: int = 0,
    *,
    law: str | Law = "normal",
    workers: int = 1,
) -> Estimate:
    """(1/n) sum_i g(epsilon_i): the named estimator of d/d wrt E[cost] at the values `at`, from n >= 2 draws.

    The draws depend on the seed, the law, the cost and the values only: all estimators of a case share their noise,
    and any number of workers gives the same bits. Memory does not grow with n.
    Raises SymbolicError for a bad problem or value, NonFiniteDraw if a draw is NaN or infinite.
    """
    draws = _whole("n", n, 2, _MOST_DRAWS, "so many draws have no mean and variance")
    stream = _whole("seed", seed, 0, LARGEST_SEED, "no stream of noise has this name")
    threads = _whole("workers", workers, 1, _MOST_WORKERS, "so many threads cannot draw")
    asked = problem(cost, wrt, law)
    values = values_for(at, asked.symbols)
    check_values(asked, values)
    chosen = estimator_of(estimator, asked)
    kernel = compile_kernel([chosen.term.xreplace(values)], chosen.noise.symbol)
    (tally,) = run(kernel, chosen.noise.sampler, case_text(asked, values), stream, draws, workers=threads)
    return Estimate(tally.mean, tally.variance, tally.standard_error, tally.count)


def _whole(name: str, value: object, least: int, most: int, what: str) -> int:
    """An int of any library within the range; True is none."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        ends = f"from {least} to {most:.0e}" if most > 10**6 else f"from {least} to {most}"
        raise BadParameter(f"{name}={value!r}: {what}; give a whole number {ends}, as an int")
    return int(value)


def case_text(problem: Problem, values: Mapping[sp.Symbol, sp.Rational]) -> str:
    """The canonical text of a case, which names its stream of noise: cost, law and values, whatever the estimator."""
    listed = ", ".join(f"{symbol} = {values[symbol]}" for symbol in sorted(values, key=str))
    return f"{problem.cost}; {problem.law.variable} ~ {problem.law}; {listed}"

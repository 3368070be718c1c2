"""Closed forms of d/dmu E[f(x)], x ~ N(mu, sigma^2), with symbolic parameters: ours against SymPy, in one run.

Each answer is found in a process of its own under a limit of CPU seconds, so that a busy machine does not decide; a
quick one is found in three processes, and the middle time counts. It is then compared at a point with quadrature. SymPy
is asked in two ways, by sympy.integrate of the cost times the density and by sympy.stats.E; the better one counts.
Run by: make bench-symbolic ARGS="--limit 5"
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import sympy as sp
from sympy.stats import E, Normal
from tabulate import tabulate

from symbolic.exact_gradient import gradient
from symbolic.laws import NORMAL
from symbolic.parsing import parse_cost

COSTS = (
    "x**2",
    "x**4 - 3*x**2 + x",
    "x**20",
    "(x - k)**5",
    "exp(a*x)",
    "x**2*exp(a*x)",
    "x**6*exp(x/2)",
    "sin(x)",
    "cos(k*x)",
    "sin(x)**2",
    "cos(x)**4",
    "sin(x)*cos(k*x)",
    "x*sin(x)",
    "x**2*cos(k*x)",
    "exp(x)*sin(x)",
    "exp(x/2)*cos(k*x)",
    "exp(-x**2/2)",
    "exp(-k*x**2)",
    "x*exp(-x**2/2)",
    "x**2*exp(-k*x**2 + a*x)",
    "exp(-x**2)*cos(x)",
    "cosh(x/2)",
    "sinh(a*x)",
    "x*cosh(x)",
    "Abs(x)",
    "Abs(x - k)",
    "Max(x, 0)",
    "Max(x - k, 0)",
    "Max(x, 0)**2",
    "Heaviside(x - k)",
    "sign(x)",
    "Max(exp(x) - K, 0)",
    "clip(x, -1, 1)",
    "Piecewise((x**2, x < 0), (2*x, True))",
    "erf(x)",
    "x*erf(x)",
    "Phi(a*x)",
)
POINT = {
    "mu": sp.Rational(1, 2),
    "sigma": sp.Rational(4, 5),
    "k": sp.Rational(3, 4),
    "a": sp.Rational(1, 3),
    "K": sp.Rational(3, 2),
}
KINKS = (-1.0, 0.0, 0.75, 1.0, float(mpmath.log(1.5)))  # of the costs above, at the point
CLOSE = 1e-9
QUICK = 1.0  # seconds; below them an answer is found again, as they hold more noise
PROCESSES = 3
MEMORY = 2 << 30
PATIENCE = 6  # by the clock, in multiples of the limit
MU, SIGMA = NORMAL.parameters
X = NORMAL.variable


def by_ours(cost: str) -> sp.Expr:
    return gradient(cost).expression


def by_integrate(cost: str) -> sp.Expr:
    return sp.diff(sp.integrate(_positive(cost) * NORMAL.density, (X, -sp.oo, sp.oo)), MU)


def by_stats(cost: str) -> sp.Expr:
    return sp.diff(E(_positive(cost).subs(X, Normal("z", MU, SIGMA))), MU)


CONTENDERS: dict[str, Callable[[str], sp.Expr]] = {
    "ours": by_ours,
    "sympy.integrate": by_integrate,
    "sympy.stats.E": by_stats,
}


def _positive(cost: str) -> sp.Expr:
    """The cost with its own parameters positive, which spares SymPy many cases."""
    expression = parse_cost(cost, NORMAL).expression
    names = expression.free_symbols - {X, MU, SIGMA}
    return expression.xreplace({symbol: sp.Symbol(symbol.name, positive=True) for symbol in names})


@dataclass(frozen=True)
class Outcome:
    """solved, wrong, unsolved or timed out; CPU seconds if there was an answer."""

    word: str
    seconds: float | None = None

    def __str__(self) -> str:
        return self.word if self.word != "solved" else f"{self.seconds:.3f}"


def run(contender: str, cost: str, limit: int) -> Outcome:
    """The outcome, with the median of the times if the answer is a quick one."""
    outcomes = [_run_once(contender, cost, limit)]
    while outcomes[0].seconds is not None and outcomes[0].seconds < QUICK and len(outcomes) < PROCESSES:
        outcomes.append(_run_once(contender, cost, limit))
    if any(outcome.word != outcomes[0].word for outcome in outcomes):
        return Outcome("wrong")  # an answer that is not the same in every process
    times = [outcome.seconds for outcome in outcomes if outcome.seconds is not None]
    return Outcome(outcomes[0].word, statistics.median(times) if times else None)


def _run_once(contender: str, cost: str, limit: int) -> Outcome:
    command = [sys.executable, "-m", "tests.benchmarks.symbolic", "--answer", contender, cost, "--limit", str(limit)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE * limit, check=False)
    except subprocess.TimeoutExpired:
        return Outcome("timed out")
    if done.returncode < 0:
        return Outcome("timed out")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason"])[-1]
        return Outcome(f"raised {last.split(':')[0]}")
    answer = json.loads(done.stdout)
    return judged(cost, answer["value"], answer["seconds"])


def judged(cost: str, value: str | None, seconds: float) -> Outcome:
    """solved or wrong, by the value of the answer at the point; unsolved if there is none."""
    if value is None:
        return Outcome("unsolved")
    return Outcome("solved" if _is_right(cost, value) else "wrong", seconds)


def _is_right(cost: str, value: str) -> bool:
    wanted = _by_quadrature(cost)
    return bool(abs(mpmath.mpmathify(value) - wanted) <= CLOSE * max(1, abs(wanted)))


def _by_quadrature(cost: str) -> mpmath.mpf:
    """int f dp/dmu dx at the point, by mpmath, split at every kink."""
    density = NORMAL.density
    integrand = (parse_cost(cost, NORMAL).expression * sp.diff(density, MU)).subs(_values())
    mu, sigma = float(POINT["mu"]), float(POINT["sigma"])
    marks = sorted({*KINKS, *(mu + sigma * step for step in (-14, -8, -4, -2, 0, 2, 4, 8, 14, 20))})
    return mpmath.quad(sp.lambdify(X, integrand, ["mpmath"]), marks)


def _values() -> dict[sp.Symbol, sp.Rational]:
    symbols = {MU: POINT["mu"], SIGMA: POINT["sigma"]}
    for name in ("k", "a", "K"):
        symbols |= {sp.Symbol(name, real=True): POINT[name], sp.Symbol(name, positive=True): POINT[name]}
    return symbols


def answer(contender: str, cost: str, limit: int) -> None:
    """In a process of its own: the CPU seconds of one answer, and its value at the point."""
    derive = CONTENDERS[contender]
    derive("x")  # what is imported and cached at the first use of all is not counted
    used = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit + used, limit + used))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    start = time.process_time()
    found = derive(cost)
    seconds = time.process_time() - start
    if found is None or found.has(sp.Integral, sp.Derivative):
        value = None
    else:
        number = sp.N(found.subs(_values()).doit(), 20)
        value = str(number.as_real_imag()[0]) if number.is_finite and abs(sp.im(number)) < CLOSE else "nan"
    print(json.dumps({"seconds": seconds, "value": value}))


def main() -> None:
    """Print a row a cost, then the counts and the median ratio of times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--limit", type=int, default=60, help="CPU seconds for each answer (60)")
    parser.add_argument("--answer", nargs=2, metavar=("CONTENDER", "COST"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.answer:
        contender, cost = arguments.answer
        answer(contender, cost, arguments.limit)
        return
    rows, ratios = [], []
    found: dict[str, list[Outcome]] = {name: [] for name in CONTENDERS}
    for cost in COSTS:
        outcomes = {name: run(name, cost, arguments.limit) for name in CONTENDERS}
        for name, outcome in outcomes.items():
            found[name].append(outcome)
        times = [o.seconds for name, o in outcomes.items() if name != "ours" and o.word == "solved" and o.seconds]
        ours = outcomes["ours"]
        ratio = min(times) / ours.seconds if times and ours.word == "solved" and ours.seconds else None
        if ratio is not None:
            ratios.append(ratio)
        rows.append([cost, *map(str, outcomes.values()), "" if ratio is None else f"{ratio:.1f}"])
        print(f"{len(rows)}/{len(COSTS)} {cost}", file=sys.stderr, flush=True)
    print(
        tabulate(rows, headers=["cost", *(f"{name}, s" for name in CONTENDERS), "SymPy / ours"], disable_numparse=True)
    )
    words = ("solved", "wrong", "unsolved", "timed out")
    counts = [[word, *(sum(o.word == word for o in found[name]) for name in CONTENDERS)] for word in words]
    counts.append(["raised", *(sum(o.word.startswith("raised") for o in found[name]) for name in CONTENDERS)])
    print("\n" + tabulate(counts, headers=[f"of {len(COSTS)}, limit {arguments.limit} s", *CONTENDERS]))
    print(f"\nmedian of SymPy / ours over {len(ratios)} costs that both solve: {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()

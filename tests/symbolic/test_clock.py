"""No call hangs: each is stopped at its limit, wherever its time goes, and says that this is what stopped it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sympy as sp
from flint import acb, ctx

from symbolic import gradient, moments, time_limit
from symbolic.balls import BallFunction, compile_ball
from symbolic.clock import SECONDS, limited, seconds_left, within
from symbolic.errors import BadParameter, NotInClass, TimedOut
from symbolic.methods import sympy_integral
from symbolic.problem import problem

ROOT = Path(__file__).resolve().parents[2]

x = sp.Symbol("x", real=True)
LATE = 15.0  # seconds beyond a limit that a busy machine is forgiven: a hang is longer

# An exception that arrives while a finalizer runs is printed and lost, which pytest reports; it is raised again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

WIDE = "(x + sin(x) + cos(k*x) + exp(a*x))**14"  # its closed form takes twenty seconds, its gradient at numbers two
LONG = "+".join(f"Piecewise(({n}*x**{n % 7}, x < {n}), (x, (x > {n + 1}) | (x < k)), (0, True))" for n in range(60))
HERE = {"mu": 0, "sigma": "1/9", "k": 2, "a": "1/3"}

CALLS: list[tuple[str, float, Callable[[], object]]] = [
    ("reading the cost", 0.03, lambda: problem(LONG, "mu", "normal")),
    ("the closed form", 0.3, lambda: gradient(WIDE).expression),
    ("the value at numbers", 0.1, lambda: gradient(WIDE).at(HERE)),
    ("the closed form", 0.3, lambda: moments(WIDE, "pathwise").variance.expression),
    ("the value at numbers", 0.3, lambda: moments(WIDE, "score_function").variance.at(HERE)),
    ("the (enclosure of E|value at numbers)", 0.3, lambda: gradient("exp(4*sin(cos(1200*x)))").at(mu=1, sigma=1)),
    ("sympy_integral", 0.5, lambda: gradient("log(1 + x**4)", method="sympy_integral").expression),
]


@pytest.mark.parametrize(("what", "seconds", "call"), CALLS, ids=[f"{n} {call[0]}" for n, call in enumerate(CALLS)])
def test_a_call_that_takes_longer_is_stopped_and_says_so(what: str, seconds: float, call: Callable[[], object]) -> None:
    began = time.monotonic()
    with time_limit(seconds), pytest.raises(TimedOut, match=rf"{what}.*time limit of 0\.\d+ s"):
        call()
    assert time.monotonic() - began < seconds + LATE


def test_nothing_is_stopped_within_the_limit() -> None:
    assert str(gradient("x**2").expression) == "2*mu"
    with time_limit(60):
        assert seconds_left() == 60
    assert seconds_left() == SECONDS


def test_after_a_stop_answers_are_as_before() -> None:
    bits = ctx.prec
    for seconds in (0.05, 0.11, 0.17, 0.23):
        with time_limit(seconds), pytest.raises(TimedOut):
            moments(WIDE, "pathwise").variance.at(HERE)
    assert ctx.prec == bits
    assert str(gradient("exp(a*x)*Max(x, 0)").at(mu=1, sigma=1, a=0))[:12] == "0.8413447460"
    assert str(moments("x**2", "pathwise").variance.expression) == "4*sigma**2"


def test_an_exception_that_is_swallowed_comes_again() -> None:
    def deaf() -> None:
        while time.monotonic() < ends:
            try:
                _wait()
            except:  # noqa: E722, S112 - as SymPy does here and there
                continue

    ends = time.monotonic() + 0.9
    with pytest.raises(TimedOut, match=r"a loop.*0\.2 s"):
        within(0.2, "a loop", deaf)


def test_the_call_around_is_the_one_that_counts() -> None:
    @limited("the inner one")
    def inner() -> float:
        time.sleep(0.05)
        return seconds_left()

    @limited("the outer one")
    def outer() -> float:
        return [inner() for _ in range(3)][-1]

    with time_limit(10):
        assert 9 < outer() < 9.9
        with pytest.raises(TimedOut, match="the inner wait"):
            within(5, "the outer wait", lambda: within(0.1, "the inner wait", _wait))
        with pytest.raises(TimedOut, match="the outer wait"):
            within(0.1, "the outer wait", lambda: within(5, "the inner wait", _wait))


def test_each_thread_has_a_time_of_its_own() -> None:
    seen: list[str] = []

    def hurried() -> None:
        try:
            within(0.1, "the hurried one", _wait)
        except TimedOut as reason:
            seen.append(str(reason))

    thread = threading.Thread(target=hurried)
    thread.start()
    _wait(0.4)  # in this thread nothing is raised
    thread.join()
    assert len(seen) == 1


def test_a_profiler_is_not_stopped() -> None:
    script = "import cProfile; from symbolic import gradient; cProfile.run('gradient(\\'x**2\\').expression')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "function calls" in done.stdout


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_limit_leaves_some_time(seconds: float) -> None:
    with pytest.raises(BadParameter, match="leaves no time"), time_limit(seconds):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of this kind")
def test_sympy_is_stopped_where_it_fills_the_memory() -> None:
    """160 MB hold SymPy, but not the terms of a 60th power of six symbols."""
    wide = (x + sum(sp.symbols("a:e", real=True))) ** 60 * sp.exp(-(x**2))
    with pytest.raises(NotInClass, match=r"more than 0\.156 GB"):
        sympy_integral.integrate(wide, x, (-sp.oo, sp.oo), memory_limit=160 * 2**20)


def _wait(seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_a_profiler_works_during_and_after_a_call() -> None:
    """CPython that is told to look for an exception and finds none loops forever as soon as it is traced."""
    program = (
        "import cProfile\n"
        "from symbolic import gradient, time_limit\n"
        "from symbolic.errors import TimedOut\n"
        "cProfile.run('gradient(\"x\").expression')\n"
        "try:\n"
        "    with time_limit(0.2):\n"
        f"        gradient({WIDE!r}).expression\n"
        "except TimedOut:\n"
        "    cProfile.run('gradient(\"x\").expression')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.count("function calls") == 2


def test_ctrl_c_is_not_lost_inside_of_arb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arb goes on when a function of ours raises, and Python then calls what comes back a SystemError."""
    calls = iter(range(100))

    def interrupted(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> BallFunction:
        function = compile_ball(expression, symbols)

        def at(arguments: Sequence[acb], analytic: bool) -> acb:
            if next(calls) == 50:
                raise KeyboardInterrupt
            return function(arguments, analytic)

        return at

    monkeypatch.setattr("symbolic.enclosing.segment_integral.compile_ball", interrupted)
    with pytest.raises(KeyboardInterrupt):
        gradient("tanh(x)").at(mu=0, sigma=1)

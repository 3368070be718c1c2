"""SymPy's own integral of a cost against a density, standardised and split: the reference for the other methods.

SymPy may run for minutes, so it runs in a process of its own with a time limit. What comes back unevaluated is refused.
"""

from __future__ import annotations

import pickle
import subprocess
import sys

import sympy as sp

from symbolic.errors import Divergent, NotInClass, TimedOut
from symbolic.integral import Integral

__all__ = ["NAME", "integrate"]

NAME = "sympy_integral"
TIME_LIMIT = 20.0  # seconds


def integrate(
    integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr], time_limit: float = TIME_LIMIT
) -> Integral:
    """int integrand dx by sympy.integrate. Raises NotInClass if SymPy leaves an integral, TimedOut at the limit."""
    # The process is ours and reads what we pickled; no text is interpreted on the way.
    command = [sys.executable, "-c", "from symbolic.methods.sympy_integral import _worker; _worker()"]
    question = pickle.dumps((integrand, variable, support))
    try:
        answer = subprocess.run(command, input=question, capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        raise TimedOut(f"sympy_integral stopped at its limit of {time_limit:g} s; use the default method") from None
    if answer.returncode != 0:
        last_line = answer.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NotInClass(f"sympy.integrate gave up: {' '.join(last_line)}")
    expression: sp.Expr = pickle.loads(answer.stdout)
    if expression.has(sp.Integral):
        raise NotInClass("sympy.integrate left the integral unevaluated")
    if expression.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
        raise Divergent(f"sympy.integrate gives {expression} for the integral of {integrand}")
    conditions: sp.Basic = sp.true
    if isinstance(expression, sp.Piecewise):
        expression, conditions = expression.args[0]
        if isinstance(expression, sp.Integral):
            raise NotInClass("sympy.integrate left the integral unevaluated")
    return Integral(expression, conditions, NAME)


def _worker() -> None:
    integrand, variable, support = pickle.load(sys.stdin.buffer)
    pickle.dump(_standardised_integral(integrand, variable, support), sys.stdout.buffer)


def _standardised_integral(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> sp.Expr:
    """Trigonometric nodes become exponentials, products are multiplied out, and each summand is integrated alone."""
    in_exponentials = integrand.replace(
        lambda node: isinstance(node, sp.sin | sp.cos | sp.sinh | sp.cosh), lambda node: node.rewrite(sp.exp)
    )
    total = sp.S.Zero
    for summand in sp.Add.make_args(sp.powsimp(sp.expand(in_exponentials))):
        total += sp.integrate(summand, (variable, *support))
    # The pairs exp(+i...), exp(-i...) become cosines and sines again.
    return sp.simplify(total.rewrite(sp.cos)) if total.has(sp.I) else sp.simplify(total)

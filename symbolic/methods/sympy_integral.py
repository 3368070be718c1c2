"""SymPy's own integral of a cost against a density, standardised and split: the reference for the other methods.

SymPy may run for minutes and fill the memory, so it runs in a process of its own, with a limit for either. What comes
back unevaluated is refused.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symbolic.clock import seconds_left, undisturbed
from symbolic.errors import NotInClass, TimedOut
from symbolic.integral import Integral

__all__ = ["NAME", "integrate"]

NAME = "sympy_integral"
_OUT_OF_MEMORY = 3  # the exit code that says so
MEMORY_LIMIT = 2 * 2**30  # bytes
_ENVIRONMENT = {**os.environ, "PYTHONHASHSEED": "0"}  # SymPy goes through sets: the same way at every call


def integrate(
    integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr], memory_limit: int = MEMORY_LIMIT
) -> Integral:
    """int integrand dx by sympy.integrate, in what is left of the time of the whole call and within `memory_limit`.

    Raises NotInClass if SymPy leaves an integral or needs more memory, TimedOut at the end of the time.
    """
    # The process is ours and reads what we pickled; no text is interpreted on the way.
    command = [sys.executable, "-c", "from symbolic.methods.sympy_integral import _worker; _worker()"]
    question = pickle.dumps((integrand, variable, support, memory_limit))
    seconds = seconds_left()
    try:
        answer = undisturbed(
            lambda: subprocess.run(
                command, input=question, capture_output=True, timeout=seconds, check=False, env=_ENVIRONMENT
            )
        )
    except subprocess.TimeoutExpired:
        raise TimedOut(f"sympy_integral stopped at its time limit of {seconds:.3g} s; use the default method") from None
    if answer.returncode == _OUT_OF_MEMORY:
        raise NotInClass(f"sympy.integrate needs more than {memory_limit / 2**30:.3g} GB of memory")
    if answer.returncode != 0:
        last_line = answer.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NotInClass(f"sympy.integrate gave up: {' '.join(last_line)}")
    expression: sp.Expr = pickle.loads(answer.stdout)
    form_holds: sp.Basic = sp.true
    if isinstance(expression, sp.Piecewise):
        expression, form_holds = expression.args[0]
    if expression.has(sp.Integral):
        raise NotInClass("sympy.integrate left the integral unevaluated")
    if expression.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
        # Its word alone, even that the integral is infinite, is no proof.
        raise NotInClass(f"sympy.integrate gives {expression}")
    return Integral(expression, sp.true, NAME, form_holds.replace(_is_relation, _without_angles))


def _is_relation(node: sp.Basic) -> bool:
    return isinstance(node, Relational)


def _without_angles(relation: Relational) -> Boolean:
    """The relation in u itself, where it holds arg(u) of a real u: 0 for u > 0, pi for u < 0."""
    angles = relation.atoms(sp.arg)
    if len(angles) != 1 or not (angle := angles.pop()).args[0].is_extended_real:
        return relation
    ahead, behind = (relation.xreplace({angle: value}) for value in (sp.S.Zero, sp.pi))
    return (ahead & sp.Gt(angle.args[0], 0)) | (behind & sp.Lt(angle.args[0], 0))


def _worker() -> None:
    integrand, variable, support, memory_limit = pickle.load(sys.stdin.buffer)
    if sys.platform != "win32":  # which has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    try:
        answer = _standardised_integral(integrand, variable, support)
    except MemoryError:
        sys.exit(_OUT_OF_MEMORY)
    pickle.dump(answer, sys.stdout.buffer)


def _standardised_integral(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> sp.Expr:
    """Trigonometric nodes become exponentials, products are multiplied out, and each summand is integrated alone."""
    in_exponentials = integrand.replace(
        lambda node: isinstance(node, sp.sin | sp.cos | sp.sinh | sp.cosh), lambda node: node.rewrite(sp.exp)
    )
    total = sp.S.Zero
    for summand in sp.Add.make_args(sp.powsimp(sp.expand(in_exponentials))):
        total += sp.integrate(summand, (variable, *support))
    # The pairs exp(+i...), exp(-i...) become cosines and sines again.
    return sp.piecewise_fold(sp.simplify(total.rewrite(sp.cos) if total.has(sp.I) else total))

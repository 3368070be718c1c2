"""An expression of a derivation on one line of ASCII:  d/dmu E_x[x**2],  int_{-oo}^{oo} [x**2*p(x)] dx."""

from __future__ import annotations

import sympy as sp
from sympy.printing.str import StrPrinter

from symbolic.deriving.unevaluated import Density, Mean

__all__ = ["as_text"]


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy ships no types
    """SymPy dispatches on methods of a subclass; it offers no other hook."""

    def _print_Integral(self, node: sp.Integral) -> str:
        variable, *bounds = node.limits[0]
        ends = "_{{{}}}^{{{}}}".format(*(self._print(bound) for bound in bounds)) if bounds else ""
        return f"int{ends} [{self._print(node.function)}] d{variable}"

    def _print_Derivative(self, node: sp.Derivative) -> str:
        inner = self._print(node.expr)
        compact = isinstance(node.expr, Mean | Density) or (node.expr.is_Function and not node.expr.has(sp.Derivative))
        return f"d/d{node.variables[0]} {inner}" if compact else f"d/d{node.variables[0]} [{inner}]"


def as_text(expression: sp.Expr) -> str:
    """One line, the same for the same expression."""
    return str(_Printer().doprint(expression))

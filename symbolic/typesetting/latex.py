r"""An expression of a derivation in LaTeX:  \frac{\partial}{\partial \mu} \mathbb{E}_{x}\left[x^{2}\right]."""

from __future__ import annotations

import sympy as sp
from sympy.printing.latex import LatexPrinter

from symbolic.deriving.unevaluated import Density, Mean

__all__ = ["as_latex"]


class _Printer(LatexPrinter):  # type: ignore[misc]  # SymPy ships no types
    """SymPy dispatches on methods of a subclass; it offers no other hook."""

    def _print_Mean(self, node: Mean, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        variable = self._print(node.variable)
        return rf"\mathbb{{E}}_{{{variable}}}{power}\left[{self._print(node.term)}\right]"

    def _print_Density(self, node: Density, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"p{power}\left({self._print(node.place)}\right)"

    def _print_Heaviside(self, node: sp.Heaviside, exp: str | None = None) -> str:
        # SymPy writes theta, which is a parameter here.
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"H{power}\left({self._print(node.args[0])}\right)"

    def _print_Derivative(self, node: sp.Derivative) -> str:
        written = str(super()._print_Derivative(node))
        if not isinstance(node.expr, sp.Mul):
            return written
        # How far the operator reaches has to be seen; SymPy brackets sums only.
        operator = written[: written.rindex(self._print(node.expr))]
        return rf"{operator}\left[{self._print(node.expr)}\right]"

    def _print_Symbol(self, node: sp.Symbol, style: str = "plain") -> str:
        # Python keeps the whole word for itself.
        return r"\lambda" if node.name == "lam" else str(super()._print_Symbol(node, style))

    def _hprint_Function(self, func: str) -> str:
        return func if func.startswith("f'") else str(super()._hprint_Function(func))


def as_latex(expression: sp.Basic) -> str:
    """Math-mode LaTeX without dollar signs, the same for the same expression."""
    return str(_Printer({"ln_notation": False, "fold_short_frac": False}).doprint(expression))

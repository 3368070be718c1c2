"""What a derivation writes down and does not carry out: an expectation E_v[h], a density p(v)."""

from __future__ import annotations

import sympy as sp
from sympy.printing.str import StrPrinter

__all__ = ["Density", "Mean"]


class Mean(sp.Expr):  # type: ignore[misc]  # SymPy ships no types
    """E_v[h(v)], v the variable of a law or its noise.

    The arguments after the variable are the parameters of the law of v: the mean depends on them, even where h does
    not. Which law it is, a `Meaning` knows.
    """

    is_commutative = True
    is_extended_real = True

    def __new__(cls, term: sp.Expr, variable: sp.Symbol, *parameters: sp.Symbol) -> Mean:
        node: Mean = sp.Expr.__new__(cls, term, variable, *parameters)
        return node

    @property
    def term(self) -> sp.Expr:
        """h."""
        return self.args[0]

    @property
    def variable(self) -> sp.Symbol:
        """v, which is bound."""
        return self.args[1]

    def _sympystr(self, printer: StrPrinter) -> str:
        return f"E_{self.variable}[{printer._print(self.term)}]"

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        """The parameters of the law, and the symbols of h without v."""
        free: set[sp.Symbol] = (self.term.free_symbols - {self.variable}) | set(self.args[2:])
        return free


class Density(sp.Expr):  # type: ignore[misc]  # SymPy ships no types
    """p(v): the density of the law at v; the arguments after v are the parameters of the law."""

    is_commutative = True
    is_extended_real = True
    is_extended_positive = True

    def __new__(cls, place: sp.Expr, *parameters: sp.Symbol) -> Density:
        node: Density = sp.Expr.__new__(cls, place, *parameters)
        return node

    def _sympystr(self, printer: StrPrinter) -> str:
        return f"p({printer._print(self.place)})"

    @property
    def place(self) -> sp.Expr:
        """v."""
        return self.args[0]

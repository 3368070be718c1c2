"""An expression of a derivation as presentation MathML, in the elements of MathML Core."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import sympy as sp
from sympy.printing.mathml import MathMLPresentationPrinter

from symbolic.unevaluated import Density, Mean

__all__ = ["as_mathml"]


class _Printer(MathMLPresentationPrinter):  # type: ignore[misc]
    """SymPy dispatches on methods of a subclass; it offers no other hook."""

    def _print_Mean(self, node: Mean) -> Any:
        operator = self.dom.createElement("msub")
        operator.appendChild(self._element("mi", "E"))
        operator.appendChild(self._print(node.variable))
        return self._row(operator, self._element("mo", "["), self._print(node.term), self._element("mo", "]"))

    def _print_Density(self, node: Density) -> Any:
        return self._row(
            self._element("mi", "p"), self._element("mo", "("), self._print(node.place), self._element("mo", ")")
        )

    def _print_Heaviside(self, node: sp.Heaviside) -> Any:
        # SymPy writes Theta, which looks like a parameter.
        place = self._print(node.args[0])
        return self._row(self._element("mi", "H"), self._element("mo", "("), place, self._element("mo", ")"))

    def _element(self, name: str, text: str) -> Any:
        element = self.dom.createElement(name)
        element.appendChild(self.dom.createTextNode(text))
        return element

    def _row(self, *parts: Any) -> Any:
        row = self.dom.createElement("mrow")
        for part in parts:
            row.appendChild(part)
        return row


def as_mathml(expression: sp.Basic) -> str:
    """The inside of a <math> element, escaped, well-formed XML too; the same for the same expression."""
    return re.sub(
        r"&(?!(?:lt|gt|amp|quot);)\w+;", lambda name: unescape(name[0]), _Printer()._print(expression).toxml()
    )

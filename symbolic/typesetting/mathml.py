"""An expression of a derivation as presentation MathML, in the elements of MathML Core."""

from __future__ import annotations

from html import escape, unescape
from typing import Any

import sympy as sp
from sympy.printing.mathml import MathMLPresentationPrinter

from symbolic.deriving.unevaluated import Density, Mean

__all__ = ["as_mathml"]


class _Printer(MathMLPresentationPrinter):  # type: ignore[misc]  # SymPy ships no types
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

    def _print_Derivative(self, node: sp.Derivative) -> Any:
        printed = super()._print_Derivative(node)
        if isinstance(node.expr, sp.Mul | sp.Add):  # how far the operator reaches has to be seen
            inner = printed.removeChild(printed.lastChild)
            printed.appendChild(self._row(self._element("mo", "["), inner, self._element("mo", "]")))
        return printed

    def _print_Symbol(self, node: sp.Symbol, style: str = "plain") -> Any:
        # Python keeps the whole word for itself.
        return self._element("mi", "\u03bb") if node.name == "lam" else super()._print_Symbol(node, style)

    def _print_Exp1(self, _node: sp.Expr) -> Any:
        return self._element("mi", "e")

    def _print_Mul(self, node: sp.Mul) -> Any:
        # SymPy writes a/exp(b); a exp(-b) is how one reads a density.
        exponentials = [factor for factor in node.args if isinstance(factor, sp.exp)]
        if not exponentials:
            return super()._print_Mul(node)
        rest = sp.Mul(*(factor for factor in node.args if factor not in exponentials))
        printed = [self._print(factor) for factor in exponentials]
        if rest == 1:
            return self._row(*printed)
        if rest == -1:
            return self._row(self._element("mo", "-"), *printed)
        first = self._print(rest)
        if isinstance(rest, sp.Add):
            first = self._row(self._element("mo", "("), first, self._element("mo", ")"))
        return self._row(first, *printed)

    def _print_Piecewise(self, node: sp.Piecewise) -> Any:
        table = self.dom.createElement("mtable")
        for value, condition in node.args:
            row = self.dom.createElement("mtr")
            when = self._element("mtext", "otherwise") if condition == sp.true else self._print(condition)
            for part in (self._print(value), when):
                cell = self.dom.createElement("mtd")
                cell.appendChild(part)
                row.appendChild(cell)
            table.appendChild(row)
        return self._row(self._element("mo", "{"), table)

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
    printed = _Printer()._print(expression)
    _escape_texts(printed)
    return str(_without_needless_rows(printed).toxml())


def _without_needless_rows(node: Any) -> Any:
    """The element without rows of one element, and without products as rows of their own inside of a row.

    Nothing stretches or leaves a space in a product, so it looks the same; and there are many.
    """
    for child in list(node.childNodes):
        kept = _without_needless_rows(child)
        if node.tagName == "mrow" and _is_product(kept):
            for factor in list(kept.childNodes):
                node.insertBefore(factor, child)
            node.removeChild(child)
        elif kept is not child:
            node.replaceChild(kept, child)
    if node.nodeType == node.ELEMENT_NODE and node.tagName == "mrow" and len(node.childNodes) == 1:
        (only,) = node.childNodes
        return only
    return node


def _is_product(node: Any) -> bool:
    """Whether it is a row without signs but that of a product, which is not seen."""
    if node.nodeType != node.ELEMENT_NODE or node.tagName != "mrow":
        return False
    return all(child.tagName != "mo" or child.firstChild.data == "\N{INVISIBLE TIMES}" for child in node.childNodes)


def _escape_texts(node: Any) -> None:
    """SymPy's text nodes are written as they are: a < of a condition, or of a name, would be read as an element."""
    if node.nodeType == node.TEXT_NODE:
        text = unescape(node.data)
        signed = f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text  # of an operator, or of a number
        node.data = escape(signed, quote=False)
    for child in node.childNodes:
        _escape_texts(child)

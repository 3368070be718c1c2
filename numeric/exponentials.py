"""exp, and the quotients of exponentials that would be infinity over infinity if computed as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field

from flint import fmpq

from numeric.constants import is_zero, nearest_float
from numeric.graph import Graph, Product

__all__ = ["Exponentials"]

_SLACK = 1e-9  # a ratio of two balls is an integer up to this


@dataclass
class Exponentials:
    """The exponentials in a graph, each with its exponent."""

    graph: Graph
    _exponents: dict[int, Product] = field(default_factory=dict)

    def exp(self, exponent: Product) -> int:
        """The node of exp(exponent)."""
        node = self.graph.step("exp", self.graph.operand(exponent))
        self._exponents[node] = exponent
        return node

    def without_overflow(self, product: Product) -> Product:
        """exp(r t) / (1 + exp t)^k with r >= 1 as exp((r - m) t) (1 + exp(-t))^-m (1 + exp t)^(m - k), m = min(r, k).

        So the derivatives of softplus and of the sigmoid are finite for every t.
        """
        for node, exponent in product.factors:
            inner = self._of_denominator(node) if exponent < 0 else None
            for other, power in product.factors:
                outer = self._exponents.get(other)
                if inner is None or outer is None or outer.factors != inner.factors or power < 1:
                    continue
                ratio = nearest_float(outer.coefficient * power / inner.coefficient)
                taken = min(int(ratio + _SLACK), -exponent)
                if ratio > 0 and taken > 0:
                    mirrored = self.graph.step("add", self.exp(inner.scaled(fmpq(-1))), 1.0)
                    change = Product.of(node) ** taken * Product.of(mirrored) ** -taken * Product.of(other) ** -power
                    left = Product(outer.coefficient * power - inner.coefficient * taken, outer.factors)
                    rest = product * change
                    return self.without_overflow(
                        rest if is_zero(left.coefficient) else rest * Product.of(self.exp(left))
                    )
        return product

    def minus_one(self, product: Product) -> Product | None:
        """exp(t) - 1 without cancellation, c times, if the product is c exp(t); else None."""
        if len(product.factors) != 1 or product.factors[0][1] != 1 or product.factors[0][0] not in self._exponents:
            return None
        (argument,) = self.graph.nodes[product.factors[0][0]].operands
        return Product.of(self.graph.step("expm1", argument)).scaled(product.coefficient)

    def _of_denominator(self, node: int) -> Product | None:
        """t, if the node is 1 + exp t."""
        step = self.graph.nodes[node]
        if step.name != "add" or not self.graph.is_constant(step.operands[1], 1.0):
            return None
        return self._exponents.get(step.operands[0])

"""Elementary steps as a graph in which equal steps are one node, and products of powers over it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from flint import fmpq

from numeric.constants import Number, nearest_float

__all__ = ["CONSTANT", "NOISE", "PRODUCT", "Factors", "Graph", "Node", "Product"]

Factors: TypeAlias = tuple[tuple[int, int], ...]
"""((node, exponent), ...) in the order of the nodes, no exponent zero."""

NOISE = 0
CONSTANT = "constant"
PRODUCT = "product"


@dataclass(frozen=True)
class Node:
    """name(operands), a step of numeric.instructions; or CONSTANT with its value; or PRODUCT of `factors`."""

    name: str
    operands: tuple[int, ...] = ()
    value: float = 0.0
    factors: Factors = ()


@dataclass(frozen=True)
class Product:
    """coefficient * prod_k node_k ^ exponent_k: the coefficient exact, the nodes distinct."""

    coefficient: Number
    factors: Factors = ()

    @classmethod
    def of(cls, node: int) -> Product:
        return cls(fmpq(1), ((node, 1),))

    def scaled(self, factor: Number) -> Product:
        return Product(self.coefficient * factor, self.factors)

    def __mul__(self, other: Product) -> Product:
        exponents = dict(self.factors)
        for node, exponent in other.factors:
            exponents[node] = exponents.get(node, 0) + exponent
        factors = tuple(sorted((node, exponent) for node, exponent in exponents.items() if exponent))
        return Product(self.coefficient * other.coefficient, factors)

    def __pow__(self, exponent: int) -> Product:
        return Product(self.coefficient**exponent, tuple((node, power * exponent) for node, power in self.factors))


@dataclass
class Graph:
    """The nodes made so far; node 0 is the noise. A node only refers to nodes before it."""

    nodes: list[Node] = field(default_factory=lambda: [Node("noise")])
    numbers: dict[Node, int] = field(default_factory=lambda: {Node("noise"): NOISE})

    def step(self, name: str, *operands: int | float) -> int:
        """The node name(operands), new or old; a float operand is a constant, an int the number of a node."""
        places = (self.constant(operand) if isinstance(operand, float) else operand for operand in operands)
        return self._number(Node(name, tuple(places)))

    def constant(self, value: float) -> int:
        """The node of a constant."""
        return self._number(Node(CONSTANT, value=value))

    def operand(self, product: Product) -> int:
        """The node that holds the value of a product."""
        coefficient = nearest_float(product.coefficient)
        if not product.factors:
            return self.constant(coefficient)
        value = self.product(product.factors)
        return value if coefficient == 1.0 else self.step("multiply", value, coefficient)

    def product(self, factors: Factors) -> int:
        """The node of a product, whose multiplications are chosen when all products are known."""
        if len(factors) == 1 and factors[0][1] == 1:
            return factors[0][0]
        return self._number(Node(PRODUCT, factors=factors))

    def power(self, base: int, exponent: int) -> int:
        """base ** exponent, exponent >= 1, by squarings and multiplications."""
        if exponent == 1:
            return base
        if exponent % 2:
            return self.step("multiply", self.power(base, exponent - 1), base)
        return self.step("square", self.power(base, exponent // 2))

    def copied(self, node: Node, operands: tuple[int, ...]) -> int:
        """The same step as a node of another graph, on operands of this one."""
        return self._number(replace(node, operands=operands))

    def is_constant(self, number: int, value: float) -> bool:
        node = self.nodes[number]
        return node.name == CONSTANT and node.value == value

    def _number(self, node: Node) -> int:
        number = self.numbers.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

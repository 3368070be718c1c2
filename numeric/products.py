"""Products written out as multiplications, with the factors that several of them share multiplied once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from numeric.graph import PRODUCT, Factors, Graph
from numeric.horner import power_cost

__all__ = ["write_out"]


def write_out(graph: Graph, roots: Sequence[int]) -> tuple[Graph, tuple[int, ...]]:
    """The same steps with every product made of multiply, square and divide, and the places of the roots."""
    products = {number: graph.nodes[number].factors for number in _needed(graph, roots) if _is_product(graph, number)}
    products = _shared(products, len(graph.nodes))
    new = Graph()
    places: dict[int, int] = {}

    def place(number: int) -> int:
        if number not in places:
            if number in products:
                places[number] = _multiplied(new, tuple((place(node), power) for node, power in products[number]))
            else:
                node = graph.nodes[number]
                places[number] = new.copied(node, tuple(place(operand) for operand in node.operands))
        return places[number]

    return new, tuple(place(root) for root in roots)


def _is_product(graph: Graph, number: int) -> bool:
    return graph.nodes[number].name == PRODUCT


def _needed(graph: Graph, roots: Sequence[int]) -> list[int]:
    needed = set(roots)
    for number in range(len(graph.nodes) - 1, -1, -1):
        if number in needed:
            node = graph.nodes[number]
            needed.update(node.operands)
            needed.update(factor for factor, _ in node.factors)
    return sorted(needed)


def _shared(products: dict[int, Factors], unused: int) -> dict[int, Factors]:
    """Greedy: the dearest factors that two products have in common become a product of their own, until none are left.

    Powers of one node need no help: equal powers are equal nodes already.
    """
    products = dict(products)
    while True:
        best: Factors = ()
        for one, other in combinations(products.values(), 2):
            common = _common(one, other)
            if len(common) > 1 and _cost(common) > _cost(best):
                best = common
        if not best:
            return products
        for number, factors in products.items():
            if dict(_common(factors, best)) == dict(best):
                products[number] = _without(factors, best, unused)
        products[unused] = best
        unused += 1


def _common(one: Factors, other: Factors) -> Factors:
    exponents = dict(other)
    return tuple(
        (node, min(power, exponents[node], key=abs)) for node, power in one if power * exponents.get(node, 0) > 0
    )


def _without(factors: Factors, common: Factors, replacement: int) -> Factors:
    taken = dict(common)
    left = ((node, power - taken.get(node, 0)) for node, power in factors)
    return (*((node, power) for node, power in left if power), (replacement, 1))


def _cost(factors: Factors) -> int:
    return sum(power_cost(abs(power)) + 1 for _, power in factors)


def _multiplied(graph: Graph, factors: Factors) -> int:
    above = [graph.power(node, power) for node, power in factors if power > 0]
    below = [graph.power(node, -power) for node, power in factors if power < 0]
    denominator = _chain(graph, below) if below else None
    if denominator is None:
        return _chain(graph, above)
    return graph.step("divide", _chain(graph, above) if above else 1.0, denominator)


def _chain(graph: Graph, numbers: list[int]) -> int:
    value = numbers[0]
    for number in numbers[1:]:
        value = graph.step("multiply", value, number)
    return value

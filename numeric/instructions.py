"""A graph as a flat list of NumPy calls on registers: in an order that keeps few registers alive, and reuses them.

Register 0 holds the noise, registers 1 to `rows` the results, the others are scratch. Nothing is generated and
executed: an instruction names one entry of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from numeric.graph import CONSTANT, NOISE, Graph

__all__ = ["Instruction", "Listing", "listing", "operation"]

Operation: TypeAlias = Callable[..., Any]

_UFUNCS: dict[str, Operation] = {
    "absolute": np.absolute,
    "add": np.add,
    "arctan": np.arctan,
    "cosh": np.cosh,
    "divide": np.divide,
    "exp": np.exp,
    "expm1": np.expm1,
    "heaviside": np.heaviside,
    "log": np.log,
    "log1p": np.log1p,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "multiply": np.multiply,
    "power": np.power,
    "sign": np.sign,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "square": np.square,
    "subtract": np.subtract,
    "tan": np.tan,
    "tanh": np.tanh,
}
_MASKS: dict[str, Operation] = {
    "equal": np.equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "logical_and": np.logical_and,
    "logical_not": np.logical_not,
    "logical_or": np.logical_or,
    "not_equal": np.not_equal,
}
_NOT_IN_PLACE = frozenset(["select"])


@dataclass(frozen=True, slots=True)
class Instruction:
    """registers[target] = name(inputs): an int is a register, a float a constant."""

    name: str
    inputs: tuple[int | float, ...]
    target: int


@dataclass(frozen=True)
class Listing:
    """The instructions, the number of registers, and which of them hold truth values."""

    instructions: tuple[Instruction, ...]
    registers: int
    masks: frozenset[int]


def operation(name: str) -> Operation:
    """The call behind a name, as call(*inputs, out=array). scipy is imported by what needs it."""
    if name in ("besselj", "erf", "erfc"):
        import scipy.special

        special: dict[str, Operation] = {
            "besselj": scipy.special.jv,
            "erf": scipy.special.erf,
            "erfc": scipy.special.erfc,
        }
        return special[name]
    written_here: dict[str, Operation] = {"fill": _fill, "select": _select}
    return {**_UFUNCS, **_MASKS, **written_here}[name]


def _fill(value: Any, out: Any) -> None:
    np.copyto(out, value)


def _select(mask: Any, inside: Any, outside: Any, out: Any) -> None:
    np.copyto(out, outside)
    np.copyto(out, inside, where=mask)


@dataclass
class _Registers:
    """Scratch registers, taken and given back; numbers and truth values are kept apart."""

    count: int
    free: dict[bool, list[int]] = field(default_factory=lambda: {False: [], True: []})
    masks: set[int] = field(default_factory=set)

    def take(self, mask: bool) -> int:
        if self.free[mask]:
            return self.free[mask].pop()
        self.count += 1
        if mask:
            self.masks.add(self.count - 1)
        return self.count - 1

    def give_back(self, registers: Sequence[int]) -> None:
        for register in registers:
            self.free[register in self.masks].append(register)


def listing(graph: Graph, roots: Sequence[int]) -> Listing:
    """Row k of the result is the value of node roots[k]."""
    order = _order(graph, roots)
    last_use = {operand: place for place, number in enumerate(order) for operand in graph.nodes[number].operands}
    rows = len(roots)
    registers = _Registers(rows + 1)
    kept = {NOISE: 0, **{root: row for row, root in reversed(list(enumerate(roots, start=1))) if root != NOISE}}
    home = dict(kept)
    for root, row in kept.items():
        home.update({number: row for number in _chain(graph, order, last_use, root) if number not in kept})
    instructions = []
    for place, number in enumerate(order):
        node = graph.nodes[number]
        ended = [home[operand] for operand in set(node.operands) if last_use[operand] == place and operand in home]
        scratch = [register for register in ended if register > rows]
        if node.name not in _NOT_IN_PLACE:
            registers.give_back(scratch)
        if number not in home:
            home[number] = registers.take(node.name in _MASKS)
        if node.name in _NOT_IN_PLACE:
            registers.give_back(scratch)
        instructions.append(Instruction(node.name, _inputs(graph, home, node.operands), home[number]))
    for row, root in enumerate(roots, start=1):
        if graph.nodes[root].name == CONSTANT or home[root] != row:
            instructions.append(Instruction("fill", _inputs(graph, home, (root,)), row))
    return Listing(tuple(instructions), registers.count, frozenset(registers.masks))


def _inputs(graph: Graph, home: Mapping[int, int], operands: Sequence[int]) -> tuple[int | float, ...]:
    nodes = (graph.nodes[operand] for operand in operands)
    return tuple(
        node.value if node.name == CONSTANT else home[operand] for node, operand in zip(nodes, operands, strict=True)
    )


def _chain(graph: Graph, order: Sequence[int], last_use: Mapping[int, int], root: int) -> list[int]:
    """Nodes that can live where `root` will: each is used for the last time when the one before it is made.

    A call that writes over one of its inputs moves a third less memory than one that does not.
    """
    place = {number: k for k, number in enumerate(order)}
    chain: list[int] = []
    number: int | None = root
    while number is not None and number in place:
        node = graph.nodes[number]
        ending = (
            operand
            for operand in node.operands
            if operand in place and last_use[operand] == place[number] and graph.nodes[operand].name not in _MASKS
        )
        number = next(ending, None) if node.name not in _NOT_IN_PLACE else None
        if number is not None:
            chain.append(number)
    return chain


def _order(graph: Graph, roots: Sequence[int]) -> list[int]:
    """Each step after its operands, each root as soon as it can be."""
    order: list[int] = []
    seen = {NOISE}

    def visit(number: int) -> None:
        if number in seen or graph.nodes[number].name == CONSTANT:
            return
        seen.add(number)
        for operand in graph.nodes[number].operands:
            visit(operand)
        order.append(number)

    for root in roots:
        visit(root)
    return order

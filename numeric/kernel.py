"""term_k(epsilon) for many terms and many draws at once: the expression of an estimator as float64 arithmetic.

A kernel is a list of NumPy calls on reused buffers, made from the expressions without generating code. Row k is
computed up to a constant factor scales[k], which sums of draws can be multiplied by afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import sympy as sp
from flint import ctx, fmpq

from numeric.constants import PRECISION, nearest_float
from numeric.exponentials import Exponentials
from numeric.graph import Graph, Product
from numeric.instructions import Instruction, Listing, listing, operation
from numeric.lowering import Lowering
from numeric.polynomials import Polynomials
from numeric.products import write_out

__all__ = ["Kernel", "Workspace", "compile_kernel"]

Floats: TypeAlias = npt.NDArray[np.float64]

_PIECE = 2**14
_LINE = 8
_SMALLEST_SCALE, _LARGEST_SCALE = 1e-100, 1e100


@dataclass(frozen=True)
class Kernel:
    """scales[k] * (row k of the listing) = term k. It can be pickled, and used by several threads at once."""

    listing: Listing
    scales: tuple[float, ...]

    def __call__(self, noise: Floats, out: Floats) -> None:
        """out[k, i] = term_k(noise[i]), for noise of shape (n,) and out of shape (number of terms, n), both float64.

        A draw at which the term is not finite is left infinite or NaN; nothing is warned of or dropped.
        """
        work = self.workspace(min(_PIECE, max(noise.size, 1)))
        for start in range(0, noise.size, _PIECE):
            piece = noise[start : start + _PIECE]
            work.noise[: piece.size] = piece
            work.run()
            np.multiply(
                work.out[:, : piece.size], np.array(self.scales)[:, None], out=out[:, start : start + piece.size]
            )

    def workspace(self, size: int) -> Workspace:
        """Buffers for `size` draws at a time, with every call of the kernel bound to them."""
        return Workspace(self.listing, len(self.scales), size)

    def centred(self, centres: Sequence[float]) -> Kernel:
        """The kernel of term_k - centres[k], at no cost where the last step of a row adds a constant anyway."""
        instructions = list(self.listing.instructions)
        for row, (centre, scale) in enumerate(zip(centres, self.scales, strict=True), start=1):
            if centre != 0.0:
                _subtract(instructions, row, centre / scale)
        return replace(self, listing=replace(self.listing, instructions=tuple(instructions)))


def _subtract(instructions: list[Instruction], row: int, centre: float) -> None:
    made = max(place for place, step in enumerate(instructions) if step.target == row)
    read = [place for place, step in enumerate(instructions) if place > made and _reads(step, row)]
    step = instructions[made]
    if not read and step.name == "add" and isinstance(step.inputs[1], float):
        instructions[made] = replace(step, inputs=(step.inputs[0], step.inputs[1] - centre))
    else:
        instructions.insert(max([made, *read]) + 1, Instruction("subtract", (row, centre), row))


def _reads(step: Instruction, register: int) -> bool:
    return any(isinstance(place, int) and place == register for place in step.inputs)


class Workspace:
    """noise (size,) -> out (rows, size), the rows without their scales: fill `noise`, `run()`, read `out`."""

    def __init__(self, program: Listing, rows: int, size: int) -> None:
        floats = _aligned(program.registers - len(program.masks), size)
        truths = np.empty((len(program.masks), size), dtype=np.bool_)
        self.noise: Floats = floats[0]
        self.out: Floats = floats[1 : rows + 1]
        next_float, next_truth = iter(floats), iter(truths)
        registers: list[Any] = [
            next(next_truth if k in program.masks else next_float) for k in range(program.registers)
        ]
        self._calls = [
            (
                operation(step.name),
                # arrays without dimensions: NumPy converts a Python float anew in every call
                tuple(registers[place] if isinstance(place, int) else np.array(place) for place in step.inputs),
                registers[step.target],
            )
            for step in program.instructions
        ]

    def run(self) -> None:
        """One pass over the buffers. Overflow and invalid operations give inf and NaN, which the caller looks for."""
        with np.errstate(all="ignore"):
            for call, inputs, target in self._calls:
                call(*inputs, out=target)


def _aligned(rows: int, size: int) -> Floats:
    """Rows that begin at a multiple of 64 bytes, the width of a vector register: other loads cost a third more."""
    width = -(-size // _LINE) * _LINE
    room = np.empty(rows * width + _LINE)
    first = -room.ctypes.data // room.itemsize % _LINE
    return room[first : first + rows * width].reshape(rows, width)[:, :size]


def compile_kernel(terms: Sequence[sp.Expr], noise: sp.Symbol) -> Kernel:
    """The kernel of `terms`, expressions in `noise` alone: every other symbol has an exact value already.

    Raises KernelError for a symbol without a value, a function outside the grammar, or a constant that overflows.
    """
    with ctx.workprec(PRECISION):
        polynomials = Polynomials(noise)
        polynomials.find_shifts(terms)
        graph = Graph()
        lowering = Lowering(noise, polynomials, graph, Exponentials(graph))
        scales, roots = [], []
        for term in terms:
            product = lowering.product(term)
            scale = nearest_float(product.coefficient)
            if not _SMALLEST_SCALE < abs(scale) < _LARGEST_SCALE:
                product, scale = Product.of(graph.operand(product)), 1.0
            scales.append(scale)
            roots.append(graph.operand(Product(fmpq(1), product.factors)))
    return Kernel(listing(*write_out(graph, roots)), tuple(scales))

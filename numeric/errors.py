"""What can go wrong between an expression and its draws. Each class says the cause and the cure."""

from __future__ import annotations

__all__ = ["EstimatorError", "KernelError", "NonFiniteDraw"]


class KernelError(ValueError):
    """An expression has no float64 kernel. Cause: a node outside the grammar, or a symbol left without a value."""


class NonFiniteDraw(ArithmeticError):
    """A draw, or its square, is infinite or NaN. Cause: the term at that noise. Cure: other parameters.

    `output` is the row of the kernel, `index` the number of the draw in its stream, `noise` the noise it was made of,
    `value` what came of it.
    """

    def __init__(self, output: int, index: int, noise: float, value: float) -> None:
        super().__init__(output, index, noise, value)
        self.output, self.index, self.noise, self.value = output, index, noise, value

    def __str__(self) -> str:
        return (
            f"draw {self.index} of term {self.output} is {self.value} at noise={self.noise!r}: "
            "it or its square is not finite in float64; choose parameters at which the term stays smaller"
        )


class EstimatorError(RuntimeError):
    """Somebody else's estimator raised, or did not return n numbers. Cause: in the message, or chained. Cure: there."""

"""Somebody else's estimator as a source of draws: called chunk by chunk, and believed in nothing.

    function(params, n, rng) -> n independent draws of the estimator

rng is the stream of (seed, case, chunk), so the draws of a chunk can be made again, and two chunks never share noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from numeric.errors import EstimatorError
from numeric.streams import case_hash, generator

__all__ = ["BlackBox", "Drawn", "EstimatorFunction", "first_not_finite"]

EstimatorFunction: TypeAlias = Callable[[dict[str, float], int, np.random.Generator], npt.ArrayLike]

_SPACINGS = {2: 2.0**-10, 4: 2.0**-23, 8: 2.0**-52}  # from 1 to the next float of so many bytes
_LARGEST_EXACT = 2**53  # whole numbers up to this size are float64 numbers


@dataclass(frozen=True)
class Drawn:
    """`values` as float64, shape (n,); `spacing` is the relative spacing of the numbers that the estimator returned."""

    values: npt.NDArray[np.float64]
    spacing: float


@dataclass(frozen=True)
class BlackBox:
    """A function of (params, n, rng), the values that it is called with, and the stream that its rng comes from."""

    function: EstimatorFunction
    params: Mapping[str, float]
    case_text: str
    seed: int

    @property
    def name(self) -> str:
        """What its author called it."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    def draws(self, chunk: int, n: int, part: str = "") -> Drawn:
        """n draws with the rng of that chunk, copied, exactly as returned; NaN and infinity are left for the caller.

        `part` names another stream than that of the judged draws. float16, float32 and whole numbers up to 2**53 are
        converted, which changes no value.
        Raises EstimatorError if the function raises, or does not return n real numbers.
        """
        text = f"{self.case_text}; {part}" if part else self.case_text
        stream = generator(self.seed, case_hash(text), chunk)
        try:
            returned = np.asarray(self.function(dict(self.params), n, stream))
        except Exception as error:  # somebody else's code may raise anything; it is named, chained, and no verdict
            raise EstimatorError(
                f"{self.name} raised {type(error).__name__} when asked for n={n} draws at {self._place()}: {error}"
            ) from error
        self._refuse(returned, n)
        return Drawn(np.array(returned, dtype=np.float64), _spacing(returned.dtype))

    def _refuse(self, returned: npt.NDArray[np.generic], n: int) -> None:
        """Raise EstimatorError for another shape than (n,), and for what float64 cannot hold exactly."""
        if returned.shape != (n,):
            raise EstimatorError(
                f"{self.name} returned an array of shape {returned.shape} when asked for n={n} draws; "
                f"return one number for each draw, shape ({n},)"
            )
        kind = returned.dtype.kind
        if kind not in "fiu" or not np.can_cast(returned.dtype, np.float64):
            raise EstimatorError(
                f"{self.name} returned draws of dtype {returned.dtype}, which float64 cannot hold exactly; "
                "return an array of float64"
            )
        if kind != "f" and n and max(int(returned.max()), -int(returned.min())) > _LARGEST_EXACT:
            raise EstimatorError(
                f"{self.name} returned whole numbers beyond 2**53, which float64 cannot hold exactly; "
                "return an array of float64"
            )

    def _place(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.params.items())


def first_not_finite(values: npt.NDArray[np.float64]) -> int | None:
    """The place of the first value that is NaN or infinite, or whose square is; None if there is none."""
    with np.errstate(over="ignore", invalid="ignore"):
        bad = ~np.isfinite(np.square(values))
    return int(bad.argmax()) if bad.any() else None


def _spacing(dtype: np.dtype[np.generic]) -> float:
    """The distance from 1 to the next number of the dtype; that of float64 for whole numbers."""
    return _SPACINGS[dtype.itemsize] if dtype.kind == "f" else _SPACINGS[8]

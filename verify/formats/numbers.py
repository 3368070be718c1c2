"""Numbers as a reader wants them: as many digits as mean something."""

from __future__ import annotations

import math
from decimal import Decimal

__all__ = ["MISSING", "draws", "exactly", "of_any_size", "percent", "significant", "with_error"]

MISSING = "-"


def significant(value: float | None, digits: int = 6) -> str:
    """`digits` significant digits without trailing zeros; "inf", and "-" for None."""
    return MISSING if value is None else f"{value:.{digits}g}"


def exactly(value: float | None, digits: str | None) -> str:
    """The number, from its digits where no float holds it: 1.2345e+34743."""
    if digits is None or value:
        return significant(value)
    return of_any_size(Decimal(digits), 6)


def of_any_size(number: Decimal, digits: int) -> str:
    """`digits` significant digits without trailing zeros, beyond the range of floats, too."""
    nearest = float(number)
    if math.isfinite(nearest) and (nearest != 0 or number == 0):
        return significant(nearest, digits)
    mantissa, _, power = f"{number:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{power}"


def percent(share: float) -> str:
    """Two significant digits: 1.2 %, 0.012 %, 1200 %, 1.2e+06 %."""
    rounded = f"{100 * share:.2g}"
    return f"{float(rounded):.0f} %" if 100 <= float(rounded) < 1e5 else f"{rounded} %"


def draws(n: int | None) -> str:
    """1638400 -> 1.64 M: three significant digits; below ten thousand, every digit."""
    if n is None:
        return MISSING
    if n < 10_000:
        return str(n)
    for size, sign in ((1e3, "k"), (1e6, "M"), (1e9, "G")):
        if n < 999.5 * size:
            return f"{n / size:.3g} {sign}"
    return f"{n:.2e}"


def with_error(estimate: float | None, error: float | None) -> str:
    """estimate +- error: the error has two significant digits, the estimate ends at the same place."""
    if estimate is None:
        return MISSING
    if not error:
        return significant(estimate)
    size = max(abs(estimate), error)
    last = _place(float(f"{error:.1e}")) - 1  # 0.00996 is 0.010
    if last <= 0 and size < 1e7 and last >= -9:
        return f"{estimate:.{-last}f} ± {error:.{-last}f}"
    power = _place(size)
    digits = max(power - last, 0)
    return f"({estimate / 10.0**power:.{digits}f} ± {error / 10.0**power:.{digits}f})e{power:+03d}"


def _place(value: float) -> int:
    """The power of ten of the first digit."""
    return math.floor(math.log10(value))

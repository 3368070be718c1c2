"""Exact values for symbols: 0.1 means 1/10, whether it comes as text, as a float or as a decimal."""

from __future__ import annotations

import numbers
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import sympy as sp

from symbolic.errors import BadParameter
from symbolic.parsing.names import near, shortened

__all__ = ["MAX_BITS", "MAX_EXPONENT", "exact_rational", "rational_from_float", "read_values", "values_for"]

MAX_EXPONENT = 400
MAX_BITS = 2048
_MAX_DIGITS = 700
_DOUBLE_PRECISION = 53

_DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?", re.ASCII)
_FRACTION = re.compile(r"([+-]?\d+)\s*/\s*(\d+)", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|oo|zoo)", re.IGNORECASE)
_EXAMPLES = "write a number such as 2, 0.5, 1e-3 or 1/3"


def exact_rational(value: object) -> sp.Rational:
    """The rational that `value` stands for: an int, a Fraction, a Decimal, text, a float or a NumPy number.

    A float v means Fraction(repr(v)), so 0.1 is 1/10. Text is an integer, a decimal with or without an exponent, or a
    quotient of two integers. Exponents are at most 400 in size; numerator and denominator have at most 2048 bits.
    Raises BadParameter for NaN, infinities, booleans, complex numbers and everything else.
    """
    match value:
        case str():
            return _from_text(value.strip())
        case bool():
            raise BadParameter(f"{value} is a truth value, not a number; {_EXAMPLES}")
        case numbers.Rational():
            return _rational(int(value.numerator), int(value.denominator))
        case sp.Float():
            return rational_from_float(value)
        case float():
            # float's own repr: the subclass of NumPy prints its type as well.
            return _from_text(float.__repr__(value))
        case Decimal() | numbers.Real():
            return _from_text(str(value))
        case _:
            raise BadParameter(f"{shortened(value)} is a {type(value).__name__}, not a real number; {_EXAMPLES}")


def rational_from_float(value: sp.Float) -> sp.Rational:
    """The shortest decimal that stands for a SymPy Float. Raises BadParameter."""
    as_float = float(value)
    is_double = value._prec == _DOUBLE_PRECISION and sp.Float(as_float) == value
    return _from_text(repr(as_float) if is_double else str(value))


def read_values(pairs: Iterable[str], symbols: Collection[sp.Symbol]) -> dict[sp.Symbol, sp.Rational]:
    """The value of each symbol from texts like "mu=0.5,sigma=1/3" and "a=2".

    Raises BadParameter for a value that is no finite number, for a name that is repeated, unknown or without value,
    and for a value <= 0 of a positive symbol.
    """
    found: dict[str, str] = {}
    for pair in (piece.strip() for text in pairs for piece in text.split(",")):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals):
            raise BadParameter(f"{shortened(pair) or 'an empty text'} gives no value; write name=value, such as mu=0.5")
        if name in found:
            raise BadParameter(
                f"{shortened(name)}={shortened(value)}: {shortened(name)} has the value {shortened(found[name])} "
                f"already; give it once"
            )
        found[name] = value
    return _values_by_name(found, symbols)


def values_for(
    values: Mapping[str, object] | Mapping[sp.Symbol, object], symbols: Collection[sp.Symbol]
) -> dict[sp.Symbol, sp.Rational]:
    """The value of each symbol from a mapping whose keys are names or symbols: see `exact_rational`, `read_values`.

    Raises BadParameter as `read_values` does.
    """
    if not isinstance(values, Mapping):
        raise BadParameter(f"at={shortened(values)} does not say which value is whose; write {{'mu': 0.5, 'sigma': 1}}")
    found: dict[str, object] = {}
    for key, value in values.items():
        name = str(key)
        if name in found:
            raise BadParameter(f"{name}={shortened(value)}: {name} has a value already; give it once")
        found[name] = value
    return _values_by_name(found, symbols)


def _values_by_name(found: Mapping[str, object], symbols: Collection[sp.Symbol]) -> dict[sp.Symbol, sp.Rational]:
    names = sorted({symbol.name for symbol in symbols})
    wanted = f"the names are {', '.join(names)}" if names else "no name needs a value here"
    for name, value in found.items():
        if name not in names:
            raise BadParameter(
                f"{shortened(name)}={shortened(value)}: nothing is called {shortened(name)}{near(name, names) or ';'} "
                f"{wanted}"
            )
    rationals = {name: _named_rational(name, value) for name, value in found.items()}
    missing = [name for name in names if name not in found]
    if missing:
        examples = ",".join(f"{name}=0.5" for name in missing)
        raise BadParameter(f"no value for {', '.join(missing)}: every name needs one; give them, such as {examples}")
    for symbol in symbols:
        if symbol.is_positive and rationals[symbol.name] <= 0:
            raise BadParameter(f"{symbol}={shortened(found[symbol.name])}: {symbol} must be > 0; give a positive value")
    return {symbol: rationals[symbol.name] for symbol in symbols}


def _named_rational(name: str, value: object) -> sp.Rational:
    try:
        return exact_rational(value)
    except BadParameter as error:
        raise BadParameter(f"{name}={shortened(value)}: {error}") from None


def _from_text(text: str) -> sp.Rational:
    if not text:
        raise BadParameter(f"the value is empty; {_EXAMPLES}")
    if _NOT_FINITE.fullmatch(text):
        raise BadParameter(f"{text} is not a finite number; {_EXAMPLES}")
    if len(text) > _MAX_DIGITS:
        raise BadParameter(f"a number of {len(text)} characters is too long; use at most {_MAX_DIGITS}")
    if fraction := _FRACTION.fullmatch(text):
        numerator, denominator = (int(part) for part in fraction.groups())
        if denominator == 0:
            raise BadParameter(f"{shortened(text)} divides by zero; {_EXAMPLES}")
        return _rational(numerator, denominator)
    if not (decimal := _DECIMAL.fullmatch(text)):
        raise BadParameter(f"{shortened(text)} is not a number; {_EXAMPLES}")
    exponent = decimal.group(3)
    if exponent and abs(int(exponent)) > MAX_EXPONENT:
        raise BadParameter(f"{shortened(text)} has an exponent beyond {MAX_EXPONENT}; use a number nearer to 1")
    exact = Fraction(text)
    return _rational(exact.numerator, exact.denominator)


def _rational(numerator: int, denominator: int) -> sp.Rational:
    if max(numerator.bit_length(), denominator.bit_length()) > MAX_BITS:
        raise BadParameter(f"a number of more than {MAX_BITS} bits is too long; use a shorter one")
    return sp.Rational(numerator, denominator)

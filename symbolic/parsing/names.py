"""Which words may name a symbol, and which symbol a word names."""

from __future__ import annotations

import difflib
import keyword
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp

from symbolic.law import Law

__all__ = ["MAX_NAME", "Refused", "Vocabulary", "near", "shortened", "vocabulary"]

MAX_NAME = 30
# Python refuses to print integers that are much longer.
_MAX_PRINTED_BITS = 4096
# As names they would read as real symbols, while whoever writes them means something that is not a real number.
NOT_REAL = {"I": "the imaginary unit", "oo": "infinity", "zoo": "infinity", "inf": "infinity", "nan": "not a number"}


class Refused(Exception):
    """A piece of a cost cannot be taken, for the reason in the message. Whoever knows where it stands says so."""


@dataclass(frozen=True)
class Vocabulary:
    """`known` maps names to symbols that exist already; `forbidden` maps names to the reason against them.

    Another name is a real symbol, unless `no_others` is the reason against all others.
    """

    known: Mapping[str, sp.Symbol]
    forbidden: Mapping[str, str]
    no_others: str | None = None

    def symbol(self, name: str) -> sp.Symbol:
        """The known symbol of this name, else a real one. Raises Refused."""
        if name in self.forbidden:
            raise Refused(self.forbidden[name])
        if name in NOT_REAL:
            raise Refused(f"{name} is {NOT_REAL[name]}, and costs are real and finite; choose another name")
        if len(name) > MAX_NAME:
            raise Refused(f"the name {shortened(name)} has {len(name)} characters; use at most {MAX_NAME}")
        if name.startswith("__"):
            raise Refused(f"{name} begins with two underscores, so it is not the name of a number; use another name")
        if keyword.iskeyword(name):
            raise Refused(f"{name} is a word of the Python language; use another name, such as {name}_")
        if not (name.isascii() and name.isidentifier()):
            raise Refused(f"{shortened(name)} is not a name; use the letters a to z, digits and _")
        if self.no_others is not None and name not in self.known:
            raise Refused(f"nothing is called {name} here{near(name, self.known) or ';'} {self.no_others}")
        return self.known.get(name) or sp.Symbol(name, real=True)


def vocabulary(law: Law, taken: Mapping[str, str]) -> Vocabulary:
    """The names of a cost: the law's variable and symbols are its own; `taken` and the noise name no symbol."""
    noise = law.noise.symbol.name
    reserved = f"{noise} is the name of the law's noise; write the cost in {law.variable}, or use another name"
    known = {symbol.name: symbol for symbol in law.symbols}
    return Vocabulary(known | {law.variable.name: law.variable}, {**taken, noise: reserved})


def near(word: str, words: Iterable[str]) -> str:
    """ "; did you mean a or b?", or nothing."""
    matches = difflib.get_close_matches(word, list(words), n=2)
    return f"; did you mean {' or '.join(matches)}?" if matches else ""


def shortened(value: object, length: int = 40) -> str:
    """`value` as printable ASCII of at most `length` characters."""
    if isinstance(value, numbers.Rational):
        bits = max(int(value.numerator).bit_length(), int(value.denominator).bit_length())
        if bits > _MAX_PRINTED_BITS:
            return f"{type(value).__name__} of {bits} bits"
    text = str(value).encode("ascii", "backslashreplace").decode("ascii")
    text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return text if len(text) <= length else f"{text[: length - 3]}..."

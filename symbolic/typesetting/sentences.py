"""The formulas in a sentence of a derivation, where they stand as text: "the path is x = epsilon*sigma + mu"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sympy as sp

from symbolic.errors import ParseError
from symbolic.parsing import parse_formula
from symbolic.parsing.functions import BY_NAME, CONSTANTS, PIECEWISE, TAKEN
from symbolic.parsing.names import Vocabulary
from symbolic.problem import Problem

__all__ = ["parts_of_sentence"]

_NUMBER = r"\d+(?:\.\d+)?(?!\w)"
_SIGN = r"\*\*|[*/()]| ?[-+] ?|, "
_WORDS = ("a", "A", "I", "E")  # more often words than formulas, if they stand alone; E of something is a mean
_BELONGS_ON = re.compile(r"['(\[^*/\w]")


def parts_of_sentence(text: str, problem: Problem | None) -> Iterator[tuple[str, sp.Expr | None]]:
    """The sentence, part by part: words, with None, and the longest formulas in the symbols of the problem.

    What is no formula of the grammar of costs stays text: names of functions, primes, d/dmu.
    """
    if problem is None:
        yield text, None
        return
    symbols = {*problem.symbols, problem.law.variable, problem.law.noise.symbol}
    known = {symbol.name: symbol for symbol in symbols}
    words = sorted({*known, *BY_NAME, *CONSTANTS, PIECEWISE}, key=lambda word: (-len(word), word))
    token = re.compile(rf"(?:{'|'.join(map(re.escape, words))})(?![\w'\[])|{_NUMBER}|{_SIGN}")
    run = re.compile(rf"(?<![\w'.\])*/^-])(?![ ,+)*/])(?:{token.pattern})+")
    done = start = 0
    while found := run.search(text, start):
        start = found.start() + 1
        for end in reversed([found.start() + part.end() for part in token.finditer(found[0])]):
            formula = None if _BELONGS_ON.match(text, end) else _formula(text[found.start() : end], known)
            if formula is not None:
                yield text[done : found.start()], None
                yield text[found.start() : end], formula
                done = start = end
                break
    yield text[done:], None


def _formula(written: str, known: dict[str, sp.Symbol]) -> sp.Expr | None:
    """The formula that the text writes, if it is one that is worth it."""
    if written in _WORDS or re.fullmatch(_NUMBER, written) or written.count("(") != written.count(")"):
        return None
    try:
        return parse_formula(
            written, "formula", Vocabulary(known, TAKEN, "only the symbols of the problem are")
        ).expression
    except ParseError:
        return None

"""A text of a cost or of a law: from characters to Python's syntax tree, and from a place in it to an error message.

The text is read word by word first. Only words of the grammar, in an order and a nesting that make sense, reach
Python's parser, which would need seconds or fail without a column on some of the rest.
"""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from dataclasses import dataclass

from symbolic.errors import BadParameter, ParseError
from symbolic.parsing.names import shortened
from symbolic.parsing.values import exact_rational

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_NODES", "SourceText"]

MAX_LENGTH = 10_000
MAX_NODES = 2_000
MAX_DEPTH = 40
_WINDOW = 28

_WORD = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/<>&|])|(?P<open>\()|(?P<close>\))|(?P<comma>,)",
    re.ASCII,
)
_WORD_OPERATORS = ("and", "or")
_HINTS = {
    "^": "a power is written **",
    ".": "there are no attributes; a number is written 0.5",
    "=": "equality in a condition is written ==, and there is nothing to assign",
    ":": "there is no lambda, slice or assignment; use a plain formula",
    "[": "there are no subscripts and lists; use round parentheses",
    "]": "there are no subscripts and lists; use round parentheses",
    "{": "there are no sets; use round parentheses",
    "}": "there are no sets; use round parentheses",
    "'": "there are no strings; use numbers and names",
    '"': "there are no strings; use numbers and names",
    "!": "a condition is negated by writing the opposite one",
    "~": "a condition is negated by writing the opposite one",
    "%": "there is no remainder",
    ";": "a cost is a single formula",
    "\u00b2": "a square is written **2",
    "\u00b3": "a cube is written **3",
    "\u00b7": "a product is written *",
    "\u00d7": "a product is written *",
    "\u00f7": "a quotient is written /",
    "\u2212": "minus is written -",
    "\u221a": "a root is written sqrt(...)",
}
_WORD_HINTS = {
    "not": "a condition is negated by writing the opposite one",
    "if": "cases are written Piecewise((value, condition), ..., (value, True))",
    "else": "cases are written Piecewise((value, condition), ..., (value, True))",
    "False": "a branch that is never taken is left out",
}


@dataclass(frozen=True)
class SourceText:
    """`text`, which is to be `what`: a cost or a law."""

    text: str
    what: str

    def refusal(self, reason: str, start: int, end: int) -> ParseError:
        """Line 1: the reason, with the column. Line 2: the text around it, the place marked with >>> <<<."""
        before, spot, after = self.text[max(0, start - _WINDOW) : start], self.text[start:end], self.text[end:]
        left = "..." if start > _WINDOW else ""
        right = "..." if len(after) > _WINDOW else ""
        marked = f">>>{shortened(spot, _WINDOW)}<<<"
        context = f"{left}{_printable(before)}{marked}{_printable(after[:_WINDOW])}{right}"
        return ParseError(f"{self.what}, column {start + 1}: {reason}\n    {context}")

    def at(self, node: ast.expr, reason: str) -> ParseError:
        """The refusal of one node of the tree."""
        return self.refusal(reason, *self.place(node))

    def place(self, node: ast.expr) -> tuple[int, int]:
        """Where a node begins and ends in the text. One parenthesis was put before it."""
        end = len(self.text) + 1 if node.end_col_offset is None else node.end_col_offset
        return max(0, node.col_offset - 1), min(len(self.text), end - 1)

    def tree(self) -> ast.expr:
        """Python's syntax tree. Its leaves are numbers and names; it is not evaluated. Raises ParseError."""
        if len(self.text) > MAX_LENGTH:
            raise ParseError(
                f"the {self.what} has {len(self.text)} characters: {shortened(self.text)}\n"
                f"    It may have at most {MAX_LENGTH}; write a shorter one."
            )
        if not self.text.strip():
            raise ParseError(f"the {self.what} is empty; write a formula such as x**2")
        self._check_words()
        # Within parentheses a text may begin with blanks; each blank of any kind becomes one space, so columns hold.
        single_line = re.sub(r"\s", " ", self.text)
        try:
            return ast.parse(f"({single_line})", mode="eval").body
        except (SyntaxError, RecursionError, MemoryError) as error:
            # How deep a tree Python's parser bears depends on its version.
            raise self.refusal("Python cannot read this; write a shorter formula", 0, len(self.text)) from error

    def _check_words(self) -> None:
        nodes, position = 0, 0
        previous = "start"
        opened: list[int] = []
        nesting = [0]  # for each open parenthesis, the signs and powers that are nested in one another
        while position < len(self.text):
            word = _WORD.match(self.text, position)
            if word is None:
                raise self.refusal(_stranger(self.text[position]), position, position + 1)
            start, position = word.span()
            kind = "operator" if word.group() in _WORD_OPERATORS else word.lastgroup
            if kind == "space":
                continue
            if reason := _word_refused(word.group(), kind):
                raise self.refusal(reason, start, position)
            nodes += kind in ("number", "name", "operator")
            operand_before = previous in ("number", "name", "close")
            sign = kind == "operator" and not operand_before and word.group() in "+-"
            if kind in ("number", "name", "open") and operand_before and not (previous == "name" and kind == "open"):
                raise self.refusal("an operator is missing before this; a product is written with *", start, position)
            no_arguments = kind == "close" and previous == "call"
            if kind in ("operator", "comma", "close") and not (operand_before or sign or no_arguments):
                raise self.refusal("a number or a name is missing before this; write one", start, position)
            if kind == "open":
                opened.append(start)
                nesting.append(0)
            elif kind == "close":
                if not opened:
                    raise self.refusal("this parenthesis was never opened; delete it", start, position)
                opened.pop()
                nesting.pop()
            elif sign or word.group() == "**":
                nesting[-1] += 1
            elif kind in ("operator", "comma"):
                nesting[-1] = 0
            if len(opened) + sum(nesting) > MAX_DEPTH:
                raise self.refusal(f"the nesting is deeper than {MAX_DEPTH}; use fewer parentheses", start, position)
            if nodes > MAX_NODES:
                reason = f"more than {MAX_NODES} numbers, names and operators; write a shorter {self.what}"
                raise self.refusal(reason, start, position)
            previous = "call" if kind == "open" and previous == "name" else str(kind)
        if opened:
            raise self.refusal("this parenthesis is never closed; write )", opened[-1], opened[-1] + 1)
        if previous == "operator":
            raise self.refusal("a number or a name is missing at the end; write one", len(self.text), len(self.text))


def _stranger(character: str) -> str:
    if character in _HINTS:
        return f"{shortened(character)} is not part of the grammar: {_HINTS[character]}"
    if character.isascii():
        return f"{shortened(character)} is not part of the grammar; use names, numbers, + - * / ** and parentheses"
    name = unicodedata.name(character, "a character without a name")
    return f"U+{ord(character):04X} ({name}) is not ASCII; write names in the letters a to z, such as mu"


def _word_refused(word: str, kind: str | None) -> str | None:
    if kind == "name" and keyword.iskeyword(word) and word != "True":
        return f"{word} is a word of the Python language; {_WORD_HINTS.get(word, f'use another name, such as {word}_')}"
    if kind == "number":
        if word.isdigit() and word != "0" and word.startswith("0"):
            return f"{shortened(word)} begins with a zero; delete it"
        try:
            exact_rational(word)
        except BadParameter as error:
            return str(error)
    return None


def _printable(text: str) -> str:
    return shortened(text, 10 * len(text) + 3)

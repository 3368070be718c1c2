"""Foreign text made harmless: a cost or a name may hold HTML, LaTeX, Markdown or a formula of a spreadsheet."""

from __future__ import annotations

import html
import re

__all__ = ["for_csv", "for_html", "for_latex", "for_markdown", "latex_code", "markdown_code", "on_one_line", "visible"]

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_MARKDOWN = re.compile(r"([\\`*_\[\]{}<>&|$~#@])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "'": r"\textquotesingle{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "-": r"{-}",
    "±": r"\ensuremath{\pm}",
    "×": r"\ensuremath{\times}",
    "∞": r"\ensuremath{\infty}",
    "·": r"\ensuremath{\cdot}",
    "✓": r"\ensuremath{\surd}",
    "✗": r"\ensuremath{\times}",
    "–": "--",
    "…": r"\dots{}",
}


def visible(text: str) -> str:
    """The text with a sign that shows in place of each that steers: control characters, changes of direction, halves.

    Tabs and ends of lines stay. XML, HTML and UTF-8 can hold the result.
    """
    return _UNSEEN.sub("\ufffd", text)


def on_one_line(text: str) -> str:
    """A space for every run of spaces and ends of lines."""
    return " ".join(visible(text).split())


def for_html(text: str) -> str:
    """Text for an element or an attribute in quotes."""
    return html.escape(visible(text), quote=True)


def for_markdown(text: str) -> str:
    """Prose for a paragraph or a cell of a table."""
    return _MARKDOWN.sub(r"\\\1", on_one_line(text))


def markdown_code(text: str) -> str:
    """A code span that no backtick inside can end, and no bar can split when it stands in a table."""
    inside = on_one_line(text).replace("|", r"\|")
    longest = max((len(run) for run in re.findall("`+", inside)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if inside.startswith("`") or inside.endswith("`") or not inside else ""
    return f"{fence}{padding}{inside}{padding}{fence}"


def for_latex(text: str) -> str:
    """Text for a paragraph. A sign beyond ASCII that is not known is named by its number: pdfTeX would stop at it."""
    return _latex(on_one_line(text))


def latex_code(text: str) -> str:
    """The text in typewriter letters; lines may end after an operator."""
    parts = re.split(r"(?<=[*+/(),=|])(?![*)])", on_one_line(text))
    return r"\texttt{" + r"\allowbreak{}".join(_latex(part) for part in parts) + "}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign if sign.isascii() else f"[U+{ord(sign):04X}]") for sign in text)


def for_csv(text: str) -> str:
    """The text, behind an apostrophe if a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(_FORMULA) else text

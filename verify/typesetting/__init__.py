"""A derivation as a page: text, LaTeX, Markdown, HTML, JSON. A new form is one new file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from symbolic.typesetting.pages.html import html_page
from symbolic.typesetting.pages.latex import latex_page
from symbolic.typesetting.pages.markdown import markdown_page
from symbolic.typesetting.pages.text import text_page
from verify.typesetting.json_form import json_page

if TYPE_CHECKING:
    from symbolic.deriving.derivation import Derivation

__all__ = ["PAGES"]

PAGES: Mapping[str, Callable[[Derivation, bool], str]] = MappingProxyType(
    {"text": text_page, "latex": latex_page, "markdown": markdown_page, "html": html_page, "json": json_page}
)

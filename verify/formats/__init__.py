"""The forms of a report. A new form is one new file and one line here."""

from __future__ import annotations

from verify.formats.csv_report import CSV
from verify.formats.form import Format
from verify.formats.html_report import HTML
from verify.formats.json_report import JSON
from verify.formats.junit import JUNIT
from verify.formats.latex import LATEX
from verify.formats.markdown import MARKDOWN
from verify.formats.table import TABLE

__all__ = ["FORMATS", "Format"]

FORMATS: tuple[Format, ...] = (TABLE, JSON, HTML, MARKDOWN, LATEX, CSV, JUNIT)

"""The notebooks run from top to bottom in a kernel of their own, and show what they say that they show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
STORY = EXAMPLES / "two_estimators.ipynb"
SECONDS = 120  # for one cell


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """The outputs of every cell by its id; a cell that raises ends the run."""
    import nbformat
    from nbclient import NotebookClient

    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, home)
        notebook = nbformat.read(STORY, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types half of itself
        NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    return {cell["id"]: cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"}


def view(shown: dict[str, list[Any]], cell: str, kind: str) -> str:
    (output,) = shown[cell]
    assert output["output_type"] == "execute_result"
    return str(output["data"][kind])


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert path == STORY, "every notebook has its test"
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)


@pytest.mark.parametrize(
    ("cell", "latex"),
    [
        ("gradient", r"2 \mu"),
        ("score-variance", r"\frac{\mu^{4} + 14 \mu^{2} \sigma^{2} + 15 \sigma^{4}}{\sigma^{2}}"),
        ("pathwise-variance", r"4 \sigma^{2}"),
    ],
)
def test_exact_answers_are_formulas(shown: dict[str, list[Any]], cell: str, latex: str) -> None:
    assert latex in view(shown, cell, "text/latex")
    assert "<math" in view(shown, cell, "text/html")


def test_the_variances_are_those_of_the_text(shown: dict[str, list[Any]]) -> None:
    assert view(shown, "both-variances", "text/plain") == "[74.25, 16.0]"


def test_the_derivation_is_shown_line_by_line(shown: dict[str, list[Any]]) -> None:
    html = view(shown, "derivation", "text/html")
    assert "score-function identity" in html
    assert html.count("<math") > 10
    assert "Bonnet" in view(shown, "derivation", "text/markdown")
    assert re.match(r"\[\(1, '.*', '(identical|symbolic)'\)", view(shown, "checked", "text/plain"))


def test_the_test_with_a_tolerance_is_green_and_the_report_is_not(shown: dict[str, list[Any]]) -> None:
    assert shown["tolerance"] == []
    html = view(shown, "report", "text/html")
    assert "<h3>FAIL</h3>" in html
    assert "FAIL: with_baseline of d/dmu E[f(x)]" in html
    assert shown["mended"] == []

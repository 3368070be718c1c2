"""Every code block of the pages is run: Python, what it prints, commands and what they print, files, make targets."""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from verify.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What is drawn here as a picture of the structure, and is no code.
PICTURES = {"text"}
MODULE = "python -m verify"
SAME = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FENCE = re.compile(r"^```(\S*)$(.*?)^```$", re.MULTILINE | re.DOTALL)


class Shell:
    """Runs the lines `$ ...` of a console block, in this process, and compares what each prints."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture
        self.exit_code = 0

    def __call__(self, example: Example) -> str | None:
        for command, expected in sessions(str(example.parsed)):
            printed = self.run(command)
            if expected and not doctest.OutputChecker().check_output(expected, printed, SAME):
                return f"$ {command}\nexpected:\n{expected}\nprinted:\n{printed}"
            if not expected and self.exit_code:
                return f"$ {command}\nexit code {self.exit_code}: {printed}"
        return None

    def run(self, command: str) -> str:
        if command == "echo $?":
            code, self.exit_code = self.exit_code, 0
            return f"{code}\n"
        words = shlex.split(command, comments=True)
        assert words[:3] == MODULE.split(), f"{command}: only `{MODULE}` and `echo $?` are run here"
        self.capture.readouterr()
        try:
            self.exit_code = main(words[3:])
        except SystemExit as left:  # argparse leaves so after --help
            self.exit_code = int(left.code or 0)
        printed = self.capture.readouterr()
        return printed.out if self.exit_code != 2 else printed.err


def sessions(block: str) -> Iterator[tuple[str, str]]:
    """(command, what it prints) of a console block; a command ends where the next line does not continue it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def write_file(example: Example) -> None:
    """A TOML block names its file in its first line: # problems.toml."""
    name = re.match(r"# (\S+\.toml)\b", str(example.parsed))
    assert name, "the first line of a TOML block names its file"
    Path(name[1]).write_text(str(example.parsed), encoding="utf-8")


def make_targets(example: Example) -> str | None:
    """What make runs is tried by the makers themselves; here only that the target exists."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = re.findall(r"^make ([a-z-]+)", str(example.parsed), re.MULTILINE)
    unknown = set(named) - targets
    return f"no such targets: {unknown}" if unknown or not named else None


def blocks(page: Path, shell: Shell) -> Document:
    parsers: list[Callable[[Document], Iterable[Region]]] = [
        PythonCodeBlockParser(doctest_optionflags=SAME),
        CodeBlockParser("console", shell),
        CodeBlockParser("toml", write_file),
        CodeBlockParser("sh", make_targets),
    ]
    return Sybil(parsers).parse(page)


def run_all(document: Document) -> None:
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_the_page_does_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    document = blocks(page, Shell(capsys))
    run_all(document)
    for name, value in list(document.namespace.items()):
        if name.startswith("test_"):
            value()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_the_page_is_of_a_kind_that_is_run(page: Path) -> None:
    languages = {language for language, _ in FENCE.findall(page.read_text(encoding="utf-8"))}
    assert languages <= {"python", "console", "toml", "sh"} | PICTURES


@pytest.mark.parametrize(
    "block",
    [
        "```python\n>>> 1 + 1\n3\n```",
        "```python\nraise ValueError\n```",
        "```console\n$ python -m verify list estimators\nno such line\n```",
        "```console\n$ python -m verify check\n```",
        "```console\n$ python -m verify list estimators\n...\n$ echo $?\n2\n```",
        "```console\n$ rm -rf .\n```",
        "```toml\na = 1\n```",
        "```sh\nmake nothing\n```",
    ],
)
def test_a_block_that_does_not_hold_is_seen(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\n{block}\n", encoding="utf-8")
    document = blocks(page, Shell(capsys))
    with pytest.raises((AssertionError, ValueError)):
        run_all(document)

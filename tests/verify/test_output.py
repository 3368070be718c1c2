"""Where the report goes: stdout or a whole file, in which format, with colours or without."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest

from tests.verify.stand_in import StandIn, errors
from verify.cli import main
from verify.formats import FORMATS
from verify.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


class NonFiniteDraw(ArithmeticError):
    """A stand-in for what an estimator may raise."""


# Where the report goes


def test_stdout_holds_the_report_and_stderr_the_banner(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--seed", "5"])
    captured = capsys.readouterr()
    assert captured.out.startswith("f(x) = x**2")
    assert captured.out.endswith("Verdict: PASS\n")
    assert captured.err == f"mcgradcheck {VERSION} from {ROOT}, seed 5\n"


def test_a_table_is_printed_as_soon_as_it_is_done(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    campaign.error_after = KeyboardInterrupt()
    assert main([]) == 130
    captured = capsys.readouterr()
    assert captured.out.startswith("f(x) = x**2")
    assert "Verdict" not in captured.out


def test_json_goes_to_stdout_whole(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--format", "json"])
    assert json.loads(capsys.readouterr().out)["verdict"] == "PASS"


@pytest.mark.parametrize(
    ("name", "words", "is_json"),
    [
        ("r.json", [], True),
        ("r.JSON", [], True),
        ("r.txt", [], False),
        ("report", [], False),
        ("report", ["--format", "json"], True),
        ("r.json", ["--format", "table"], False),
        ("r.html", ["--format", "json"], True),
    ],
)
def test_the_suffix_chooses_the_format(
    campaign: StandIn, tmp_path: Path, name: str, words: list[str], is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert main(["--output", str(path), *words]) == 0
    assert path.read_text(encoding="utf-8").startswith("{" if is_json else "f(x) = ")
    assert os.listdir(tmp_path) == [name]
    assert "mcgradcheck: PASS; the report is in" in errors(capsys)[-1]


def test_an_unknown_suffix_is_refused(campaign: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--output", str(tmp_path / "r.docx")]) == 2
    assert "no format has the suffix .docx; use .txt, .json" in errors(capsys)[0]
    assert campaign.calls == 0


def test_a_file_is_replaced_only_by_a_whole_report(campaign: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text("the old report")
    for error in (NonFiniteDraw("nan"), KeyboardInterrupt()):
        campaign.error_after = error
        main(["--output", str(path)])
        assert path.read_text() == "the old report"
        assert os.listdir(tmp_path) == ["r.txt"]
    campaign.error_after = None
    main(["--output", str(path)])
    assert path.read_text(encoding="utf-8").endswith("Verdict: PASS\n")


def test_a_link_stays_a_link(campaign: StandIn, tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("{}")
    link.symlink_to(target)
    assert main(["--output", str(link)]) == 0
    assert link.is_symlink()
    assert json.loads(target.read_text())["verdict"] == "PASS"


UNWRITABLE = {
    "a directory": ("{here}", "it is a directory"),
    "no such directory": ("{here}/none/r.json", "does not exist"),
    "below a file": ("{here}/file/r.json", "file does not exist"),
    "a device": ("/dev/null", "it is not a regular file"),
    "an empty name": ("", "the name is empty"),
    "a long name": ("{here}/" + "r" * 300, "File name too long"),
}


@pytest.mark.parametrize(("place", "reason"), UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_an_unwritable_file_is_refused_before_the_run(
    campaign: StandIn, tmp_path: Path, place: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    path = place.format(here=tmp_path)
    before = sorted(os.listdir(tmp_path))
    assert main(["--output", path, "--format", "json"]) == 2
    (line,) = errors(capsys)
    assert line.startswith("mcgradcheck: error: --output ")
    assert reason in line
    assert campaign.calls == 0
    assert sorted(os.listdir(tmp_path)) == before


def test_a_directory_without_permission_is_refused(
    campaign: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The system's refusal is played: a superuser may write anywhere."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert main(["--output", str(tmp_path / "r.json")]) == 2
    assert "Permission denied" in errors(capsys)[0]
    assert campaign.calls == 0


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_a_document_on_stdout_is_utf_8_and_a_table_is_what_the_terminal_shows(
    campaign: StandIn, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    monkeypatch.setattr("verify.formats.derivations.derivations", lambda _cases: {})  # they have tests of their own
    assert main(["--format", form]) == 0
    sys.stdout.flush()
    assert ("\N{PLUS-MINUS SIGN}" in raw.getvalue().decode()) is (form in ("html", "markdown"))
    assert sys.stdout.encoding == "ascii"


# Colours


@pytest.mark.parametrize(
    ("words", "environment", "terminal", "coloured"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": ""}, True, True),
        ([], {"TERM": "dumb"}, True, False),
        (["--color", "always"], {"NO_COLOR": "1"}, False, True),
        (["--color", "never"], {}, True, False),
    ],
)
def test_colours(
    campaign: StandIn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    environment: dict[str, str],
    terminal: bool,
    coloured: bool,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    main(words)
    assert ("\x1b[" in capsys.readouterr().out) is coloured

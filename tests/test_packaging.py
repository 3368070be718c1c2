"""What a user installs: the three packages whole, no tests; one version; a lock that names every file by its hash."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from verify.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("symbolic", "numeric", "verify")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend itself: no network, nothing written into the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.iterdir()
    return path


def files_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(f"mcgradcheck-{VERSION}.dist-info/METADATA").decode())


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    in_tree = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    installed = {name for name in files_in(wheel) if ".dist-info/" not in name}
    assert installed == in_tree
    assert installed >= {f"{package}/py.typed" for package in PACKAGES}
    assert {name.split("/")[0] for name in installed} == set(PACKAGES)


def test_the_wheel_carries_its_licence_and_one_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        entry_points = archive.read(f"mcgradcheck-{VERSION}.dist-info/entry_points.txt").decode()
        licence = archive.read(f"mcgradcheck-{VERSION}.dist-info/licenses/LICENSE").decode()
    assert entry_points.split() == ["[console_scripts]", "mcgradcheck", "=", "verify.cli:main"]
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert metadata(wheel)["License-Expression"] == "Apache-2.0"


def test_there_is_one_version(wheel: Path) -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert metadata(wheel)["Version"] == VERSION
    assert re.findall(r'^version: "?([^"\n]+)"?$', citation, re.MULTILINE) == [VERSION]
    assert re.findall(r"^## (\d\S*)", changelog, re.MULTILINE)[0] == VERSION


def pins(lock: str) -> dict[str, str]:
    """{name: version} of the lines `name==version ; marker \\`."""
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)}


def test_every_line_of_the_lock_is_a_pin_a_hash_or_a_comment() -> None:
    unknown = [
        line
        for line in LOCK.splitlines()
        if not re.fullmatch(r"[\w.-]+==[\w.+!]+( ; [^\\]+)? \\| {4}--hash=sha256:[0-9a-f]{64}( \\)?| *#.*", line)
    ]
    assert unknown == []


def test_every_pin_has_a_hash() -> None:
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(LOCK))
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["requirements.lock", "Makefile", ".ci/run", "pyproject.toml"])
def test_no_address_and_no_folder_of_a_machine_is_written_down(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links|/(?:home|root|tmp)/", written) == []


def required() -> list[Requirement]:
    project = PYPROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in PYPROJECT["build-system"]["requires"] + project["dependencies"] + extras]


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_the_lock_meets_the_requirement(requirement: Requirement) -> None:
    assert pins(LOCK)[canonicalize_name(requirement.name)] in requirement.specifier

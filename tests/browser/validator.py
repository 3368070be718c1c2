"""The Nu HTML checker, the one behind validator.w3.org: what it says about pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

__all__ = ["complaints"]

JAR = Path(__file__).resolve().parents[2] / "build" / "vnu.jar"
# Not run, as it is data; the checker looks at the word alone.
DATA_BLOCK = "Inline script violates Content Security Policy"
SECONDS = 120


def complaints(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Errors and warnings, "name: line: message" each; the pages are {name: HTML}. Fails if it cannot be run."""
    java = shutil.which("java")
    if java is None or not JAR.is_file():
        pytest.fail(
            "java or build/vnu.jar is MISSING, so NO page was validated; run make test-browser with java and npm"
        )
    for name, page in pages.items():
        (folder / name).write_text(page, encoding="utf-8")
    command = [java, "-jar", str(JAR), "--format", "json", "--stdout", *(str(folder / name) for name in pages)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False)
    said = json.loads(run.stdout)["messages"]
    return [
        f"{Path(message['url']).name}: {message.get('lastLine')}: {message['message']}"
        for message in said
        if DATA_BLOCK not in message["message"]
    ]

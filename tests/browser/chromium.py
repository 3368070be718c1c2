"""A page opened by Chromium without a window, and all that it did: what it shows, says on its console and asks for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

__all__ = ["DARK", "LIGHT", "Seen", "opened", "screenshot"]

LIGHT, DARK = "--blink-settings=preferredColorScheme=1", "--blink-settings=preferredColorScheme=0"

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--window-size=1300,900",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
)
SECONDS = 120


@dataclass(frozen=True)
class Seen:
    """`dom` is the page after loading, `requests` the paths asked of the server, `elsewhere` every other address."""

    dom: str
    console: tuple[str, ...]
    requests: tuple[str, ...]
    elsewhere: tuple[str, ...]


def opened(pages: Mapping[str, str], *flags: str) -> Seen:
    """Open the first of the pages, {path: HTML}, which may refer to the others; the server knows nothing else."""
    with served(pages) as (address, requests), tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "net.json")
        command = [chromium(), *FLAGS, f"--user-data-dir={folder}/profile", f"--log-net-log={log}", *flags]
        run = subprocess.run(
            [*command, "--dump-dom", address + next(iter(pages))],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
        )
        asked = requested(log)
    console = re.findall(r"CONSOLE[^\]]*\] (.*)", run.stderr)
    elsewhere = [url for url in asked if not url.startswith((address, "data:"))]
    return Seen(run.stdout, tuple(console), tuple(requests), tuple(elsewhere))


def screenshot(page: str, place: Path, width: int, height: int, *flags: str) -> None:
    """A picture of the page as PNG, so many pixels wide and high.

    Chromium's window is never narrower than 500 pixels, so the page is put into a frame of its width.
    """
    frame = (
        '<!DOCTYPE html><title>frame</title><link rel="icon" href="data:,"><body style="margin: 0">'
        f'<iframe src="/page.html" style="width: {width}px; height: {height}px; border: 0; display: block"></iframe>'
    )
    with served({"/": frame, "/page.html": page}) as (address, _), tempfile.TemporaryDirectory() as folder:
        shot = [f"--screenshot={place}", f"--window-size={max(width, 500)},{height}", f"--user-data-dir={folder}"]
        command = [chromium(), *(flag for flag in FLAGS if not flag.startswith("--window-size")), *flags, *shot]
        subprocess.run([*command, f"{address}/"], capture_output=True, timeout=SECONDS, check=True)


def chromium() -> str:
    """The program; CHROMIUM in the environment names another. Without it tests fail: skipped, they would look well."""
    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if program is None:
        pytest.fail("chromium is MISSING, so NO page was looked at; install it (Debian: apt install chromium)")
    return program


def requested(log: Path) -> list[str]:
    """Every address that a page asked for, by Chromium's own log of its network.

    Chromium also asks for updates and for the time, whatever it is told; those requests come from no page.
    """
    loaded = json.loads(log.read_text(encoding="utf-8"))
    start = loaded["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    told = (event.get("params", {}) for event in loaded["events"] if event["type"] == start)
    return [params["url"] for params in told if params.get("initiator", "not an origin") != "not an origin"]


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The address of a server of these pages, and the list to which it adds every path that it is asked for."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            found = self.path in pages
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()

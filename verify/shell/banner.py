"""Which code runs, and from where: other distributions own the import names `symbolic` and `verify` too."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from verify.version import VERSION

__all__ = ["banner", "strangers"]

HOME = Path(__file__).resolve().parents[2]


def banner(seed: int) -> str:
    """mcgradcheck 0.1.0 from /path, seed 0"""
    return f"mcgradcheck {VERSION} from {HOME}, seed {seed}"


def strangers(home: Path = HOME) -> dict[str, str]:
    """The packages that would not be imported from beside this one: {name: where they would come from}."""
    found = {name: _folder(name) for name in ("symbolic", "numeric")}
    return {name: folder or "nowhere" for name, folder in found.items() if folder != str(home / name)}


def _folder(name: str) -> str | None:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return spec.origin if spec is not None else None
    return str(Path(next(iter(spec.submodule_search_locations))).resolve())

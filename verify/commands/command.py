"""A command of the command line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from verify.shell.exit_code import ExitCode

__all__ = ["Command"]


@dataclass(frozen=True)
class Command:
    """`about` and `examples` (what follows the program's name) make its --help; `run` prints and returns.

    `short_options` are the letters of its own options of one letter. What follows one of `formula_options` is a
    formula, which may begin like an option: --answer -k*mu.
    """

    name: str
    about: str
    examples: tuple[str, ...]
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], ExitCode]
    short_options: str = ""
    formula_options: tuple[str, ...] = ()

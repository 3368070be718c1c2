"""The command line: choose a command, run it, and turn whatever happens into an exit code and a few lines.

Nothing heavy is imported here: `--help` must not wait for SymPy.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shlex
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from verify.commands import CATALOGUE_COMMAND, COMMANDS
from verify.shell.arguments import Parser, shown
from verify.shell.banner import strangers
from verify.shell.exit_code import ExitCode
from verify.usage import NothingChecked, UsageError
from verify.version import VERSION

__all__ = ["main"]

SHORT_OPTIONS = "hjk"
LONGEST_LINE = 500
EXIT_CODES = """\
exit codes:
  0  no failure                     3  internal error, a broken control, or an estimator that raised
  1  a check failed                 4  with --strict: something is inconclusive
  2  the request makes no sense     5  nothing was checked: no problem left, or no check applicable to any
  130 interrupted, 141 the reader of the report went away
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (sys.argv without argument) and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if sys.stderr is None:  # closed by the caller; print would take stdout instead, where the report belongs
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives
    as_module = Path(sys.argv[0]).parts[-2:] == ("verify", "__main__.py")
    prog = "python -m verify" if as_module else "mcgradcheck"
    for name, place in strangers().items():
        message = f"the package {name} would come from {place}, not from this project\nUninstall what shadows it."
        return _say(message, ExitCode.BROKEN)

    from numeric.errors import KernelError  # only now are they known to be ours
    from symbolic.errors import SymbolicError

    try:
        code = _run(prog, words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (UsageError, SymbolicError, KernelError) as error:
        return _say(error, ExitCode.USAGE)
    except NothingChecked as error:
        return _say(error, ExitCode.NOTHING_CHECKED)
    except KeyboardInterrupt:
        return _say("interrupted: what was printed so far holds, and nothing else is concluded", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Python would complain on exit that it cannot flush stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the boundary: an uncaught error exits with 1, which says "a check failed"
        if os.environ.get("MCGRADCHECK_TRACEBACK") == "1":
            traceback.print_exc()
        how = "Nothing is concluded. MCGRADCHECK_TRACEBACK=1 in the environment shows where it happened."
        return _say(f"{type(error).__name__}: {error}\n{how}", ExitCode.BROKEN)
    return code


def _run(prog: str, words: Sequence[str]) -> ExitCode:
    parser = _parser(prog)
    try:
        arguments = parser.parse_args([_protected(words, index) for index in range(len(words))])
    except UsageError:
        # argparse passes over an option that it does not know, and takes its value for a command that it does not know.
        _refuse_unknown_option(parser, words)
        raise
    if sys.stdout is None and getattr(arguments, "output", None) is None:
        raise UsageError(
            "stdout is closed, so the answer has no place to go\nRedirect it, or name a file with --output."
        )
    arguments.command_line = f"{prog} {shlex.join(words)}".strip()
    command: ExitCode = arguments.run(arguments)
    return command


def _parser(prog: str) -> Parser:
    parser = Parser(
        prog=prog,
        description="gradcheck for Monte Carlo gradients: estimators judged against exact gradients and variances.\n"
        f"Without a command: {CATALOGUE_COMMAND.about}.",
        epilog=f"examples:\n{_indented(CATALOGUE_COMMAND.examples, prog)}\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mcgradcheck {VERSION}")
    parser.hint = f"See: {prog} --help. A cost of your own: {prog} check COST --at NAME=VALUE,..."
    parser.set_defaults(run=CATALOGUE_COMMAND.run)
    CATALOGUE_COMMAND.add_arguments(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        below = commands.add_parser(
            command.name,
            help=command.about,
            description=f"{command.about[0].upper()}{command.about[1:]}.",
            epilog=f"examples:\n{_indented(command.examples, prog)}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            argument_default=argparse.SUPPRESS,  # what was said before the command stays, if not said again
            allow_abbrev=False,
        )
        command.add_arguments(below)
        below.set_defaults(run=command.run)
    return parser


def _refuse_unknown_option(parser: Parser, words: Sequence[str]) -> None:
    names = {command.name for command in COMMANDS}
    for word in itertools.takewhile(lambda word: word not in names and word != "--", words):
        option = word.partition("=")[0]
        if option.startswith("--") and option not in re.findall(r"--[\w-]+", parser.format_usage()):
            raise UsageError(f"{shown(option)} is no option here, or needs a command before it\n{parser.hint}")


def _indented(examples: Sequence[str], prog: str) -> str:
    return "".join(f"  {prog} {example}".rstrip() + "\n" for example in examples)


def _protected(words: Sequence[str], index: int) -> str:
    """A cost may begin with a minus: with a space before it, argparse does not take -x**2 for options."""
    word = words[index]
    named = [command for command in COMMANDS if command.name in words[:index]]
    if word[:1] == "-" and any(words[index - 1] in command.formula_options for command in named):
        return f" {word}"
    own = "".join(command.short_options for command in named)
    looks_like_options = word[:1] == "-" and word[1:2] not in ("", "-", *SHORT_OPTIONS, *own)
    return f" {word}" if looks_like_options and "--" not in words[:index] else word


def _say(message: object, code: ExitCode) -> ExitCode:
    """At most two lines on stderr, neither of them endless nor with signs that could steer a terminal."""
    lines = [line for line in str(message).splitlines() if line.strip()] or ["no reason was given"]
    for index, line in enumerate(lines[:2]):
        printable = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
        cut = printable if len(printable) <= LONGEST_LINE else f"{printable[: LONGEST_LINE - 1]}..."
        print(cut if index else f"mcgradcheck: error: {cut}", file=sys.stderr)
    return code

"""derive COST --wrt mu: the whole story of one gradient, line by line, each line checked."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import PurePath

from verify.commands.command import Command
from verify.shell.arguments import Parser, assignments, names, shown
from verify.shell.exit_code import ExitCode
from verify.shell.output import destination
from verify.usage import UsageError

__all__ = ["DERIVE"]

ABSTRACT = "f(x)"
SUFFIXES = {".txt": "text", ".tex": "latex", ".md": "markdown", ".html": "html", ".htm": "html", ".json": "json"}
FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("cost", metavar="COST", help='as text, as for check; or "f(x)" for the general identities')
    parser.add_argument(
        "--wrt", default=None, metavar="NAME", help="symbol of the gradient (the law's first parameter)"
    )
    parser.add_argument("--law", default="normal", help="law of x, as for check (normal)")
    parser.add_argument("--estimator", default=None, metavar="NAME,...", help="estimators, see: list estimators (all)")
    parser.add_argument(
        "--at",
        default=None,
        action="append",
        metavar="NAME=VALUE,...",
        help="also certified values there: mu=0.5,sigma=1 (none)",
    )
    parser.add_argument(
        "--detail", choices=("short", "full"), default="full", help="the main lines only, or all (full)"
    )
    parser.add_argument("--format", choices=FORMATS, help="form of the page (text, or by the suffix of --output)")
    parser.add_argument("--output", metavar="PATH", help="write it there, whole or not at all (stdout)")
    if isinstance(parser, Parser):
        parser.hint = f"See: {parser.prog} --help. A cost that begins like an option goes last, after --."


def _run(arguments: Namespace) -> ExitCode:
    path: str | None = getattr(arguments, "output", None)
    at = assignments(arguments.at) if arguments.at else None
    estimators = names("--estimator", arguments.estimator)
    wrt = names("--wrt", arguments.wrt)
    if len(wrt) > 1:
        raise UsageError(f"--wrt {arguments.wrt} names {len(wrt)} symbols; a derivation is about one: --wrt {wrt[0]}")
    form = getattr(arguments, "format", None) or _form_of(path)
    if form not in FORMATS:
        raise UsageError(f"--format {form} is no form of a derivation; choose from: {', '.join(FORMATS)}")
    with destination(path, document=True) as stream:
        from symbolic.deriving import derive, derive_general
        from symbolic.laws import LAWS
        from symbolic.parsing import parse_law
        from verify.typesetting import PAGES

        cost = arguments.cost.strip()
        if cost.replace(" ", "") == ABSTRACT:
            if at or wrt or estimators:
                raise UsageError(f"{ABSTRACT} stands for every cost and every law; drop --at, --wrt and --estimator")
            derivation = derive_general()
        else:
            law = parse_law(arguments.law, LAWS)
            symbol = wrt[0] if wrt else next(iter(sorted(map(str, law.arguments[0].free_symbols))), "mu")
            derivation = derive(cost, symbol, law, estimators, at)
        stream.write(PAGES[form](derivation, arguments.detail == "short"))
    return ExitCode.NO_FAILURE


def _form_of(path: str | None) -> str:
    """The form of the file's suffix; text without one."""
    suffix = PurePath(path or "").suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise UsageError(
            f"--output {shown(path or '')}: no form has the suffix {shown(suffix)}; use {', '.join(SUFFIXES)}"
        )
    return SUFFIXES[suffix] if suffix else FORMATS[0]


DERIVE = Command(
    name="derive",
    about="derive a gradient and its estimators line by line, each line checked by machine",
    examples=(
        'derive "x**2"',
        'derive "x**2*exp(a*x)" --wrt sigma --at mu=1/2,sigma=1,a=0.3 --detail short',
        'derive "Heaviside(x - k)" --format html --output jump.html',
        'derive "f(x)" --format latex',
    ),
    add_arguments=_add_arguments,
    run=_run,
)

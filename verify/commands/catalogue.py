"""The built-in catalogue and the controls: what runs when no command is named."""

from __future__ import annotations

from argparse import Namespace

from verify.commands.command import Command
from verify.judging import judge
from verify.shell.arguments import add_common_options
from verify.shell.exit_code import ExitCode

__all__ = ["CATALOGUE_COMMAND"]


def _run(arguments: Namespace) -> ExitCode:
    from verify.catalogue import CATALOGUE

    return judge(CATALOGUE, arguments)


CATALOGUE_COMMAND = Command(
    name="catalogue",
    about="the built-in catalogue of costs, and the controls that must fail",
    examples=(
        "",
        "-k cos --seed random",
        "--min-effect 1% --output report.json",
        'check "x**2*exp(a*x)" --at mu=0.5,sigma=1,a=0.3',
        "list problems",
    ),
    add_arguments=add_common_options,
    run=_run,
)

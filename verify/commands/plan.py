"""plan COST --at ...: how many draws and seconds a check will take, before it is run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from verify.commands.command import Command
from verify.commands.page import PAGE_FORMATS, write_page
from verify.reproducible import without_place
from verify.shell.arguments import (
    Parser,
    add_judging_options,
    add_output_options,
    add_problem_options,
    add_reproducible_option,
    assignments,
    names,
    settings_from,
)
from verify.shell.exit_code import ExitCode

__all__ = ["PLAN"]


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("cost", metavar="COST", help="f(x) as text, as for check")
    add_problem_options(parser, law="normal")
    add_judging_options(parser)
    report = add_output_options(parser, PAGE_FORMATS)
    add_reproducible_option(report, "leave out the seconds, which were timed (off)")
    if isinstance(parser, Parser):
        parser.hint = f"See: {parser.prog} --help. A cost that begins like an option goes last, after --."


def _run(arguments: Namespace) -> ExitCode:
    at = assignments(arguments.at or ())
    wrt = names("--wrt", arguments.wrt)
    estimators = names("--estimator", arguments.estimator)
    settings = settings_from(arguments)

    from verify.case import Case
    from verify.formats.plan_page import plan_as_json, plan_as_text
    from verify.planning import Plan, plan, untimed

    reproducible = getattr(arguments, "reproducible", False)
    if reproducible:
        arguments.command_line = without_place(arguments.command_line)

    def answer() -> Plan:
        made = plan(case, settings)
        return untimed(made) if reproducible else made

    case = Case(arguments.cost.strip(), arguments.law, at, wrt, estimators)
    write_page(arguments, answer, plan_as_text, plan_as_json)
    return ExitCode.NO_FAILURE


PLAN = Command(
    name="plan",
    about="draws and seconds that a check will take, and what a z-test would promise and do",
    examples=(
        'plan "exp(2*x)" --at mu=0.5,sigma=1 --min-effect 1%',
        'plan "cos(x)" --at mu=1,sigma=1/2 --wrt mu --estimator pathwise --miss-rate 1e-3',
    ),
    add_arguments=_add_arguments,
    run=_run,
)

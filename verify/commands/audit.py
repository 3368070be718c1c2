"""audit COST --at ... -n N --rtol R: what somebody's own tolerance is worth."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace

from verify.commands.command import Command
from verify.commands.page import PAGE_FORMATS, write_page
from verify.ranges import share_of_text
from verify.shell.arguments import (
    Parser,
    add_output_options,
    add_rate_options,
    add_seed_option,
    assignments,
    shown,
)
from verify.shell.exit_code import ExitCode

__all__ = ["AUDIT"]

_RUNS = 2000


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("cost", metavar="COST", help="f(x) as text, as for check")
    problem = parser.add_argument_group("the problem")
    problem.add_argument(
        "--at",
        default=None,
        action="append",
        metavar="NAME=VALUE,...",
        help="exact values of all symbols, such as mu=10,sigma=1/3; again for more (none)",
    )
    problem.add_argument("--wrt", default="mu", metavar="NAME", help="symbol that the gradient is taken of (mu)")
    problem.add_argument(
        "--estimator", required=True, metavar="NAME", help="the estimator that is averaged; see: list estimators"
    )
    problem.add_argument(
        "--law", default="normal", help='law of x, its parameters may be expressions: "normal(mu, exp(rho))" (normal)'
    )
    test = parser.add_argument_group("the test: |mean of N draws - m| <= atol + rtol |m|, m the exact gradient")
    test.add_argument(
        "-n", required=True, type=_whole, metavar="N", help="draws that are averaged, such as 100000 or 1e5"
    )
    test.add_argument(
        "--rtol",
        default=0.0,
        type=_tolerance,
        metavar="R",
        help="relative tolerance, a share of the gradient such as 0.05 or 5%% (0)",
    )
    test.add_argument(
        "--atol",
        default=0.0,
        type=_tolerance,
        metavar="A",
        help="absolute tolerance, in units of the gradient; one of both has to be above 0 (0)",
    )
    test.add_argument(
        "--components",
        default=1,
        type=_whole,
        metavar="K",
        help="independent components with this tolerance each, all of which have to pass (1)",
    )
    test.add_argument(
        "--simulate",
        nargs="?",
        default=0,
        const=_RUNS,
        type=_whole,
        metavar="RUNS",
        help=f"also play so many runs of correct code through, or {_RUNS} without a number (none)",
    )
    add_seed_option(test, "seed of --simulate: a whole number, or random for fresh draws (0)")
    better = parser.add_argument_group("what a better test would be")
    add_rate_options(
        better,
        false_alarms="probability that it fails correct code, for which n and the tolerance are told (1e-6)",
        misses="probability that it passes a shift of the size told beside it (1e-6)",
    )
    add_output_options(parser, PAGE_FORMATS)
    if isinstance(parser, Parser):
        parser.hint = f"See: {parser.prog} --help. A cost that begins like an option goes last, after --."


def _whole(text: str) -> int:
    """1e5 is a whole number."""
    try:
        number = float(text)
        whole = int(text) if text.strip().isdecimal() else int(number)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{shown(text)} is no whole number") from None
    if whole != number:
        raise argparse.ArgumentTypeError(f"{shown(text)} is no whole number")
    return whole


def _tolerance(text: str) -> float:
    """5% is 0.05."""
    try:
        return share_of_text(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown(text)} is no number") from None


def _run(arguments: Namespace) -> ExitCode:
    at = assignments(arguments.at or ())

    from verify.auditing.audit import Audit, audit
    from verify.formats.audit_page import audit_as_json, audit_as_text

    def answer() -> Audit:
        return audit(
            arguments.cost.strip(),
            arguments.estimator,
            at,
            arguments.n,
            rtol=arguments.rtol,
            atol=arguments.atol,
            wrt=arguments.wrt,
            law=arguments.law,
            components=arguments.components,
            simulate=arguments.simulate,
            false_alarm_rate=getattr(arguments, "false_alarm_rate", 1e-6),
            miss_rate=getattr(arguments, "miss_rate", 1e-6),
            seed=getattr(arguments, "seed", 0),
        )

    write_page(arguments, answer, audit_as_text, audit_as_json)
    return ExitCode.NO_FAILURE


AUDIT = Command(
    name="audit",
    about="what a hand-picked n and rtol are worth: how often correct code fails, which bugs pass",
    examples=(
        'audit "x" --estimator score_function --wrt mu --at mu=10,sigma=1 -n 100000 --rtol 0.05',
        'audit "x**2" --estimator pathwise --at mu=1,sigma=1 -n 1e4 --rtol 5% --components 20 --simulate',
    ),
    add_arguments=_add_arguments,
    run=_run,
    short_options="n",
)

"""grade COST --answer ...: is an answer right, and if not, which mistake is it?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import PurePath

from verify.commands.command import Command
from verify.shell.arguments import Parser, assignments, names, shown
from verify.shell.exit_code import ExitCode
from verify.shell.output import destination
from verify.usage import UsageError
from verify.version import VERSION

__all__ = ["GRADE"]

FORMATS = ("text", "json")
_CODES = {
    "right": ExitCode.NO_FAILURE,
    "equivalent": ExitCode.NO_FAILURE,
    "wrong": ExitCode.A_CHECK_FAILED,
    "undecided": ExitCode.USAGE,
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("cost", metavar="COST", help="f(x) as text, as for check")
    answers = parser.add_argument_group("the answer, one of")
    answers.add_argument("--answer", metavar="FORMULA", default=None, help="the gradient, in the parameters")
    answers.add_argument(
        "--answer-term", metavar="FORMULA", default=None, help="what one draw contributes, in x or in epsilon"
    )
    problem = parser.add_argument_group("the problem")
    problem.add_argument(
        "--wrt", default=None, metavar="NAME", help="symbol of the gradient (the law's first parameter)"
    )
    problem.add_argument("--law", default="normal", help="law of x, as for check (normal)")
    problem.add_argument(
        "--estimator", default=None, metavar="NAME", help="whose term is asked for (any); see: list estimators"
    )
    problem.add_argument(
        "--at",
        default=None,
        action="append",
        metavar="NAME=VALUE,...",
        help="values that an answer without these symbols is for; else tried first for a counterexample",
    )
    parser.add_argument("--format", choices=FORMATS, help="form of the grade (text, or json by the suffix .json)")
    parser.add_argument("--output", metavar="PATH", help="write it there, whole or not at all, not to stdout")
    if isinstance(parser, Parser):
        parser.hint = f"See: {parser.prog} --help. A cost that begins like an option goes last, after --."


def _run(arguments: Namespace) -> ExitCode:
    path: str | None = getattr(arguments, "output", None)
    form = _form(getattr(arguments, "format", None), path)
    at = assignments(arguments.at) if arguments.at else None
    wrt = names("--wrt", arguments.wrt)
    estimators = names("--estimator", arguments.estimator)
    for option, several in (("--wrt", wrt), ("--estimator", estimators)):
        if len(several) > 1:
            raise UsageError(f"{option} names {len(several)}: {', '.join(several)}; an answer is for one of them")
    _check_answers(arguments.answer, arguments.answer_term, estimators)
    with destination(path) as stream:
        from verify.formats.grade_page import grade_as_json, grade_as_text
        from verify.grading.judging import grade

        found = grade(
            arguments.cost.strip(),
            wrt[0] if wrt else None,
            arguments.law,
            answer=arguments.answer,
            answer_term=arguments.answer_term,
            estimator=estimators[0] if estimators else None,
            at=at,
        )
        if form == "json":
            stream.write(grade_as_json(found, arguments.command_line, VERSION))
        else:
            stream.write(grade_as_text(found))
    return _CODES[found.verdict]


def _check_answers(answer: str | None, answer_term: str | None, estimators: Sequence[str]) -> None:
    """What the grader refuses too, in the words of the command line."""
    if (answer is None) == (answer_term is None):
        given = "neither --answer nor --answer-term is" if answer is None else "both --answer and --answer-term are"
        raise UsageError(
            f"{given} given; give the gradient as --answer FORMULA, or one draw's contribution as --answer-term FORMULA"
        )
    if answer is not None and estimators:
        raise UsageError(
            f"--estimator {estimators[0]} is about a term; give that as --answer-term, or leave --estimator out"
        )


def _form(name: str | None, path: str | None) -> str:
    if name is not None:
        if name not in FORMATS:
            raise UsageError(f"--format {shown(name)} is no form of a grade; choose from: {', '.join(FORMATS)}")
        return name
    suffix = PurePath(path or "").suffix.lower()
    if suffix not in ("", ".txt", ".json"):
        raise UsageError(f"--output {shown(path or '')}: no form has the suffix {shown(suffix)}; use .txt or .json")
    return "json" if suffix == ".json" else "text"


GRADE = Command(
    name="grade",
    about="is an answer right (0)? wrong (1): the classic mistake, and numbers that show it; 2: not understood",
    examples=(
        'grade "x**2" --wrt mu --answer "2*mu"',
        'grade "x**2" --wrt mu --answer-term "x**2*(x-mu)/sigma"',
        'grade "cos(k*x)" --wrt sigma --answer-term="-sin(k*x)*epsilon" --estimator pathwise --format json',
        'grade "x**3" --at mu=1,sigma=1 --answer 6',
    ),
    add_arguments=_add_arguments,
    run=_run,
    formula_options=("--answer", "--answer-term"),
)

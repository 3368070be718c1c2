"""check COST --at ..., check FILE.toml: judge the estimators of one's own cost, or of a file of problems."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from verify.commands.command import Command
from verify.judging import judge
from verify.shell.arguments import Parser, add_common_options, add_problem_options, assignments, names, shown
from verify.shell.exit_code import ExitCode
from verify.usage import UsageError

__all__ = ["CHECK"]

FILE_SUFFIX = ".toml"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "cost",
        metavar="COST",
        help="f(x) as text: numbers, names, + - * / **, pi, E, exp log sqrt sin cos tan sinh cosh tanh atan erf erfc "
        "Phi sigmoid softplus Abs Max Min sign Heaviside clip Piecewise besselj; or a file NAME.toml of [[problem]] "
        'tables with cost, law, at = {mu = 0.5}, wrt, estimators, name, about, expected = "PASS"',
    )
    add_problem_options(parser, law=None)  # a file names its own
    add_common_options(parser)
    if isinstance(parser, Parser):
        parser.hint = f"See: {parser.prog} --help. A cost that begins like an option goes last, after --."


def _run(arguments: Namespace) -> ExitCode:
    cost = arguments.cost.strip()
    if cost.lower().endswith(FILE_SUFFIX):  # no cost ends so
        return _run_file(cost, arguments)
    at = assignments(arguments.at or ())
    wrt = names("--wrt", arguments.wrt)
    estimators = names("--estimator", arguments.estimator)

    from verify.case import Case

    law = {} if arguments.law is None else {"law": arguments.law}
    return judge([Case(cost, at=at, wrt=wrt, estimators=estimators, **law)], arguments)


def _run_file(path: str, arguments: Namespace) -> ExitCode:
    for option in ("at", "wrt", "estimator", "law"):
        if getattr(arguments, option) is not None:
            raise UsageError(
                f"--{option} stands beside {shown(path, 150)}: each problem of a file says its own; drop it"
            )

    from verify.regression.problem_file import read_problems

    return judge(read_problems(path), arguments)


CHECK = Command(
    name="check",
    about="judge the gradient estimators of a cost of your own, or of a file of them",
    examples=(
        'check "x**2*exp(a*x)" --at mu=0.5,sigma=1,a=0.3',
        'check "cos(x)" --at mu=0,rho=-1 --law "normal(mu, exp(rho))" --wrt rho --estimator pathwise',
        'check "Max(x - K, 0)" --at mu=1,sigma=1/2,K=1 --wrt mu,K --min-effect 1%',
        "check problems.toml",
    ),
    add_arguments=_add_arguments,
    run=_run,
)

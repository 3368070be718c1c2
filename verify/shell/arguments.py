"""The options that every command shares, and how their texts become numbers."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

from verify.formats import FORMATS
from verify.ranges import share_of_text
from verify.usage import UsageError

if TYPE_CHECKING:
    from verify.case import Settings

__all__ = [
    "Parser",
    "add_common_options",
    "add_judging_options",
    "add_output_options",
    "add_problem_options",
    "add_rate_options",
    "add_reproducible_option",
    "add_seed_option",
    "assignments",
    "names",
    "settings_from",
    "shown",
]

SETTINGS = (
    "seed",
    "resolution",
    "min_effect",
    "variance_resolution",
    "false_alarm_rate",
    "miss_rate",
    "max_draws",
    "workers",
)
_MOST_DRAWS = 10**18
_MOST_WORKERS = 1024


class Parser(argparse.ArgumentParser):
    """argparse with errors of two lines instead of the whole usage; it offers no other hook for that."""

    hint = ""

    def error(self, message: str) -> NoReturn:
        hint = self.hint or f"See: {self.prog} --help"
        raise UsageError(f"{message}\n{hint}")


def add_problem_options(parser: argparse.ArgumentParser, law: str | None) -> None:
    """Values, symbols, estimators and law of one problem; `law` is what stands where none is given."""
    problem = parser.add_argument_group("the problem")
    problem.add_argument(
        "--at",
        default=None,
        action="append",
        metavar="NAME=VALUE,...",
        help="exact values of all symbols, such as mu=0.5,sigma=1/3; again for more (none)",
    )
    problem.add_argument(
        "--wrt", default=None, metavar="NAME,...", help="symbols of the gradients (all parameters of the law)"
    )
    problem.add_argument("--estimator", default=None, metavar="NAME,...", help="estimators, see: list estimators (all)")
    problem.add_argument(
        "--law", default=law, help='law of x, its parameters may be expressions: "normal(mu, exp(rho))" (normal)'
    )


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """The options of a report: before a command, after it, and without one; one not given leaves no attribute."""
    search = parser.add_argument_group("which problems")
    search.add_argument(
        "-k",
        dest="substring",
        metavar="SUBSTRING",
        help="only those whose cost, law or description holds it, capitals or not (all)",
    )
    add_judging_options(parser)
    report = add_output_options(parser, [form.name for form in FORMATS])
    report.add_argument("--strict", action="store_true", help="exit with 4, not 0, if anything is INCONCLUSIVE (off)")
    add_reproducible_option(report, "leave out the date, the machine and where the report is written (off)")


def add_judging_options(parser: argparse.ArgumentParser) -> None:
    """Everything that Settings holds."""
    share = _number("a share above 0 and at most 10, such as 1% or 0.01", 10, percent=True)
    test = parser.add_argument_group("how they are judged")
    add_seed_option(test, "seed of the draws: a whole number, or random for fresh ones (0)")
    size = test.add_mutually_exclusive_group()
    size.add_argument(
        "--resolution",
        type=_number("a number of standard deviations above 0 and at most 10, such as 0.01", 10),
        metavar="R",
        help="the smallest bias that must not pass, in standard deviations of one draw, at most 10 (0.01)",
    )
    size.add_argument(
        "--min-effect",
        type=share,
        metavar="SHARE",
        help="the same as a share of the gradient, such as 1%% or 0.01, instead of --resolution (none)",
    )
    test.add_argument(
        "--variance-resolution",
        type=share,
        metavar="SHARE",
        help="the smallest error of the variance that must not pass, as a share of it (10%%)",
    )
    add_rate_options(
        test,
        false_alarms="probability that anything FAILs though all is right, in the whole report (1e-6)",
        misses="probability that anything right does not PASS, or that a bias of the resolution does not FAIL, in "
        "the whole report (1e-6)",
    )
    test.add_argument(
        "--max-draws",
        type=_whole(2, _MOST_DRAWS),
        metavar="N",
        help="at most so many draws of each estimator; the resolution becomes coarser where it has to (no limit)",
    )
    test.add_argument(
        "-j",
        dest="workers",
        type=_whole(1, _MOST_WORKERS),
        metavar="N",
        help="threads; the numbers do not depend on it (all cores)",
    )


def add_seed_option(group: argparse._ActionsContainer, meaning: str) -> None:
    group.add_argument("--seed", type=_seed, metavar="N|random", help=meaning)


def add_rate_options(group: argparse._ActionsContainer, false_alarms: str, misses: str) -> None:
    """Both rates, with what they mean here."""
    rate = _number("a probability between 0 and 1, both excluded, such as 1e-6", 1, open_end=True)
    group.add_argument("--false-alarm-rate", type=rate, metavar="P", help=false_alarms)
    group.add_argument("--miss-rate", type=rate, metavar="P", help=misses)


def add_output_options(parser: argparse.ArgumentParser, formats: Sequence[str]) -> argparse._ActionsContainer:
    """Where the answer goes, and in which form; the first is the form of an answer on stdout."""
    report = parser.add_argument_group("what is reported")
    report.add_argument(
        "--format", choices=formats, help=f"form of the answer (that of the suffix of --output, else {formats[0]})"
    )
    report.add_argument("--output", metavar="PATH", help="write the answer there, whole or not at all (stdout)")
    report.add_argument(
        "--color", choices=["auto", "always", "never"], help="auto: on a terminal, unless NO_COLOR is set (auto)"
    )
    return report


def add_reproducible_option(group: argparse._ActionsContainer, what: str) -> None:
    group.add_argument("--reproducible", action="store_true", help=f"the same input gives the same bytes: {what}")


def settings_from(arguments: argparse.Namespace) -> Settings:
    """The settings of the options given; the others keep the defaults of Settings, and all cores work.

    Raises UsageError if both --resolution and --min-effect are given, one before the command and one after it.
    """
    from verify.case import Settings

    given = {name: getattr(arguments, name) for name in SETTINGS if hasattr(arguments, name)}
    if "resolution" in given and "min_effect" in given:
        raise UsageError(
            f"--resolution {given['resolution']:g} and --min-effect {given['min_effect']:g} both say which bias must "
            "not pass; give one of them"
        )
    return Settings(**{"workers": _cores(), **given})


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """ "mu=0.5,sigma=1" -> {"mu": "0.5", "sigma": "1"}. Raises UsageError for another form, or a name twice."""
    values: dict[str, str] = {}
    for text in texts:
        for part in text.split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not (name and equals and value):
                raise UsageError(f"--at {shown(text)}: {shown(part)} is not name=value; write --at mu=0.5,sigma=1")
            if name in values:
                raise UsageError(
                    f"--at gives {name} twice, {name}={shown(values[name])} and {name}={shown(value)}; keep one"
                )
            values[name] = value
    return values


def names(option: str, text: str | None) -> tuple[str, ...]:
    """ "mu, sigma" -> ("mu", "sigma"); None -> (). Raises UsageError for an empty or a repeated name."""
    if text is None:
        return ()
    found = tuple(part.strip() for part in text.split(","))
    if not all(found):
        raise UsageError(f"{option} {shown(text)} has an empty name; separate names by one comma: {option} mu,sigma")
    repeated = next((name for name in found if found.count(name) > 1), None)
    if repeated is not None:
        raise UsageError(f"{option} {shown(text)} names {shown(repeated)} twice; name it once")
    return found


def shown(text: str, most: int = 60) -> str:
    """The text as it can stand in a message: in quotes where needed, on one line, cut if it is long."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return cut if cut.isprintable() and cut == cut.strip() and cut else repr(cut)


def _cores() -> int:
    """The cores that this process may use; on some systems only the number of all is known."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _seed(text: str) -> int:
    if text.strip() == "random":
        import secrets

        return secrets.randbits(64)
    return _whole(0, 2**128)(text)


def _number(wanted: str, high: float, *, open_end: bool = False, percent: bool = False) -> Callable[[str], float]:
    """Numbers above 0 and up to `high`; with `percent`, 1% is one."""

    def number(text: str) -> float:
        try:
            value = share_of_text(text) if percent else float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{shown(text)} is no number; give {wanted}") from None
        if not (0 < value < high or (value == high and not open_end)):
            raise argparse.ArgumentTypeError(f"{shown(text)} is out of range; give {wanted}")
        return value

    return number


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Whole numbers; 1e6 is one."""
    wanted = f"a whole number from {low} to {high:.0e}" if high > 10**6 else f"a whole number from {low} to {high}"

    def whole(text: str) -> int:
        try:
            size = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{shown(text)} is no number; give {wanted}") from None
        if not low <= size <= high:
            raise argparse.ArgumentTypeError(f"{shown(text)} is out of range; give {wanted}")
        if not size.is_integer():
            raise argparse.ArgumentTypeError(f"{shown(text)} is not whole; give {wanted}")
        return int(text) if text.strip().isdecimal() else int(size)

    return whole

"""The command line: what it asks of a campaign, and what the exit code says."""

from __future__ import annotations

import os
import re
from dataclasses import fields

import pytest

from tests.verify.samples import a_finding
from tests.verify.stand_in import StandIn, errors
from verify.case import Case, Settings
from verify.cli import SHORT_OPTIONS, _parser, main
from verify.deciding.design import BudgetTooSmall
from verify.finding import Finding, Verdict

# What is asked for


def test_without_a_command_the_catalogue_runs(campaign: StandIn) -> None:
    from verify.catalogue import CATALOGUE

    assert main([]) == 0
    assert list(campaign.cases) == list(CATALOGUE)


def test_without_options_the_settings_are_the_defaults(campaign: StandIn) -> None:
    main([])
    assert campaign.settings is not None
    assert campaign.settings == Settings(workers=campaign.settings.workers)
    assert campaign.settings.workers == len(os.sched_getaffinity(0))


def test_the_help_states_the_defaults_that_hold(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    defaults = Settings()
    for stated in (
        f"or random for fresh ones ({defaults.seed})",
        f"standard deviations of one draw, at most 10 ({defaults.resolution})",
        f"a share of it ({100 * defaults.variance_resolution:g}%)",
        f"though all is right, in the whole report ({defaults.false_alarm_rate:.0e}".replace("e-06", "e-6") + ")",
        f"does not FAIL, in the whole report ({defaults.miss_rate:.0e}".replace("e-06", "e-6") + ")",
    ):
        assert stated in text


ALL_OPTIONS = (
    "--seed 7 --resolution 0.02 --variance-resolution 5% --false-alarm-rate 1e-3 --miss-rate 1e-2 --max-draws 1e6 -j 3"
)
ALL_SET = Settings(7, 0.02, None, 0.05, 1e-3, 1e-2, 1_000_000, 3)


@pytest.mark.parametrize(
    "words",
    [f"{ALL_OPTIONS} check x --at mu=1", f"check x --at mu=1 {ALL_OPTIONS}", f"check {ALL_OPTIONS} x", ALL_OPTIONS],
)
def test_options_stand_before_a_command_after_it_and_without_one(campaign: StandIn, words: str) -> None:
    assert main(words.split()) == 0
    assert campaign.settings == ALL_SET


def test_every_setting_has_an_option() -> None:
    assert {field.name for field in fields(Settings) if getattr(ALL_SET, field.name) == field.default} == {"min_effect"}


def test_what_is_said_after_the_command_overrides(campaign: StandIn) -> None:
    main(["--seed", "1", "-j", "2", "check", "x", "--seed", "2"])
    assert campaign.settings is not None
    assert (campaign.settings.seed, campaign.settings.workers) == (2, 2)


@pytest.mark.parametrize("text", ["1%", "0.01", "1.0 %"])
def test_a_share_is_a_number_or_a_percentage(campaign: StandIn, text: str) -> None:
    main(["--min-effect", text])
    assert campaign.settings is not None
    assert campaign.settings.min_effect == 0.01


def test_a_random_seed_is_drawn_and_told(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    seeds = set()
    for _ in range(2):
        main(["--seed", "random"])
        assert campaign.settings is not None
        seeds.add(campaign.settings.seed)
        assert f"seed {campaign.settings.seed}\n" in capsys.readouterr().err
    assert len(seeds) == 2
    assert max(seeds) < 2**64


def test_check_makes_one_case(campaign: StandIn) -> None:
    main(
        [
            "check",
            "x**2*exp(a*x)",
            "--at",
            "mu=-1, sigma=1/3",
            "--at",
            "a=0.3",
            "--wrt",
            "mu, a",
            "--estimator",
            "pathwise",
        ]
    )
    assert list(campaign.cases) == [
        Case("x**2*exp(a*x)", "normal", {"mu": "-1", "sigma": "1/3", "a": "0.3"}, ("mu", "a"), ("pathwise",))
    ]
    main(["check", "x", "--law", "normal(mu, exp(rho))"])
    assert list(campaign.cases) == [Case("x", "normal(mu, exp(rho))")]


@pytest.mark.parametrize(
    "words",
    [
        ["check", "-x**2", "--at", "mu=1"],
        ["check", "--at", "mu=1", "-x**2"],
        ["check", "--at", "mu=1", "--", "-x**2"],
        ["check", "--at", "mu=1", " -x**2 "],
    ],
)
def test_a_cost_may_begin_with_a_minus(campaign: StandIn, words: list[str]) -> None:
    assert main(words) == 0
    assert [(case.cost, case.at) for case in campaign.cases] == [("-x**2", {"mu": "1"})]


@pytest.mark.parametrize("cost", ["-k*x", "-j*x", "-h(x)", "--x"])
def test_a_cost_that_looks_like_an_option_goes_last(campaign: StandIn, cost: str) -> None:
    assert main(["check", "--at", "k=1", "--", cost]) == 0
    assert campaign.cases[0].cost == cost


@pytest.mark.parametrize("words", [["check", "-j*x"], ["check", "-k*x"], ["check", "--x"]])
def test_the_hint_tells_where_it_goes(campaign: StandIn, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert errors(capsys)[1].endswith("A cost that begins like an option goes last, after --.")


def test_the_short_options_are_known() -> None:
    """The sign after a minus that makes a word an option rather than a cost."""
    text = _parser("p").format_help()
    assert set(re.findall(r"(?<![\w-])-(\w)\b", text)) == set(SHORT_OPTIONS)


def test_the_command_is_told_as_it_was_typed(campaign: StandIn) -> None:
    main(["check", "x**2", "--at", "mu=1"])
    assert campaign.command == "mcgradcheck check 'x**2' --at mu=1"
    main([])
    assert campaign.command == "mcgradcheck"


# The filter


@pytest.mark.parametrize(("substring", "found"), [("COS", "cos"), ("wells", "x**4"), ("cost parameter", "(x - k)**2")])
def test_the_filter_looks_at_cost_law_and_description(campaign: StandIn, substring: str, found: str) -> None:
    assert main(["-k", substring]) == 0
    chosen = [str(case.cost) for case in campaign.cases]
    assert any(found in cost for cost in chosen)
    assert "x" not in chosen


def test_a_filter_may_begin_with_a_minus(campaign: StandIn) -> None:
    main(["-k", "-x**2"])
    assert {str(case.cost) for case in campaign.cases} == {"exp(-x**2/2)", "x*exp(-x**2/2)"}


@pytest.mark.parametrize("words", [["-k", "no such"], ["check", "x", "-k", "no such"]])
def test_nothing_left_is_exit_code_5(campaign: StandIn, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 5
    lines = errors(capsys)
    assert "nothing was checked: -k no such" in lines[0]
    assert len(lines) == 2
    assert campaign.calls == 0


# The exit code

INCONCLUSIVE = a_finding(verdict=Verdict.INCONCLUSIVE)
UNJUDGED = a_finding(verdict=Verdict.NOT_APPLICABLE)
FAILED = a_finding(verdict=Verdict.FAIL)


@pytest.mark.parametrize(
    ("findings", "controls", "words", "code"),
    [
        ([a_finding()], None, [], 0),
        ([a_finding(), UNJUDGED], None, ["--strict"], 0),
        ([a_finding(), FAILED, INCONCLUSIVE], None, ["--strict"], 1),
        ([a_finding(), INCONCLUSIVE], None, [], 0),
        ([a_finding(), INCONCLUSIVE], None, ["--strict"], 4),
        ([UNJUDGED], None, [], 5),
        ([FAILED], (a_finding(),), [], 3),
        ([a_finding()], (FAILED, INCONCLUSIVE), [], 3),
        ([UNJUDGED], (UNJUDGED,), [], 3),
    ],
)
def test_the_exit_code_says_the_worst(
    campaign: StandIn, findings: list[Finding], controls: tuple[Finding, ...] | None, words: list[str], code: int
) -> None:
    campaign.findings, campaign.controls = findings, controls
    assert main(words) == code


def test_what_the_report_does_not_say_is_said_on_stderr(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    campaign.findings, campaign.controls = [a_finding()], (a_finding(estimator="too good"),)
    main([])
    assert "not found: too good" in capsys.readouterr().err
    campaign.findings, campaign.controls = [UNJUDGED], None
    main([])
    assert "nothing was checked: all 1 findings are NOT_APPLICABLE" in capsys.readouterr().err
    campaign.findings = [INCONCLUSIVE]
    main(["--strict"])
    assert "--strict" in capsys.readouterr().err


class NonFiniteDraw(ArithmeticError):
    """A stand-in for what an estimator may raise."""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BudgetTooSmall("max_draws=2 decides nothing"), 2, "max_draws=2 decides nothing"),
        (NonFiniteDraw("draw 17 is nan"), 3, "NonFiniteDraw: draw 17 is nan"),
        (ZeroDivisionError("division by zero"), 3, "ZeroDivisionError: division by zero"),
        (MemoryError(), 3, "MemoryError"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_an_error_has_its_code_and_two_lines(
    campaign: StandIn, error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign.error = error
    assert main([]) == code
    lines = errors(capsys)
    assert lines[0].startswith(f"mcgradcheck: error: {words}")
    assert len(lines) <= 2


def test_a_symbolic_error_is_a_usage_error(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    from symbolic.errors import Divergent

    campaign.error = Divergent("exp(x**2) has no expectation\nit needs sigma < 0.5")
    assert main(["check", "exp(x**2)"]) == 2
    assert errors(capsys) == ["mcgradcheck: error: exp(x**2) has no expectation", "it needs sigma < 0.5"]


def test_the_traceback_is_there_for_the_asking(
    campaign: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.error = NonFiniteDraw("draw 17 is nan")
    monkeypatch.setenv("MCGRADCHECK_TRACEBACK", "1")
    assert main([]) == 3
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_message_cannot_flood_or_steer_the_terminal(campaign: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    from symbolic.errors import ParseError

    campaign.error = ParseError("\x1b[2Jbad" + "x" * 100_000 + "\nsecond\nthird\nfourth")
    main([])
    lines = errors(capsys)
    assert len(lines) == 2
    assert max(len(line) for line in lines) < 600
    assert lines[0].startswith("mcgradcheck: error: \\x1b[2Jbad")

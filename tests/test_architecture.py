"""The rules of the house, read from the source: which way imports point, what is never called, how long a file is."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("symbolic", "numeric", "verify")
MAY_NOT_IMPORT = {
    "symbolic": {"numeric", "verify", "tests"},
    "numeric": {"verify", "tests"},
    "verify": {"tests"},
}
EVALUATES_TEXT = {"eval", "exec", "sympify", "parse_expr", "parse_latex"}
BUILTIN_EVALUATORS = {"eval", "exec"}
CATCHES_TOO_MUCH = {"Exception", "BaseException"}
SLOW_TO_IMPORT = ("scipy.stats", "matplotlib.pyplot")
LONGEST_FILE = 300
TOP_LEVEL = {
    *ROOMS,
    "tests",
    "docs",
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "LICENSE",
    "CITATION.cff",
    "CHANGELOG.md",
    "Makefile",
}

Rule = Callable[[str, str], Iterator[str]]


def sources() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported_modules(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, inside functions and by importlib too; `from a import b` gives a.b."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield from ((node.lineno, "." * level + f"{module or ''}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def imports_point_forward(room: str, source: str) -> Iterator[str]:
    for line, module in imported_modules(ast.parse(source)):
        if module.startswith("."):
            yield f"{line}: {module} is relative; write the whole name"
        elif module.split(".")[0] in MAY_NOT_IMPORT[room]:
            yield f"{line}: {room} imports {module}"


def nothing_slow_is_imported(_room: str, source: str) -> Iterator[str]:
    for line, module in imported_modules(ast.parse(source)):
        if any(f"{module}.".startswith(f"{slow}.") for slow in SLOW_TO_IMPORT):
            yield f"{line}: imports {module}"


def text_is_never_evaluated(_room: str, source: str) -> Iterator[str]:
    """A method of the name `eval` is not Python's; SymPy's S(...) of anything but a number is its sympify."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) if name in EVALUATES_TEXT:
                yield f"{node.lineno}: {name}"
            case ast.Attribute(attr=name) if name in EVALUATES_TEXT - BUILTIN_EVALUATORS:
                yield f"{node.lineno}: .{name}"
            case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in BUILTIN_EVALUATORS:
                yield f"{node.lineno}: builtins.{name}"
            case ast.ImportFrom(names=names):
                yield from (f"{node.lineno}: import of {a.name}" for a in names if a.name in EVALUATES_TEXT)
            case ast.Call(func=ast.Name(id="S") | ast.Attribute(attr="S"), args=[argument, *_]):
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, int)):
                    yield f"{node.lineno}: S(...) of something that may be text"


def nothing_is_caught_blindly(_room: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ExceptHandler(type=None):
                yield f"{node.lineno}: bare except"
            case ast.ExceptHandler(type=ast.expr() as caught):
                yield from (f"{node.lineno}: except {name}" for name in names_in(caught) & CATCHES_TOO_MUCH)
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=caught_here):
                for argument in caught_here:
                    yield from (f"{node.lineno}: suppress({name})" for name in names_in(argument) & CATCHES_TOO_MUCH)


def names_in(expression: ast.expr) -> set[str]:
    """The names of `E`, `module.E` and `(E, F)`."""
    walked = list(ast.walk(expression))
    plain = {node.id for node in walked if isinstance(node, ast.Name)}
    return plain | {node.attr for node in walked if isinstance(node, ast.Attribute)}


def every_module_says_what_it_is(_room: str, source: str) -> Iterator[str]:
    if not (ast.get_docstring(ast.parse(source)) or "").strip():
        yield "1: no docstring"


def files_stay_short(_room: str, source: str) -> Iterator[str]:
    length = len(source.splitlines())
    if length > LONGEST_FILE:
        yield f"{length}: lines, more than {LONGEST_FILE}"


def strangers(tracked: list[str]) -> set[str]:
    """What lies on the top level and does not belong there; names that begin with a dot do."""
    first_parts = {Path(name).parts[0] for name in tracked}
    return {name for name in first_parts if not name.startswith(".")} - TOP_LEVEL


RULES: tuple[Rule, ...] = (
    imports_point_forward,
    nothing_slow_is_imported,
    text_is_never_evaluated,
    nothing_is_caught_blindly,
    every_module_says_what_it_is,
    files_stay_short,
)


# How often a file may break a rule. The command line's boundary catches everything once: an error that nobody catches
# makes Python exit with 1, and that exit code says that a check failed. Somebody else's estimator may raise anything,
# and what it raises is chained to an error that says when.
ALLOWED: dict[tuple[str, Rule], int] = {
    ("numeric/black_box.py", nothing_is_caught_blindly): 1,
    ("verify/cli.py", nothing_is_caught_blindly): 1,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_packages_keep_the_rule(rule: Rule) -> None:
    offences = []
    for path in sources():
        name = path.relative_to(ROOT)
        found = [f"{name}:{offence}" for offence in rule(name.parts[0], path.read_text(encoding="utf-8"))]
        if len(found) != ALLOWED.get((name.as_posix(), rule), 0):
            offences += found or [f"{name}: keeps {rule.__name__} now; take it off the list of what is allowed"]
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_read(room: str) -> None:
    assert any(path.is_relative_to(ROOT / room) for path in sources())


def test_the_top_level_holds_what_it_should() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so what is tracked is not known")
    assert strangers(listed.stdout.splitlines()) == set()


WRONG: tuple[tuple[Rule, str, str], ...] = (
    (imports_point_forward, "symbolic", "import numeric"),
    (imports_point_forward, "symbolic", "import sympy, verify.report as r"),
    (imports_point_forward, "symbolic", "from numeric.kernel import compile_term"),
    (imports_point_forward, "symbolic", "def f():\n    from verify import cli"),
    (imports_point_forward, "symbolic", "if TYPE_CHECKING:\n    import numeric.tally"),
    (imports_point_forward, "symbolic", "importlib.import_module('verify.cli')"),
    (imports_point_forward, "symbolic", "from .law import Law"),
    (imports_point_forward, "numeric", "class A:\n    import verify"),
    (imports_point_forward, "numeric", "__import__('verify')"),
    (imports_point_forward, "verify", "from tests.oracle import mean"),
    (nothing_slow_is_imported, "numeric", "import scipy.stats"),
    (nothing_slow_is_imported, "numeric", "from scipy import stats"),
    (nothing_slow_is_imported, "numeric", "def f():\n    from scipy.stats import norm"),
    (nothing_slow_is_imported, "verify", "import matplotlib.pyplot as plt"),
    (nothing_slow_is_imported, "verify", "from matplotlib import pyplot"),
    (text_is_never_evaluated, "symbolic", "eval('1')"),
    (text_is_never_evaluated, "symbolic", "run = exec"),
    (text_is_never_evaluated, "symbolic", "builtins.eval('1')"),
    (text_is_never_evaluated, "symbolic", "sp.sympify(text)"),
    (text_is_never_evaluated, "symbolic", "sympy.core.sympify.x"),
    (text_is_never_evaluated, "symbolic", "from sympy import sympify as s"),
    (text_is_never_evaluated, "symbolic", "from sympy.parsing.sympy_parser import parse_expr"),
    (text_is_never_evaluated, "symbolic", "sp.S(text)"),
    (text_is_never_evaluated, "symbolic", "S('x')"),
    (nothing_is_caught_blindly, "verify", "try:\n    f()\nexcept:\n    pass"),
    (nothing_is_caught_blindly, "verify", "try:\n    f()\nexcept Exception as e:\n    raise X from e"),
    (nothing_is_caught_blindly, "verify", "try:\n    f()\nexcept (OSError, BaseException):\n    pass"),
    (nothing_is_caught_blindly, "verify", "try:\n    f()\nexcept* builtins.Exception:\n    pass"),
    (nothing_is_caught_blindly, "verify", "with contextlib.suppress(Exception):\n    f()"),
    (every_module_says_what_it_is, "verify", ""),
    (every_module_says_what_it_is, "verify", '"""   """\nx = 1'),
    (every_module_says_what_it_is, "verify", "# a comment\nx = 1"),
    (files_stay_short, "verify", "\n" * (LONGEST_FILE + 1)),
)


@pytest.mark.parametrize(("rule", "room", "source"), WRONG, ids=lambda value: getattr(value, "__name__", None))
def test_a_broken_rule_is_seen_once(rule: Rule, room: str, source: str) -> None:
    assert len(list(rule(room, source))) == 1


RIGHT: tuple[tuple[Rule, str, str], ...] = (
    (imports_point_forward, "numeric", "from symbolic.law import Law\nimport numpy"),
    (imports_point_forward, "verify", "import symbolic, numeric, verify.finding, verification"),
    (nothing_slow_is_imported, "numeric", "import scipy.special, statistics\nfrom scipy import statsmodel"),
    (text_is_never_evaluated, "symbolic", "value = function.eval(x) + sp.S(1) + sp.S.Half\nevaluate(x)"),
    (nothing_is_caught_blindly, "verify", "try:\n    f()\nexcept (OSError, SymbolicError) as error:\n    g(error)"),
    (nothing_is_caught_blindly, "verify", "with suppress(BrokenPipeError):\n    raise Exception"),
    (every_module_says_what_it_is, "verify", '"""What is claimed equal."""'),
    (files_stay_short, "verify", "\n" * LONGEST_FILE),
)


@pytest.mark.parametrize(("rule", "room", "source"), RIGHT, ids=lambda value: getattr(value, "__name__", None))
def test_a_kept_rule_raises_no_alarm(rule: Rule, room: str, source: str) -> None:
    assert list(rule(room, source)) == []


def test_every_rule_is_tried_on_both_sides() -> None:
    assert {rule for rule, _, _ in WRONG} == {rule for rule, _, _ in RIGHT} == set(RULES)


def test_a_stranger_on_the_top_level_is_seen() -> None:
    assert strangers(["README.md", ".ci/run", "verify/cli.py", "setup.py", "scripts/run.sh"]) == {"setup.py", "scripts"}

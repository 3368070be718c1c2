"""A grade as a few lines, and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping

from verify.grading.verdict import NO_MEAN, Grade, Verdict

__all__ = ["SCHEMA", "grade_as_json", "grade_as_text"]

SCHEMA = "mcgradcheck/grade/1"
WIDTH = 110


def grade_as_text(grade: Grade) -> str:
    """The verdict, why, what is right, the numbers at which it shows, and where to read on."""
    head = grade.verdict.value.upper()
    if grade.mistake is not None:
        head += f": {grade.mistake}"
    question = f"d/d{grade.wrt} E[{_line(grade.cost)}],   x ~ {grade.law}"
    if grade.at:
        question += f",   at {_listed(grade.at)}"
    rows = [("your term" if grade.is_term else "yours", _line(grade.answer))]
    if grade.verdict is not Verdict.RIGHT:
        rows += [(name, formula) for name, formula in grade.right.items()]
    if grade.needs:
        rows.append(("where", ", ".join(grade.needs)))
    rows += [(f"variance, less {name}", formula) for name, formula in grade.variance_difference.items()]
    width = max(len(name) for name, _ in rows)
    lines = [head, question, "", textwrap.fill(grade.explanation, WIDTH), ""]
    lines += [f"  {name.ljust(width)}  {formula}" for name, formula in rows]
    if (shown := grade.counterexample) is not None:
        where = f"At {_listed(shown.at)}" if shown.at else "At any values"
        lines += ["", f"{where}: the {shown.of} is {shown.right}; by your answer it {_is(shown.answer)}."]
    lines += ["", f"The whole story: python -m verify {grade.read_on}"]
    return "\n".join(lines) + "\n"


def _is(value: str) -> str:
    return value if value == NO_MEAN else f"is {value}"


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {number}" for name, number in values.items())


def _line(text: str) -> str:
    return " ".join(text.split())


def grade_as_json(grade: Grade, command: str, version: str) -> str:
    """Every field, in the order of grade.schema.json; null for what there is none of."""
    shown = grade.counterexample
    page = {
        "schema": SCHEMA,
        "version": version,
        "command": command,
        "verdict": grade.verdict.value,
        "mistake": grade.mistake,
        "counterexample": None
        if shown is None
        else {"of": shown.of, "at": dict(shown.at), "answer": shown.answer, "right": shown.right},
        "explanation": grade.explanation,
        "cost": grade.cost,
        "law": grade.law,
        "wrt": grade.wrt,
        "answer": grade.answer,
        "is_term": grade.is_term,
        "at": dict(grade.at),
        "right": dict(grade.right),
        "needs": list(grade.needs),
        "variance_difference": dict(grade.variance_difference),
        "read_on": grade.read_on,
    }
    return json.dumps(page, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

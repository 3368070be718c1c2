"""A derivation as JSON: every line with its two sides as text and as LaTeX. derivation.schema.json is its schema."""

from __future__ import annotations

import json

from symbolic.deriving.derivation import Derivation, Step
from symbolic.typesetting.latex import as_latex
from symbolic.typesetting.text import as_text
from verify.version import VERSION

__all__ = ["SCHEMA", "json_page"]

SCHEMA = "mcgradcheck/derivation/1"


def json_page(derivation: Derivation, short: bool) -> str:
    """The whole object, ending with a line break."""
    problem = derivation.problem
    asked = None if problem is None else {"cost": str(problem.cost), "law": str(problem.law), "wrt": str(problem.wrt)}
    page = {
        "schema": SCHEMA,
        "version": VERSION,
        "title": derivation.title,
        "problem": asked,
        "given": list(derivation.given),
        "steps": [_step(step) for step in (derivation.short if short else derivation.steps)],
        "stops": [{"topic": stop.topic, "why": stop.why} for stop in derivation.stops],
        "numbers": dict(derivation.numbers),
        "conclusion": list(derivation.conclusion),
    }
    return json.dumps(page, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _step(step: Step) -> dict[str, object]:
    return {
        "number": step.number,
        "topic": step.topic,
        "before": as_text(step.before),
        "after": as_text(step.after),
        "before_latex": as_latex(step.before),
        "after_latex": as_latex(step.after),
        "rule": step.rule,
        "why": step.why,
        "needs": step.needs,
        "checked": str(step.checked),
        "continues": step.continues,
        "main": step.main,
    }

"""Costs, laws and values from text, through a whitelist: nothing is evaluated."""

from __future__ import annotations

from symbolic.parsing.canonical import canonical
from symbolic.parsing.guards import Guard, Parsed
from symbolic.parsing.texts import parse_cost, parse_formula, parse_law
from symbolic.parsing.values import exact_rational, read_values, values_for

__all__ = [
    "Guard",
    "Parsed",
    "canonical",
    "exact_rational",
    "parse_cost",
    "parse_formula",
    "parse_law",
    "read_values",
    "values_for",
]

"""Expressions of a derivation as plain text, LaTeX and MathML."""

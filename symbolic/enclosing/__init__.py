"""Certified integrals where there is no closed form: bounds of tails, segments, and what diverges."""

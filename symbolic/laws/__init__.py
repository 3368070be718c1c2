"""The laws. A new law is one new file and one line here."""

from symbolic.law import Law
from symbolic.laws.exponential import EXPONENTIAL
from symbolic.laws.normal import NORMAL

__all__ = ["EXPONENTIAL", "LAWS", "NORMAL"]

LAWS: tuple[Law, ...] = (NORMAL, EXPONENTIAL)

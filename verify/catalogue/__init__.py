"""The built-in problems, as data. Each is there for a reason, which `about` says."""

from verify.case import Case
from verify.catalogue.exponential import EXPONENTIAL_CASES
from verify.catalogue.normal import NORMAL_CASES

__all__ = ["CATALOGUE"]

CATALOGUE: tuple[Case, ...] = (*NORMAL_CASES, *EXPONENTIAL_CASES)

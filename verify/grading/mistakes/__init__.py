"""The classic mistakes, the first one first where several lead to the same answer.

A new mistake is one declaration: its name, a sentence, and what it makes of the right answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from verify.grading.mistakes.mistake import Mistake
from verify.grading.mistakes.of_gradients import MISTAKES_IN_GRADIENTS
from verify.grading.mistakes.of_paths import MISTAKES_IN_PATHS
from verify.grading.mistakes.of_scores import MISTAKES_IN_SCORES

__all__ = ["MISTAKES_IN_GRADIENTS", "MISTAKES_IN_TERMS", "Mistake"]

MISTAKES_IN_TERMS: Mapping[str, tuple[Mistake, ...]] = MappingProxyType(
    {"score_function": MISTAKES_IN_SCORES, "pathwise": MISTAKES_IN_PATHS}
)
"""By the estimator whose term was meant."""

"""What can go wrong on the exact side. Each class says the cause and the cure.

Every message names the value, says why it cannot be used, and what to do instead, in one or two lines:
the command line prints it as it is and exits with code 2.
"""

from __future__ import annotations

__all__ = [
    "BadParameter",
    "Divergent",
    "NotCertified",
    "NotDifferentiable",
    "NotInClass",
    "ParseError",
    "SymbolicError",
    "TimedOut",
    "Undefined",
]


class SymbolicError(ValueError):
    """Something was asked that has no exact answer. Cause and cure stand in the message."""


class ParseError(SymbolicError):
    """A text is not a cost or a law. Cause: a name, sign or size outside the grammar. Cure: see the column marked."""


class BadParameter(SymbolicError):
    """A symbol has no value, or one that the law forbids (sigma <= 0, NaN). Cure: give another value."""


class Undefined(SymbolicError):
    """The cost has no value where the law has mass (log x under a normal). Cure: another cost or another law."""


class Divergent(SymbolicError):
    """The integral does not exist at these parameters (exp(x**2) at sigma = 1). Cure: the condition in the message.

    Raised only with a proof for the integrand as a whole: up to an infinite end, or beside a place where it is
    singular, what is left after all that may cancel is as large as something whose integral is infinite. That one
    term of a sum has no integral proves nothing, nor does growth on a bounded piece. Without a proof a method raises
    NotInClass, so that the next one is asked, and the enclosure, the last of all, raises NotCertified.
    A variance that is said to be infinite rests on such a proof for the square of the term.
    """


class NotDifferentiable(SymbolicError):
    """No derivative is proven at these values: a kink or a jump of the cost lies there. Cure: other values."""


class NotInClass(SymbolicError):
    """One method does not apply to this integrand. Cause: the integrand. Cure: the next method of the ladder."""


class NotCertified(SymbolicError):
    """The integral may exist, but no method here can prove a value. Cure: rewrite the cost as the message says."""


class TimedOut(SymbolicError):
    """A call was stopped at its time limit. Cure: a simpler cost, numbers for some symbols, or `time_limit`."""

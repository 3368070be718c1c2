"""The commands. A new command is one new file and one line here."""

from __future__ import annotations

from verify.commands.audit import AUDIT
from verify.commands.catalogue import CATALOGUE_COMMAND
from verify.commands.check import CHECK
from verify.commands.command import Command
from verify.commands.compare import COMPARE
from verify.commands.derive import DERIVE
from verify.commands.grade import GRADE
from verify.commands.list import LIST
from verify.commands.plan import PLAN
from verify.commands.truth import TRUTH

__all__ = ["CATALOGUE_COMMAND", "COMMANDS", "Command"]

COMMANDS: tuple[Command, ...] = (CHECK, PLAN, AUDIT, COMPARE, LIST, TRUTH, DERIVE, GRADE)

"""Fixtures for the tests of the command line."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.verify.stand_in import StandIn


@pytest.fixture
def campaign(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    for name, contents in (
        ("verify.campaign", {"run_campaign": stand_in.run_campaign}),
        ("verify.controls", {"CONTROLS": ()}),
    ):
        module = ModuleType(name)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(sys, "argv", ["mcgradcheck"])
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("MCGRADCHECK_TRACEBACK", raising=False)
    return stand_in

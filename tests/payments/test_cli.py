"""`pickwave reconcile`: says what differs, ends with 1 when anything does, and shows the last comparison."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import pytest

from server.cli import reconcile
from server.core.clock import SystemClock
from server.payments.adapters.sandbox import FILE, SandboxGateway
from server.payments.port import Call
from server.settings import Settings
from server.start import DONE, FAILED


def ask(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    reconcile.arguments(parser)
    return reconcile.run(parser.parse_args(words), settings)


def test_a_comparison_says_what_differs_and_is_there_to_be_seen_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path)
    assert ask(settings, "run") == DONE
    assert "nothing to compare" in capsys.readouterr().out
    clock = SystemClock()
    call = Call(key="not-ours", kind="authorise", at=clock.now(), amount_minor=777, currency="EUR", token="ok")
    asyncio.run(SandboxGateway(tmp_path / FILE, clock).authorise(call))
    assert ask(settings, "run") == FAILED
    said = capsys.readouterr().out
    assert "done; missing here 1" in said
    assert "sandbox-not-ours" in said
    assert "open, 7.77 EUR / 0.00 EUR / 0.00 EUR" in said
    assert ask(settings, "last") == FAILED
    assert capsys.readouterr().out == said


def test_a_gateway_that_is_not_set_up_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(Settings(data_dir=tmp_path), "run", "--gateway", "stripe") == FAILED
    assert "There is no gateway stripe." in capsys.readouterr().err

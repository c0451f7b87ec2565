"""Our own faults, and what else ends a command."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from click.testing import Result

from quorate.checker import SelfCheckFailed
from quorate.checker.cli import check as command
from quorate.traces import DoesNotReplay

Quorate = Callable[..., Result]


def failing_with(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    # raised outside this file, which is as little the checker's as a model is
    monkeypatch.setattr(command, "check", Mock(side_effect=failure))


@pytest.mark.parametrize(
    ("failure", "what"),
    [
        (SelfCheckFailed("the counterexample of x does not replay"), "the counterexample of x does not replay"),
        (DoesNotReplay(3, "it cannot be taken"), "DoesNotReplay: step 3: it cannot be taken"),
        (RuntimeError("oh"), "RuntimeError: oh"),
        (RecursionError("too deep"), "RecursionError: too deep"),
    ],
)
def test_our_own_fault(quorate: Quorate, monkeypatch: pytest.MonkeyPatch, failure: Exception, what: str) -> None:
    failing_with(monkeypatch, failure)
    answer = quorate("check", "peterson")
    assert (answer.exit_code, answer.stdout) == (4, "")
    assert answer.stderr == (
        f"error[our-fault]: {what}\n"
        "   because quorate has a bug; nothing that this run says can be relied on\n"
        "   instead report it with the model, the command line and what --traceback shows\n"
    )
    assert "Traceback (most recent call last)" in quorate("check", "peterson", "--traceback").stderr


def test_a_model_out_of_memory_is_no_verdict(quorate: Quorate, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_with(monkeypatch, MemoryError())
    answer = quorate("check", "peterson")
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert answer.stderr.startswith("inconclusive: the memory ran out\n")


def test_an_interruption_outside_the_run(quorate: Quorate, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_with(monkeypatch, KeyboardInterrupt())
    answer = quorate("check", "peterson")
    assert (answer.exit_code, answer.stdout, answer.stderr) == (130, "", "interrupted\n")

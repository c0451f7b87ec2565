"""`quorate replay`: are these counterexamples still possible?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ...models.language import ModelError
from ...traces import Replay, Replayed, replay
from . import options
from .blame import seen_from_here
from .command import Command
from .console import complain, say
from .failures import Status
from .recorded import Candidates, files, opened

SCHEMA = "quorate.replay/1"
"""The name and version of the format."""


@dataclass(frozen=True)
class Answer:
    """What became of one trace file: of its run, or what is wrong with it."""

    file: Path
    model: str = ""
    replayed: Replayed | None = None
    wrong: ModelError | None = None


@click.command("replay", cls=Command)
@click.argument("traces", nargs=-1, required=True, metavar="TRACE...", type=click.Path(path_type=Path))
@options.candidate
@options.parameter
@options.text_or_json
def command(traces: tuple[Path, ...], model: str | None, parameters: dict[str, str], style: str) -> None:
    """Take the steps of each TRACE again, and say whether they still violate the property.

    A folder stands for the .json files in it. Of each trace: reproduced; no longer possible, at which step and why;
    or no longer a violation. The exit status is 1 if any violation is reproduced, 2 if any file is wrong, else 0.
    """
    candidates = Candidates(model, parameters)
    answers = [_answer(file, candidates) for file in files(traces)]
    say(_as_json(answers) if style == "json" else _as_text(answers))
    for message in dict.fromkeys(str(answer.wrong) for answer in answers if answer.wrong):
        complain(message)
    raise click.exceptions.Exit(_status(answers))


def _answer(file: Path, candidates: Candidates) -> Answer:
    try:
        recording = opened(file)
        return Answer(file, candidates.model(recording).name, replay(recording, candidates.system(recording)))
    except ModelError as wrong:
        return Answer(file, wrong=seen_from_here(wrong))


def _status(answers: Iterable[Answer]) -> Status:
    statuses = {_status_of(answer) for answer in answers}
    return next(s for s in (Status.VIOLATED, Status.MISTAKE, Status.HOLDS) if s in statuses)


def _status_of(answer: Answer) -> Status:
    if answer.replayed is None:
        return Status.MISTAKE
    shown = answer.replayed.outcome is Replay.REPRODUCED and answer.replayed.kind != "run"
    return Status.VIOLATED if shown else Status.HOLDS


# -- what is said --------------------------------------------------------------------------------------------------


def _as_text(answers: list[Answer]) -> str:
    lines = [f"{answer.file}: {_said(answer)}" for answer in answers]
    if len(answers) > 1:
        counted = Counter(_outcome(answer) for answer in answers)
        lines.append(", ".join(f"{times} {outcome}" for outcome, times in counted.items()))
    return "\n".join(lines)


def _said(answer: Answer) -> str:
    if answer.replayed is None:
        return click.style(f"not replayed: {answer.wrong.what if answer.wrong else ''}", fg="yellow")
    first, *others = answer.replayed.describe().splitlines()
    reproduced = answer.replayed.outcome is Replay.REPRODUCED
    return "\n".join([click.style(first, fg="red" if reproduced else "green"), *others])


def _outcome(answer: Answer) -> str:
    return answer.replayed.outcome.value if answer.replayed else "not replayed"


def _as_json(answers: list[Answer]) -> str:
    return json.dumps({"schema": SCHEMA, "traces": [_data(answer) for answer in answers]}, indent=2)


def _data(answer: Answer) -> dict[str, Any]:
    about: dict[str, Any] = {"file": str(answer.file), "outcome": _outcome(answer)}
    if answer.replayed is None:
        return about | {"error": str(answer.wrong)}
    found = answer.replayed
    shown = {"model": answer.model, "kind": found.kind, "property": found.violated, "length": found.recorded_length}
    where = {"step": found.step, "action": found.action, "reason": found.reason, "differs_from": found.differs_from}
    return about | shown | where

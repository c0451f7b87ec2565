"""The text of each bundled model's program, and that it is legal.

To accept new texts: `QUORATE_UPDATE=1 pytest tests/ir`, then read the difference.
"""

import os
from pathlib import Path

import pytest

from quorate.checker.frontend import compile_model
from quorate.checker.ir import show
from quorate.models.language import Protocol

from .bundled import bundled, title
from .kitchen import Kitchen

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = bool(os.environ.get("QUORATE_UPDATE"))
# together they have every word of the language; the extensions of a protocol would repeat most of its text
FAMILIES = (
    "classic.",
    "toys.",
    "two_phase_commit.",
    "paxos.paxos",
    "paxos.flexible",
    "raft.raft",
    "raft.disk",
    "registers.chain",
)
MODELS = [*(model for model in bundled() if title(model).startswith(FAMILIES)), Kitchen]


@pytest.mark.parametrize("model", MODELS, ids=title)
def test_the_program_of_a_bundled_model(model: type[Protocol]) -> None:
    text = show(compile_model(model))
    file = SNAPSHOTS / f"{title(model)}.txt"
    if UPDATE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    assert text == file.read_text()


def test_no_snapshot_is_left_over() -> None:
    assert {f.stem for f in SNAPSHOTS.glob("*.txt")} == {title(model) for model in MODELS}

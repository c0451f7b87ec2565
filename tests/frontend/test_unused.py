"""Methods that nothing calls: what looks like an override and is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from quorate.checker import check, simulate
from quorate.checker.cli import bundled
from quorate.checker.cli.loading import load
from quorate.checker.frontend import compile_model, unused
from quorate.models.language import Cluster, Process, Protocol, cluster, restart, volatile
from quorate.models.raft import Raft, RequestVote, Server


class HastyServer(Server):
    def is_uptodate(self, m: RequestVote) -> bool:
        return True

    def is_up_to_date(self, m: RequestVote) -> bool:
        return self.seems_new(m)

    def seems_new(self, m: RequestVote) -> bool:
        return m.last_index >= len(self.log)


class Hasty(Raft):
    servers: Cluster[HastyServer] = cluster(3)


WARNING = "HastyServer.is_uptodate is never called: did you mean is_up_to_date"


def test_a_misspelt_override_is_a_warning() -> None:
    (warning,) = unused(compile_model(Hasty))
    assert warning.startswith(WARNING)


class Cautious(HastyServer):
    def seems_new(self, m: RequestVote) -> bool:
        return False


class Slow(Raft):
    servers: Cluster[Cautious] = cluster(3)


def test_what_is_overridden_need_not_be_called() -> None:
    assert not any("seems_new" in warning for warning in unused(compile_model(Slow)))


def test_a_process_class_in_no_cluster_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = Path(__file__).read_text().partition("class Cautious")[0].replace("servers: Cluster[HastyServer]", "spare")
    Path("loose.py").write_text(source.replace("spare = cluster(3)", "pass"))
    assert unused(compile_model(load("loose.py").model)) == ("HastyServer is in no cluster: nothing of it runs",)


def test_a_run_says_so() -> None:
    small = Hasty(terms=1)
    assert any(w.startswith(WARNING) for w in check(small, symmetry=True).warnings)
    assert any(w.startswith(WARNING) for w in simulate(small, walks=1).warnings)


@pytest.mark.parametrize("model", [*bundled.everything(), *bundled.mutants()], ids=lambda m: m.name)
def test_each_method_of_a_bundled_model_is_called(model: bundled.Bundled) -> None:
    assert unused(compile_model(model.model)) == ()


class Rebooted(Process):
    up: bool = volatile(False)

    @restart
    def reboot(self) -> None:
        self.up = self.is_sound()

    def is_sound(self) -> bool:
        return not self.up


class Hosts(Protocol):
    hosts: Cluster[Rebooted] = cluster(1)


def test_a_restart_is_called_whether_anything_crashes_or_not() -> None:
    assert not [warning for warning in unused(compile_model(Hosts)) if "Rebooted" in warning]

"""Raft with joint consensus, which goes from any configuration to any other one (section 6 of the paper).

While two configurations are in force, elections and commits need a majority of each. The leader first appends an entry
with both, C-old,new, and once that is committed one with the new one alone, C-new. In the model both entries name the
new members, and the last two configurations of a log are in force: after C-old,new they are the old and the new one,
after C-new they are equal.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Size, Sizes, action, cluster, require
from ._configurations import ConfiguredRaft, ConfiguredServer, Majorities, Members
from .raft import Value


class JointServer(ConfiguredServer):
    """A server that, as leader, changes any number of members at once."""

    def majorities(self) -> Majorities:
        """The old and the new configuration, which are the same unless a change is on the way."""
        return (self.earlier_members(), self.latest_members())

    def earlier_members(self) -> Members:
        """The configuration before the latest one in the log."""
        return self.configurations[-2].members if len(self.configurations) > 1 else self.initial_members()

    def is_joint(self) -> bool:
        """Whether the latest configuration in the log is C-old,new."""
        return self.earlier_members() != self.latest_members()

    @action
    def reconfigure(self, members: Members, value: Value) -> None:
        """Append C-old,new, if no change is on the way."""
        require(self.leads() and not self.is_joint() and self.is_settled())
        require(len(members) > 0 and members != self.latest_members())
        self.appoint(members, value)

    @action
    def complete(self, value: Value) -> None:
        """Append C-new once C-old,new is committed."""
        require(self.leads() and self.is_joint() and self.is_settled())
        self.appoint(self.latest_members(), value)


class JointRaft(ConfiguredRaft):
    """Raft with joint consensus; a log has at most `changes` configurations, two for each change."""

    servers: Cluster[JointServer] = cluster(2)

    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "terms": 2, "entries": 2, "requests": 2},
            Figures(2_446_735, 7_372_657, 41),
            symmetric=Figures(407_867, 1_229_106, 41),
        ),
        Size(
            "medium",
            {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "crashes": 1},
            Figures(11_242_016, 38_474_515, 45),
            symmetric=Figures(1_874_532, 6_415_566, 45),
        ),
        Size(
            "large",
            {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "messages": 3},
            symmetric=Figures(13_795_997, 55_542_774, 47),
        ),
    )

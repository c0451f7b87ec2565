"""Paxos and its kin: Lamport's single-decree protocol, and what others built on it."""

from .fast_paxos import FastPaxos
from .flexible_paxos import FlexiblePaxos
from .paxos import (
    Accept,
    Accepted,
    Acceptor,
    Agent,
    Ballot,
    Heard,
    LastBallot,
    Learner,
    Paxos,
    Phase,
    Prepare,
    Promise,
    Proposer,
    Value,
    Vote,
)

__all__ = [
    "Accept",
    "Accepted",
    "Acceptor",
    "Agent",
    "Ballot",
    "FastPaxos",
    "FlexiblePaxos",
    "Heard",
    "LastBallot",
    "Learner",
    "Paxos",
    "Phase",
    "Prepare",
    "Promise",
    "Proposer",
    "Value",
    "Vote",
]

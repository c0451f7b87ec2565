"""The alternating bit protocol: one value at a time over two lines that lose messages.

After `AlternatingBit.tla` (Lamport, "Specifying Systems", 2002, section 14.2; tlaplus/Examples, SpecifyingSystems).
"""

from __future__ import annotations

from typing import Annotated

from ..language import (
    AtMost,
    Protocol,
    Range,
    Symbol,
    action,
    constraint,
    initial,
    record,
    require,
    shared,
    step_invariant,
)

Bit = Annotated[int, Range(0, 1)]
Place = Annotated[int, Range(0, "queue - 1")]


class Data(Symbol, size="data"):
    """What is sent (`Data`)."""


@record
class Packet:
    """A value, with the bit that tells it from the value before."""

    bit: Bit
    value: Data


class AlternatingBit(Protocol):
    """Module AlternatingBit; `queue` bounds both lines, as in MCAlternatingBit."""

    data: int = 2
    queue: int = 2

    packets: Annotated[tuple[Packet, ...], AtMost("queue + 1")] = shared(())
    acks: Annotated[tuple[Bit, ...], AtMost("queue + 1")] = shared(())
    sending: Bit = shared(0)
    acked: Bit = shared(0)
    receiving: Bit = shared(0)
    last_sent: Data = shared(Data.nth(0))
    last_received: Data = shared(Data.nth(0))

    @initial
    def start(self, bit: Bit, sent: Data, received: Data) -> None:
        """ABInit: all three bits agree."""
        self.sending = bit
        self.acked = bit
        self.receiving = bit
        self.last_sent = sent
        self.last_received = received

    @action
    def send_new_value(self, d: Data) -> None:
        """SndNewValue(d): the last value has been acknowledged."""
        require(self.acked == self.sending)
        self.last_sent = d
        self.sending = 1 - self.sending
        self.packets += (Packet(self.sending, d),)

    @action
    def resend(self) -> None:
        """ReSndMsg: the value has not been acknowledged yet."""
        require(self.acked != self.sending)
        self.packets += (Packet(self.sending, self.last_sent),)

    @action
    def receive_packet(self) -> None:
        """RcvMsg."""
        require(len(self.packets) > 0)
        self.receiving = self.packets[0].bit
        self.last_received = self.packets[0].value
        self.packets = self.packets[1:]

    @action
    def send_ack(self) -> None:
        """SndAck: tell the bit of the value received last."""
        self.acks += (self.receiving,)

    @action
    def receive_ack(self) -> None:
        """RcvAck."""
        require(len(self.acks) > 0)
        self.acked = self.acks[0]
        self.acks = self.acks[1:]

    @action
    def lose_packet(self, i: Place) -> None:
        """LoseMsg: any packet under way."""
        require(i < len(self.packets))
        self.packets = self.packets[:i] + self.packets[i + 1 :]

    @action
    def lose_ack(self, i: Place) -> None:
        """LoseAck: any acknowledgement under way."""
        require(i < len(self.acks))
        self.acks = self.acks[:i] + self.acks[i + 1 :]

    @constraint
    def short_queues(self) -> bool:
        """SeqConstraint."""
        return len(self.packets) <= self.queue and len(self.acks) <= self.queue

    @step_invariant
    def takes_what_is_sent(self, after: AlternatingBit) -> bool:
        """ABCorrectness: the receiver's bit changes with its value, to those of the sender, and not otherwise."""
        kept = after.receiving == self.receiving and after.last_received == self.last_received
        return kept or (
            self.receiving != self.sending and after.receiving == self.sending and after.last_received == self.last_sent
        )

    @step_invariant
    def sends_when_acknowledged(self, after: AlternatingBit) -> bool:
        """ABCorrectness: a new value is sent only after the receiver has the last one."""
        return after.sending == self.sending or self.receiving == self.sending

"""The messages of some Kafka topics, read by assignment from offsets that were noted before.

So no message is missed, and no consumer group has to be joined, which would take seconds and share the messages out.
Reading removes nothing: an answer lost with a connection is fetched again, from the offset that was reached.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from confluent_kafka import (
    TIMESTAMP_CREATE_TIME,
    TIMESTAMP_LOG_APPEND_TIME,
    IsolationLevel,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka import (
    Message as KafkaMessage,
)
from confluent_kafka.admin import OffsetSpec  # type: ignore[attr-defined]

from acceptance.kafka.cluster import REACH_SECONDS, Kafka
from acceptance.service_levels.timeline import Clock, Stamp
from acceptance.trouble import Trouble

# So many messages are taken from the client at a time.
AT_ONCE = 1000
# How long to wait for further messages before checking how far the reading has come, in s.
GLANCE_SECONDS = 0.05
BROKER = Clock("Kafka LogAppendTime", 1)
# A topic, and the number of one of its partitions.
Place = tuple[str, int]


@dataclass(frozen=True)
class Message:
    """A message of a topic. Its stamp is its producer's (CreateTime) unless the topic's broker sets it.

    `heard`: when it was read here, in ms of a monotonic clock; no promise is checked by that.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    stamp: Stamp
    headers: Mapping[str, str] = field(default_factory=dict)
    heard: float = 0.0

    @cached_property
    def content(self) -> Any:
        """Its JSON value; None if it is not JSON."""
        try:
            return json.loads(self.value or b"")
        except (ValueError, RecursionError):
            return None

    @property
    def words(self) -> str:
        """Its position, and its beginning."""
        shown = (self.value or b"nothing").decode(errors="replace")
        return f"{self.topic}/{self.partition}/{self.offset}: {shown[:200]}"


class Topics:
    """Listens to some topics. Call `listen()` again before each observation, `close()` at the end.

    `clocks` gives for each topic whose clock stamps its messages. `partitions`: how many each one has.
    """

    def __init__(
        self, kafka: Kafka, partitions: Mapping[str, int], clocks: Mapping[str, Clock], fetch_wait_ms: int
    ) -> None:
        self.partitions = partitions
        self._clocks = clocks
        self._kafka = kafka
        self._admin = kafka.admin()
        self._consumer = kafka.consumer(fetch_wait_ms)
        # Up to which offset each partition is read: that of the next message.
        self._read: dict[Place, int] = {}
        self._heard: dict[str, list[Message]] = {}

    def listen(
        self, wanted: Callable[[Message], bool] = lambda _: True, hear: Callable[[Message], None] = lambda _: None
    ) -> None:
        """Forget earlier messages, note where each topic ends, and keep all later ones that are `wanted`.

        Each wanted message is also passed to `hear`, including any between the last read and this call.
        """
        ends = dict(self._ends(IsolationLevel.READ_COMMITTED))
        if self._read:
            self._read_up_to(ends)
        self._wanted, self._hear = wanted, hear
        self._read = ends
        self._consumer.assign([TopicPartition(*place, offset) for place, offset in self._read.items()])
        self._heard = {name: [] for name in self.partitions}

    def messages(self, topic: str) -> Sequence[Message]:
        """Return every message of a topic received so far, those of one partition in their order.

        Raises Trouble when the topics cannot be read.
        """
        self.pause(0)
        if self._kafka.is_in_doubt:
            self.check()
        return self._heard[topic]

    def pause(self, seconds: float) -> None:
        """Wait for this long, or until a message arrives. Raises Trouble when the topics cannot be read."""
        end, came = time.monotonic() + seconds, False
        while not came and (first := self._consumer.poll(max(0.0, end - time.monotonic()))) is not None:
            batch = [first, *self._consumer.consume(AT_ONCE, timeout=0)]
            came = not all(message.error() for message in batch)
            troubles = [self._take(message) for message in batch]
            if trouble := next(filter(None, troubles), None):  # only now: what came beside it is not read again
                raise trouble

    def listen_for(self, seconds: float) -> None:
        """Listen for this long, regardless of what arrives."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pause(left)

    def catch_up(self) -> None:
        """Return once all messages sent before are received. Raises Trouble when that does not happen.

        Messages of a transaction are received when it is committed, and never when it is aborted. As long as one is
        open, no reader of committed messages sees those after its beginning.
        """
        ends = self._ends(IsolationLevel.READ_UNCOMMITTED)
        if behind := self._read_up_to(ends):
            visible = self._ends(IsolationLevel.READ_COMMITTED)
            held = [place for place in behind if self._read[place] >= visible[place]]
            if held:
                raise self._kafka.held_back(*held[0], ends[held[0]] - self._read[held[0]])
            raise self._kafka.slow("Not everything that was said in Kafka's topics could be read")

    def read_up_to(self, topic: str, ends: Mapping[int, int]) -> None:
        """Return once these partitions of a topic are read up to these offsets. Raises Trouble as `catch_up` does."""
        if self._read_up_to({(topic, partition): end for partition, end in ends.items()}):
            raise self._kafka.slow(f"The suite's own messages in {topic} could not be read")

    def _read_up_to(self, ends: Mapping[Place, int]) -> Sequence[Place]:
        """Read until these ends, and return where they are not reached in time."""
        patience = time.monotonic() + REACH_SECONDS
        while behind := [place for place, end in ends.items() if self._read[place] < end]:
            if time.monotonic() > patience:
                break
            self.pause(GLANCE_SECONDS)
        return behind

    def _ends(self, isolation: IsolationLevel) -> Mapping[Place, int]:
        """Return where each partition ends now, for such readers. Raises Trouble when no broker answers."""
        places = [(name, number) for name, count in self.partitions.items() for number in range(count)]
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]

        def ask(seconds: float) -> Mapping[Place, int]:
            asked = self._admin.list_offsets(
                {TopicPartition(*place): latest for place in places}, isolation_level=isolation, request_timeout=seconds
            )
            ends = {(at.topic, at.partition): int(told.result().offset) for at, told in asked.items()}
            if min(ends.values()) < 0:  # if the answer was lost, librdkafka reports no error, but an invalid offset
                raise KafkaException(KafkaError(KafkaError._TRANSPORT, "the ends of the partitions are not known"))
            return ends

        try:
            return self._kafka.insist(ask)
        except KafkaException as error:
            raise self._kafka.trouble(error.args[0]) from None

    def check(self) -> None:
        """Raise Trouble when the cluster no longer answers."""
        topic = next(iter(self.partitions))
        try:
            self._kafka.insist(partial(self._consumer.list_topics, topic))
        except KafkaException as error:
            self.pause(0)  # lets it report its events
            raise self._kafka.trouble(error.args[0]) from None
        self._kafka.found_well()

    def close(self) -> None:
        """Stop listening."""
        self._consumer.close()

    def _take(self, said: KafkaMessage) -> Trouble | None:
        """Keep a wanted message that is new, and return the error, if there is one."""
        place, offset = (str(said.topic()), said.partition() or 0), said.offset() or 0
        error = said.error()
        if error and error.code() == KafkaError._PARTITION_EOF:
            # Transaction markers and aborted messages occupy offsets and are never received.
            self._read[place] = max(self._read[place], offset)
        elif error:
            return self._judge(error, said.topic() or "")
        elif offset >= self._read[place]:
            self._read[place] = offset + 1
            stamp = self._stamp(said)
            if isinstance(stamp, Trouble):
                return stamp
            headers = {str(name): _text(value) for name, value in said.headers() or ()}  # type: ignore[str-unpack]
            heard = time.monotonic() * 1000
            message = Message(*place, offset, said.key(), said.value(), stamp, headers, heard)
            if self._wanted(message):
                self._heard[message.topic].append(message)
                self._hear(message)
        return None

    def _stamp(self, said: KafkaMessage) -> Stamp | Trouble:
        kind, ms = said.timestamp()
        topic = str(said.topic())
        if kind == TIMESTAMP_LOG_APPEND_TIME:
            return Stamp(ms, BROKER)
        if kind == TIMESTAMP_CREATE_TIME:
            return Stamp(ms, self._clocks[topic])
        return Trouble(f"A message of {topic} has no time stamp, so it cannot be used for a service level.")

    def _judge(self, error: KafkaError, topic: str) -> Trouble | None:
        """Ignore errors that resolve themselves; `check` reports those that do not."""
        passing = (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._RESOLVE)
        return None if error.retriable() or error.code() in passing else self._kafka.trouble(error, topic)


def _text(value: str | bytes | None) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value or ""

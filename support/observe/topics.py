"""What was said in some Kafka topics, read by assignment from offsets that were noted before.

So nothing is missed, and no consumer group has to be joined, which would take seconds and share the messages out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from confluent_kafka import (
    TIMESTAMP_CREATE_TIME,
    TIMESTAMP_LOG_APPEND_TIME,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka import (
    Message as KafkaMessage,
)
from confluent_kafka.admin import OffsetSpec  # type: ignore[attr-defined]

from support.cloud.kafka import REACH_SECONDS, Kafka
from support.cloud.trouble import Trouble
from support.observe.timeline import Clock, Stamp

# So many messages are taken from the client at a time.
AT_ONCE = 1000
# How long to wait for further messages before looking how far the reading has come, in s.
GLANCE_SECONDS = 0.05
BROKER = Clock("Kafka LogAppendTime", 1)


@dataclass(frozen=True)
class Message:
    """A message of a topic. Its stamp is its producer's (CreateTime) unless the topic's broker sets it.

    `heard`: when it was read here, epoch ms by the suite's own clock; no promise is judged by that.
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
        """What its JSON says; None where it is no JSON."""
        try:
            return json.loads(self.value or b"")
        except (ValueError, RecursionError):
            return None

    @property
    def words(self) -> str:
        """Where it lies, and its beginning."""
        shown = (self.value or b"nothing").decode(errors="replace")
        return f"{self.topic}/{self.partition}/{self.offset}: {shown[:200]}"


class Topics:
    """Listens to some topics. `listen()` anew before each thing that is to be seen, `close()` at the end.

    `clocks` gives for each topic whose clock stamps its messages. `partitions`: how many each one has.
    """

    def __init__(
        self, kafka: Kafka, partitions: Mapping[str, int], clocks: Mapping[str, Clock], fetch_wait_ms: int
    ) -> None:
        self.partitions = partitions
        self._clocks = clocks
        self._kafka = kafka
        self._admin = kafka.admin()
        self._assigned: list[TopicPartition] = []
        self._consumer = kafka.consumer(fetch_wait_ms)
        self._heard: dict[str, list[Message]] = {}

    def listen(self, wanted: Callable[[Message], bool] = lambda _: True) -> None:
        """Forget what was heard, note where each topic ends, and keep all that comes after it and is `wanted`."""
        self._assigned = self._ends()
        self._consumer.assign(self._assigned)
        self._wanted = wanted
        self._heard = {name: [] for name in self.partitions}

    def messages(self, topic: str) -> Sequence[Message]:
        """Return every message of a topic that was heard so far, those of one partition in their order.

        Raises Trouble when the topics cannot be read.
        """
        self.pause(0)
        if self._kafka.is_in_doubt:
            self.check()
        return self._heard[topic]

    def pause(self, seconds: float) -> None:
        """Wait for so long, or until a message comes. Raises Trouble when the topics cannot be read."""
        first = self._consumer.poll(seconds)
        if first is not None:
            for message in [first, *self._consumer.consume(AT_ONCE, timeout=0)]:
                self._take(message)

    def catch_up(self) -> None:
        """Return once everything that was said before is heard. Raises Trouble when that does not come to pass."""
        wanted = {(end.topic, end.partition): end.offset for end in self._ends()}
        patience = time.monotonic() + REACH_SECONDS
        while True:
            read = {(at.topic, at.partition): at.offset for at in self._consumer.position(self._assigned)}
            # Nothing was read yet of a partition whose position is not known; then the noted offset is its place.
            noted = {(at.topic, at.partition): at.offset for at in self._assigned}
            if all(max(read[place], noted[place]) >= offset for place, offset in wanted.items()):
                return
            if time.monotonic() > patience:
                raise Trouble(
                    f"Not everything that was said in Kafka's topics could be read within {REACH_SECONDS:g} s. "
                    "Is the cluster overloaded? Nothing can be said about what has not been heard; run again."
                )
            self.pause(GLANCE_SECONDS)

    def _ends(self) -> list[TopicPartition]:
        """Return where each partition ends now. Raises Trouble when nobody says so."""
        asked = self._admin.list_offsets(
            {
                TopicPartition(name, number): OffsetSpec.latest()  # type: ignore[no-untyped-call]
                for name, count in self.partitions.items()
                for number in range(count)
            },
            request_timeout=REACH_SECONDS,
        )
        try:
            return [TopicPartition(at.topic, at.partition, told.result().offset) for at, told in asked.items()]
        except KafkaException as error:
            raise self._kafka.trouble(error.args[0]) from None

    def check(self) -> None:
        """Raise Trouble when the cluster does not answer any more."""
        try:
            self._consumer.list_topics(next(iter(self.partitions)), timeout=REACH_SECONDS)
        except KafkaException as error:
            self._consumer.poll(0)
            raise self._kafka.trouble(error.args[0]) from None
        self._kafka.found_well()

    def close(self) -> None:
        """Listen no more."""
        self._consumer.close()

    def _take(self, said: KafkaMessage) -> None:
        error = said.error()
        if error:
            self._judge(error, said.topic() or "")
            return
        message = Message(
            str(said.topic()),
            said.partition() or 0,
            said.offset() or 0,
            said.key(),
            said.value(),
            self._stamp(said),
            {str(name): _text(value) for name, value in said.headers() or ()},  # type: ignore[str-unpack]
            time.time() * 1000,
        )
        if self._wanted(message):
            self._heard[message.topic].append(message)

    def _stamp(self, said: KafkaMessage) -> Stamp:
        kind, ms = said.timestamp()
        topic = str(said.topic())
        if kind == TIMESTAMP_LOG_APPEND_TIME:
            return Stamp(ms, BROKER)
        if kind == TIMESTAMP_CREATE_TIME:
            return Stamp(ms, self._clocks[topic])
        raise Trouble(f"A message of {topic} has no time stamp, so no promise of time can be judged by it.")

    def _judge(self, error: KafkaError, topic: str) -> None:
        """Overlook what mends itself; `check` tells whether it has not."""
        if error.retriable() or error.code() in (KafkaError._PARTITION_EOF, KafkaError._ALL_BROKERS_DOWN):
            return
        if error.code() in (KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._RESOLVE):
            return
        raise self._kafka.trouble(error, topic)


def _text(value: str | bytes | None) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value or ""

"""The shared part of both services: read a batch of messages, answer it, and only then commit its offsets.

So nothing is lost when a service ends half-way: messages without a safe answer are read again. An unreadable message is
moved to the dead letters, so it does not block the others.
"""

import json
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

BATCH = 500
# How often an idle service checks whether it should stop, in s.
IDLE_SECONDS = 0.2
FLUSH_SECONDS = 30.0
NUMBERS = ("USERID", "PAGEID", "TIMESTAMP")
GREATEST = 2**63 - 1
# A commit fails with these errors when the partitions belong to another member, which reads their messages again.
NOT_MINE = (
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError.STALE_MEMBER_EPOCH,
    KafkaError.FENCED_MEMBER_EPOCH,
    KafkaError._ASSIGNMENT_LOST,
)

Content = Mapping[str, Any]
Answers = Iterable[tuple[Message, Content]]


class ServiceError(Exception):
    """The service cannot go on. Its supervisor restarts it."""


class Unreadable(Exception):
    """A message that is not a page view, with the reason."""


def topic(name: str, default: str) -> str:
    """Return the name of a topic: the environment variable …_TOPIC, or the default."""
    return os.environ.get(f"{name}_TOPIC", default)


def client_settings(kind: str) -> dict[str, str]:
    """Return the settings of a Kafka client, a "CONSUMER" or a "PRODUCER".

    KAFKA_CLIENT_BOOTSTRAP_SERVERS sets bootstrap.servers, KAFKA_CONSUMER_GROUP_PROTOCOL sets group.protocol for
    consumers only. Other variables are ignored: platforms set some of their own whose names begin with KAFKA_.
    """
    found = {}
    for prefix in ("KAFKA_CLIENT_", f"KAFKA_{kind}_"):
        given = {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}
        found |= {name.lower().replace("_", "."): value for name, value in given.items()}
    if "bootstrap.servers" not in found:
        raise ServiceError("Set KAFKA_CLIENT_BOOTSTRAP_SERVERS to the host:port of Kafka.")
    return found


def view_of(message: Message) -> Content:
    """Parse a page view. Raises Unreadable for any other message."""
    try:
        content = json.loads(message.value() or b"", parse_constant=_no_number, parse_float=_finite)
    except ValueError as error:
        raise Unreadable(f"It is not JSON: {error}") from None
    except RecursionError:
        raise Unreadable("It is nested too deeply.") from None
    if not isinstance(content, dict):
        raise Unreadable("It is not a JSON object.")
    for name in NUMBERS:
        if type(content.get(name)) is not int or not 0 <= content[name] <= GREATEST:
            raise Unreadable(f"Its {name} is not a whole number from 0 to {GREATEST}.")
    return content


def _finite(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise ValueError(f"{digits} is too large for a number")
    return number


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


class Service:
    """A service that reads one topic in a consumer group and writes its answers to another."""

    def __init__(self, name: str, source: str, target: str) -> None:
        self.name = name
        self.source = source
        self.target = target
        self.dead_letters = topic("DEAD_LETTERS", "retail_dead_letters")
        self._stopping = False
        self._failed: list[str] = []
        self._producer = Producer({"linger.ms": 0, "enable.idempotence": True, **client_settings("PRODUCER")})
        self._consumer = Consumer(
            {
                "group.id": name,
                "auto.offset.reset": "earliest",
                **client_settings("CONSUMER"),
                # Offsets are committed only after the answers are safe, never on a timer.
                "enable.auto.commit": False,
            }
        )

    def partitions(self, name: str) -> int:
        """Return a topic's number of partitions. Raises ServiceError if there is no such topic."""
        found = self._consumer.list_topics(name, timeout=FLUSH_SECONDS).topics[name]
        if found.error:
            raise ServiceError(f"There is no topic {name}: {found.error.str()}.")
        return len(found.partitions)

    def run(
        self,
        answers: Callable[[Sequence[tuple[Message, Content]]], Answers],
        assigned: Callable[[Sequence[int]], None] = lambda _: None,
    ) -> None:
        """Serve until SIGTERM or SIGINT. `answers` returns the answers to a batch, each with the message it answers.

        `assigned` is called with the partitions that this member is assigned, before any of their messages is read.
        """
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        for name in (self.source, self.target, self.dead_letters):
            self.partitions(name)

        def on_assign(_: Consumer, partitions: Sequence[TopicPartition]) -> None:
            assigned([one.partition for one in partitions])
            self.log(f"reads {self.source}, partitions {sorted(one.partition for one in partitions)}")

        try:
            self._consumer.subscribe([self.source], on_assign=on_assign)
            while not self._stopping:
                batch = self._read()
                if batch:
                    received = time.time_ns() // 1_000_000
                    for message, content in answers(list(self._readable(batch))):
                        self._say(self.target, message, json.dumps(content).encode(), {"consumed-at": str(received)})
                    self._done(batch)
        finally:
            self._consumer.close()  # so that another member gets the partitions at once
        self.log("has stopped")

    def log(self, words: str) -> None:
        """Log a line to stderr. It never contains a message's content, which is personal data."""
        sys.stderr.write(f"{self.name}: {words}\n")
        sys.stderr.flush()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _read(self) -> Sequence[Message]:
        """Wait for a message, and return it with all others that have arrived."""
        first = self._consumer.poll(IDLE_SECONDS)
        if first is None:
            return []
        batch = [first, *self._consumer.consume(BATCH - 1, timeout=0)]
        for message in batch:
            error = message.error()
            if error and not error.retriable():
                raise ServiceError(f"{self.source} cannot be read: {error.str()}.")
        # Messages of a partition that has since moved to another member are read by that member.
        mine = {one.partition for one in self._consumer.assignment()}
        return [message for message in batch if not message.error() and message.partition() in mine]

    def _readable(self, batch: Iterable[Message]) -> Iterable[tuple[Message, Content]]:
        for message in batch:
            try:
                content = view_of(message)
            except Unreadable as why:
                self._put_aside(message, str(why))
            else:
                # Answers are keyed by the user's id, so a user's messages keep their order whatever their first key.
                message.set_key(str(content["USERID"]).encode())
                yield message, content

    def _put_aside(self, message: Message, why: str) -> None:
        origin = f"{message.topic()}/{message.partition()}/{message.offset()}"
        self._say(self.dead_letters, message, message.value(), {"error": why, "origin": origin, "service": self.name})
        self.log(f"moved {origin} to the dead letters: {why}")

    def _say(self, name: str, about: Message, value: bytes | None, headers: Mapping[str, str]) -> None:
        """Produce a message with the key of the message it is about, so a user's messages keep their order."""
        while True:
            try:
                self._producer.produce(name, value, about.key(), on_delivery=self._told, headers=dict(headers))
                break
            except BufferError:  # the producer's queue is full; wait until some are delivered
                self._producer.poll(IDLE_SECONDS)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.MSG_SIZE_TOO_LARGE:
                    raise
                self._say_less(name, about, headers)
                break

    def _say_less(self, name: str, about: Message, headers: Mapping[str, str]) -> None:
        """Move a message with too long an answer to the dead letters, without its content if even that is too long."""
        if name == self.dead_letters:
            self._say(name, about, None, headers)
        else:
            self._put_aside(about, "Its answer is too long for Kafka.")

    def _told(self, error: KafkaError | None, message: Message) -> None:
        if error:
            self._failed.append(f"{message.topic()}: {error.str()}")

    def _done(self, batch: Sequence[Message]) -> None:
        """Commit the offsets of a batch once all its answers are safe."""
        if self._producer.flush(FLUSH_SECONDS) or self._failed:
            raise ServiceError(f"Not all answers could be produced: {', '.join(self._failed) or 'no broker answers'}.")
        read = {message.partition(): message.offset() + 1 for message in batch}
        try:
            offsets = [TopicPartition(self.source, partition, offset) for partition, offset in read.items()]
            self._consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            if error.args[0].code() not in NOT_MINE:
                raise
            self.log(f"could not commit its offsets: {error.args[0].str()}")


def serve(main: Callable[[], None]) -> None:
    """Run a service. On a fatal error it exits with a message and status 1."""
    try:
        main()
    except (ServiceError, KafkaException, BotoCoreError) as error:
        cause = error.args[0]
        raise SystemExit(cause.str() if isinstance(cause, KafkaError) else str(cause)) from None

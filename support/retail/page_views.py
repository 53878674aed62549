"""Sends the suite's page views, and reports any that lies in the topic more often than it was sent.

When a connection loses an acknowledgement, the message is sent again. An idempotent producer
still has it written once. Where the cluster refuses such a producer, or ignores its sequence numbers, it is
written twice: each message carries a number of its own in a header, so that this is noticed when the topic is read,
and no service is blamed for answering it twice.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from secrets import token_hex

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka import Message as KafkaMessage

from acceptance.kafka.cluster import Kafka
from acceptance.kafka.topics import Topics
from acceptance.trouble import Trouble

FLUSH_SECONDS = 15.0
# How long to wait for room where the producer holds as many messages as it may, in s.
FULL_SECONDS = 0.1
# Which of the suite's messages it is. Two at different places with the same number were sent once.
NUMBER = "acceptance-number"
# Errors of a producer that may not be idempotent. Before Kafka 2.8 that needs a permission of its own.
NOT_IDEMPOTENT = (
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.UNSUPPORTED_VERSION,
    KafkaError._UNSUPPORTED_FEATURE,
)
# Kafka's own choice of a partition, by the key.
ANY = -1


@dataclass(frozen=True)
class Taken:
    """Where a message lies, and its timestamp (epoch ms)."""

    partition: int
    offset: int
    stamp: int


class PageViews:
    """Sends to the topic of the page views, and checks there that each message was written once."""

    def __init__(self, kafka: Kafka, topics: Topics, topic: str) -> None:
        self._kafka = kafka
        self._topics = topics
        self._topic = topic
        self._producer = kafka.producer(idempotent=True)
        self._idempotent, self._has_sent = True, False
        self._run, self._numbers = token_hex(4), count(1)
        self._ends: dict[int, int] = {}

    def listen(self) -> None:
        """Forget earlier messages, as the topics do."""
        self._ends = {}

    def send(
        self, messages: Sequence[tuple[bytes | None, bytes | None]], partition: int | None = None
    ) -> Sequence[Taken]:
        """Send messages, each a key and a value, and return where they lie. Raises Trouble when one is refused."""
        numbered = [(f"{self._run}-{next(self._numbers)}", *message) for message in messages]
        try:
            try:
                return self._send(numbered, partition)
            except KafkaException as error:
                if not self._is_refused(error.args[0].code()):
                    raise
            self._producer, self._idempotent = self._kafka.producer(idempotent=False), False
            return self._send(numbered, partition)
        except KafkaException as error:
            raise self._kafka.trouble(error.args[0], self._topic) from None

    def _is_refused(self, code: int) -> bool:
        """Whether the cluster gives an idempotent producer no id: some return an error, others never give one."""
        waits = code == KafkaError._MSG_TIMED_OUT and not self._has_sent
        return self._idempotent and (waits or code in NOT_IDEMPOTENT)

    def check(self) -> None:
        """Check that each sent message is in the topic once. Raises Trouble where one was written more than once."""
        self._topics.read_up_to(self._topic, self._ends)
        places = defaultdict(list)
        for message in self._topics.messages(self._topic):
            if number := message.headers.get(NUMBER):
                places[number].append(f"{self._topic}/{message.partition}/{message.offset}")
        if several := next((one for one in places.values() if len(one) > 1), None):
            raise Trouble(
                f"A page view that the suite sent once was written {len(several)} times, at {', '.join(several)}: an "
                "answer of the cluster was lost, and it does not recognise what is sent again. So what the services "
                "made of it is not judged; run again."
            )

    def _send(
        self, messages: Sequence[tuple[str, bytes | None, bytes | None]], partition: int | None
    ) -> Sequence[Taken]:
        told: dict[int, tuple[KafkaError | None, KafkaMessage]] = {}
        stamps = [self._produce(message, place, partition, told) for place, message in enumerate(messages)]
        if self._producer.flush(FLUSH_SECONDS):
            self._producer.purge()
            self._producer.flush(FLUSH_SECONDS)
            self._topics.check()
            raise self._kafka.slow("Not all page views could be sent", FLUSH_SECONDS)
        for error, _ in told.values():
            if error:
                raise KafkaException(error)
        self._has_sent = True
        for _, message in told.values():
            place, end = message.partition() or 0, (message.offset() or 0) + 1
            self._ends[place] = max(self._ends.get(place, 0), end)
        taken = [told[place][1] for place in range(len(stamps))]
        return [Taken(one.partition() or 0, one.offset() or 0, at) for one, at in zip(taken, stamps, strict=True)]

    def _produce(
        self,
        numbered: tuple[str, bytes | None, bytes | None],
        place: int,
        partition: int | None,
        told: dict[int, tuple[KafkaError | None, KafkaMessage]],
    ) -> int:
        """Queue a message, and return its timestamp. Its delivery report goes to `told` by its place."""

        def tell(error: KafkaError | None, message: KafkaMessage) -> None:
            told[place] = error, message  # and no call: librdkafka may come here with an error of its own under way

        stamp = round(time.time() * 1000)
        where = ANY if partition is None else partition
        number, key, value = numbered
        headers: dict[str, str | bytes | None] = {NUMBER: number}
        while True:
            try:
                self._producer.produce(
                    self._topic, value, key, where, on_delivery=tell, timestamp=stamp, headers=headers
                )
                return stamp
            except BufferError:
                self._producer.poll(FULL_SECONDS)

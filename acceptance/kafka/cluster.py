"""A Kafka cluster as the suite uses it: its clients, with bounded waits, and its errors in sentences."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

from acceptance.kafka.broker import EmbeddedBroker
from acceptance.trouble import Trouble

# Before the run a user waits for the answer; later a cluster may be busy.
REACH_SECONDS = 8.0
# How long a message is resent until it is confirmed, in s.
SEND_SECONDS = 10.0
# How long to wait before a request whose answer was lost is repeated, in s.
ANEW_SECONDS = 0.1
# How long librdkafka may wait before it connects or fetches again, in ms. Its own 10 s outlasts every wait here.
RECONNECT_MS, FETCH_ANEW_MS = 200, 100
NOT_LET_IN = (KafkaError._AUTHENTICATION, KafkaError.SASL_AUTHENTICATION_FAILED)
NOT_THERE = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION)
NOT_ALLOWED = (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED)
NO_TLS = (KafkaError._SSL,)
# The parts of librdkafka's messages that are not the reason.
ONLY_A_CONSEQUENCE = (
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._TRANSPORT,
    KafkaError._TIMED_OUT,
    KafkaError._RESOLVE,
)
# Errors that mean a dropped connection, or a partition that is changing its leader.
ASK_AGAIN = (*ONLY_A_CONSEQUENCE, KafkaError._WAIT_CACHE, KafkaError._NOENT)
Answer = TypeVar("Answer")
# What follows the cluster's name, by the error and its subject.
_MEANINGS: Mapping[tuple[int, ...], str] = {
    NOT_LET_IN: "does not let the suite in: {words}. "
    "Check {prefix}security_protocol, {prefix}sasl_mechanism, {prefix}sasl_username and its password.",
    NO_TLS: "did not complete the TLS handshake: {words}. Check {prefix}ssl_ca and its like.",
    NOT_ALLOWED: "does not allow the suite what it asks{about}: {words}. "
    "It needs READ and DESCRIBE on all four topics, and WRITE on that of the page views.",
    ONLY_A_CONSEQUENCE: "does not answer: {words}. "
    "Check {prefix}bootstrap_servers, and that the cluster can be reached from here.",
    (KafkaError._MSG_TIMED_OUT,): "has not confirmed what was sent{about} in time. Is it overloaded? Run again.",
}

_silent = logging.Logger("librdkafka")
_silent.addHandler(logging.NullHandler())


class Kafka:
    """One cluster. `properties` are librdkafka's, including `bootstrap.servers`. `broker`: the run's own, if any."""

    def __init__(
        self, properties: Mapping[str, str], broker: EmbeddedBroker | None = None, *, prefix: str = ""
    ) -> None:
        """`properties` are librdkafka's; `prefix` is the common beginning of the settings that provide them."""
        self.address = properties["bootstrap.servers"]
        self._broker = broker
        self._prefix = prefix
        # `trouble` reports the state of a connection, so librdkafka does not write it to the screen.
        self._properties: dict[str, Any] = {
            **properties,
            "client.id": "acceptance",
            "log_level": 0,
            "logger": _silent,
            "error_cb": self._hear,
            "reconnect.backoff.max.ms": RECONNECT_MS,
        }
        self._heard: list[KafkaError] = []
        # Whether a client has lost every broker: it keeps trying, and may find them again.
        self.is_in_doubt = False

    def producer(self, *, idempotent: bool) -> Producer:
        """Create a producer that reports failures early, and keeps the order of its messages.

        `idempotent`: a message that is resent, because an answer was lost, is written once. A cluster may refuse that.
        """
        once = {"enable.idempotence": True} if idempotent else {"max.in.flight.requests.per.connection": 1}
        return Producer({**self._properties, "linger.ms": 0, "message.timeout.ms": round(SEND_SECONDS * 1000), **once})

    def consumer(self, fetch_wait_ms: int) -> Consumer:
        """Create a consumer that reads its assignment and leaves no trace: it joins no group and commits nothing.

        `fetch_wait_ms`: how long a broker delays its answer when there is nothing new.
        """
        reading = {
            "group.id": "acceptance",  # required, although it is not used
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "fetch.error.backoff.ms": FETCH_ANEW_MS,
        }
        return Consumer({**self._properties, **reading, "fetch.wait.max.ms": fetch_wait_ms})

    def admin(self) -> AdminClient:
        """Create a client that reads metadata of topics."""
        return AdminClient(self._properties)

    def partitions(self, topics: Mapping[str, str]) -> Mapping[str, int]:
        """Return how many partitions each topic has. `topics` gives the setting that names each of them.

        Raises Trouble that names all missing topics, or says why the cluster does not answer.
        """
        try:
            consumer = self.consumer(fetch_wait_ms=100)
        except KafkaException as error:
            raise self.trouble(error.args[0]) from None
        try:
            found = {name: self.insist(partial(consumer.list_topics, name)).topics[name] for name in topics}
        except KafkaException as error:
            consumer.poll(0)  # lets it report its events
            raise self.trouble(error.args[0]) from None
        finally:
            consumer.close()
        wrong = [str(self.trouble(one.error, name, topics[name])) for name, one in found.items() if one.error]
        if wrong:
            raise Trouble("\n".join(wrong))
        return {name: len(one.partitions) for name, one in found.items()}

    def read_by_groups(self) -> Mapping[str, Collection[str]]:
        """Return which consumer groups now read each topic: those with a member that has some of its partitions.

        Raises Trouble when the cluster does not answer; it needs DESCRIBE on the groups.
        """
        admin = self.admin()
        found: dict[str, set[str]] = {}
        try:
            listed = admin.list_consumer_groups(request_timeout=REACH_SECONDS).result().valid
            names = [group.group_id for group in listed]
            asked = admin.describe_consumer_groups(names, request_timeout=REACH_SECONDS) if names else {}
            for name, answer in asked.items():
                for member in answer.result().members:
                    for partition in member.assignment.topic_partitions if member.assignment else ():
                        found.setdefault(partition.topic, set()).add(name)
        except KafkaException as error:
            raise self.trouble(error.args[0]) from None
        return found

    def committed(self, topic: str, partitions: int) -> Mapping[str, Mapping[int, int]]:
        """Return the offsets that each group now reading a topic has committed, by partition.

        Raises Trouble when the cluster does not answer; it needs DESCRIBE on the groups.
        """
        admin, found = self.admin(), dict[str, Mapping[int, int]]()
        places = [TopicPartition(topic, number) for number in range(partitions)]
        for group in self.read_by_groups().get(topic, ()):
            asked = ConsumerGroupTopicPartitions(group, places)
            try:
                [answer] = admin.list_consumer_group_offsets([asked], request_timeout=REACH_SECONDS).values()
                found[group] = {one.partition: one.offset for one in answer.result().topic_partitions}
            except KafkaException as error:
                raise self.trouble(error.args[0]) from None
        return found

    def insist(self, ask: Callable[[float], Answer]) -> Answer:
        """Send a request that changes nothing, again if the answer was lost. `ask` takes the timeout, in s.

        Raises KafkaException when there is no answer in time.
        """
        patience = time.monotonic() + REACH_SECONDS
        while True:
            try:
                return ask(REACH_SECONDS)
            except KafkaException as error:
                if error.args[0].code() not in ASK_AGAIN or time.monotonic() > patience:
                    raise
                if self._broker and self._broker.death():
                    raise
            threading.Event().wait(ANEW_SECONDS)

    def slow(self, what: str, seconds: float = REACH_SECONDS) -> Trouble:
        """Return the sentence for an operation that took too long."""
        who = "this machine" if self._broker else "the cluster"
        return Trouble(
            f"{what} within {seconds:g} s. Is {who} overloaded? "
            "Nothing can be said about what has not been heard; run again."
        )

    def held_back(self, topic: str, partition: int, number: int) -> Trouble:
        """Return the sentence for a transaction that does not end and so blocks a number of offsets."""
        return Trouble(
            f"A transaction in {topic}/{partition} is still open after {REACH_SECONDS:g} s, and holds back the last "
            f"{number} offsets. Nothing can be said about what lies there. Let its producer end it, and run again."
        )

    def trouble(self, error: KafkaError, topic: str = "", setting: str = "") -> Trouble:
        """Return what an error means and what to do about it. `topic` is its subject, `setting` what names that."""
        reason = error
        if error.code() in ONLY_A_CONSEQUENCE:  # earlier messages explain more
            reason = next((one for one in reversed(self._heard) if one.code() not in ONLY_A_CONSEQUENCE), error)
        words = " ".join(reason.str().split()).rstrip(".")
        about = f" about {topic}" if topic else ""
        if self._broker:  # no setting configures it
            return self._broker.trouble(f"{words}{about}")
        where, code = f"Kafka at {self.address}", reason.code()
        if code == KafkaError._INVALID_ARG:
            return Trouble(f"The settings for {where} cannot be used: {words}. Correct the {self._prefix}… settings.")
        if code in NOT_THERE and topic:
            name = f", or name another one with -D {setting}=…" if setting else ""
            return Trouble(f"{where} has no topic {topic}. Create it{name}.")
        meaning = next(
            (told for codes, told in _MEANINGS.items() if code in codes), "refuses something{about}: {words}."
        )
        return Trouble(f"{where} {meaning.format(words=words, about=about, prefix=self._prefix)}")

    def found_well(self) -> None:
        """Forget earlier errors: a broker has answered since."""
        self._heard = []
        self.is_in_doubt = False

    def _hear(self, error: KafkaError) -> None:
        self._heard = [*self._heard[-9:], error]
        if error.code() in (KafkaError._ALL_BROKERS_DOWN, KafkaError._AUTHENTICATION):
            self.is_in_doubt = True

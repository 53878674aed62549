"""The last messages of a topic, read without a trace."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from acceptance.kafka.cluster import REACH_SECONDS, Kafka

FETCH_WAIT_MS = 50
POLL_SECONDS = 0.1


def last_messages(kafka: Kafka, topic: str, partitions: int, number: int) -> Sequence[KafkaMessage]:
    """Return the last messages of a topic, at most this many of each partition.

    Raises Trouble when it cannot be read; messages that do not arrive in time are left out.
    """
    consumer = kafka.consumer(FETCH_WAIT_MS)
    found: list[KafkaMessage] = []
    try:
        places = [TopicPartition(topic, place) for place in range(partitions)]
        places = [place for place in places if _set_back(kafka, consumer, place, number)]
        consumer.assign(places)
        behind = {place.partition for place in places}
        patience = time.monotonic() + REACH_SECONDS
        while behind and time.monotonic() < patience:
            for message in consumer.consume(number, timeout=POLL_SECONDS):
                error = message.error()
                if not error:
                    found.append(message)
                elif error.code() == KafkaError._PARTITION_EOF:
                    behind.discard(message.partition() or 0)
                elif not error.retriable():
                    raise KafkaException(error)
    except KafkaException as error:
        raise kafka.trouble(error.args[0], topic) from None
    finally:
        consumer.close()
    return found


def _set_back(kafka: Kafka, consumer: Consumer, place: TopicPartition, number: int) -> bool:
    """Start reading this many messages before a partition's end. Return whether there are any."""
    low, high = kafka.insist(partial(consumer.get_watermark_offsets, place)) or (0, 0)
    place.offset = max(low, high - number)
    return low < high

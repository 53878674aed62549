"""Connections to Kafka that drop: nothing is missed without a word, nothing is heard twice, no service is blamed."""

import pytest
from confluent_kafka import IsolationLevel, Producer
from lossy_kafka import AFTER, BEFORE, FETCH, LIST_OFFSETS, METADATA, LossyKafka

from support.cloud.kafka import Kafka
from support.cloud.mock_cluster import MockCluster
from support.cloud.trouble import Trouble
from support.observe.timeline import Clock
from support.observe.topics import Topics

CLOCK = Clock("the producer's", 1)
PARTITIONS, TURNS = 3, 3


@pytest.fixture
def said():
    """A cluster with one topic."""
    cluster = MockCluster()
    cluster.create_topic("said", PARTITIONS)
    yield cluster
    cluster.close()


@pytest.fixture
def lossy(said):
    """Make a proxy that loses answers, and topics that are read through it."""
    opened = []

    def made(kinds, every, when, **more):
        proxy = LossyKafka(said.address, kinds, every, when, **more)
        topics = Topics(Kafka({"bootstrap.servers": proxy.address}), {"said": PARTITIONS}, {"said": CLOCK}, 5)
        opened.extend((topics, proxy))
        return proxy, topics

    yield made
    for one in opened:
        one.close()


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize(
    ("kinds", "every"),
    [((FETCH,), 4), ((FETCH,), 2), ((LIST_OFFSETS,), 2), ((METADATA,), 3), ((FETCH, LIST_OFFSETS, METADATA), 4)],
)
def test_all_is_heard_once_or_there_is_a_word_however_many_answers_are_lost(said, lossy, kinds, every, when):
    proxy, topics = lossy(kinds, every, when)
    # The mock cluster hands out one batch at a time, so let there be few.
    producer = Producer({"bootstrap.servers": said.address, "linger.ms": 20, "log_level": 0})
    caught_up = 0
    for part in range(TURNS):
        values = [f"{part} {number}".encode() for number in range(60)]
        try:
            topics.listen()
            for value in values:
                producer.produce("said", value)
                if value.endswith(b"30"):
                    assert producer.flush(10) == 0
            assert producer.flush(10) == 0
            topics.catch_up()
            heard = topics.messages("said")
        except Trouble:
            continue  # it is known that something may be missing
        assert sorted(one.value for one in heard) == sorted(values)
        caught_up += 1
    assert proxy.lost, "something was lost"
    assert caught_up, "losses are got over"


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_topics_are_found_although_an_answer_is_lost(said, when):
    proxy = LossyKafka(said.address, [METADATA], 2, when)
    try:
        for _ in range(TURNS):
            assert Kafka({"bootstrap.servers": proxy.address}).partitions({"said": "a setting"}) == {"said": PARTITIONS}
    finally:
        proxy.close()
    assert proxy.lost


def test_ends_that_nobody_has_told_are_no_ends(said, lossy):
    """librdkafka gives offset -1001 and no error where the answer to ListOffsets is lost: anything would be behind it."""
    proxy, topics = lossy((LIST_OFFSETS,), 2, AFTER)
    for _ in range(TURNS):
        assert set(topics._ends(IsolationLevel.READ_COMMITTED).values()) == {0}
    assert proxy.lost

"""Transactional topics: committed messages are received, and catching up ends or reports why not."""

import pytest
from confluent_kafka import Producer
from real_kafka import real_kafka

from acceptance.kafka.cluster import REACH_SECONDS, Kafka
from acceptance.kafka.topics import Topics
from acceptance.service_levels.timeline import Clock
from acceptance.trouble import Trouble

pytestmark = pytest.mark.slow

PARTITIONS = 2


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with real_kafka(tmp_path_factory.mktemp("broker"), {"said": PARTITIONS}) as address:
        yield address


@pytest.fixture
def topics(broker):
    topics = Topics(Kafka({"bootstrap.servers": broker}), {"said": PARTITIONS}, {"said": Clock("theirs", 1)}, 5)
    topics.listen()
    yield topics
    topics.close()


@pytest.fixture
def transaction(broker):
    """Begin a transaction that says something in partition 0; whoever asks for it ends it, or the test's end does."""
    producers = []

    def begun(*values):
        name = f"transaction-{id(producers)}-{len(producers)}"
        producer = Producer({"bootstrap.servers": broker, "transactional.id": name, "linger.ms": 0, "log_level": 0})
        producer.init_transactions(REACH_SECONDS)
        producer.begin_transaction()
        producers.append(producer)
        for value in values:
            producer.produce("said", value, partition=0)
        assert producer.flush(10) == 0
        return producer

    yield begun
    for producer in producers:
        try:
            producer.abort_transaction(REACH_SECONDS)
        except Exception:  # noqa: BLE001, S110 - it has ended
            pass


@pytest.fixture
def say(broker):
    producer = Producer({"bootstrap.servers": broker, "linger.ms": 0, "log_level": 0})

    def said(*values):
        for value in values:
            producer.produce("said", value, partition=0)
        assert producer.flush(10) == 0

    return said


def heard(topics):
    topics.catch_up()
    return [message.value for message in topics.messages("said")]


def test_a_topic_that_ends_with_a_committed_transaction(topics, transaction):
    transaction(b"one", b"two").commit_transaction(10)
    assert heard(topics) == [b"one", b"two"]


def test_a_topic_that_ends_with_an_aborted_transaction(topics, transaction, say):
    say(b"before")
    transaction(b"never said").abort_transaction(10)
    assert heard(topics) == [b"before"]


def test_only_what_is_committed_among_many_transactions(topics, transaction, say):
    for number in range(3):
        transaction(b"never said").abort_transaction(10)
        transaction(b"committed %d" % number).commit_transaction(10)
        say(b"said %d" % number)
    assert heard(topics) == [b"%s %d" % (word, number) for number in range(3) for word in (b"committed", b"said")]


def test_nothing_but_aborted_transactions(topics, transaction):
    transaction(b"never said").abort_transaction(10)
    assert heard(topics) == []
    transaction(b"never said").abort_transaction(10)
    assert heard(topics) == []


def test_listening_anew_behind_what_marks_the_end_of_a_transaction(topics, transaction):
    transaction(b"old").commit_transaction(10)
    topics.listen()
    assert heard(topics) == []
    transaction(b"new").commit_transaction(10)
    assert heard(topics) == [b"new"]


def test_a_transaction_that_stays_open_proves_nothing(topics, transaction, say):
    opened = transaction(b"not yet")
    say(b"behind it")
    with pytest.raises(Trouble) as told:
        topics.catch_up()
    assert str(told.value).startswith(
        "A transaction in said/0 is still open after 8 s, and holds back the last 2 offsets."
    )
    opened.commit_transaction(10)
    assert heard(topics) == [b"not yet", b"behind it"]


def test_a_transaction_that_ends_while_it_is_waited_for(topics, transaction, say):
    opened = transaction(b"not yet")
    pause, asked = topics.pause, []

    def commits_meanwhile(seconds):
        asked.append(seconds)
        if len(asked) == 3:
            opened.commit_transaction(10)
        pause(seconds)

    topics.pause = commits_meanwhile
    assert heard(topics) == [b"not yet"]

"""Reading topics by assignment: nothing is missed, nothing older is returned, and each message has its timestamp."""

import time

import pytest
from confluent_kafka import Producer

from acceptance.kafka.cluster import Kafka
from acceptance.kafka.mock_cluster import MockCluster
from acceptance.kafka.topics import Topics
from acceptance.service_levels.timeline import Clock
from acceptance.trouble import Trouble

pytestmark = pytest.mark.slow

CLOCK = Clock("the producer's", 1)
NOT_ALLOWED = 29


@pytest.fixture
def cluster():
    cluster = MockCluster()
    cluster.create_topic("said", 3)
    yield cluster
    cluster.close()


@pytest.fixture
def topics(cluster):
    topics = Topics(Kafka({"bootstrap.servers": cluster.address}), {"said": 3}, {"said": CLOCK}, fetch_wait_ms=5)
    yield topics
    topics.close()


@pytest.fixture
def say(cluster):
    producer = Producer({"bootstrap.servers": cluster.address, "linger.ms": 0})

    def said(*values, **more):
        for value in values:
            producer.produce("said", value, **more)
        assert producer.flush(5) == 0

    return said


def heard(topics, count, wait_until):
    wait_until(lambda: (topics.pause(0.05), len(topics.messages("said")) >= count)[1], f"{count} messages")
    return [message.value for message in topics.messages("said")]


def test_all_that_is_said_after_listening_is_heard_and_nothing_before(topics, say, wait_until):
    say(*(f"old {number}".encode() for number in range(20)))
    topics.listen()
    values = [f"new {number}".encode() for number in range(200)]
    say(*values)
    assert sorted(heard(topics, 200, wait_until)) == sorted(values)


def test_what_was_said_while_nobody_read_is_heard_too(topics, say, wait_until):
    topics.listen()
    say(b"one")
    heard(topics, 1, wait_until)
    say(b"two", b"three")
    assert sorted(heard(topics, 3, wait_until)) == [b"one", b"three", b"two"]


def test_listening_anew_forgets(topics, say, wait_until):
    topics.listen()
    say(b"one")
    heard(topics, 1, wait_until)
    topics.listen()
    assert topics.messages("said") == []
    say(b"two")
    assert heard(topics, 1, wait_until) == [b"two"]


def test_only_what_is_wanted_is_kept(topics, say, wait_until):
    topics.listen(lambda message: message.key == b"mine")
    say(b"theirs", key=b"theirs", partition=0)
    say(b"mine", key=b"mine", partition=0)
    assert heard(topics, 1, wait_until) == [b"mine"]


def test_a_message_tells_all_that_is_known_of_it(topics, say, wait_until):
    topics.listen()
    say(b'{"a": 1}', key=b"k", headers={"consumed-at": "7", "none": None}, timestamp=1652012999698, partition=2)
    heard(topics, 1, wait_until)
    [message] = topics.messages("said")
    assert (message.content, message.key, message.partition, message.offset) == ({"a": 1}, b"k", 2, 0)
    assert message.headers == {"consumed-at": "7", "none": ""}
    assert (message.stamp.ms, message.stamp.clock) == (1652012999698, CLOCK)
    assert message.words == 'said/2/0: {"a": 1}'


def test_a_pause_ends_as_soon_as_something_is_said(topics, say):
    topics.listen()
    say(b"one")
    began = time.monotonic()
    topics.pause(30)
    assert time.monotonic() - began < 20
    assert len(topics.messages("said")) == 1


def test_what_is_no_json_has_no_content(topics, say, wait_until):
    topics.listen()
    say(b"{", None)
    heard(topics, 2, wait_until)
    assert [message.content for message in topics.messages("said")] == [None, None]


def test_a_cluster_that_is_gone_is_trouble(cluster, topics, wait_until):
    topics.listen()
    cluster.go_away()

    def trouble():
        try:
            topics.pause(0.05)
            topics.messages("said")
        except Trouble as told:
            return str(told)
        return ""

    told = wait_until(trouble, "it is noticed", 30)
    assert told.startswith(f"Kafka at {cluster.address} does not answer")


def test_partitions_that_are_not_there_are_trouble(cluster):
    with pytest.raises(Trouble, match=r"has no topic nope\. Create it, or name another one with -D setting=…"):
        Kafka({"bootstrap.servers": cluster.address}).partitions({"said": "one", "nope": "setting"})


def test_a_topic_that_may_not_be_read_is_trouble(cluster):
    cluster.refuse_topic("said", NOT_ALLOWED)
    with pytest.raises(Trouble, match="does not allow the suite what it asks about said"):
        Kafka({"bootstrap.servers": cluster.address}).partitions({"said": "one"})


def test_catching_up_hears_all_that_was_said_before(topics, say):
    topics.listen()
    say(*(str(number).encode() for number in range(500)))
    topics.catch_up()
    assert len(topics.messages("said")) == 500


def test_catching_up_with_nothing_ends(topics):
    topics.listen()
    topics.catch_up()
    assert topics.messages("said") == []


def test_what_is_nested_without_an_end_has_no_content(topics, say, wait_until):
    topics.listen()
    say(b"[" * 100_000)
    heard(topics, 1, wait_until)
    assert topics.messages("said")[0].content is None


def test_a_cluster_that_takes_no_messages_takes_them_later(cluster, topics, say, wait_until):
    topics.listen()
    cluster.refuse_messages()
    producer = Producer({"bootstrap.servers": cluster.address, "linger.ms": 0})
    producer.produce("said", b"one")
    assert producer.flush(0.3) == 1
    cluster.take_messages()
    assert producer.flush(10) == 0
    assert heard(topics, 1, wait_until) == [b"one"]
